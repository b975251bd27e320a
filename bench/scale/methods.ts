import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { providerEnvironment } from "../../providers/mirror";
import { Postgres } from "../../test/faults/postgres";
import { goTool } from "../../test/support/go-tool";

const ROOT = path.join(__dirname, "../..");
const AGENTS_A_STACK = 50;
const CFSSL = "github.com/cloudflare/cfssl/cmd";

export const OPENSSL = "OpenSSL in a shell loop";
export const PG = `AgentStacks, ${AGENTS_A_STACK} agents a stack, PostgreSQL`;
export const LOCAL = `AgentStacks, ${AGENTS_A_STACK} agents a stack, local state`;
export const MODULE = "for_each module by hand, local state";

/** What a step took. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most memory of all of its processes at once. */
  readonly mebibytes: number;
}

/** What is measured, in the order in which it happens. */
export const STEPS = [
  "first apply",
  "nothing to do",
  "the synthesis alone",
  "one agent added",
  "nothing to do, fresh runner",
  "renewal of all",
  "destroy",
] as const;
export type Step = (typeof STEPS)[number];

/** A way to make the files of many agents. */
export interface Method {
  readonly name: string;
  /** The most agents that it is run with. */
  readonly most: number;
  /** Runs steps in a folder; a step is measured when the function that it gets is called. */
  run(folder: string, agents: number, step: (name: Step, work: () => Cost) => void): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** Runs a command to its end; throws with what it wrote if it fails. */
function measure(command: string[], cwd: string, environment: Environment = {}): Cost {
  const result = path.join(cwd, "cost.json");
  const child = spawnSync("python3", [path.join(__dirname, "measure.py"), result, ...command], {
    cwd,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...environment },
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(`${command.join(" ")}: ${child.stderr.slice(-2000)}`);
  return JSON.parse(fs.readFileSync(result, "utf8")) as Cost;
}

/** A program that signs a certificate, in a shell loop. */
function loop(name: string, script: string, environment: () => Promise<Environment>): Method {
  return {
    name,
    most: 10_000,
    run: async (folder, agents, step) => {
      const own = await environment();
      const run = (first: number, last: number, days: number): Cost =>
        measure(["sh", path.join(__dirname, script), String(first), String(last), String(days)], folder, own);
      step("first apply", () => run(1, agents, 397));
      step("one agent added", () => run(agents + 1, agents + 1, 397));
      step("renewal of all", () => run(1, agents + 1, 396));
      step("destroy", () => measure(["rm", "-r", "agents"], folder));
    },
  };
}

async function cfssl(): Promise<Environment> {
  const programs = [await goTool(`${CFSSL}/cfssl@v1.6.5`), await goTool(`${CFSSL}/cfssljson@v1.6.5`)];
  return { PATH: [...programs.map(path.dirname), process.env["PATH"]].join(path.delimiter) };
}

const module_: Method = {
  name: MODULE,
  most: 500,
  run: async (folder, agents, step) => {
    fs.copyFileSync(path.join(__dirname, "module.tf"), path.join(folder, "main.tf"));
    const environment = await providerEnvironment({ preferMirror: true });
    const variables = { TF_VAR_agents: String(agents), TF_VAR_validity_hours: String(397 * 24) };
    const terraform = (...command: string[]): Cost =>
      measure(["terraform", ...command, "-input=false", "-no-color"], folder, { ...environment, ...variables });
    terraform("init");
    step("first apply", () => terraform("apply", "-auto-approve"));
  },
};

function library(name: string, most: number, options: { isSpread: boolean; backend: "local" | "pg" }): Method {
  return {
    name,
    most,
    run: async (folder, agents, step) => {
      const stacks = options.isSpread ? Math.ceil(agents / AGENTS_A_STACK) : 0;
      fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
      fs.copyFileSync(path.join(__dirname, "app.cjs"), path.join(folder, "app.cjs"));
      fs.writeFileSync(
        path.join(folder, "cdktf.json"),
        JSON.stringify({ language: "typescript", app: "node app.cjs" }),
      );
      const environment = {
        ...(await providerEnvironment({ preferMirror: true })),
        ...(options.backend === "pg" && Postgres.get().createDatabase()),
        BACKEND: options.backend,
        LIBRARY: path.join(ROOT, "dist/lib"),
        STACKS: String(stacks),
      };
      const fleetTls = (command: string, count: number, days: number): Cost => {
        const own = { AGENTS: String(count), VALIDITY: String(days) };
        const program = [process.execPath, path.join(ROOT, "dist/bin/fleet-tls.js"), command];
        // The first deploys of one database wait for each other: docs/scale.md.
        const options = command === "synth" ? [] : ["--yes", "--lock-timeout", "30m"];
        return measure([...program, ...options], folder, { ...environment, ...own });
      };
      step("first apply", () => fleetTls("deploy", agents, 397));
      if (!options.isSpread) return;
      step("nothing to do", () => fleetTls("deploy", agents, 397));
      step("the synthesis alone", () => fleetTls("synth", agents, 397));
      step("one agent added", () => fleetTls("deploy", agents + 1, 397));
      step("nothing to do, fresh runner", () => {
        fs.rmSync(path.join(folder, "cdktf.out"), { recursive: true });
        return fleetTls("deploy", agents + 1, 397);
      });
      step("renewal of all", () => fleetTls("deploy", agents + 1, 396));
      step("destroy", () => fleetTls("destroy", agents + 1, 396));
    },
  };
}

/** Side by side: all of one size before any of the next. */
export const METHODS: readonly Method[] = [
  loop(OPENSSL, "openssl.sh", async () => ({})),
  loop("cfssl in a shell loop", "cfssl.sh", cfssl),
  library(PG, 10_000, { isSpread: true, backend: "pg" }),
  library(LOCAL, 10_000, { isSpread: true, backend: "local" }),
  module_,
  library("one stack, local state", 500, { isSpread: false, backend: "local" }),
];
