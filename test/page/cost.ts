import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

import { MutualFleetTls } from "../../lib";
import { renderPage } from "../../page/render-page";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import { launchChromium } from "./chromium";
import { samplePage } from "./page-fixture";

/**
 * Costs of the operator's page in Terraform's state and in a browser, from real deploys and Chromium, into docs/operator-page.md: `npm run
 * measure:page`.
 */
const DOCUMENT = path.join(__dirname, "../../docs/operator-page.md");
const FLEETS = [0, 10, 20];

interface Cost {
  readonly agents: number;
  /** Bytes of the page itself. */
  readonly page: number;
  /** Bytes that the state contains for it: the program's input, its output, and the file. */
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

const LARGE = 1000;

/** What a page of many agents costs a browser: from the navigation until it answers to a filter. */
async function measureBrowser(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "page-cost-"));
  const browser = await launchChromium();
  try {
    const file = path.join(folder, "index.html");
    fs.writeFileSync(file, renderPage(samplePage(LARGE)));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    const loaded = await page.evaluate(
      () => (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).loadEventEnd,
    );
    const elements = await page.evaluate(() => document.querySelectorAll("*").length);
    await page.locator("summary").first().click();
    const before = Date.now();
    await page.getByLabel("Show only ids with").fill("web-500");
    await page.getByText("1 of 1000 agents shown").waitFor();
    const filtered = Date.now() - before;
    return (
      `A page of ${LARGE} agents has ${kilobytes(fs.statSync(file).size)} and ${elements} elements; Chromium ` +
      `${browser.version().split(".")[0]} loaded it in ${Math.round(loaded)} ms and filtered it in ${filtered} ms.`
    );
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
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
    "",
    await measureBrowser(),
  ].join("\n");
  const text = fs.readFileSync(DOCUMENT, "utf8");
  const marked = /(<!-- cost -->\n)[\s\S]*(\n<!-- \/cost -->)/;
  if (!marked.test(text)) throw new Error(`${DOCUMENT} has no place for the table`);
  fs.writeFileSync(DOCUMENT, text.replace(marked, `$1\n${table}\n$2`));
  process.stdout.write(`${table}\n`);
}

void main();
