import * as fs from "node:fs";
import * as path from "node:path";

import { execute } from "../support/execute";
import { TerraformProject } from "../support/terraform";
import { builtPackages } from "./packages";

const ROOT = path.join(__dirname, "..", "..");
const MODULES = path.join(ROOT, "node_modules");

const project = new TerraformProject();
afterAll(() => project.dispose());

beforeAll(() => {
  fs.mkdirSync(project.path("node_modules"));
  for (const name of ["cdktf", "constructs", "@cdktf", "@types"]) {
    fs.symlinkSync(path.join(MODULES, name), project.path("node_modules", name));
  }
  fs.symlinkSync(builtPackages().cdktf, project.path("node_modules", "cdktf-fleet-tls"));
  fs.copyFileSync(path.join(__dirname, "apps", "consumer.ts"), project.path("consumer.ts"));
  const compilerOptions = {
    target: "es2022",
    module: "node16",
    moduleResolution: "node16",
    types: ["node"],
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noImplicitOverride: true,
    noPropertyAccessFromIndexSignature: true,
  };
  fs.writeFileSync(project.path("tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
});

async function compile(typescript: string): Promise<string> {
  const compiler = path.join(MODULES, typescript, "bin", "tsc");
  const { stdout, stderr } = await execute(process.execPath, [compiler, "-p", "."], { cwd: project.folder });
  return `${stdout}${stderr}`;
}

describe.each(["typescript", "typescript-7"])("a consumer, compiled by %s against the packed typings", (typescript) => {
  test("passes CAs of any class to every parameter that takes one, without a cast", async () => {
    expect(await compile(typescript)).toBe("");
  });

  test("is refused where a class lacks a published member", async () => {
    const source = project.read("consumer.ts");
    try {
      fs.writeFileSync(project.path("consumer.ts"), source.replace(/.*fingerprintSha256 = .*\n/, ""));
      expect(await compile(typescript)).toMatch(/'?fingerprintSha256'? is missing/);
    } finally {
      fs.writeFileSync(project.path("consumer.ts"), source);
    }
  });
});
