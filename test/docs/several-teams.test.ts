import * as fs from "node:fs";

import { CertificateAuthoritySource, EnrollmentToken, ExternalFleetTls, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { verify } from "../support/openssl";
import { TerraformProject } from "../support/terraform";

const { generated, rotating, trustOnly } = CertificateAuthoritySource;

test("agents of another team's app and the platform's accept each other, and no state has a key of the other", async () => {
  const [platform, branch] = [new TerraformProject(), new TerraformProject()];
  const deployPlatform = async (agentCa: CertificateAuthoritySource): Promise<void> => {
    platform.synth((app) => {
      const props = fleetProps({ outputDirectory: "fleet-tls" });
      new MutualFleetTls(new TestStack(app), "fleet", { ...props, agentCa }).addAgent("web-1");
    });
    await platform.apply("stack");
  };
  try {
    await deployPlatform(rotating({ generations: { "1": generated() }, issuing: "1" }));
    const trusted = (name: string): CertificateAuthoritySource =>
      trustOnly({ file: platform.path("fleet-tls/agents/web-1", name), dedicated: true });
    branch.synth((app) => {
      const fleet = new ExternalFleetTls(new TestStack(app), "fleet", {
        fleetServerUrl: "https://fleet.example.com:8220",
        elasticsearchUrl: "https://es.example.com:9200",
        agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
        fleetCa: trusted("fleet-ca.pem"),
        elasticsearchCa: trusted("es-ca.pem"),
        agentCa: generated({ commonName: "Branch Agent CA" }),
        outputDirectory: "fleet-tls",
      });
      fleet.addAgent("branch-1");
    });
    await branch.apply("stack");
    const theirs = branch.path("agent-ca.pem");
    const { "fleet-agent-ca-certificates": output } = await branch.outputs("stack");
    fs.writeFileSync(theirs, String(output!.value));

    await deployPlatform(
      rotating({ generations: { "1": generated(), "2": trustOnly({ file: theirs, dedicated: true }) }, issuing: "1" }),
    );
    const admits = { trust: platform.path("fleet-tls/fleet-server/agent-ca.pem"), purpose: "sslclient" } as const;
    expect(await verify(branch.path("fleet-tls/agents/branch-1/agent-cert.pem"), admits)).toBe("OK");
    expect(await verify(platform.path("fleet-tls/agents/web-1/agent-cert.pem"), admits)).toBe("OK");
    const trust = branch.path("fleet-tls/agents/branch-1/fleet-ca.pem");
    const server = { trust, purpose: "sslserver", name: "fleet.example.com" } as const;
    expect(await verify(platform.path("fleet-tls/fleet-server/fleet-cert.pem"), server)).toBe("OK");
    const keys = (project: TerraformProject): string[] =>
      project.read("terraform.stack.tfstate").match(/-----BEGIN (?:EC )?PRIVATE KEY-----[^-]*/g)!;
    expect(keys(platform).filter((key) => keys(branch).includes(key))).toEqual([]);
  } finally {
    platform.dispose();
    branch.dispose();
  }
});
