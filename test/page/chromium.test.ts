/// <reference lib="dom" />
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pathToFileURL } from "node:url";

import type { AxeResults } from "axe-core";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

import {
  CertificateSource,
  EnrollmentToken,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import { renderPage } from "../../page/render-page";
import { TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { givenAway, secretsOf } from "../support/secrets";
import { TerraformProject } from "../support/terraform";
import { CHROMIUM, launchChromium } from "./chromium";
import { heard, listen, misplacedTexts } from "./in-page";
import { samplePage } from "./page-fixture";

/** Limit of one step in the browser: a busy machine is no failure. */
const TIMEOUT = 10 * 60_000;

/** What Terraform really deploys; and how many agents there are on a page that is rendered as it would be. */
const MODES = ["one-way", "mutual"];
const MANY = 300;
const NARROW = { width: 360, height: 740 };
const SECRET = "a-token-that-nobody-may-read";
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const describeBrowser = CHROMIUM === undefined ? describe.skip : describe;
const name = "the operator's page in Chromium";

describeBrowser(CHROMIUM === undefined ? `${name} (there is no Chromium here: apt-get install chromium)` : name, () => {
  const project = new TerraformProject((app) => {
    const oneWay = new OneWayFleetTls(new TestStack(app, "one-way"), "fleet", fleetProps({ operatorPage: true }));
    oneWay.addAgent("web-1");
    const stack = new TestStack(app, "mutual");
    const mutual = new MutualFleetTls(stack, "fleet", {
      ...fleetProps({ operatorPage: true }),
      agentKeyPassphrase: KeyPassphrase.generated(),
    });
    for (let index = 1; index <= 14; index++) mutual.addAgent(`web-${index}`);
    mutual.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
    mutual.addAgent("secret-1", { enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "token")) });
    const outputs = [TargetPlatform.LINUX, TargetPlatform.WINDOWS].map((platform) =>
      mutual.addOutput(platform.name, { platform }),
    );
    mutual.addKibana("kibana", { clientCertificate: CertificateSource.generated(), outputs });
  });
  const screenshots =
    process.env["PAGE_SCREENSHOTS"] ?? fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-page-"));
  let browser: Browser;

  const file = (mode: string): string =>
    mode === "many" ? project.path("many.html") : project.path("fleet-tls", mode, "fleet/index.html");
  const open = async (mode: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(TIMEOUT);
    const page = await context.newPage();
    await page.goto(pathToFileURL(file(mode)).href);
    return page;
  };

  beforeAll(async () => {
    await Promise.all([project.apply("one-way"), project.apply("mutual", { variables: { token: SECRET } })]);
    fs.writeFileSync(file("many"), renderPage(samplePage(MANY)));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    project.dispose();
    if (!process.env["PAGE_SCREENSHOTS"]) fs.rmSync(screenshots, { recursive: true, force: true });
  });

  test.each(MODES)("every copy button of %s copies the whole of its block", async (mode) => {
    const page = await open(mode, { permissions: ["clipboard-read", "clipboard-write"] });
    await listen(page);
    const buttons = await page.locator("button[data-copies]").all();
    expect(buttons).toHaveLength(mode === "mutual" ? 12 : 8);
    for (const button of buttons) {
      const source = page.locator(`[id="${await button.getAttribute("data-copies")}"]`);
      await button.click();
      await heard(page, `Copied: ${await button.getAttribute("data-name")}`);
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await source.textContent());
    }
  });

  test("the copied text is the command and the settings in the host's folder", async () => {
    const page = await open("mutual");
    const text = async (id: string): Promise<string | null> => page.locator(`[id="${id}"]`).textContent();
    const script = project.read("fleet-tls/mutual/fleet/fleet-server/install-command.sh");
    expect(script).toContain((await text("fleet-server-fleet-server-command"))!.trim());
    expect(await text("elasticsearch-elasticsearch-settings")).toBe(
      project.read("fleet-tls/mutual/fleet/elasticsearch/elasticsearch.tls.yml"),
    );
    expect(await text("kibana-kibana-settings")).toBe(
      project.read("fleet-tls/mutual/fleet/kibana/kibana/kibana.tls.yml"),
    );
    expect(await text("output-2")).toBe(project.read("fleet-tls/mutual/fleet/outputs/windows.yml"));
  });

  test("without clipboard access the text is selected and a message is shown", async () => {
    const page = await open("one-way");
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
    await listen(page);
    await page.locator("button[data-copies]").first().click();
    await heard(page, "Selected, press Ctrl+C: For elasticsearch.yml");
    expect(await page.evaluate(() => getSelection()!.toString())).toContain("xpack.security.http.ssl");
  });

  /** Every way in which the page is looked at, and the picture of it. */
  const LOOKS: [string, string, BrowserContextOptions][] = [
    ["one-way", "light", { colorScheme: "light" }],
    ["one-way", "dark", { colorScheme: "dark" }],
    ["mutual", "light", { colorScheme: "light" }],
    ["mutual", "dark", { colorScheme: "dark" }],
    ["mutual", "narrow", { viewport: NARROW }],
    ["many", "light", { colorScheme: "light" }],
    ["many", "narrow", { viewport: NARROW }],
  ];

  test.each(LOOKS)("axe finds nothing wrong with %s, %s", async (mode, look, options) => {
    // The page's own policy would refuse axe's script.
    const page = await open(mode, { bypassCSP: true, ...options });
    await page.screenshot({ path: path.join(screenshots, `${mode}-${look}.png`), fullPage: true });
    if (mode !== "many") for (const summary of await page.locator("summary").all()) await summary.click();
    await page.addScriptTag({ content: axe.source });
    const results = await page.evaluate<AxeResults, string[]>(
      (values) => (Reflect.get(globalThis, "axe") as typeof axe).run({ runOnly: { type: "tag", values } }),
      RULES,
    );
    expect(results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)).toEqual([]);
    expect(results.passes.length).toBeGreaterThan(40);
  });

  test.each(MODES)("%s asks the network for nothing and logs no error", async (mode) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const requests: string[] = [];
    const errors: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => errors.push(message.text()));
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(pathToFileURL(file(mode)).href, { waitUntil: "networkidle" });
    expect(requests).toEqual([pathToFileURL(file(mode)).href]);
    expect(errors).toEqual([]);
  });

  test("everything that can be used is reached by the keyboard, and shows that it is", async () => {
    const page = await open("mutual");
    const reached = new Set<string>();
    for (let presses = 0; presses < 150; presses++) {
      await page.keyboard.press("Tab");
      const { name, outline } = await page.evaluate(() => {
        const { activeElement: element } = document;
        const name = element?.getAttribute("data-copies") ?? element?.textContent?.trim() ?? "";
        return { name: `${element?.tagName} ${name}`, outline: element ? getComputedStyle(element).outlineStyle : "" };
      });
      if (name.startsWith("BODY")) break;
      reached.add(name);
      expect(`${name}: ${outline}`).toMatch(/: (solid|auto)$/);
    }
    const buttons = await page
      .locator("button[data-copies]")
      .evaluateAll((all) => all.map((each) => each.getAttribute("data-copies")));
    for (const button of buttons) expect(reached).toContain(`BUTTON ${button}`);
    expect(reached).toContain("A Skip to the content");
    expect(reached).toContain("SUMMARY All 14 agents");
  });

  test.each([
    ["wide", { width: 1280, height: 900 }],
    ["tall", NARROW],
  ])(
    "the %s diagram has a name, says in words what it shows, and keeps its texts in their boxes",
    async (form, viewport) => {
      const page = await open("mutual", { viewport });
      const diagram = page.getByRole("img", { name: "Who presents which certificate, and who trusts which authority" });
      expect(await diagram.count()).toBe(1);
      expect(await diagram.getAttribute("class")).toContain(`diagram-${form}`);
      expect(await diagram.locator("desc").textContent()).toContain("Agents present agent-cert.pem");
      expect(await diagram.locator("text", { hasText: "fleet-es-cert.pem" }).isVisible()).toBe(true);
      const { outside, overlapping } = await misplacedTexts(diagram);
      expect(outside).toEqual([]);
      expect(overlapping).toEqual([]);
    },
  );

  test("ids filter the agents", async () => {
    const page = await open("mutual");
    await page.locator("summary").first().click();
    await page.getByLabel("Show only ids with").fill("web-1");
    expect(await page.locator("#status").textContent()).toBe("6 of 14 agents shown");
    expect(await page.getByRole("rowheader", { name: "web-2", exact: true }).isVisible()).toBe(false);
  });

  test("a page of 1,000 agents loads, has them all, and filters them", async () => {
    fs.writeFileSync(file("many"), renderPage(samplePage(1000)));
    const page = await open("many");
    await page.locator("summary").first().click();
    await page.getByLabel("Show only ids with").fill("web-500");
    expect(await page.locator("#status").textContent()).toBe("1 of 1000 agents shown");
    expect(await page.getByRole("rowheader", { name: "web-500", exact: true }).isVisible()).toBe(true);
    await page.getByLabel("Show only ids with").fill("");
    expect(await page.locator("#status").textContent()).toContain("1000");
    fs.writeFileSync(file("many"), renderPage(samplePage(MANY)));
  });

  test("shows the time until renewal, and that a renewal is overdue", async () => {
    const page = await open("mutual");
    expect(await page.locator(".facts").textContent()).toMatch(/\d{4}-\d\d-\d\d in 26[234] days/);
    const late = await browser.newContext();
    const future = await late.newPage();
    await future.clock.install({ time: Date.now() + 300 * 86_400_000 });
    await future.goto(pathToFileURL(file("mutual")).href);
    expect(await future.locator(".facts .due").textContent()).toMatch(/^ due since 3\d days$/);
  });

  test("without scripts there is all but the buttons, the countdown and the filter", async () => {
    const page = await open("mutual", { javaScriptEnabled: false });
    expect(await page.locator("button:visible").count()).toBe(0);
    expect(await page.getByText("elastic-agent install").first().isVisible()).toBe(true);
    const linesOf = async (one: Page): Promise<string[]> =>
      (await one.locator("body").innerText())
        .split(/[\n\t]+/)
        .map((line) => line.replace(/(\d{4}-\d\d-\d\d) in \d+ days?/, "$1").trim())
        .filter((line) => line !== "");
    const whole = (await linesOf(await open("mutual"))).filter((line) => line !== "Copy");
    expect(await linesOf(page)).toEqual(whole.filter((line) => !line.startsWith("Show only ids with")));
  });

  test("on paper nothing is cut off, folded or a button", async () => {
    const page = await open("mutual", { colorScheme: "dark" });
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    expect(await page.locator("button:visible").count()).toBe(0);
    const cut = await page
      .locator("pre")
      .evaluateAll((all) => all.filter((pre) => pre.scrollHeight > pre.clientHeight + 2).length);
    expect(cut).toBe(0);
    const folded = page.locator("details:not([open])");
    const count = await folded.count();
    expect(count).toBeGreaterThan(0);
    await page.evaluate(() =>
      addEventListener("beforeprint", () => {
        document.body.dataset["folded"] = `${document.querySelectorAll("details:not([open])").length}`;
      }),
    );
    const pdf = await page.pdf({ path: path.join(screenshots, "mutual.pdf"), format: "A4" });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await page.locator("body").getAttribute("data-folded")).toBe("0");
    expect(await folded.count()).toBe(count);
  });

  test.each([...MODES, "many"])("on a telephone nothing of %s scrolls sideways but the code", async (mode) => {
    const page = await open(mode, { viewport: NARROW });
    const wide = await page.evaluate(() =>
      [document.documentElement, ...Array.from(document.querySelectorAll(".scroll"))]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => element.getAttribute("aria-label") ?? element.tagName),
    );
    expect(wide).toEqual([]);
  });

  test("on a phone, each cell shows its column header and table semantics are kept", async () => {
    const page = await open("mutual", { viewport: NARROW });
    const table = page.getByRole("table", { name: "Certificates of fleet-server" });
    const cell = table.getByRole("row", { name: "fleet-cert.pem" }).getByRole("cell").first();
    expect(await cell.evaluate((each) => getComputedStyle(each, "::before").content)).toBe('"Signed by"');
    expect(await table.getByRole("rowheader").allTextContents()).toEqual([
      ...["fleet-cert.pem", "agent-cert.pem", "fleet-es-cert.pem"],
    ]);
  });

  test("many agents are folded, and found by their ids", async () => {
    const page = await open("many");
    expect(await page.getByRole("rowheader", { name: "web-299", exact: true }).isVisible()).toBe(false);
    await page.locator("summary").first().click();
    await page.getByLabel("Show only ids with").fill("web-299");
    expect(await page.locator("#status").textContent()).toBe("1 of 300 agents shown");
    expect(await page.getByRole("rowheader", { name: "web-299", exact: true }).isVisible()).toBe(true);
  });

  test("sections are reached by their links, and not hidden below the navigation", async () => {
    const page = await open("mutual");
    for (const link of await page.locator("nav a").all()) {
      await link.click();
      const id = (await link.getAttribute("href"))!.slice(1);
      await page.waitForFunction((wanted) => {
        const top = document.getElementById(wanted)!.getBoundingClientRect().top;
        return top >= document.querySelector("nav")!.getBoundingClientRect().bottom && top < innerHeight;
      }, id);
    }
  });

  test("no secret is in the page, and a command that contains one is only named", () => {
    for (const mode of MODES) {
      const page = fs.readFileSync(file(mode), "utf8");
      expect(page).toContain("SHA-256 fingerprint");
      expect(givenAway(page, secretsOf(project, mode))).toEqual([]);
      expect(page).not.toContain(SECRET);
    }
    expect(fs.readFileSync(file("mutual"), "utf8")).toContain("agents/secret-1/install-command.sh");
  });

  test("nor is one in what the page's program was given or answered", () => {
    for (const mode of MODES) {
      const programs = project
        .state(mode)
        .filter(({ type, name }) => type === "local_command" && name.includes("operator-page"));
      expect(programs).toHaveLength(1);
      const text = JSON.stringify(programs);
      expect(givenAway(text, secretsOf(project, mode))).toEqual([]);
      expect(text).not.toContain(SECRET);
    }
  });

  test.each(MODES)("a second plan of %s changes nothing", async (mode) => {
    expect((await project.plan(mode, { variables: { token: SECRET } })).text).toContain("No changes.");
  });
});
