import * as fs from "node:fs";

import type { App } from "cdktf";

import { Agent, EnrollmentToken, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { fleetProps, secretVariable } from "../support/fleets";
import { verify } from "../support/openssl";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

describe("agents in a second stack, deployed after the first", () => {
  const project = new TerraformProject();
  const variables = { token: "an-enrollment-token-of-the-second-stack" };
  let firstPlan: string;
  let firstPlanJson: string;

  function build(app: App): void {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    fleet.addAgent("at-home");
    const away = new TestStack(app, "away");
    new Agent(away, "web-1", { fleet });
    new Agent(away, "web-2", { fleet, enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(away, "token")) });
  }

  beforeAll(async () => {
    project.synth(build);
    await project.apply("home");
    const { text, json } = await project.plan("away", { variables });
    firstPlan = text;
    firstPlanJson = JSON.stringify(json.resource_changes);
    await project.apply("away", { variables });
  });
  afterAll(() => project.dispose());

  test("their folders are next to those of the fleet's own hosts", () => {
    expect(filesBelow(project.path("fleet-tls/home/fleet/agents"))).toEqual(
      ["at-home", "web-1", "web-2"].flatMap((agent) =>
        ["agent-cert-key.pem", "agent-cert.pem", "es-ca.pem", "fleet-ca.pem", "install-command.sh"].map(
          (name) => `${agent}/${name}`,
        ),
      ),
    );
  });

  test("their certificates are of the fleet's CA", async () => {
    const trust = project.path("fleet-tls/home/fleet/fleet-server/agent-ca.pem");
    for (const agent of ["at-home", "web-1", "web-2"]) {
      const certificate = project.path(`fleet-tls/home/fleet/agents/${agent}/agent-cert.pem`);
      expect(await verify(certificate, { trust, purpose: "sslclient" })).toBe("OK");
    }
  });

  test("they are given the fleet's CAs", () => {
    const host = (folder: string, name: string) => project.read("fleet-tls/home/fleet", folder, name);
    for (const name of ["fleet-ca.pem", "es-ca.pem"]) {
      expect(host("agents/web-1", name)).toBe(host("fleet-server", name));
    }
  });

  test("a second plan of either stack changes nothing", async () => {
    for (const stack of ["home", "away"]) {
      const { text, json } = await project.plan(stack, { variables });
      expect(text).toContain("No changes.");
      expect(changesOf(json)).toEqual({});
    }
  });

  test("the CA's key is in no readable part of the second stack's plan, and marked wherever it is used", async () => {
    const key = project
      .state("home")
      .find(({ type, name }) => type === "tls_private_key" && name.startsWith("fleet_agent-ca_"))!;
    const pem = String(key.instances[0]!.attributes["private_key_pem"]);
    const line = pem.split("\n")[1]!;
    expect(firstPlan).not.toContain(line);
    expect(firstPlan).not.toContain(line.slice(0, 20));
    // It is in the machine-readable plan, which a person never sees: that is where its mark is looked for.
    const changes = JSON.parse(firstPlanJson) as {
      type: string;
      change: { after: Record<string, unknown>; after_sensitive: Record<string, unknown> };
    }[];
    const signed = changes.filter(({ type }) => type === "tls_locally_signed_cert");
    expect(signed).toHaveLength(2);
    for (const { change } of signed) {
      expect(String(change.after["ca_private_key_pem"])).toContain(line);
      expect(change.after_sensitive["ca_private_key_pem"]).toBe(true);
    }
    for (const { type, change } of changes.filter(({ type }) => type !== "tls_locally_signed_cert")) {
      expect([type, JSON.stringify(change.after)]).toEqual([type, expect.not.stringContaining(line)]);
    }
  });

  test("their commands are in two maps of their own stack, the one with a secret hidden", async () => {
    const outputs = await project.outputs("away");
    expect(Object.keys(outputs).sort()).toEqual([
      "fleet-agent-commands",
      "fleet-agent-commands-sensitive",
      "fleet-next-renewal",
    ]);
    expect(outputs["fleet-agent-commands"]).toMatchObject({ sensitive: false, value: { "web-1": expect.any(String) } });
    expect(outputs["fleet-agent-commands-sensitive"]).toMatchObject({
      sensitive: true,
      value: { "web-2": expect.stringContaining(variables.token) },
    });
    const script = project.path("fleet-tls/home/fleet/agents/web-2/install-command.sh");
    expect(fs.statSync(script).mode & 0o777).toBe(0o600);
    expect(await project.printedOutputs("away")).not.toContain(variables.token);
  });
});
