import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { providerEnvironment } from "../providers/mirror";
import { readmeWithFigures } from "../scripts/readme-figures";
import { readmeWithProps } from "../scripts/readme-props";
import { copyProject } from "./support/project-copy";

const ROOT = path.join(__dirname, "..");
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
const TIMEOUT_MS = 10 * 60 * 1000;

/** The fenced blocks of a language, in the README's order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

/** A temporary copy of the project, to be removed. */
function copyOfProject(): string {
  return copyProject(fs.mkdtempSync(path.join(os.tmpdir(), "readme-")));
}

test("the tables of props are those of the docstrings", () => {
  expect(README).toBe(readmeWithProps(README));
});

test("the figures are those that the scripts last wrote", () => {
  expect(README).toBe(readmeWithFigures(README));
});

test("every page that the README links to is there", () => {
  const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link!);
  expect(links.filter((link) => !fs.existsSync(path.join(ROOT, link)))).toEqual([]);
});

test(
  "every command of the README works, in its order",
  async () => {
    const folder = copyOfProject();
    try {
      const env = { ...process.env, ...(await providerEnvironment({ preferMirror: true })), CHECKPOINT_DISABLE: "1" };
      const run = (command: string): string =>
        execFileSync("sh", ["-c", command], { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
      // The packages are installed already: `npm ci` is what brought this test here.
      expect(commands.shift()).toBe("npm ci");
      // The files have to be there for `verify`, so what takes them away comes last.
      const ordered = [...commands.filter((command) => !command.includes("destroy")), "npm run destroy"];
      expect(ordered).toHaveLength(commands.length);
      run("npm run prepare");
      const output = new Map(ordered.map((command) => [command, run(command)]));

      expect(output.get("npm run deploy")).toContain("--fleet-server-client-auth=required");
      const verify = "npm run --silent fleet-tls -- verify fleet-tls/mutual/fleet";
      expect(output.get(verify)).toMatch(/0 errors/);
      expect(fs.existsSync(path.join(folder, "fleet-tls"))).toBe(false);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

test(
  "the code of the README compiles and synthesises",
  () => {
    const [fleet, app, authorities, settings] = blocks("ts");
    const folder = copyOfProject();
    try {
      fs.writeFileSync(
        path.join(folder, "main.ts"),
        `import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  CertificateAuthority, CertificateAuthoritySource, CertificateSource, EnrollmentToken, KeyAlgorithm, MutualFleetTls, ServiceToken,
} from "./lib";
const app = new App();
const stack = new TerraformStack(app, "readme");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
${fleet}
${settings}
const companyCa = new CertificateAuthority(stack, "company", {
  source: CertificateAuthoritySource.generated(), commonName: "Company", keyAlgorithm: KeyAlgorithm.ECDSA_P384,
});
new MutualFleetTls(stack, "own", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.fromEnvironment("TOKEN"),
  ${authorities}
});
app.synth();
`,
      );
      fs.writeFileSync(path.join(folder, "own.ts"), app!.replace('"cdktf-fleet-tls"', '"./lib"'));
      execFileSync("npm", ["run", "--silent", "programs"], { cwd: folder });
      const config = { extends: "./tsconfig.json", include: ["main.ts", "own.ts"] };
      fs.writeFileSync(path.join(folder, "tsconfig.readme.json"), JSON.stringify(config));
      execFileSync("npx", ["tsc", "--noEmit", "-p", "tsconfig.readme.json"], { cwd: folder, stdio: "pipe" });
      expect(outputsOf(folder, "main.ts", "readme")).toEqual(
        expect.arrayContaining(["fleet-fleet-server-command", "output-settings"]),
      );
      expect(outputsOf(folder, "own.ts", "fleet")).toContain("fleet-agent-commands");
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);

/** The names of the outputs of an app's stack. */
function outputsOf(folder: string, app: string, stack: string): string[] {
  execFileSync("npx", ["tsx", app], { cwd: folder, stdio: "pipe" });
  const written = fs.readFileSync(path.join(folder, "cdktf.out/stacks", stack, "cdk.tf.json"), "utf8");
  return Object.keys((JSON.parse(written) as { output: object }).output);
}
