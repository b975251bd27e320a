import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** This file's folder, so that nothing depends on the working directory. */
export const here = __dirname;

const cache = join(here, "..", "..", "build", "conformance");

/** A toolchain that is not there: the validator is skipped, with this reason. */
export class Missing extends Error {}

/** What a program prints; `Missing` when it cannot be started. */
export function printed(program: string, words: string[], options: { cwd?: string } = {}): string {
  try {
    return execFileSync(program, words, { ...options, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  } catch (cause) {
    throw new Missing(`${program} does not run: ${(cause as Error).message.split("\n")[0]}`);
  }
}

/** Runs a build step; its output is shown only when it fails. */
export function run(program: string, words: string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const env = { ...process.env, ...options.env };
  execFileSync(program, words, { ...options, env, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });
}

/** `run` for what a registry has or has not: when it fails, the tool is missing. */
export function install(program: string, words: string[], options: { env?: Record<string, string> } = {}): void {
  try {
    run(program, words, options);
  } catch (cause) {
    throw new Missing(`${program} ${words.join(" ")}: ${(cause as Error).message.trim().split("\n").pop()}`);
  }
}

function hashOf(folders: string[], salt: string): string {
  const hash = createHash("sha256").update(salt);
  for (const folder of folders.map((name) => join(here, name))) {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (/\.(c|go|mod|sum|java|xml|rs|toml|lock)$/.test(name)) {
        hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
      }
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * The folder that `build` filled for these folders of sources and this salt (tool versions, arguments), built at most
 * once. It takes its final name only when complete, so half-built is never mistaken for built.
 */
export function builtOnce(name: string, folders: string[], salt: string, build: (into: string) => void): string {
  const target = join(cache, `${name}-${hashOf(folders, salt)}`);
  if (existsSync(target)) {
    return target;
  }
  mkdirSync(cache, { recursive: true });
  const unfinished = mkdtempSync(join(cache, `.${name}-`));
  try {
    build(unfinished);
    renameSync(unfinished, target);
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process may have finished the same build first.
    if (!existsSync(target)) {
      throw cause;
    }
  }
  return target;
}
