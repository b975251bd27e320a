import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { KeyAlgorithm, MutualFleetTls, OneWayFleetTls, ServiceToken, StackVersion } from "../lib";
import { readmeWithFigures } from "../scripts/readme-figures";
import { terraformEnvironment } from "./support/execute";
import { fleetProps } from "./support/fleets";
import { copyProject } from "./support/project-copy";
import { synthStack } from "./support/synth";

const ROOT = path.join(__dirname, "..");
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
const TIMEOUT_MS = 10 * 60 * 1000;

/** The fenced blocks of a language, in the README's order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

describe("the compatibility table", () => {
  const cell = (name: string): string => new RegExp(`^\\| ${name} \\| ([^|]+) \\|$`, "m").exec(README)![1]!;

  test("has the versions of the Elastic stack that the constructs accept", () => {
    const [latest] = /^\d+\.\d+/.exec(StackVersion.LATEST.toString())!;
    const [, mutual, newest, oneWay, withFile] =
      /^([\d.]+) to ([\d.]+) for mutual TLS, ([\d.]+) for one-way, ([\d.]+) for one-way with a service token's file/.exec(
        cell("Elastic stack"),
      )!;
    expect(newest).toBe(latest);
    const before = (version: string): string => version.replace(/\d+$/, (minor) => String(Number(minor) - 1));
    const keyAlgorithm = KeyAlgorithm.RSA_2048;
    const inVariable = { serviceToken: ServiceToken.fromEnvironment("TOKEN") };
    for (const [Fleet, oldest, props] of [
      [MutualFleetTls, mutual!, {}],
      [OneWayFleetTls, oneWay!, inVariable],
      [OneWayFleetTls, withFile!, {}],
    ] as const) {
      const synth = (version: string) => () =>
        synthStack((stack) => {
          const stackVersion = StackVersion.of(version);
          new Fleet(stack, "fleet", fleetProps({ ...props, stackVersion, keyAlgorithm })).addAgent("web-1");
        });
      expect(synth(oldest)).not.toThrow();
      expect(synth(before(oldest))).toThrow(before(oldest));
    }
  });

  test("has the versions of Node, Terraform and the providers", () => {
    const { engines } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(cell("Node").match(/\d+/g)).toEqual(engines.node.match(/\d+(?=\.x)/g));
    const { terraform } = synthStack((stack) => void new OneWayFleetTls(stack, "fleet", fleetProps()));
    expect(cell("Terraform, OpenTofu")).toContain(
      `${String(terraform["required_version"]).replace(">= ", "")} and newer`,
    );
    const providerOf = (name: string): string => {
      const file = require.resolve(`@cdktf/provider-${name}/lib/provider/index.js`);
      return /providerVersion: '([\d.]+)'/.exec(fs.readFileSync(file, "utf8"))![1]!;
    };
    expect(cell("Providers")).toContain(`hashicorp/tls ${providerOf("tls")}; hashicorp/local ${providerOf("local")} `);
  });
});

/** A temporary copy of the project, to be removed. */
function copyOfProject(): string {
  return copyProject(fs.mkdtempSync(path.join(os.tmpdir(), "readme-")));
}

test("the figures are those that the scripts last wrote", () => {
  expect(README).toBe(readmeWithFigures(README));
});

test("the README fits one screen and a half", () => {
  expect(README.split("\n").length).toBeLessThan(150);
  expect(README.split(/\s+/).length).toBeLessThan(1200);
});

test(
  "every command of the README works, in its order",
  async () => {
    const folder = copyOfProject();
    try {
      const env = await terraformEnvironment();
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
      const states = fs.readdirSync(folder).filter((name) => name.includes("tfstate"));
      expect(states.map((name) => name.replace(/\d{8}T\d{6}Z/, "TIME")).sort()).toEqual([
        "terraform.mutual.tfstate.TIME.backup",
        "terraform.one-way.tfstate.TIME.backup",
      ]);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
  TIMEOUT_MS,
);
