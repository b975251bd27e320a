import type { Finding } from "../lib/private/x509/checks";
import { error } from "../lib/private/x509/finding";
import type { KnownFiles } from "../lib/command/data/command";
import { StackVersion } from "../lib/command/stack-version";
import { checkCommand, commandFacts } from "./command-checks";
import {
  ContainerArguments,
  containerArguments,
  ignoredVariables,
  SEVERAL_HEADERS,
} from "../lib/command/parse/container-environment";
import { CONTAINER_READS_HEADERS, hasFeature, sinceText } from "../lib/command/data/stack-features";
import type { FolderFile, HostFolder } from "./host-folder";
import type { InstallArguments } from "../lib/command/parse/install-arguments";
import { installCommands } from "../lib/command/parse/install-arguments";
import { FLAGS } from "../lib/command/parse/install-flags";
import { readPastedText } from "../lib/command/parse/pasted-text";
import { scriptCommands, shellOf } from "../lib/command/parse/script";
import { CommandError } from "../lib/command/parse/shell-word";

/** A script read: the command in it, if there is one, and what is wrong with both. */
export interface HostCommand {
  readonly command?: InstallArguments;
  /** The commands in it, of which this is one. */
  readonly count?: number;
  readonly checked: readonly number[];
  readonly findings: readonly Finding[];
  /** Whether a token or a password stands in it. */
  readonly containsSecret: boolean;
}

/** As the constructs name them; a container has variables instead of a command. */
export const COMMAND_FILE = /^((install|enroll)-command\.(sh|ps1|cmd|bat)|container\.env)$/;

/** Files of a folder that contain its command, that of the installation first. */
export function commandFiles(folder: HostFolder): FolderFile[] {
  return [...folder.files.values()]
    .filter((file) => COMMAND_FILE.test(file.name) || hasCommand(file))
    .sort((a, b) => Number(a.name.startsWith("enroll")) - Number(b.name.startsWith("enroll")));
}

/** Whether a script of another name installs or enrolls an agent. */
function hasCommand({ name, bytes }: FolderFile): boolean {
  const text = bytes?.toString("utf8") ?? "";
  if (
    !/\.(sh|bash|ps1|cmd|bat|txt)$/i.test(name) ||
    /^(README|RUNBOOK)/i.test(name) ||
    !/elastic-agent|INSTALLARGS=/i.test(text)
  ) {
    return false;
  }
  try {
    const shell = shellOf(name, text);
    const raw = text.replace(/^\ufeff/, "").replace(/\r\n/g, "\n");
    return installCommands(scriptCommands(shell, readPastedText(raw, shell).text)).length > 0;
  } catch (cause) {
    if (cause instanceof CommandError) {
      return false;
    }
    throw cause;
  }
}

/** How a command is read. */
export interface CommandReading {
  readonly fips?: boolean;
  readonly files?: KnownFiles;
  /** Rules that something else decides. */
  readonly decided?: readonly string[];
  /** Which of several commands of a script. */
  readonly index?: number;
}

/** Reads and checks every command in a script, as in the branches of an `if`. Never throws. */
export function readHostCommands(
  name: string,
  script: string,
  stackVersion: StackVersion | undefined,
  reading: CommandReading,
): HostCommand[] {
  const first = readHostCommand(name, script, stackVersion, reading);
  const more = Array.from({ length: (first.count ?? 1) - 1 }, (_, i) => i + 1);
  return [first, ...more.map((index) => readHostCommand(name, script, stackVersion, { ...reading, index }))];
}

/** Reads and checks one command in a script or an env file (checks 1 to 34). Never throws. */
export function readHostCommand(
  name: string,
  script: string,
  stackVersion?: StackVersion,
  { fips = false, files = {}, decided = [], index = 0 }: CommandReading = {},
): HostCommand {
  const shell = shellOf(name, script);
  const windows = shell !== "posix";
  const findings = windows ? [] : checkScriptText(script);
  const raw = script.replace(/^\ufeff/, "").replace(/\r\n/g, "\n");
  const isEnvironment = name.endsWith(".env");
  const pasted = isEnvironment ? { text: raw, findings: [] } : readPastedText(raw, shell);
  const { text } = pasted;
  findings.push(...pasted.findings, ...(isEnvironment ? ignoredVariables(text).map(ignored) : []));
  let commands: InstallArguments[];
  try {
    commands = isEnvironment ? [containerArguments(text) ?? []].flat() : installCommands(scriptCommands(shell, text));
  } catch (cause) {
    if (!(cause instanceof CommandError)) {
      throw cause;
    }
    const what = `cannot be read as a script: ${cause.message}`;
    return {
      checked: [34],
      findings: [...findings, error(34, what, "close it")],
      containsSecret: mayContainSecret(text),
    };
  }
  const command = commands[index];
  if (command === undefined) {
    const fix = "give the script of the host, or one with --command FILE";
    findings.push(error(undefined, "has no elastic-agent install or enroll command", fix));
    return { checked: [], findings, containsSecret: mayContainSecret(text) };
  }
  if (command instanceof ContainerArguments) {
    findings.push(...command.findings);
    if (
      command.nameOf("header") === SEVERAL_HEADERS &&
      stackVersion &&
      !hasFeature(stackVersion, CONTAINER_READS_HEADERS)
    ) {
      const what = `has ${SEVERAL_HEADERS}, which an image of ${stackVersion.toString()} does not read`;
      const fix = `write one header in FLEET_HEADER, or run ${sinceText(CONTAINER_READS_HEADERS)}`;
      findings.push(error(33, what, fix));
    }
  }
  const context = { isWindows: windows, container: isEnvironment, fips, files };
  const judged = checkCommand(command, { ...context, stackVersion: stackVersion ?? StackVersion.LATEST }, decided);
  return {
    command,
    count: commands.length,
    checked: commandFacts(command, stackVersion !== undefined),
    findings: [...findings, ...judged],
    containsSecret: command.uses.some(
      ({ name: flag, value }) =>
        FLAGS[flag]?.kind === "secret" && value !== undefined && value.text !== "" && value.references.length === 0,
    ),
  };
}

/** What an editor on Windows does to a script of sh, or to an env file. */
function checkScriptText(script: string): Finding[] {
  const findings: Finding[] = [];
  if (script.includes("\r\n")) {
    const what = "has CRLF line ends, of which the CR is taken for a part of the command";
    findings.push(error(34, what, "write it with LF line ends: sed -i 's/\\r$//'"));
  }
  if (script.startsWith("\ufeff")) {
    const what = "starts with a byte order mark, which is taken for a part of the first line";
    findings.push(error(34, what, "save it as UTF-8 without a byte order mark"));
  }
  return findings;
}

function ignored(variable: string): Finding {
  const isPassphrase = variable.endsWith("PASSPHRASE");
  const fix = isPassphrase ? "give the container a plain key" : "write FLEET_CA";
  return error(isPassphrase ? 40 : 17, `has ${variable}, which no agent reads`, fix);
}

function mayContainSecret(text: string): boolean {
  return /token|password/i.test(text);
}
