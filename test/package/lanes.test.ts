import * as fs from "node:fs";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { execute } from "../support/execute";
import type { Attributes } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { cdktnBindings } from "./cdktn-bindings";
import { installApp, synthApp } from "./lane";
import { gateLanes } from "./lanes";
import { builtPackages } from "./packages";

const ROOT = path.join(__dirname, "..", "..");

const STACKS = ["main", "branch", "lab"];

describe("both packages, installed without flags into new apps", () => {
  const project = new TerraformProject();
  let names: string[];
  let synthesised: Record<string, Attributes>[];

  beforeAll(async () => {
    const { cdktf, cdktn } = builtPackages();
    const scratch = project.path("packages");
    fs.mkdirSync(scratch);
    const bindings = await cdktnBindings(path.join(ROOT, "build", "cdktn-bindings"));
    const lanes = gateLanes({ cdktf: pack(cdktf, scratch), cdktn: pack(cdktn, scratch), ...bindings });
    names = lanes.map(({ name }) => name);
    synthesised = await Promise.all(
      lanes.map(async (lane, index) => synthApp(lane, await installApp(lane, project.path(`app-${index}`)))),
    );
  });
  afterAll(() => project.dispose());

  test("synthesise the same JSON", () => {
    const [first] = synthesised;
    expect(Object.keys(first!).sort()).toEqual([...STACKS].sort());
    for (const [index, json] of synthesised.entries())
      expect({ lane: names[index], json }).toEqual({ lane: names[index], json: first });
  });

  test.each([
    ["cdktf-fleet-tls", 0, "cdktn-fleet-tls", 2],
    ["cdktn-fleet-tls", 2, "cdktf-fleet-tls", 0],
  ])("a state made by %s plans no changes under %s", async (_maker, maker, _other, other) => {
    const use = (index: number): void => {
      for (const stack of STACKS) {
        fs.cpSync(
          project.path(`app-${index}`, "cdktf.out", "stacks", stack),
          project.path("cdktf.out", "stacks", stack),
          {
            recursive: true,
          },
        );
      }
    };
    use(maker);
    for (const stack of STACKS) await project.apply(stack);
    for (const index of [maker, other]) {
      use(index);
      for (const stack of STACKS) expect((await project.plan(stack)).text).toContain("No changes.");
    }
    for (const stack of [...STACKS].reverse()) await project.destroy(stack);
  });

  test("the tests of docs/testing.md pass in the app's own Jest", async () => {
    const page = fs.readFileSync(path.join(ROOT, "docs", "testing.md"), "utf8");
    const app = project.path("app-0");
    fs.writeFileSync(path.join(app, "fleet.test.ts"), /```ts\n([^]*?)```/.exec(page)![1]!);
    const swc = [require.resolve("@swc/jest"), { jsc: { parser: { syntax: "typescript" } } }];
    const config = JSON.stringify({ rootDir: app, transform: { "\\.ts$": swc }, testMatch: ["**/fleet.test.ts"] });
    const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
    const run = await execute(process.execPath, [jest, "--ci", "--config", config], { cwd: app, env: process.env });
    expect(run.stderr).toContain("3 passed, 3 total");
  });
});
