import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.join(__dirname, "../..");

/** What a script wrote and how it ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A CDKTF project in a temporary folder, to run the scripts in as npm would. */
export class Project {
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "project-"));
  /** Where the scripts put what is temporary. */
  public readonly temporary = path.join(this.folder, "temporary");

  constructor(
    app: string,
    private readonly environment: Record<string, string>,
  ) {
    fs.mkdirSync(this.temporary);
    fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(this.folder, "node_modules"));
    this.write("main.ts", app);
    this.write("cdktf.json", JSON.stringify({ language: "typescript", app: "node -r tsx/cjs main.ts" }));
  }

  public write(name: string, text: string): void {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }

  public read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), "utf8");
  }

  public exists(name: string): boolean {
    return fs.existsSync(path.join(this.folder, name));
  }

  public mode(name: string): number {
    return fs.statSync(path.join(this.folder, name)).mode & 0o777;
  }

  /** Runs a script to its end; `meanwhile` sees the process and all of stderr so far whenever there is more of it. */
  public run(
    script: string,
    args: readonly string[] = [],
    meanwhile: (child: ChildProcess, stderr: string) => void = () => undefined,
  ): Promise<Outcome> {
    const command = ["-r", "tsx/cjs", path.join(ROOT, "scripts", `${script}.ts`), ...args];
    const env = { ...process.env, ...this.environment, TMPDIR: this.temporary };
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, command, { cwd: this.folder, env, stdio: ["ignore", "pipe", "pipe"] });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (piece) => (stdout += piece));
      child.stderr.setEncoding("utf8").on("data", (piece) => meanwhile(child, (stderr += piece)));
      child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
    });
  }

  public remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
