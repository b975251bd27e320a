import { parseArgs } from "node:util";

import { DeployError } from "../deploy-error";

/** Options of the command line. */
export interface Options {
  /** Names of stacks, in which `*` matches anything; empty means all. */
  readonly stacks: readonly string[];
  readonly app?: string;
  readonly output?: string;
  readonly skipSynth: boolean;
  /** Number of stacks at once. */
  readonly parallelism: number;
  /** Arguments for Terraform. */
  readonly terraformArguments: readonly string[];
  /** Values of variables, as the environment has them: a command line can be read by every user of the machine. */
  readonly variables: Readonly<Record<string, string>>;
  readonly yes: boolean;
  readonly all: boolean;
  readonly planDirectory?: string;
  readonly json: boolean;
  readonly exitCode: boolean;
  readonly help: boolean;
}

export const COMMON_HELP = `  --stacks NAME,...           these stacks only; * matches anything; also as arguments without an option
  --parallelism N             how many stacks at once (default 2)
  --terraform-parallelism N   how many resources of a stack at once
  --lock-timeout DURATION     how long to wait for the lock of a state that another run has (default 60s)
  --var NAME=VALUE            the value of a Terraform variable, for every stack that declares it
  --app COMMAND, -a           the command that synthesises, instead of app in cdktf.json
  --output DIR, -o            where the app synthesises to, instead of output in cdktf.json
  --skip-synth                use what was synthesised last
`;

/** Options of every command. */
const COMMON = {
  stacks: { type: "string", multiple: true },
  app: { type: "string", short: "a" },
  output: { type: "string", short: "o" },
  "skip-synth": { type: "boolean" },
  parallelism: { type: "string" },
  "terraform-parallelism": { type: "string" },
  "lock-timeout": { type: "string" },
  var: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/** Options of some commands. */
const OWN = {
  yes: { type: "boolean", short: "y" },
  // As cdktf calls it, so that a pipeline's command line still works.
  "auto-approve": { type: "boolean" },
  all: { type: "boolean" },
  "plan-dir": { type: "string" },
  json: { type: "boolean" },
  "exit-code": { type: "boolean" },
} as const;

/**
 * Reads a command line.
 *
 * @param own the options that this command has besides those of every command: one that it does not have is refused, as a
 * `destroy --plan-dir` would not wait for an approval
 */
export function readOptions(args: readonly string[], own: readonly (keyof typeof OWN)[] = []): Options {
  const known = Object.fromEntries(own.map((name) => [name, OWN[name]])) as Partial<typeof OWN>;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...COMMON, ...(known as typeof OWN) },
  });
  const perStack = values["terraform-parallelism"];
  return {
    stacks: stackNames([...(values.stacks ?? []), ...positionals]),
    ...(values.app !== undefined && { app: values.app }),
    ...(values.output !== undefined && { output: values.output }),
    skipSynth: values["skip-synth"] ?? false,
    parallelism: positive("--parallelism", values.parallelism ?? "2"),
    terraformArguments: [
      `-lock-timeout=${duration(values["lock-timeout"] ?? "60s")}`,
      ...(perStack === undefined ? [] : [`-parallelism=${positive("--terraform-parallelism", perStack)}`]),
    ],
    yes: (values.yes || values["auto-approve"]) ?? false,
    all: values.all ?? false,
    ...(values["plan-dir"] !== undefined && { planDirectory: values["plan-dir"] }),
    json: values.json ?? false,
    exitCode: values["exit-code"] ?? false,
    variables: variables(values.var ?? []),
    help: values.help ?? false,
  };
}

/** Names of stacks. A variable of a script that is empty must not select every stack. */
function stackNames(given: readonly string[]): string[] {
  const names = given.flatMap((list) => list.split(",")).filter((name) => name !== "");
  if (names.length > 0 || given.length === 0) return names;
  throw new DeployError(
    `stacks: no stack is named, got "${given.join(",")}", allowed are names, in which * matches anything; leave the option or argument out for all stacks`,
    2,
  );
}

function variables(assignments: readonly string[]): Record<string, string> {
  const pairs = assignments.map((assignment) => {
    const [, name, value] = /^([A-Za-z_][\w-]*)=([^]*)$/.exec(assignment) ?? [];
    if (name !== undefined) return [`TF_VAR_${name}`, value!] as const;
    // The value can be a secret, so only what should be the name is repeated.
    throw new DeployError(`--var: not NAME=VALUE, got ${JSON.stringify(assignment.split("=")[0])}`, 2);
  });
  return Object.fromEntries(pairs);
}

function positive(option: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
  throw new DeployError(`${option}: not usable, got "${value}", allowed are whole numbers from 1 to 1000`, 2);
}

function duration(value: string): string {
  if (/^\d+[smh]$/.test(value)) return value;
  throw new DeployError(`--lock-timeout: not a duration, got "${value}", allowed are such as 60s or 10m`, 2);
}
