import type { App } from "cdktf";

import type { AgentOptions, ExternalFleetTlsProps, MutualFleetTlsProps } from "../../lib";
import {
  Agent,
  CertificateAuthoritySource,
  EnrollmentToken,
  ExternalFleetTls,
  KeyAlgorithm,
  MutualFleetTls,
} from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { Pki } from "../support/pki";
import { TerraformProject } from "../support/terraform";
import { LiveFleet } from "./live-fleet";

const projects: TerraformProject[] = [];
afterAll(() => projects.forEach((project) => project.dispose()));

function project(): TerraformProject {
  const one = new TerraformProject();
  projects.push(one);
  return one;
}

const { generated, rotating, trustOnly } = CertificateAuthoritySource;
const RSA = generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 });
const MOVED = { hostDirectory: "/opt/certs" };

describe("hosts in another stack", () => {
  const there = project();

  function synth(
    props: Partial<MutualFleetTlsProps> = {},
    agents: Record<string, AgentOptions> = { "web-1": {} },
  ): void {
    there.synth((app: App) => {
      const fleet = new MutualFleetTls(new TestStack(app, "stack"), "fleet", { ...fleetProps(), ...props });
      const other = new TestStack(app, "other");
      for (const [id, options] of Object.entries(agents)) new Agent(other, id, { fleet, ...options });
    });
  }

  async function deploy(...args: Parameters<typeof synth>): Promise<void> {
    synth(...args);
    for (const stack of ["stack", "other"]) {
      await there.apply(stack);
      expect((await there.plan(stack)).text).toContain("No changes.");
    }
  }

  test("are remembered there: their own changes are refused there alone, and confirmed there", async () => {
    await deploy();
    synth({}, { "web-1": MOVED });
    await there.plan("stack");
    const refusal = await there.refusal("other");
    expect(LiveFleet.confirmation(refusal)).toEqual(["agents/web-1: platform=linux hostDirectory=/opt/certs"]);
    const confirmedChanges = LiveFleet.confirmation(refusal);
    await deploy({ confirmedChanges }, { "web-1": MOVED });
    // Hosts come and go there without a refusal.
    await deploy({}, { "web-1": MOVED, "web-2": {} });
    await deploy({}, { "web-2": {} });
  });

  test("are not forgotten at home: a CA that they trust or present changes in steps alone", async () => {
    for (const ca of ["fleetCa", "agentCa", "elasticsearchCa"]) {
      synth({ [ca]: RSA }, { "web-2": {} });
      expect(await there.refusal("stack")).toContain("generation 1 would become another CA");
    }
    synth({ fleetServerUrl: "https://new.example.com:8220" }, { "web-2": {} });
    expect(await there.refusal("stack")).toContain("formerUrls");
    const steps = { generations: { "1": generated(), "2": RSA }, minimumOverlapHours: 1 };
    await deploy({ agentCa: rotating({ ...steps, issuing: "1" }) }, { "web-2": {} });
    synth({ agentCa: rotating({ ...steps, issuing: "2" }) }, { "web-2": {} });
    expect(await there.refusal("stack")).toMatch(/confirmedStacks, which lacks generation 2 for other/);
  });
});

test("a fleet that writes no files has the same gates, and rotates in the same steps", async () => {
  const fleet = new LiveFleet();
  projects.push(fleet.project);
  const without = (more: Partial<MutualFleetTlsProps> = {}, agent: AgentOptions = {}) => ({
    props: { writeFiles: false, ...more },
    agents: { "web-1": agent },
  });
  await fleet.deploy(without());
  expect(await fleet.refusal(without({}, MOVED))).toContain("confirmedChanges");
  expect(await fleet.refusal(without({ fleetServerUrl: "https://new.example.com:8220" }))).toContain("formerUrls");
  expect(await fleet.refusal(without({ oneCertificatePerFleetServer: true }))).toContain("furtherFleetEsIssuers");
  for (const ca of ["fleetCa", "agentCa", "elasticsearchCa"]) {
    expect(await fleet.refusal(without({ [ca]: RSA }))).toContain("generation 1 would become another CA");
  }
  const generations = { "1": generated(), "2": generated() };
  const agentCa = (issuing: string): Partial<MutualFleetTlsProps> => ({ agentCa: rotating({ generations, issuing }) });
  expect(await fleet.refusal(without(agentCa("2")))).toContain("takes more than one step");
  await fleet.deploy(without(agentCa("1")));
  await fleet.deploy(without(agentCa("2")));
  expect(await fleet.pending()).toEqual([]);
  await fleet.deploy(without({ agentCa: rotating({ generations: { "2": generated() }, issuing: "2" }) }));
  expect(await fleet.pending()).toEqual([]);
});

test("a fleet whose Fleet Server runs elsewhere has the same gates", async () => {
  const elsewhere = project();
  const pki = new Pki(elsewhere.path("own"));
  const [a, b] = ["A", "B"].map((name) => trustOnly({ file: pki.authority(name).certificate })) as [
    CertificateAuthoritySource,
    CertificateAuthoritySource,
  ];
  const synth = (props: Partial<ExternalFleetTlsProps> = {}, agent: AgentOptions = {}): void =>
    elsewhere.synth((app) => {
      const fleet = new ExternalFleetTls(new TestStack(app, "stack"), "fleet", {
        fleetServerUrl: "https://fleet.example.com:8220",
        elasticsearchUrl: "https://es.example.com:9200",
        agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
        fleetCa: a,
        elasticsearchCa: a,
        agentCa: generated(),
        ...props,
      });
      fleet.addAgent("web-1", agent);
    });
  const refusal = async (...args: Parameters<typeof synth>): Promise<string> => {
    synth(...args);
    return elsewhere.refusal("stack");
  };
  synth();
  await elsewhere.apply("stack");
  expect((await elsewhere.plan("stack")).text).toContain("No changes.");
  expect(await refusal({ fleetCa: b })).toContain("stack/fleet/fleet-ca: going to generations 1 issuing 1 takes more");
  expect(await refusal({ elasticsearchCa: b })).toContain("stack/fleet/elasticsearch-ca: going to generations 1");
  expect(await refusal({ fleetCa: CertificateAuthoritySource.system() })).toContain("stack/fleet/fleet-ca: going to");
  expect(await refusal({ agentCa: RSA })).toContain("stack/fleet/agent-ca: generation 1 would become another CA");
  const without = await refusal({ agentCa: undefined });
  expect(without).toContain("which the Fleet Server elsewhere may require");
  expect(LiveFleet.confirmation(without)).toEqual(["client certificates: none"]);
  synth({ agentCa: undefined, confirmedChanges: LiveFleet.confirmation(without) });
  expect((await elsewhere.plan("stack")).json.resource_changes?.length).toBeGreaterThan(0);
  expect(await refusal({}, MOVED)).toContain("agents/web-1: platform=linux hostDirectory=/opt/certs");
  const fresh = { fleetServerUrl: "https://new.example.com:8220" };
  expect(await refusal(fresh)).toContain("formerUrls");
  synth({ ...fresh, formerUrls: { fleetServer: ["https://fleet.example.com:8220"] } });
  await elsewhere.apply("stack");
  const generations = { "1": generated(), "2": generated() };
  synth({
    ...fresh,
    formerUrls: { fleetServer: ["https://fleet.example.com:8220"] },
    agentCa: rotating({ generations, issuing: "1" }),
  });
  await elsewhere.apply("stack");
  expect(
    await refusal({
      ...fresh,
      formerUrls: { fleetServer: ["https://fleet.example.com:8220"] },
      agentCa: rotating({ generations, issuing: "2" }),
    }),
  ).toMatch(/certificates of 2 are refused as long as the Fleet Server elsewhere.*confirmedStacks/);
});
