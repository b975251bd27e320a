import * as fs from "node:fs";
import * as path from "node:path";

/** Every file below a folder and its mode, and every folder with a slash at its end and its mode. */
export function modesBelow(folder: string): Record<string, string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const modes = entries.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const stat = fs.statSync(file);
    const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
    return [`${path.relative(folder, file)}${stat.isDirectory() ? "/" : ""}`, mode] as const;
  });
  return Object.fromEntries(modes.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Every file below a folder, without the folders. */
export function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return Object.keys(modesBelow(folder)).filter((name) => !name.endsWith("/"));
}

/** The content of every file below a folder, by its path. */
export function contentsBelow(folder: string): Record<string, string> {
  return Object.fromEntries(filesBelow(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));
}
