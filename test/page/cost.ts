import * as fs from "node:fs";
import * as path from "node:path";

import { MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

/**
 * What the operator's page costs in Terraform's state, from real deploys, into docs/operator-page.md: `npm run
 * measure:page`.
 */
const DOCUMENT = path.join(__dirname, "../../docs/operator-page.md");
const FLEETS = [0, 10, 20];

interface Cost {
  readonly agents: number;
  /** Bytes of the page itself. */
  readonly page: number;
  /** Bytes of all that the state holds for it: the program's input, its output, and the file. */
  readonly state: number;
}

async function measure(agents: number): Promise<Cost> {
  const project = new TerraformProject((app) => {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", fleetProps({ operatorPage: true }));
    for (let index = 1; index <= agents; index++) fleet.addAgent(`agent-${index}`);
  });
  try {
    await project.apply("stack");
    const ofPage = project.state("stack").filter(({ name }) => name.includes("operator-page"));
    return {
      agents,
      page: fs.statSync(project.path("fleet-tls/stack/fleet/index.html")).size,
      state: Buffer.byteLength(JSON.stringify(ofPage)),
    };
  } finally {
    project.dispose();
  }
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

async function main(): Promise<void> {
  const costs: Cost[] = [];
  for (const agents of FLEETS) costs.push(await measure(agents));
  const [first, last] = [costs[0]!, costs.at(-1)!];
  const each = (of: (cost: Cost) => number): string => kilobytes((of(last) - of(first)) / (last.agents - first.agents));
  const table = [
    "| mutual fleet | page | in the state |",
    "| --- | --- | --- |",
    ...costs.map(({ agents, page, state }) => `| ${agents} agents | ${kilobytes(page)} | ${kilobytes(state)} |`),
    `| each further agent | ${each(({ page }) => page)} | ${each(({ state }) => state)} |`,
  ].join("\n");
  const text = fs.readFileSync(DOCUMENT, "utf8");
  const marked = /(<!-- cost -->\n)[\s\S]*(\n<!-- \/cost -->)/;
  if (!marked.test(text)) throw new Error(`${DOCUMENT} has no place for the table`);
  fs.writeFileSync(DOCUMENT, text.replace(marked, `$1\n${table}\n$2`));
  process.stdout.write(`${table}\n`);
}

void main();
