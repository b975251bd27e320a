import * as fs from "node:fs";
import * as path from "node:path";

import { CertificateAuthoritySource, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { deployProject } from "../deploy/project";
import { execute } from "../support/execute";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import { engines, tlsProviders } from "./builds";

const PAGE = path.join(__dirname, "..", "..", "docs", "engines.md");
const source = CertificateAuthoritySource.generated();

/** The deploys of a fleet, and of a rotation of its agent CA. */
const STEPS = [
  { name: "apply", generations: ["1"], issuing: "1" },
  { name: "introduce", generations: ["1", "2"], issuing: "1" },
  { name: "switch", generations: ["1", "2"], issuing: "2" },
  { name: "retire", generations: ["2"], issuing: "2" },
];

/** Applies every step with one engine and one tls provider, each followed by a plan that must have no changes. */
async function deploy(program: string, configFile: string): Promise<string> {
  const project = new TerraformProject();
  const cwd = path.join(project.outputFolder, "stacks", "stack");
  const env = { ...process.env, TF_CLI_CONFIG_FILE: configFile, CHECKPOINT_DISABLE: "1" };
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await execute(program, [...args, "-no-color"], { cwd, env });
    if (code !== 0) throw new Error(`${args[0]!} ended with ${code}: ${oneLine(stderr)}`);
    return stdout;
  };
  try {
    for (const { name, generations, issuing } of STEPS) {
      project.synth((app) => {
        const agentCa = CertificateAuthoritySource.rotating({
          generations: Object.fromEntries(generations.map((id) => [id, source])),
          issuing,
        });
        new MutualFleetTls(new TestStack(app), "fleet", { ...fleetProps(), agentCa }).addAgent("web-1");
      });
      await run("init", "-input=false");
      await run("apply", "-auto-approve", "-input=false");
      if (!(await run("plan", "-input=false")).includes("No changes."))
        throw new Error(`changes are planned after ${name}`);
    }
    return "yes";
  } catch (error) {
    return `no: ${(error as Error).message}`;
  } finally {
    project.dispose();
  }
}

/** Whether `fleet-tls` deploys two stacks with an engine, plans no change then, and destroys them. */
async function commands(program: string, configFile: string): Promise<string> {
  const project = deployProject({ TERRAFORM_BINARY_NAME: program, TF_CLI_CONFIG_FILE: configFile });
  try {
    for (const args of [["deploy"], ["diff", "--exit-code"], ["destroy", "--yes"]]) {
      const { code, stderr } = await project.fleetTls(args);
      if (code !== 0) return `no: ${args[0]!} ended with ${code}: ${oneLine(stderr)}`;
    }
    return "yes";
  } finally {
    project.dispose();
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").slice(0, 300);

async function versionOf(program: string): Promise<string> {
  return (await execute(program, ["version"], { env: { ...process.env, TF_CLI_CONFIG_FILE: "" } })).stdout.split(
    "\n",
  )[0]!;
}

async function main(): Promise<void> {
  const providers = await tlsProviders();
  const rows: string[] = [];
  for (const program of await engines()) {
    for (const { version, configFile } of providers) {
      const outcomes = `${await deploy(program, configFile)} | ${await commands(program, configFile)}`;
      rows.push(
        `| ${await versionOf(program)} | ${version} | ${outcomes} | ${new Date().toISOString().slice(0, 10)} |`,
      );
      process.stderr.write(`${rows.at(-1)!}\n`);
    }
  }
  fs.writeFileSync(PAGE, page(rows));
  process.exitCode = rows.every((row) => row.includes("| yes | yes |")) ? 0 : 1;
}

function page(rows: readonly string[]): string {
  return `# Terraform and OpenTofu

Written by \`npm run test:engines\`. Each row deploys a mutual fleet and rotates its agent CA in three more deploys (introduce, switch, retire). "Yes" means that every apply succeeded and that the plan after each had no changes. In the next column, \`fleet-tls deploy\`, \`diff\` and \`destroy\` run two small stacks. The local provider is 2.9.0.

| engine | tls provider | apply, replan, rotate | \`fleet-tls\` | run on |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

- Terraform 1.5.7 and OpenTofu 1.6 are the oldest that are accepted; the synthesised JSON requires them.
- The newest Terraform is built from the Go module proxy, where its remote backends except \`http\` are missing. It is tested with the local backend; HashiCorp's own builds have all of them.
- tls 4.2.0 replaces every certificate (fixed in 4.2.1): skip it.
`;
}

void main();
