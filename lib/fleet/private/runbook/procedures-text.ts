import { HostKind } from "../../../host/host-kind";
import type { RunbookModel } from "./model";
import { RECREATE } from "./changes-text";

/** How a file gets to its host without being half written when a process reads it. */
export function copySection({ hosts }: RunbookModel): string[] {
  const windows = hosts.some(({ isWindows }) => isWindows);
  const posix = hosts.some(({ isWindows, isContainer }) => !isWindows && !isContainer);
  const container = hosts.some(({ isContainer }) => isContainer);
  const handsOver = (onWindows: boolean): boolean =>
    hosts.some((host) => host.handsOver && host.isWindows === onWindows);
  return [
    "## How to copy a file",
    "",
    "Write it under another name in the same folder, then rename it: a CA file that is missing or half written when a",
    "process looks is dropped from what that process trusts. Nothing copies or syncs from here while a deploy runs.",
    "",
    ...(posix
      ? [
          "```sh",
          "# as root on the host; FILE is the file's name, and its copy is in /tmp; owner, group and mode are kept",
          "cp -p DIRECTORY/FILE DIRECTORY/.FILE.new && cat /tmp/FILE > DIRECTORY/.FILE.new && mv -f DIRECTORY/.FILE.new DIRECTORY/FILE",
          "# a new file: 0600 for keys, passphrases and tokens, 0644 for the rest",
          "install -m 0600 /tmp/FILE DIRECTORY/.FILE.new && mv -f DIRECTORY/.FILE.new DIRECTORY/FILE",
          ...(handsOver(false)
            ? ["# then, where the folder has this script, for the unprivileged agent", "sh DIRECTORY/hand-over.sh"]
            : []),
          "```",
          "",
        ]
      : []),
    ...(windows
      ? [
          "```powershell",
          "Copy-Item FILE 'DIRECTORY\\FILE.new'",
          "[IO.File]::Replace('DIRECTORY\\FILE.new', 'DIRECTORY\\FILE', [NullString]::Value)",
          ...(handsOver(true) ? ["# after a new file, for an unprivileged agent", "& 'DIRECTORY\\hand-over.ps1'"] : []),
          "```",
          "",
        ]
      : []),
    ...(container
      ? [
          "A container's files come from a volume or a secret: replace it as a whole, so that all files change at once.",
          "",
        ]
      : []),
  ];
}

const ENROLLED: readonly HostKind[] = [HostKind.AGENT, HostKind.FLEET_SERVER];

/** Flags of install alone (elastic-agent internal/pkg/agent/cmd/install.go), and the two commands that change the mode. */
const INSTALLATION =
  "- `enrollCommand` does not change `--unprivileged`, `--user`, `--group`, `--base-path` and `--install-servers`: run " +
  "`elastic-agent uninstall`, then the install script. `elastic-agent unprivileged` and `elastic-agent privileged` change " +
  "the mode alone, and keep the enrollment.";

/** Restart of each kind of host. */
export function restartSection({ hosts }: RunbookModel): string[] {
  const titles = new Map<string, Set<string>>();
  for (const { kind, isWindows, reload } of hosts) {
    if (reload.command !== undefined) {
      const command = `${isWindows ? " on Windows" : ""}: \`${reload.command}\``;
      titles.set(command, (titles.get(command) ?? new Set()).add(kind.title));
    }
  }
  return [
    "## How to restart",
    "",
    ...[...titles].map(([command, kinds]) => `- ${[...kinds].sort().join(" or ")}${command}`),
    ...(hosts.some(({ isContainer }) => isContainer)
      ? [
          "- Container: restart it, its files in place.",
          `- Container in which a step runs \`enrollCommand\`: ${RECREATE}.`,
        ]
      : []),
    ...(hosts.some(({ kind, isContainer }) => ENROLLED.includes(kind) && !isContainer) ? [INSTALLATION] : []),
    ...(hosts.some(({ kind }) => kind === HostKind.FLEET_SERVER)
      ? ["- One Fleet Server after the other, so that one is always running."]
      : []),
    "",
  ];
}

/** How to check that a host has its new files. */
export function doneSection({ hosts }: RunbookModel): string[] {
  return [
    "## How to check that a host is done",
    "",
    "| what | Linux, macOS | Windows |",
    "|---|---|---|",
    "| a CA file is the new one | `sha256sum DIRECTORY/FILE` (`shasum -a 256` on macOS) | `Get-FileHash 'DIRECTORY\\FILE'` |",
    "| a certificate is the new one | `openssl x509 -noout -issuer -enddate -in DIRECTORY/FILE` | `certutil -dump 'DIRECTORY\\FILE'` |",
    "| the certificate that a server presents | `openssl s_client -connect HOST:PORT </dev/null \\| openssl x509 -noout -issuer -enddate` | |",
    `| an agent is connected | ${hosts.some(({ isWindows }) => isWindows) ? "`elastic-agent status`" : "`sudo elastic-agent status`"}, or Healthy in Fleet > Agents | the same |`,
    "",
    "From here, with a copy of a host's folder: `npx fleet-tls verify FOLDER`, with `--connect` against the live servers.",
    "An agent that was offline all this time still has its old files: count agents, not hours.",
    "",
  ];
}
