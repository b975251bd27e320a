import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";

import { StackVersion } from "../lib/command/stack-version";
import type { Acceptance } from "../verify/accepted";
import { divide, parseAllowance, readAcceptances } from "../verify/accepted";
import type { Verified } from "../verify/verify-hosts";
import { verifyHosts } from "../verify/verify-hosts";
import { connectHosts } from "./connect";
import { parseDuration } from "./duration";
import type { Io } from "./io";
import { Exit } from "./io";
import { readKibana } from "./kibana";
import { publicRoots, thisMachine } from "./machine";
import { findFolders, findObjects } from "./read-folders";
import { reportJson } from "./report-json";
import { reportSarif } from "./report-sarif";
import type { Printed } from "./report-text";
import { count, reportText } from "./report-text";
import { inWords } from "./system-errors";
import { UsageError } from "./usage-error";

export const VERIFY_HELP = `fleet-tls verify DIR... [options]

Checks host folders, written by this library or by hand, and their elastic-agent command: chains, names, usages, keys,
encodings, passphrases, tokens, modes, validity. DIR is a host's folder, or a tree of them, whose hosts are then checked
against each other, and against outputs/*.yml and the settings of Elasticsearch and Kibana in the tree. A path on a host
is looked up by its file name in the host's folder. Nothing is changed, no secret is printed, and no network is used
without --connect. Each check has a number, explained in docs/verify.md.

  --command FILE         the command of the one DIR, if it is not DIR/install-command.sh, .ps1 or DIR/container.env
  --kibana FILE|URL      also check Kibana's objects: an answer of its API saved as JSON, or with --connect its URL;
                         the API key is read from the variable KIBANA_API_KEY; may be repeated
  --kibana-key-file FILE read the API key from a file
  --kibana-ca FILE       trust these CAs for Kibana's URL
  --expiring DURATION    also name certificates that end within it, such as 30d, 12h or 2w
  --stack-version X.Y.Z  also check that this version has every flag
  --fips                 also check that keys suit a FIPS build
  --defend               also check that Elastic Defend reads the keys
  --connect [HOST:PORT]  also connect to the endpoints of the command, --url and --fleet-server-es; with HOST:PORT the
                         former is reached there, and still verified by its own name
  --strict               exit with 1 on warnings too
  --allow CHECK[:PLACE]  accept the findings of a check, at one place if given; may be repeated
  --accepted FILE        accept the findings in this YAML list, each with check, reason and until
  --checks               list every check and its status
  --json                 print the report as JSON, by docs/verify.schema.json
  --sarif                print the report as SARIF 2.1.0, for pipelines

Exit codes: 0 nothing is wrong; 1 there is an error; 2 the command line is wrong, or there is no host folder;
3 nothing is wrong, and a certificate ends within --expiring.
`;

/** `fleet-tls verify`. */
export async function verify(args: readonly string[], io: Io): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    io.out(VERIFY_HELP);
    return Exit.OK;
  }
  const acceptances = acceptancesOf(options);
  const folders = findFolders(options.directories);
  if (options.command !== undefined && folders.length !== 1) {
    throw new UsageError(
      `--command: is for one host, got ${folders.length} host folders, give the folder of that host`,
    );
  }
  const input = {
    folders,
    command:
      options.command === undefined
        ? undefined
        : { name: basename(options.command), text: readText("--command", options.command) },
    outputs: findObjects(folders, options.directories),
    kibana: await readKibana(options.kibana, {
      isConnected: options.connect !== undefined,
      key: options["kibana-key-file"]
        ? readText("--kibana-key-file", options["kibana-key-file"]).trim()
        : io.env?.["KIBANA_API_KEY"],
      ca: options["kibana-ca"] ? readText("--kibana-ca", options["kibana-ca"]) : undefined,
    }),
  };
  const { fips, defend, stackVersion } = options;
  const verified = verifyHosts(input, {
    at: io.now,
    publicRoots: publicRoots(),
    fips,
    defend,
    stackVersion,
    machine: thisMachine(),
  });
  if (options.connect !== undefined) {
    const override = options.connect === "" ? undefined : options.connect;
    await connectHosts(verified.hosts, verified.report, { at: io.now, publicRoots: publicRoots(), override });
  }
  const printed = printedOf(verified, options, acceptances, io.now);
  io.out(options.sarif ? reportSarif(printed) : options.json ? reportJson(printed) : reportText(printed));
  if (count(printed.open, "error") > 0 || (options.strict && count(printed.open, "warning") > 0)) {
    return Exit.FINDINGS;
  }
  return printed.expiring.length > 0 ? Exit.DUE : Exit.OK;
}

type Options = ReturnType<typeof readOptions>;

function printedOf({ report, hosts }: Verified, options: Options, acceptances: Acceptance[], now: Date): Printed {
  const until = now.getTime() + (options.expiring ?? 0);
  const expiring = report.certificates.filter(
    ({ certificate: { notAfter } }) => options.expiring !== undefined && notAfter >= now && notAfter.getTime() <= until,
  );
  const { open, accepted, notes } = divide(report.entries, acceptances, now);
  const runsAgent = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  return {
    report,
    open,
    accepted,
    notes: [...report.notes, ...notes],
    hosts: new Set(hosts.map(({ label }) => label)).size,
    withoutCommand: runsAgent.filter(({ command }) => command === undefined).length,
    now,
    checks: options.checks,
    expiring,
  };
}

const HOST_AND_PORT = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]\s/\\]+):[0-9]{1,5}$/;

function readOptions(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: withConnectValue(args),
    allowPositionals: true,
    options: {
      command: { type: "string" },
      kibana: { type: "string", multiple: true, default: [] },
      "kibana-key-file": { type: "string" },
      "kibana-ca": { type: "string" },
      expiring: { type: "string" },
      "stack-version": { type: "string" },
      fips: { type: "boolean", default: false },
      defend: { type: "boolean", default: false },
      connect: { type: "string" },
      strict: { type: "boolean", default: false },
      allow: { type: "string", multiple: true, default: [] },
      accepted: { type: "string" },
      checks: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      sarif: { type: "boolean", default: false },
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

function acceptancesOf({ allow, accepted }: Options): Acceptance[] {
  const allowed = allow.map((text) => {
    const one = parseAllowance(text);
    if (one === undefined) {
      throw new UsageError(
        `--allow: not a check, got ${JSON.stringify(text)}, allowed are such as 6 or 47:agents/web-1`,
      );
    }
    return one;
  });
  if (accepted === undefined) {
    return allowed;
  }
  const { acceptances, findings } = readAcceptances(readText("--accepted", accepted));
  const [wrong] = findings;
  if (wrong !== undefined) {
    throw new UsageError(`--accepted: ${accepted} ${wrong.what}; ${wrong.fix}`);
  }
  return [...allowed, ...acceptances];
}

function parseVersion(text: string | undefined): StackVersion | undefined {
  try {
    return text === undefined ? undefined : StackVersion.of(text);
  } catch {
    throw new UsageError(`--stack-version: not a version, got ${JSON.stringify(text)}, allowed are such as 9.5.2`);
  }
}

/** parseArgs has no optional values: a --connect without one gets an empty one. */
function withConnectValue(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    if (arg === "--connect") {
      return HOST_AND_PORT.test(args[i + 1] ?? "") ? `--connect=${args[i + 1]}` : "--connect=";
    }
    return args[i - 1] === "--connect" && HOST_AND_PORT.test(arg) ? [] : arg;
  });
}

function readText(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${option}: ${path} cannot be read: ${inWords(error)}`);
  }
}
