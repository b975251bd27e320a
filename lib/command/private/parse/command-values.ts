import { isIP } from "node:net";
import { posix, win32 } from "node:path";

import { hasFeature, sinceText } from "../stack-features";
import type { Finding } from "../../../private/x509/checks";
import { error, warning } from "../../../private/x509/finding";
import type { StackVersion } from "../../stack-version";
import type { Platform } from "./command-check";
import { when } from "./command-check";
import { explicitPort, urlHost } from "../../../../verify/dialled-url";
import type { InstallArguments } from "./install-arguments";
import { FLAGS } from "./install-flags";

/** Scheme, host and port of `--url` (facts 5 and 6). */
export function checkUrl(command: InstallArguments): Finding[] {
  const url = command.known("url")!;
  const host = urlHost(url);
  if (host === undefined) {
    return [error(5, "has a --url that is no URL with a host", "write https://NAME:8220")];
  }
  const port = explicitPort(url);
  const listens = command.known("fleet-server-port") ?? "8220";
  return [
    ...when(
      !url.startsWith("https:") && !command.isOn("insecure"),
      error(5, "has a --url that is not https, which the agent refuses", "write https://"),
    ),
    ...when(
      port === undefined,
      warning(6, "has a --url without a port, so 443 is dialled", "write the port, 8220 unless it is mapped"),
    ),
    ...when(
      port !== undefined && command.isFleetServer && String(port) !== listens,
      warning(
        6,
        `has a --url with port ${port} while Fleet Server listens on ${listens}`,
        "write the same port, unless it is mapped",
      ),
    ),
    ...when(
      isIP(host) === 0 && !/^[a-z0-9._-]+$/i.test(host),
      warning(45, "has a --url whose host no certificate can have", "write a DNS name or an IP address"),
    ),
  ];
}

/** A repeated flag: the last one wins (fact 7). */
export function checkRepeats(command: InstallArguments): Finding[] {
  const names = command.uses.map(({ name }) => name).filter((name) => FLAGS[name]?.kind !== "list");
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) => {
    const last = command.known(name) ?? "";
    // The doubled flag of Elastic's own page: its second value is the passphrase's file.
    const meant = name.endsWith("-cert-key") && /pass/i.test(last);
    const fix = meant ? `write --${name}-passphrase the second time` : "write it once";
    return error(7, `has --${name} twice, of which the last wins`, fix);
  });
}

/** Paths, absolute where the command will run, and no PEM in their place (facts 8 and 12). */
export function checkPaths(command: InstallArguments, platform: Platform): Finding[] {
  const isAbsolute = platform === "windows" ? isAbsoluteOnWindows : posix.isAbsolute;
  return command.uses.flatMap(({ name, value }) => {
    const kind = FLAGS[name]?.kind;
    const text = value?.text ?? "";
    if (/^\s*-----BEGIN/.test(text)) {
      return [
        error(
          12,
          `has PEM text in --${name}, where the agent takes paths only`,
          "write it to a file, and name the file",
        ),
      ];
    }
    const known = value !== undefined && (value.references.length === 0 || text.startsWith("/"));
    if (kind !== "path" || !known || isAbsolute(text)) {
      return [];
    }
    const fix =
      platform === "windows"
        ? "write a path such as C:\\certs\\FILE"
        : "write a path such as /etc/elastic-agent/certs/FILE";
    return [
      error(
        8,
        `has a --${name} that is no absolute path on ${platform === "windows" ? "Windows" : "Linux or macOS"}`,
        fix,
      ),
    ];
  });
}

/** The one flag that is a list of paths (facts 9 and 10). */
export function checkAuthorityList(command: InstallArguments, platform: Platform): Finding[] {
  const text = command.known("certificate-authorities");
  if (text === undefined || /^\s*-----BEGIN/.test(text)) {
    return [];
  }
  const isAbsolute = platform === "windows" ? isAbsoluteOnWindows : posix.isAbsolute;
  const items = text.split(",");
  return [
    ...when(
      items.some((item) => item.trim() === ""),
      error(10, "has an empty path in --certificate-authorities", "take the stray comma out"),
    ),
    ...when(
      items.some((item) => item.trim() !== "" && item.trim() !== item),
      warning(10, "has blanks around a path of --certificate-authorities", "write the list without blanks"),
    ),
    ...when(
      items.some((item) => item.trim() !== "" && !isAbsolute(item.trim())),
      error(
        9,
        "has a path in --certificate-authorities that is not absolute; the agent checks the first only",
        "write every path in full",
      ),
    ),
  ];
}

/** Flags that the stack does not know yet (fact 32). */
export function checkVersion(command: InstallArguments, version: StackVersion): Finding[] {
  return [...new Set(command.uses.map(({ name }) => name))].flatMap((name) => {
    const since = FLAGS[name]?.since;
    if (since === undefined || hasFeature(version, since)) {
      return [];
    }
    const fix = `it came with ${sinceText(since)}: leave it out, or upgrade`;
    return [error(32, `has --${name}, which ${version.toString()} does not know`, fix)];
  });
}

/** Headers without a value (fact 33). */
export function checkHeaders(command: InstallArguments): Finding[] {
  return ["header", "proxy-header"].flatMap((name) =>
    when(
      command.uses.some((use) => use.name === name && use.value !== undefined && !/^"?[^=]+=/.test(use.value.text)),
      error(33, `has a --${name} without =, which the agent drops in silence`, `write --${name}=NAME=VALUE`),
    ),
  );
}

/** What the shell and pflag make of the words (fact 34). */
export function checkWords(command: InstallArguments): Finding[] {
  const passphraseOfEs = "fleet-server-es-cert-key-passphrase";
  return [
    ...command.unknown
      .filter((name) => name !== "non-interactive")
      .map((name) =>
        name === passphraseOfEs
          ? error(20, `has --${name}, which does not exist`, "keep that key plain, readable by its owner alone")
          : error(
              32,
              `has --${name}, a flag that ${command.subcommand} does not know`,
              "see elastic-agent install --help",
            ),
      ),
    ...command.incomplete.map((name) => error(34, `ends with --${name}, whose value is missing`, "give the value")),
    ...[...new Set(command.strays)].map((after) =>
      error(
        34,
        `has a word after ${after} that belongs to no flag, which the agent ignores`,
        "quote the value, and write lists without blanks",
      ),
    ),
    ...command.uses
      .filter(({ value }) => value?.splits === true)
      .map(({ name }) => error(34, `has a --${name} that the shell may split`, "quote the value")),
  ];
}

function isAbsoluteOnWindows(path: string): boolean {
  // win32.isAbsolute also takes \x, which is relative to the current drive; Go's filepath.IsAbs does not.
  return win32.isAbsolute(path) && /^([A-Za-z]:[\\/]|\\\\[^\\]+\\[^\\]+)/.test(path);
}
