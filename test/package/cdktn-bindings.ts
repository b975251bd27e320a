import * as fs from "node:fs";
import * as path from "node:path";

import { succeed } from "./lane";

const BINDINGS = { local: "14.0.1", tls: "14.1.1" };

/**
 * Tarballs of the two `@cdktn` bindings. Where npm does not serve them they come out of the Python wheels, each of which
 * contains the npm package that jsii runs.
 */
export async function cdktnBindings(folder: string): Promise<{ cdktnLocal: string; cdktnTls: string }> {
  fs.mkdirSync(folder, { recursive: true });
  const [cdktnLocal, cdktnTls] = await Promise.all([binding("local", folder), binding("tls", folder)]);
  return { cdktnLocal, cdktnTls };
}

async function binding(name: keyof typeof BINDINGS, folder: string): Promise<string> {
  const version = BINDINGS[name];
  const tarball = path.join(folder, `provider-${name}-${version}.tgz`);
  if (fs.existsSync(tarball)) return tarball;
  const scratch = fs.mkdtempSync(path.join(folder, "download-"));
  try {
    fs.renameSync(await fromNpm(name, version, scratch).catch(() => fromWheel(name, version, scratch)), tarball);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
  return tarball;
}

async function fromNpm(name: string, version: string, scratch: string): Promise<string> {
  await succeed("npm", ["pack", `@cdktn/provider-${name}@${version}`], scratch);
  return path.join(
    scratch,
    fs.readdirSync(scratch).find((file) => file.endsWith(".tgz"))!,
  );
}

async function fromWheel(name: string, version: string, scratch: string): Promise<string> {
  await succeed("python3", ["-m", "pip", "download", "-q", "--no-deps", `cdktn-provider-${name}==${version}`], scratch);
  const wheel = fs.readdirSync(scratch).find((file) => file.endsWith(".whl"))!;
  await succeed("python3", ["-m", "zipfile", "-e", wheel, "."], scratch);
  return path.join(scratch, `cdktn_provider_${name}`, "_jsii", `provider-${name}@${version}.jsii.tgz`);
}
