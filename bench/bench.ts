import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { deployTable } from "./deploy";
import { scale } from "./scale/scale";
import { sourcesTable } from "./sources";
import { synthTable } from "./synth";

const ROOT = path.join(__dirname, "..");

/**
 * `npm run bench` writes README.md; `npm run bench -- scale 50,200 loop PostgreSQL` measures many agents by the methods
 * whose names contain one of the texts, all by default, and goes on where it stopped.
 */
async function main([what, sizes = "50,200,500,1000", ...methods]: readonly string[]): Promise<void> {
  spawnSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
  if (what === "scale") return scale(sizes.split(",").map(Number), methods);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  try {
    const machine = `${os.cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
    const report = [
      "# What it costs\n",
      `As \`npm run bench\` printed it (${machine}). The machine is shared and noisy: compare rows, not runs.\n`,
    ];
    for (const table of [synthTable, deployTable, sourcesTable]) {
      report.push(await table(scratch));
      process.stdout.write(`${report.at(-1)}\n`);
    }
    fs.writeFileSync(path.join(ROOT, "bench/README.md"), report.join("\n"));
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
