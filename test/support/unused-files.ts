import * as path from "node:path";

/** What a person runs or a program reads first: commands, environments, settings and configurations. */
const OPENED = [
  /^install-command\.(sh|ps1)$/,
  /^request-[a-z-]+\.(sh|ps1)$/,
  /^container\.env$/,
  /^[a-z]+\.tls\.(yml|properties)$/,
  /^kibana-fleet-server-host\.yml$/,
  /^pipeline\.conf$/,
  /^(nginx\.conf|haproxy\.cfg|envoy\.yaml)$/,
];

/** Files of the fleet, which belong to no host. */
const OF_THE_FLEET =
  /(^|\/)(RUNBOOK\.md|index\.html|whole-fleet\.(html|json|md)|outputs\/[^/]+\.yml|(download-sources|fleet-proxies)\/[^/]+\.json)$/;

/** Files that nothing in the host's folder names, and why they are there. */
const REASONS: readonly { file: RegExp; reason: string }[] = [
  { file: /(^|\/)agents\/[^/]+\/es-ca\.pem$/, reason: "the policy's output names it (OutputTrust.HOST_FILE)" },
  { file: /(^|\/)agents\/[^/]+\/input-cert(-key)?\.pem$/, reason: "integrations name them (serverNames)" },
  { file: /(^|\/)elasticsearch(-nodes\/[^/]+)?\/es-ca\.pem$/, reason: "clients on the node verify it with this file" },
  { file: /(^|\/)proxies\/[^/]+\/.*\.pem\.key$/, reason: "HAProxy reads the key of NAME.pem from NAME.pem.key" },
];

/**
 * Files that their host has no use for: no command, setting or configuration of its folder names them.
 *
 * @param contents each file's content by its path below the fleet's folder
 */
export function unusedFiles(contents: Readonly<Record<string, string>>): string[] {
  const files = Object.keys(contents).filter((file) => !OF_THE_FLEET.test(file));
  const opened = files.filter((file) => OPENED.some((pattern) => pattern.test(path.basename(file))));
  const named = new Set(
    opened.flatMap((file) => namesIn(contents[file]!).map((name) => path.join(path.dirname(file), name))),
  );
  return files.filter(
    (file) => !opened.includes(file) && !named.has(file) && !REASONS.some((reason) => reason.file.test(file)),
  );
}

/** Every word of a text that can be the name of a file. */
function namesIn(text: string): string[] {
  return text.match(/[\w.-]+/g) ?? [];
}
