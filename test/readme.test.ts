import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { readmeWithFigures } from "../scripts/readme-figures";
import { terraformEnvironment } from "./support/execute";
import { copyProject } from "./support/project-copy";

const ROOT = path.join(__dirname, "..");
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
const TIMEOUT_MS = 10 * 60 * 1000;

/** The fenced blocks of a language, in the README's order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

/** A temporary copy of the project, to be removed. */
function copyOfProject(): string {
  return copyProject(fs.mkdtempSync(path.join(os.tmpdir(), "readme-")));
}

test("the figures are those that the scripts last wrote", () => {
  expect(README).toBe(readmeWithFigures(README));
});

test("the README fits one screen and a half", () => {
  expect(README.split("\n").length).toBeLessThan(150);
  expect(README.split(/\s+/).length).toBeLessThan(1200);
});

test(
  "every command of the README works, in its order",
  async () => {
    const folder = copyOfProject();
    try {
      const env = await terraformEnvironment();
      const run = (command: string): string =>
        execFileSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
      // The packages are installed already: `npm ci` is what brought this test here.
      expect(commands.shift()).toBe("npm ci");
      // The files have to be there for `verify`, so what takes them away comes last.
      const ordered = [...commands.filter((command) => !command.includes("destroy")), "npm run destroy"];
      expect(ordered).toHaveLength(commands.length);
      run("npm run prepare");
      const output = new Map(ordered.map((command) => [command, run(command)]));

      expect(output.get("npm run deploy")).toContain("--fleet-server-client-auth=required");
      const verify = "npm run --silent fleet-tls -- verify fleet-tls/mutual/fleet";
      expect(output.get(verify)).toMatch(/0 errors/);
      expect(fs.existsSync(path.join(folder, "fleet-tls"))).toBe(false);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
