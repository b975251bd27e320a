import * as fs from "node:fs";
import * as path from "node:path";
import type { ProviderSource } from "../providers/mirror";

const SOURCE = "provider-source";

/** Removes lock files that would refuse the providers of this source: a build of ours never has the registry's hash. */
export function removeForeignLocks(outputFolder: string, { origin, build }: ProviderSource): void {
  const remembered = path.join(outputFolder, SOURCE);
  const source = `${origin} ${build ?? ""}`.trim();
  const last = fs.existsSync(remembered) ? fs.readFileSync(remembered, "utf8") : undefined;
  if (last === source) return;
  for (const folder of stackFolders(outputFolder)) fs.rmSync(path.join(folder, ".terraform.lock.hcl"), { force: true });
  fs.mkdirSync(outputFolder, { recursive: true, mode: 0o700 });
  fs.writeFileSync(remembered, source);
}

/** The folders that Terraform runs in, one a stack. */
function stackFolders(outputFolder: string): string[] {
  const stacks = path.join(outputFolder, "stacks");
  if (!fs.existsSync(stacks)) return [];
  return fs.readdirSync(stacks).map((name) => path.join(stacks, name));
}
