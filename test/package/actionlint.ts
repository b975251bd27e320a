import * as fs from "node:fs";
import * as path from "node:path";

import { execute } from "../support/execute";

const MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
const TOOLS = path.join(__dirname, "..", "..", ".terraform-mirror", "tools");

/** Path of actionlint, which is built with Go once. */
export async function actionlint(): Promise<string> {
  const program = path.join(TOOLS, "actionlint");
  if (!fs.existsSync(program)) {
    const { code } = await execute("go", ["install", MODULE], { env: { ...process.env, GOBIN: TOOLS } });
    if (code !== 0) throw new Error("actionlint cannot be installed with Go");
  }
  return program;
}
