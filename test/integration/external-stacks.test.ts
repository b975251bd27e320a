import * as fs from "node:fs";

import type { App } from "cdktf";

import { Agent, CertificateAuthoritySource, ExternalFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { verify } from "../support/openssl";
import { TerraformProject } from "../support/terraform";

describe("agents of a Fleet Server elsewhere, in a second stack", () => {
  const project = new TerraformProject();
  let planned: string;
  let changes: { type: string; change: { after: unknown; after_sensitive: Record<string, unknown> } }[];

  function build(app: App): void {
    const { fleetServerUrl, elasticsearchUrl, agentEnrollmentToken } = fleetProps();
    const fleet = new ExternalFleetTls(new TestStack(app, "home"), "fleet", {
      ...{ fleetServerUrl, elasticsearchUrl, ...(agentEnrollmentToken && { agentEnrollmentToken }) },
      agentCa: CertificateAuthoritySource.generated(),
    });
    new Agent(new TestStack(app, "away"), "web-1", { fleet });
  }

  beforeAll(async () => {
    project.synth(build);
    await project.apply("home");
    const { text, json } = await project.plan("away");
    planned = text;
    changes = JSON.parse(JSON.stringify(json.resource_changes)) as typeof changes;
    await project.apply("away");
  });
  afterAll(() => project.dispose());

  test("present certificates of the CA that the first stack gives to Fleet Server's operator", async () => {
    const { value } = (await project.outputs("home"))["fleet-agent-ca-certificates"]!;
    const trust = project.path("agent-ca.pem");
    fs.writeFileSync(trust, value as string);
    const certificate = project.path("fleet-tls/home/fleet/agents/web-1/agent-cert.pem");
    expect(await verify(certificate, { trust, purpose: "sslclient" })).toBe("OK");
  });

  test("the CA's key reaches the second stack through a sensitive local, and no plan shows it", () => {
    const locals = project.stacks["away"]!.json["locals"] as Record<string, string>;
    expect(Object.values(locals)).toContainEqual(
      expect.stringMatching(/^\$\{sensitive\(data\.terraform_remote_state\./),
    );
    const key = project
      .state("home")
      .find(({ type, name }) => type === "tls_private_key" && name.startsWith("fleet_agent-ca_"))!;
    const line = String(key.instances[0]!.attributes["private_key_pem"]).split("\n")[1]!;
    expect(planned).not.toContain(line);
    const [signed, ...more] = changes.filter(({ type }) => type === "tls_locally_signed_cert");
    expect(more).toEqual([]);
    expect(JSON.stringify(signed!.change.after)).toContain(line);
    expect(signed!.change.after_sensitive["ca_private_key_pem"]).toBe(true);
    const others = changes.filter((change) => change !== signed);
    expect(JSON.stringify(others.map(({ change }) => change.after))).not.toContain(line);
  });
});
