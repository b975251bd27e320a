import type { App } from "cdktf";
import { DataTerraformRemoteStateLocal, TerraformOutput } from "cdktf";

import { CertificateAuthoritySource, EnrollmentToken, OneWayFleetTls, ServiceToken } from "../../lib";
import { TestStack } from "../support/apps";
import { Pki } from "../support/pki";
import { TerraformProject } from "../support/terraform";

const pki = new Pki();
const project = new TerraformProject();
afterAll(() => {
  pki.dispose();
  project.dispose();
});

/** A fleet that trusts the CAs of another team's state. */
function build(app: App, trusted: readonly string[]): void {
  const company = new TestStack(app, "company");
  new TerraformOutput(company, "cas", { value: trusted.map((name) => pki.text(name)).join("") });
  const stack = new TestStack(app, "fleets");
  const state = new DataTerraformRemoteStateLocal(stack, "state", { path: project.stateFile("company") });
  new OneWayFleetTls(stack, "fleet", {
    fleetServerUrl: "https://fleet.example.com:8220",
    elasticsearchUrl: "https://es.example.com:9200",
    fleetServerPolicy: "fleet-server-policy",
    serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    elasticsearchCa: CertificateAuthoritySource.trustOnly({ pem: state.getString("cas"), dedicated: true }),
  });
}

async function publish(...trusted: string[]): Promise<void> {
  project.synth((app) => build(app, trusted));
  await project.init("company");
  await project.apply("company");
  await project.init("fleets");
}

test("another team's CA can be added and removed in two steps, and never replaced in one", async () => {
  ["old", "new"].forEach((name) => pki.authority(name));
  await publish("old");
  await project.apply("fleets");
  await publish("new");
  expect(await project.refusal("fleets")).toContain("fleets/fleet/elasticsearch-ca: ");
  await publish("old", "new");
  await project.apply("fleets");
  expect(await project.planChanges("fleets")).toBe(false);
  await publish("new");
  await project.apply("fleets");
  expect(project.read("fleet-tls", "fleets", "fleet", "fleet-server", "es-ca.pem")).toBe(pki.text("new"));
});
