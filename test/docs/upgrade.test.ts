import * as fs from "node:fs";
import * as path from "node:path";

import { MutualFleetTls, StackVersion } from "../../lib";
import { tlsProviders } from "../engines/builds";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

jest.setTimeout(600_000);

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "upgrade.md"), "utf8");

const project = new TerraformProject();
afterAll(() => project.dispose());

/** Synthesises a fleet of hosts of a version, with exactly this version of the tls provider if one is given. */
function synth(version: string, tls?: string): void {
  project.synth((app) => {
    const stack = new TestStack(app);
    if (tls !== undefined) stack.addOverride("terraform.required_providers.tls.version", tls);
    const stackVersion = StackVersion.of(version);
    const props = fleetProps({ outputDirectory: "fleet-tls", stackVersion });
    new MutualFleetTls(stack, "fleet", props).addAgent("web-1");
  });
}

const deployed = (): Record<string, string> => contentsBelow(project.path("fleet-tls"));

test("a newer tls provider: refused for its lock file, then init -upgrade, and nothing is planned", async () => {
  const [pinned, newest] = await tlsProviders();
  synth("8.19.10", pinned!.version);
  await project.apply("stack", { env: { TF_CLI_CONFIG_FILE: pinned!.configFile } });
  const env = { TF_CLI_CONFIG_FILE: newest!.configFile };
  synth("8.19.10", newest!.version);
  const { code, stderr } = await project.terraform("stack", ["plan", "-no-color"], { env });
  expect(code).not.toBe(0);
  expect(stderr).toContain("Inconsistent dependency lock file");

  const [command] = /terraform init -upgrade/.exec(PAGE)!;
  await project.run("stack", command.split(" ").slice(1), { env });
  expect((await project.plan("stack", { env })).text).toContain("No changes.");
});

test("a newer stackVersion changes commands and no certificate, and the runbook names the files", async () => {
  synth("8.19.10");
  await project.run("stack", ["init", "-upgrade"]);
  await project.apply("stack");
  const before = deployed();
  synth("9.5.2");
  await project.apply("stack");
  const after = deployed();

  const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(changed.filter((file) => file.endsWith(".pem"))).toEqual([]);
  expect(changed).toEqual(["RUNBOOK.md"]);
  expect(after["RUNBOOK.md"]).toContain("| Agent 9.5.2 on Linux or macOS |");
  expect((await project.plan("stack")).text).toContain("No changes.");
});

test("a stackVersion that is too new writes a flag that the hosts do not know, as the page says", () => {
  const commandOf = (version: string): string => {
    project.synth((app) => {
      const stack = new TestStack(app);
      const stackVersion = StackVersion.of(version);
      const fleet = new MutualFleetTls(stack, "fleet", fleetProps({ outputDirectory: "fleet-tls", stackVersion }));
      fleet.addAgent("web-1", { installServers: true });
    });
    return JSON.stringify(project.stacks["stack"]);
  };
  expect(commandOf("9.5.2")).toContain("--install-servers");
  expect(() => commandOf("8.17.0")).toThrow("installServers");
});
