import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { renameForCdktn } from "./rename-for-cdktn";

const ROOT = path.join(__dirname, "..");

/** Folders of the two npm packages, each ready for `npm publish`. */
export interface PackageFolders {
  readonly cdktf: string;
  readonly cdktn: string;
}

/** Fields of package.json that only this repository uses. */
const REPOSITORY_ONLY = ["scripts", "devDependencies"];

/** Writes both packages from one build of the library. */
export function writePackages(folder = path.join(ROOT, "build", "packages")): PackageFolders {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  npm(["run", "--silent", "build"], ROOT);
  const cdktf = unpack(pack(ROOT, folder), path.join(folder, "cdktf-fleet-tls"));
  trim(path.join(cdktf, "package.json"));
  const cdktn = path.join(folder, "cdktn-fleet-tls");
  renameForCdktn(cdktf, cdktn);
  return { cdktf, cdktn };
}

/** Packs a folder into a tarball as `npm publish` does, and returns the tarball's path. */
export function pack(source: string, destination: string): string {
  const printed = npm(["pack", "--json", "--ignore-scripts", "--pack-destination", destination], source);
  // npm 11 prints a list, npm 12 a map by package name.
  const [packed] = Object.values(JSON.parse(printed) as Record<string, { filename: string }>);
  return path.join(destination, packed!.filename);
}

function unpack(tarball: string, folder: string): string {
  fs.mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  fs.rmSync(tarball);
  return folder;
}

function trim(file: string): void {
  const json = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
  const kept = Object.entries(json).filter(([field]) => !REPOSITORY_ONLY.includes(field));
  fs.writeFileSync(file, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

function npm(args: string[], cwd: string): string {
  return execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

if (require.main === module) {
  const { cdktf, cdktn } = writePackages();
  for (const folder of [cdktf, cdktn]) {
    process.stdout.write(`${path.relative(ROOT, pack(folder, path.dirname(folder)))}\n`);
  }
}
