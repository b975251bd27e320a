import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { run as fleetTls } from "../../bin/fleet-tls";
import { actionlint } from "../package/actionlint";
import { succeed } from "../package/lane";

jest.setTimeout(300_000);

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "pipelines.md"), "utf8");
const [github, gitlab] = [...PAGE.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) => text!);

test("the GitHub workflow is clean by actionlint", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pipelines-"));
  try {
    fs.mkdirSync(path.join(folder, ".github/workflows"), { recursive: true });
    fs.writeFileSync(path.join(folder, ".github/workflows/fleet.yml"), github!);
    await succeed(
      await actionlint(),
      ["-no-color", "-shellcheck=", "-pyflakes=", ".github/workflows/fleet.yml"],
      folder,
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("the GitLab job runs the commands of the GitHub workflow", () => {
  const steps = (parse(github!) as { jobs: { deploy: { steps: { run?: string }[] } } }).jobs.deploy.steps;
  const job = (parse(gitlab!) as { "deploy-certificates": { script: string[] } })["deploy-certificates"];
  expect(job.script).toEqual(steps.flatMap(({ run }) => run ?? []));
});

test("each command is one that fleet-tls has", async () => {
  const commands = [...PAGE.matchAll(/npx fleet-tls (\w+)/g)].map(([, command]) => command!);
  expect([...new Set(commands)].sort()).toEqual(["deploy", "expiring", "verify"]);
  for (const command of commands) {
    let out = "";
    const io = { out: (text: string) => (out += text), err: () => undefined, now: new Date(), env: {} };
    expect(await fleetTls([command, "--help"], io)).toBe(0);
    expect(out).toContain(`fleet-tls ${command}`);
  }
});
