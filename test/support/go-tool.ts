import * as fs from "node:fs";
import * as path from "node:path";

import { execute } from "./execute";

const TOOLS = path.join(__dirname, "..", "..", ".terraform-mirror", "tools");

/** Path of a program that Go builds once, of a package with its version. */
export async function goTool(source: string): Promise<string> {
  const program = path.join(TOOLS, path.basename(source.split("@")[0]!));
  if (fs.existsSync(program)) return program;
  const { code, stderr } = await execute("go", ["install", source], { env: { ...process.env, GOBIN: TOOLS } });
  if (code !== 0) throw new Error(`${source} cannot be installed with Go: ${stderr}`);
  return program;
}
