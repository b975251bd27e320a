import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { builtPackages } from "../package/packages";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "start.md"), "utf8");

/** One fenced block of a page. */
interface Step {
  readonly language: string;
  /** The file that the block is, where the text before it names one. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of the page, in its order. */
const STEPS: readonly Step[] = [...PAGE.matchAll(/(?:`([\w.]+)`[^\n]*:\n\n)? *```(\w+)\n([^]*?)^ *```$/gm)].map(
  ([, file, language, text]) => ({ language: language!, file, text: text!.replace(/^ {3}/gm, "") }),
);

/**
 * Follows docs/start.md word for word in `folder/app`. Only the published package is missing: the tarball of the working
 * tree stands for it.
 *
 * @param until text of the commands before which to stop
 * @returns what the commands printed
 */
export function followStart(folder: string, env: NodeJS.ProcessEnv, until?: string): string {
  const packed = pack(builtPackages().cdktf, folder);
  const app = path.join(folder, "app");
  fs.mkdirSync(app);
  const printed: string[] = [];
  for (const { language, file, text } of STEPS) {
    if (file !== undefined) {
      fs.writeFileSync(path.join(app, file), text);
      continue;
    }
    if (language !== "sh") throw new Error(`docs/start.md has a block of ${language} that is no file`);
    if (until !== undefined && text.includes(until)) break;
    const commands = text.replace(" cdktf-fleet-tls ", ` ${packed} `);
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    printed.push(execFileSync("sh", ["-ec", commands], { cwd: app, env, encoding: "utf8", stdio }));
  }
  return printed.join("");
}
