import { chmodSync, rmSync, writeFileSync } from "node:fs";

import type { App } from "cdktf";

import {
  CertificateSource,
  ClientAuthentication,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import type { JsonReport } from "../verify/fleet-fixture";
import { findingLines, fleetTls } from "../verify/fleet-fixture";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

function build(app: App): void {
  const oneWay = new OneWayFleetTls(new TestStack(app, "one-way"), "fleet", fleetProps());
  oneWay.addAgent("web-1");
  oneWay.addKibana("kibana");

  const mutual = new MutualFleetTls(new TestStack(app, "mutual"), "fleet", {
    ...fleetProps({ elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED } }),
    agentKeyPassphrase: KeyPassphrase.generated(),
  });
  mutual.addAgent("web-1");
  mutual.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
  mutual.addFleetServer("fleet-2", { names: ["fleet-2.example.com"] });
  const outputs = [TargetPlatform.LINUX, TargetPlatform.WINDOWS].map((platform) =>
    mutual.addOutput(platform.name, { platform }),
  );
  mutual.addElasticsearchNode("es-2");
  mutual.addKibana("kibana", { clientCertificate: CertificateSource.generated(), outputs });
}

describe("fleet-tls verify of real deploys", () => {
  const project = new TerraformProject(build);
  const verify = async (folder: string): Promise<{ code: number; lines: string[]; passed: number[] }> => {
    const { code, out } = await fleetTls(["verify", "--json", "--stack-version", "9.5.2", project.path(folder)]);
    const report = JSON.parse(out) as JsonReport;
    const passed = report.checks.filter(({ status }) => status === "passed").map(({ check }) => check);
    return { code, lines: findingLines(report, project.path("fleet-tls")), passed };
  };

  beforeAll(async () => {
    await Promise.all(["one-way", "mutual"].map((stack) => project.apply(stack)));
  });
  afterAll(() => project.dispose());

  test("nothing is wrong, and every check that applies to such a topology passes", async () => {
    const { code, lines, passed } = await verify("fleet-tls");
    expect([lines, code]).toEqual([[], 0]);
    const all = Array.from({ length: 67 }, (_, i) => i + 1);
    // The token is on the host; encrypted server keys, fingerprints, pins and FIPS are not the default; 9.5.2 does not
    // check the name localhost.
    const elsewhere = [11, 19, 22, 23, 33, 36, 41, 44, 46, 51, 57, 58];
    expect(all.filter((fact) => !passed.includes(fact) && !elsewhere.includes(fact))).toEqual([]);
  });

  test("what a person does to the files afterwards is named", async () => {
    const agent = project.path("fleet-tls/mutual/fleet/agents/web-1");
    chmodSync(`${agent}/agent-cert-key.pem`, 0o644);
    writeFileSync(
      `${agent}/agent-cert-key-passphrase`,
      `${project.read("fleet-tls/mutual/fleet/agents/web-1/agent-cert-key-passphrase")}\n`,
    );
    writeFileSync(project.path("fleet-tls/mutual/fleet/outputs/linux.yml"), "ssl:\n  verification_mode: full\n");
    writeFileSync(
      project.path("fleet-tls/mutual/fleet/agents/win-1/fleet-ca.pem"),
      project.read("fleet-tls/one-way/fleet/agents/web-1/fleet-ca.pem"),
    );
    rmSync(project.path("fleet-tls/mutual/fleet/elasticsearch/es-client-ca.pem"));
    const { code, lines } = await verify("fleet-tls/mutual");
    expect(code).toBe(1);
    for (const line of [
      "agents/web-1/agent-cert-key.pem: has mode 0644",
      "agents/web-1/agent-cert-key-passphrase: has a newline",
      "outputs/linux.yml: names no Elasticsearch CA",
      "fleet-server/fleet-cert.pem: is refused by",
      "elasticsearch/es-client-ca.pem: is named by the settings and is not in the folder",
    ]) {
      expect(lines).toContainEqual(expect.stringContaining(line));
    }
  });
});
