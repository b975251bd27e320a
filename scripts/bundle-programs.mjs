import { readdirSync } from "node:fs";
import { basename } from "node:path";

import { build } from "esbuild";

// Terraform runs each program as one file that needs nothing but Node, so what it imports is bundled into it.
const target = process.argv[2] ?? "lib/programs";
const entryPoints = readdirSync("lib/programs")
  .filter((file) => file.endsWith(".ts") && basename(file) !== "run-program.ts")
  .map((file) => `lib/programs/${file}`);

const options = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };
await build({ ...options, entryPoints, outdir: target });

// The command line too: what it needs, such as a YAML reader, is then no dependency of those who use the constructs.
if (process.argv[3] !== undefined) {
  const external = ["cdktf", "constructs", "@cdktf/*", "log-update"];
  await build({ ...options, external, entryPoints: ["bin/fleet-tls.ts"], outdir: process.argv[3] });
}
