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

/** Reads a command line. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stacks: { type: "string", multiple: true, default: [] },
      app: { type: "string", short: "a" },
      output: { type: "string", short: "o" },
      "skip-synth": { type: "boolean", default: false },
      parallelism: { type: "string", default: "2" },
      "terraform-parallelism": { type: "string" },
      "lock-timeout": { type: "string", default: "60s" },
      var: { type: "string", multiple: true, default: [] },
      yes: { type: "boolean", short: "y", default: false },
      // As cdktf calls it, so that a pipeline's command line still works.
      "auto-approve": { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      "plan-dir": { type: "string" },
      json: { type: "boolean", default: false },
      "exit-code": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const own = values["terraform-parallelism"];
  return {
    stacks: [...values.stacks.flatMap((names) => names.split(",")), ...positionals].filter((name) => name !== ""),
    ...(values.app !== undefined && { app: values.app }),
    ...(values.output !== undefined && { output: values.output }),
    skipSynth: values["skip-synth"],
    parallelism: positive("--parallelism", values.parallelism),
    terraformArguments: [
      `-lock-timeout=${duration(values["lock-timeout"])}`,
      ...(own === undefined ? [] : [`-parallelism=${positive("--terraform-parallelism", own)}`]),
    ],
    yes: values.yes || values["auto-approve"],
    all: values.all,
    ...(values["plan-dir"] !== undefined && { planDirectory: values["plan-dir"] }),
    json: values.json,
    exitCode: values["exit-code"],
    variables: variables(values.var),
    help: values.help,
  };
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
