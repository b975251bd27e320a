import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { builtPackages } from "../package/packages";

/** One fenced block of a page. */
interface Step {
  readonly language: string;
  /** The file that the block is, where the text before it names one. */
  readonly file: string | undefined;
  readonly text: string;
}

/** The blocks of a page, in its order, up to the section after "Start". */
function stepsOf(page: string): Step[] {
  const text = fs.readFileSync(path.join(__dirname, "..", "..", "docs", page), "utf8");
  const [first] = text.replace("\n## Start\n", "").split(/^## /m);
  return [...first!.matchAll(/(?:`([\w.]+)`[^\n]*:\n\n)? *```(\w+)\n([^]*?)^ *```$/gm)].map(
    ([, file, language, block]) => ({ language: language!, file, text: block!.replace(/^ {3}/gm, "") }),
  );
}

export interface FollowOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Text of the commands before which to stop. */
  readonly until?: string;
  /** What stands for the published package in a line, by the word that begins the line. */
  readonly packages: Readonly<Record<string, string>>;
}

/**
 * Follows a page of docs word for word in `app`, a folder to be made. Only the published packages are missing: those of
 * the working tree stand for them.
 *
 * @returns what the commands printed
 */
export function follow(page: string, app: string, { env, until, packages }: FollowOptions): string {
  fs.mkdirSync(app);
  const printed: string[] = [];
  for (const { language, file, text } of stepsOf(page)) {
    if (file !== undefined) {
      fs.writeFileSync(path.join(app, file), text);
      continue;
    }
    if (language !== "sh") throw new Error(`docs/${page} has a block of ${language} that is no file`);
    if (until !== undefined && text.includes(until)) break;
    const commands = text.replace(
      /^(\S+)( install) cdktf-fleet-tls\b/gm,
      (_, program: string, install: string) => `${program}${install} ${packages[program]!}`,
    );
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    printed.push(execFileSync("sh", ["-ec", commands], { cwd: app, env, encoding: "utf8", stdio }));
  }
  return printed.join("");
}

/** Follows docs/start.md in `folder/app`. */
export function followStart(folder: string, env: NodeJS.ProcessEnv, until?: string): string {
  const npm = pack(builtPackages().cdktf, folder);
  return follow("start.md", path.join(folder, "app"), {
    env,
    packages: { npm },
    ...(until !== undefined && { until }),
  });
}
