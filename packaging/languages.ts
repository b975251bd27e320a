import * as path from "node:path";

import { generate } from "./python";

const PACKAGES = path.join(__dirname, "..", "build", "packages");

// Code only: Go's module of the tls bindings is not served everywhere, and Java and .NET need their own toolchains.
for (const language of ["java", "go", "dotnet"] as const) {
  const folder = generate(path.join(PACKAGES, "cdktf-fleet-tls"), language, PACKAGES, true);
  process.stdout.write(`${path.relative(process.cwd(), folder)}\n`);
}
