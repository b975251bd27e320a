import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { pack, writePackages } from "../../packaging/packages";
import { execute } from "../support/execute";
import type { Attributes } from "../support/synth";
import { cdktnBindings } from "./cdktn-bindings";
import { installApp, succeed, synthApp } from "./lane";
import { gateLanes, moreLanes, TOOLS } from "./lanes";

const ROOT = path.join(__dirname, "..", "..");
const BUILD = path.join(ROOT, "build");

interface Suite {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

interface Result {
  readonly name: string;
  readonly json?: Record<string, Attributes>;
  readonly error?: string;
}

/** Runs every lane and the suite against cdktn, and writes docs/lanes.md. */
async function main(): Promise<void> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-lanes-"));
  try {
    const { cdktf, cdktn } = writePackages(path.join(BUILD, "packages"));
    const bindings = await cdktnBindings(path.join(BUILD, "cdktn-bindings"));
    const tarballs = { cdktf: pack(cdktf, scratch), cdktn: pack(cdktn, scratch), ...bindings };
    const tools = await installApp(
      { name: "tools", dependencies: TOOLS, module: "commonjs" },
      path.join(BUILD, "lane-tools"),
    );
    const results: Result[] = [];
    for (const [index, lane] of [...gateLanes(tarballs), ...moreLanes(tarballs, tools)].entries()) {
      const result = await installApp(lane, path.join(scratch, `app-${index}`))
        .then((folder) => synthApp(lane, folder))
        .then(
          (json): Result => ({ name: lane.name, json }),
          (error: Error): Result => ({ name: lane.name, error: error.message }),
        );
      process.stderr.write(`${lane.name}: ${result.error ?? "synthesised"}\n`);
      results.push(result);
    }
    const suite = await suiteOnCdktn(bindings);
    fs.writeFileSync(path.join(ROOT, "docs", "lanes.md"), page(results, suite));
    await succeed("npx", ["prettier", "--write", "docs/lanes.md"], ROOT);
    process.exitCode = suite.numFailedTests === 0 && results.every(({ json }) => same(json, results[0]!.json)) ? 0 : 1;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs the unit tests of every construct with cdktn in the place of cdktf; returns how many passed and failed. */
async function suiteOnCdktn({ cdktnLocal, cdktnTls }: { cdktnLocal: string; cdktnTls: string }): Promise<Suite> {
  const dependencies = {
    "@cdktn/provider-local": `file:${cdktnLocal}`,
    "@cdktn/provider-tls": `file:${cdktnTls}`,
    cdktn: "0.24.0",
    constructs: "~10.7.0",
  };
  await installApp({ name: "cdktn", dependencies, module: "commonjs" }, path.join(BUILD, "cdktn-modules"));
  const args = ["jest", "--ci", "--json", "--config", "test/package/jest.cdktn.config.cjs"];
  const { stdout, stderr } = await execute("npx", args, { cwd: ROOT, env: process.env });
  const suite = JSON.parse(stdout) as Suite;
  if (suite.numFailedTests > 0) process.stderr.write(stderr);
  return suite;
}

function same(one: unknown, other: unknown): boolean {
  return one !== undefined && sorted(one) === sorted(other);
}

/** JSON whose keys have one order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, content: unknown) =>
    typeof content === "object" && content !== null && !Array.isArray(content)
      ? Object.fromEntries(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)))
      : content,
  );
}

function page(results: readonly Result[], suite: Suite): string {
  const rows = results.map(({ name, json, error }) => {
    const outcome =
      error !== undefined ? `no: ${error.split("\n")[0]!}` : same(json, results[0]!.json) ? "yes" : "another JSON";
    return `| ${name} | ${outcome} |`;
  });
  return `# Frameworks, runtimes and package managers

Written by \`npm run test:lanes\` on ${new Date().toISOString().slice(0, 10)}. Each row is a new app: the packed tarball is installed without any flag, and the app (\`test/package/apps/app.ts\`: mutual TLS, encrypted keys, Windows, two stacks, a CA with generations) is synthesised. "Yes" means that the stacks' JSON is the same as in the first row. TypeScript compiles with \`strict\`, \`exactOptionalPropertyTypes\` and without \`skipLibCheck\`.

| lane | same JSON |
| --- | --- |
${rows.join("\n")}

With \`cdktn\` in the place of \`cdktf\`, ${suite.numPassedTests} unit tests of the constructs pass and ${suite.numFailedTests} fail. The first three rows are part of \`npm test\`, which also applies the app with each package: a state made by one plans "No changes" under the other.

## Choosing

| you have | install |
| --- | --- |
| an app on cdktf 0.21 | \`cdktf-fleet-tls\` |
| an app on cdktn | \`cdktn-fleet-tls\`, with \`constructs@~10.7\` as cdktn 0.24 requires |
| an app on cdktn that uses other libraries built for cdktf | \`cdktf-fleet-tls\`, with \`"cdktf": "npm:cdktn@0.24.0"\` among its dependencies and an override of \`cdktf\` to \`$cdktf\` in \`cdktf-fleet-tls\` and in both providers |

- Do not install both packages in one app. A construct of one framework is not a construct of the other, and synthesis fails with \`_resetResolveDiscoveredProviderFeatureUsage is not a function\`.
- In ES modules write the file name of the bindings: \`@cdktf/provider-tls/lib/provider/index.js\`.
- \`npm install typescript\` installs TypeScript 7, which ts-node and ts-jest do not support. Use \`typescript@5.9\` with them.
- The command line \`cdktf-cli\` 0.21 runs on Node 20 and 22 only. The library does not need it.
`;
}

void main();
