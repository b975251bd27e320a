import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { parse } from "yaml";

import { run as fleetTls } from "../../bin/fleet-tls";
import { succeed } from "../package/lane";
import { actionlint, gitlabCiLocal, groovy } from "../package/pipeline-tools";
import { execute, terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";
import { followStart } from "./follow";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "pipelines.md"), "utf8");
const [github, gitlab] = [...PAGE.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text]) => text!) as [string, string];
const [, jenkins] = /^```groovy\n([^]*?)^```$/m.exec(PAGE)!;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pipelines-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Writes a file below the test's folder. */
function write(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

/** Commands of the GitHub workflow, which the others repeat. */
const COMMANDS = (parse(github) as { jobs: { deploy: { steps: { run?: string }[] } } }).jobs.deploy.steps.flatMap(
  ({ run }) => run ?? [],
);

test("the GitHub workflow is clean by actionlint", async () => {
  write("github/.github/workflows/fleet.yml", github);
  const args = ["-no-color", "-shellcheck=", "-pyflakes=", ".github/workflows/fleet.yml"];
  await succeed(await actionlint(), args, path.join(folder, "github"));
});

describe("GitLab", () => {
  test("a key that GitLab's schema does not have is refused", async () => {
    write("refused/.gitlab-ci.yml", gitlab.replace("artifacts:", "artefacts:"));
    await succeed("git", ["init", "-q"], path.join(folder, "refused"));
    const { code, stderr, stdout } = await execute(await gitlabCiLocal(), ["--list"], {
      cwd: path.join(folder, "refused"),
    });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("'artefacts' property is not expected to be here");
  });

  test("the job is for schedules only", async () => {
    const cwd = path.join(folder, "app-of-gitlab");
    write("app-of-gitlab/.gitlab-ci.yml", gitlab);
    await succeed("git", ["init", "-q"], cwd);
    const jobs = async (source: string) => {
      const args = ["--list-csv", "--variable", `CI_PIPELINE_SOURCE=${source}`];
      const { code, stdout } = await execute(await gitlabCiLocal(), args, { cwd });
      expect(code).toBe(0);
      return stdout;
    };
    expect(await jobs("schedule")).toContain("deploy-certificates");
    expect(await jobs("push")).not.toContain("deploy-certificates");
  });

  test("its commands are those of the GitHub workflow", () => {
    const job = (parse(gitlab) as { "deploy-certificates": { script: string[] } })["deploy-certificates"];
    expect(job.script).toEqual(COMMANDS);
  });
});

test("the commands deploy and verify the app of docs/start.md, which has a lock file by then", async () => {
  const env = await terraformEnvironment();
  followStart(folder, env, "fleet-tls deploy");
  const app = path.join(folder, "app");
  const printed = [];
  for (const command of COMMANDS) {
    const { code, stdout, stderr } = await execute("sh", ["-ec", command], { cwd: app, env });
    expect({ command, code, stderr: code === 0 ? "" : stderr }).toEqual({ command, code: 0, stderr: "" });
    printed.push(stdout);
  }
  expect(printed.join("")).toMatch(/\b0 errors/);
  expect(filesBelow(path.join(app, "fleet-tls"))).toContain("fleet/fleet/RUNBOOK.md");
});

describe("Jenkins", () => {
  const run = async (text: string) => {
    const words = ["-cp", await groovy(), "groovy.ui.GroovyMain", path.join(__dirname, "pipeline.groovy")];
    return execute("java", [...words, write("Jenkinsfile", text)], { cwd: folder });
  };

  test("Groovy runs it, each directive is where Jenkins has it, and its commands are those of the GitHub workflow", async () => {
    const { code, stdout, stderr } = await run(jenkins!);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.trim().split("\n")).toEqual(COMMANDS);
  });

  test.each([
    ["a directive that is not known", jenkins!.replace("steps {", "step {")],
    ["a directive at another place", jenkins!.replace(/stages \{\n/, "")],
  ])("%s is refused", async (_, text) => {
    expect((await run(text)).code).not.toBe(0);
  });
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
