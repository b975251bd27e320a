import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { builtPackages } from "../package/packages";
import { terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";

jest.setTimeout(600_000);

const PAGE = path.join(__dirname, "..", "..", "docs", "start.md");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "start-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Step {
  readonly language: string;
  /** The file that the block is, where the text before it names one. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The fenced blocks of a page, in its order. */
function steps(page: string): Step[] {
  return [...page.matchAll(/(?:`([\w.]+)`[^\n]*:\n\n)? *```(\w+)\n([^]*?)^ *```$/gm)].map(
    ([, file, language, text]) => ({ language: language!, file, text: text!.replace(/^ {3}/gm, "") }),
  );
}

test("from an empty folder to verified files, word for word", async () => {
  // Only the published package is missing: the tarball of the working tree stands for it.
  const packed = pack(builtPackages().cdktf, folder);
  const env = await terraformEnvironment();
  const app = path.join(folder, "app");
  fs.mkdirSync(app);
  const printed: string[] = [];
  for (const { language, file, text } of steps(fs.readFileSync(PAGE, "utf8"))) {
    if (file !== undefined) {
      fs.writeFileSync(path.join(app, file), text);
      continue;
    }
    expect(language).toBe("sh");
    const commands = text.replace(" cdktf-fleet-tls ", ` ${packed} `);
    printed.push(
      execFileSync("sh", ["-ec", commands], { cwd: app, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    );
  }
  expect(printed.join("")).toContain("elastic-agent install --url=https://fleet.example.com:8220");
  expect(printed.join("")).toMatch(/\b0 errors/);
  expect(filesBelow(path.join(app, "fleet-tls/fleet/fleet"))).toContain("agents/web-1/install-command.sh");
});
