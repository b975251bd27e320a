import { readdirSync } from "node:fs";
import { basename } from "node:path";

import { build } from "esbuild";

// Terraform runs each program as one file that needs nothing but Node, so what it imports is bundled into it.
const target = process.argv[2] ?? "lib/programs";
const entryPoints = readdirSync("lib/programs")
  .filter((file) => file.endsWith(".ts") && basename(file) !== "run-program.ts")
  .map((file) => `lib/programs/${file}`);

await build({ entryPoints, outdir: target, bundle: true, platform: "node", target: "node20", logLevel: "warning" });
