import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";

import { StackVersion } from "../lib/command/stack-version";
import { findFolders } from "../bin/arguments";
import { connectHosts } from "./connect";
import { parseDuration } from "../lib/command/private/parse/duration";
import { checkFiles, checkModes } from "./file-checks";
import { Host } from "./host";
import { checkHost } from "./host-checks";
import { commandFiles, readHostCommand } from "./host-command";
import type { HostFolder } from "./host-folder";
import type { Io } from "../bin/io";
import { Exit } from "../bin/io";
import { checkOutputs } from "./output-checks";
import { Report } from "./report";
import { reportJson, reportText } from "./report-text";
import { hostSettings, readSettingsFile } from "./settings";
import { checkTopology } from "./topology-checks";
import { UsageError } from "../bin/usage-error";

export const VERIFY_HELP = `fleet-tls verify DIR... [options]

Checks host folders, emitted or made by hand, and their elastic-agent command: chains, names, usages, keys, encodings,
passphrases, tokens, modes, validity. DIR is a host's folder, or a tree of them, whose hosts are then checked against
each other, and against outputs/*.yml and the settings of Elasticsearch and Kibana where they lie there too. Paths of
hosts are looked up by their file name in the host's folder. Nothing is changed, no secret is printed, and no network
is used without --connect.

  --command FILE         the command of the one DIR, where it is not DIR/install-command.sh, .ps1 or DIR/container.env
  --expiring DURATION    also name certificates that end within it, such as 30d, 12h or 2w
  --stack-version X.Y.Z  also check that this version has every flag
  --fips                 also check that keys suit a FIPS build
  --connect [HOST:PORT]  also shake hands with the endpoints of the command, --url and --fleet-server-es; with
                         HOST:PORT the former is reached there, and verified by its own name all the same
  --strict               exit with 1 on warnings too
  --facts                list every fact and whether it holds
  --json                 print the report as JSON

Exit codes: 0 nothing is wrong; 1 something is; 2 the command line is wrong, or there is no host folder;
3 nothing is wrong, and a certificate ends within --expiring.
`;

/** `fleet-tls verify`. */
export async function verify(args: readonly string[], io: Io): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    io.out(VERIFY_HELP);
    return Exit.OK;
  }
  const folders = findFolders(options.directories);
  if (options.command !== undefined && folders.length !== 1) {
    throw new UsageError(
      `--command: is for one host, got ${folders.length} host folders, give the folder of that host`,
    );
  }
  const report = new Report();
  const hosts = folders.map(({ label, folder }) => checkOne(label, folder, options, report, io.now));
  for (const topology of new Set(hosts.map(({ folder }) => folder.topology))) {
    const members = hosts.filter(({ folder }) => folder.topology === topology);
    checkTopology(members, report, io.now);
    checkOutputs(members, report, { at: io.now, directories: options.directories });
  }
  if (options.connect !== undefined) {
    await connectHosts(hosts, report, { at: io.now, override: options.connect === "" ? undefined : options.connect });
  }
  const until = io.now.getTime() + (options.expiring ?? 0);
  const expiring = report.certificates.filter(
    ({ certificate: { notAfter } }) =>
      options.expiring !== undefined && notAfter >= io.now && notAfter.getTime() <= until,
  );
  const print = options.json ? reportJson : reportText;
  io.out(print(report, { hosts: hosts.length, now: io.now, facts: options.facts, expiring }));
  if (report.count("error") > 0 || (options.strict && report.count("warning") > 0)) {
    return Exit.FINDINGS;
  }
  return expiring.length > 0 ? Exit.DUE : Exit.OK;
}

const HOST_AND_PORT = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]\s/\\]+):[0-9]{1,5}$/;

type Options = ReturnType<typeof readOptions>;

function checkOne(label: string, folder: HostFolder, options: Options, report: Report, at: Date): Host {
  const scripts = options.command === undefined ? commandFiles(folder) : [];
  const texts = scripts.map(({ name, bytes }) => ({ name, text: bytes?.toString("utf8") ?? "" }));
  if (options.command !== undefined) {
    texts.push({ name: basename(options.command), text: readText(options.command) });
  }
  const read = texts.map(({ name, text }) => ({ name, ...readHostCommand(name, text, options.stackVersion) }));
  for (const { name, checked, findings } of read) {
    report.check(...checked);
    report.add(label, name, findings);
  }
  const settings = hostSettings(folder);
  const told = settings && readSettingsFile(settings);
  report.add(label, settings?.name, told?.findings ?? []);
  const host = new Host(label, folder, read.find(({ command }) => command !== undefined)?.command, told?.file);
  checkFiles(host, report, { at, fips: options.fips });
  checkModes(
    host,
    report,
    read.filter(({ holdsSecret }) => holdsSecret).map(({ name }) => name),
  );
  checkHost(host, report, at);
  return host;
}

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: withConnectValue(args),
    allowPositionals: true,
    options: {
      command: { type: "string" },
      expiring: { type: "string" },
      "stack-version": { type: "string" },
      fips: { type: "boolean", default: false },
      connect: { type: "string" },
      strict: { type: "boolean", default: false },
      facts: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { connect } = values;
  if (connect !== undefined && connect !== "" && !HOST_AND_PORT.test(connect)) {
    throw new UsageError("--connect: not HOST:PORT; write --connect alone to reach the command's own endpoints");
  }
  return {
    ...values,
    connect,
    directories: positionals,
    expiring: values.expiring === undefined ? undefined : parseDuration("--expiring", values.expiring),
    stackVersion: parseVersion(values["stack-version"]),
  };
}

function parseVersion(text: string | undefined): StackVersion | undefined {
  try {
    return text === undefined ? undefined : StackVersion.of(text);
  } catch {
    throw new UsageError(`--stack-version: not a version, got ${JSON.stringify(text)}, allowed are such as 9.5.2`);
  }
}

/** parseArgs knows no optional value: a --connect that stands alone gets an empty one. */
function withConnectValue(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    if (arg === "--connect") {
      return HOST_AND_PORT.test(args[i + 1] ?? "") ? `--connect=${args[i + 1]}` : "--connect=";
    }
    return args[i - 1] === "--connect" && HOST_AND_PORT.test(arg) ? [] : arg;
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--command: ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
