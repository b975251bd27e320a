import * as fs from "node:fs";
import * as path from "node:path";

import type { Run } from "./execute";
import { execute } from "./execute";

// The arguments are written between NULs, which no argument can contain.
const FAKE_AGENT = `#!/bin/sh\nprintf '%s\\0' "$@"\n`;

/** A shell in which `elastic-agent` does nothing but tell of its arguments. */
export class PasteShell {
  /** @param folder folder of the fake */
  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "elastic-agent"), FAKE_AGENT, { mode: 0o755 });
  }

  /** Runs a text as if it was pasted; answers the arguments that `elastic-agent` was given. */
  public async argumentsOf(command: string, env: Record<string, string> = {}): Promise<string[]> {
    const { code, stdout, stderr } = await this.paste(command, env);
    if (code !== 0) throw new Error(`sh ended with ${code}: ${stderr}`);
    return stdout.split("\0").slice(0, -1);
  }

  /** Runs a text as if it was pasted. */
  public paste(command: string, env: Record<string, string> = {}): Promise<Run> {
    const PATH = `${this.folder}:${process.env["PATH"]}`;
    return execute("sh", [], { env: { ...env, PATH }, input: `${command}\n` });
  }

  /** Runs a script. */
  public run(script: string, env: Record<string, string> = {}): Promise<Run> {
    const PATH = `${this.folder}:${process.env["PATH"]}`;
    return execute("sh", [script], { env: { ...env, PATH } });
  }
}
