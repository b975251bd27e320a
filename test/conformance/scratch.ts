import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = mkdtempSync(join(tmpdir(), "conformance-validator-"));
process.once("exit", () => rmSync(root, { recursive: true, force: true }));

/** A new folder that goes away with the process. */
export function scratchFolder(): string {
  return mkdtempSync(join(root, "scratch-"));
}

export function scratchFile(content: string): string {
  const path = join(scratchFolder(), "file.pem");
  writeFileSync(path, content);
  return path;
}

/** One file of several, for programs that take a single file of authorities. */
export function authorityFile(paths: string[]): string {
  return scratchFile(paths.map((path) => readFileSync(path, "utf8")).join("\n"));
}

export function certificatesIn(path: string): string[] {
  const found = readFileSync(path, "utf8").match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g);
  if (found === null) {
    throw new Error(`no certificate in ${path}`);
  }
  return found;
}
