import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The name and version of this package: its package.json is above this file, wherever that was built to. */
export function packageIdentity(folder = __dirname): { readonly name: string; readonly version: string } {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string };
  } catch (error) {
    if (dirname(folder) === folder) {
      throw error;
    }
    return packageIdentity(dirname(folder));
  }
}
