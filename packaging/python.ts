import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..");

/** Languages for which jsii generates a package from the assembly. */
export type Language = "python" | "java" | "go" | "dotnet";

/** Steps of jsii-pacmak other than code generation. */
export interface GenerateOptions {
  /** Do not build the code. */
  readonly codeOnly?: boolean;
  /** Generate the packages that it depends on as well. */
  readonly recurse?: boolean;
}

/**
 * Generates the package of another language from a built npm package; for Python this is a wheel.
 *
 * @returns the folder with the result
 */
export function generate(
  built: string,
  language: Language,
  folder: string,
  { codeOnly = false, recurse = false }: GenerateOptions = {},
): string {
  fs.rmSync(path.join(folder, language), { recursive: true, force: true });
  // jsii-pacmak looks for dependencies in node_modules above the package: build/packages is below the repository's.
  const pacmak = path.join(ROOT, "node_modules", "jsii-pacmak", "bin", "jsii-pacmak");
  const options = [...(codeOnly ? ["--code-only"] : []), ...(recurse ? ["--recurse"] : [])];
  const args = [pacmak, "--targets", language, "--outdir", folder, ...options, built];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  return path.join(folder, language);
}

/** Builds the Python wheel, and returns its path. */
export function buildWheel(cdktf: string, folder: string): string {
  const built = generate(cdktf, "python", folder);
  return path.join(
    built,
    fs.readdirSync(built).find((file) => file.endsWith(".whl"))!,
  );
}

if (require.main === module) {
  const packages = path.join(ROOT, "build", "packages");
  process.stdout.write(`${path.relative(ROOT, buildWheel(path.join(packages, "cdktf-fleet-tls"), packages))}\n`);
}
