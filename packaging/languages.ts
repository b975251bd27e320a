import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { generate } from "./python";

const ROOT = path.join(__dirname, "..");
const PACKAGES = path.join(ROOT, "build", "packages");
const OURS = path.join(PACKAGES, "cdktf-fleet-tls");
/** What our package is built on, of which jsii generates the code as well: not every registry serves these packages. */
const BINDINGS = ["constructs", "cdktf", "@cdktf/provider-local", "@cdktf/provider-tls"];

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
}

/** Generates the Go modules and compiles ours with the generated ones. */
function go(): string {
  const folder = generate(OURS, "go", PACKAGES, { codeOnly: true, recurse: true });
  const module = path.join(folder, "fleettls");
  for (const name of fs.readdirSync(folder).filter((name) => name !== "fleettls")) {
    const declared = /^module (\S+)/m.exec(fs.readFileSync(path.join(folder, name, "go.mod"), "utf8"))![1]!;
    run("go", ["mod", "edit", `-replace=${declared}=../${name}`], module);
  }
  run("go", ["mod", "tidy"], module);
  run("go", ["build", "./..."], module);
  return module;
}

/** Generates the Java sources and compiles ours together with the generated ones. */
function java(): string {
  const folder = generate(OURS, "java", PACKAGES, { codeOnly: true });
  for (const name of BINDINGS) {
    // One folder for each: jsii-pacmak writes a package's sources and pom.xml at the top of the folder that it is given.
    const scratch = path.join(PACKAGES, "java-bindings", name);
    const generated = generate(path.join(ROOT, "node_modules", name), "java", scratch, { codeOnly: true });
    fs.cpSync(path.join(generated, "src"), path.join(folder, "src"), { recursive: true });
  }
  const pom = path.join(folder, "pom.xml");
  const generated = /\s*<dependency>\s*<groupId>(?:com\.hashicorp|software\.constructs)<[^]*?<\/dependency>/g;
  fs.writeFileSync(pom, fs.readFileSync(pom, "utf8").replace(generated, ""));
  run("mvn", ["--quiet", "--batch-mode", "compile"], folder);
  return folder;
}

/** Generates the C# sources. */
function dotnet(): string {
  return generate(OURS, "dotnet", PACKAGES, { codeOnly: true });
}

for (const [language, build] of [
  ["Go, compiled", go],
  ["Java, compiled", java],
  ["C#, generated", dotnet],
] as const)
  process.stdout.write(`${language}: ${path.relative(process.cwd(), build())}\n`);
