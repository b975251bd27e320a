import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const NAME = /^fleet-tls-run-(\d+)-/;

/** A temporary folder for plans, which contain private keys; only its owner can enter it. Dispose of it. */
export class Scratch {
  public readonly folder: string;

  constructor(parent = os.tmpdir()) {
    removeAbandoned(parent);
    this.folder = fs.mkdtempSync(path.join(parent, `fleet-tls-run-${process.pid}-`));
  }

  public dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Removes what runs left that were killed, so that their plans do not stay on disk. */
function removeAbandoned(parent: string): void {
  for (const name of fs.readdirSync(parent)) {
    const pid = Number(NAME.exec(name)?.[1]);
    if (!(pid > 0) || isRunning(pid)) continue;
    const folder = path.join(parent, name);
    const { uid } = fs.lstatSync(folder, { throwIfNoEntry: false }) ?? {};
    if (uid === process.getuid?.()) fs.rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
