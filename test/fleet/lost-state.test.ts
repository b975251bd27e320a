import * as fs from "node:fs";

import type { FleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource as Source,
  ClientAuthentication,
  KeyAlgorithm,
  MutualFleetTls,
  OneWayFleetTls,
} from "../../lib";
import { GivenPki } from "../sources/given-pki";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { execute, terraformEnvironment } from "../support/execute";
import { TerraformProject } from "../support/terraform";

const pki = new GivenPki();
let project: TerraformProject;

beforeAll(() => {
  for (const name of ["company", "other"]) pki.certificate(name, { days: 3650 });
  pki.renewed("company", "company-renewed", 3660);
});
beforeEach(() => {
  project = new TerraformProject();
});
afterEach(() => project.dispose());
afterAll(() => pki.dispose());

type Build = (stack: TestStack) => void;

const fleet =
  (more: Partial<FleetTlsProps> = {}): Build =>
  (stack) =>
    void new OneWayFleetTls(stack, "fleet", fleetProps({ outputDirectory: "fleet-tls", ...more }));

const startsHere = (source: Source): Source =>
  Source.rotating({ generations: { "1": source }, issuing: "1", startsHere: true });

const given = (name: string, key = name): Source =>
  Source.fromFiles({ certificate: pki.path(`${name}.pem`), privateKey: pki.path(`${key}-key.pem`), dedicated: true });

const trusted = (name: string): Source => Source.trustOnly({ file: pki.path(`${name}.pem`), dedicated: true });

function synth(build: Build): void {
  project.synth((app) => build(new TestStack(app)));
}

async function deploy(build: Build): Promise<void> {
  synth(build);
  await project.apply("stack");
}

const stateFile = (): string => project.path("terraform.stack.tfstate");
const files = (): Record<string, string> => contentsBelow(project.path("fleet-tls"));
const isUnchanged = async (): Promise<boolean> => (await project.plan("stack")).text.includes("No changes.");

/** Loses the state, or what is left out of it. */
function lose(keep?: (type: string) => boolean): void {
  const state = JSON.parse(fs.readFileSync(stateFile(), "utf8")) as { resources: { type: string }[] };
  fs.rmSync(`${stateFile()}.backup`, { force: true });
  fs.rmSync(stateFile());
  if (keep) {
    state.resources = state.resources.filter(({ type }) => keep(type));
    fs.writeFileSync(stateFile(), JSON.stringify(state));
  }
}

const REFUSED =
  /stack\/fleet: the state knows no deploy of this fleet, but the output directory has the files of one with other CAs/;

test("a lost state is refused with nothing touched; restored, nothing changes", async () => {
  await deploy(fleet());
  const before = files();
  fs.copyFileSync(stateFile(), project.path("backup.tfstate"));
  lose();
  const refusal = await project.refusal("stack");
  expect(refusal).toMatch(REFUSED);
  expect(refusal).toMatch(
    /cut off \(fleetCa, elasticsearchCa\); restore the state, or if it is lost,.*startsHere: true/,
  );
  expect(files()).toEqual(before);
  // As docs/lost-state.md restores it.
  const push = [`-chdir=${project.outputFolder}/stacks/stack`, "state", "push", project.path("backup.tfstate")];
  expect(await execute("terraform", push, { env: await terraformEnvironment() })).toMatchObject({ code: 0 });
  expect(await isUnchanged()).toBe(true);
});

test("startsHere of each CA creates them again, and can be removed later", async () => {
  await deploy(fleet());
  const before = files();
  lose();
  synth(fleet({ fleetCa: startsHere(Source.generated()) }));
  expect(await project.refusal("stack")).toMatch(/cut off \(elasticsearchCa\)/);
  await deploy(fleet({ fleetCa: startsHere(Source.generated()), elasticsearchCa: startsHere(Source.generated()) }));
  expect(files()["fleet-server/fleet-ca.pem"]).not.toBe(before["fleet-server/fleet-ca.pem"]);
  synth(fleet());
  expect(await isUnchanged()).toBe(true);
});

test("a state of before the gates keeps its CAs under their numbers", async () => {
  await deploy(fleet());
  const before = files();
  lose((type) => type !== "terraform_data");
  expect(await project.refusal("stack")).toMatch(REFUSED);
  await deploy(fleet({ fleetCa: startsHere(Source.generated()), elasticsearchCa: startsHere(Source.generated()) }));
  expect(files()).toEqual(before);
  synth(fleet());
  expect(await isUnchanged()).toBe(true);
});

test("neither a runner without the output directory nor a second deploy is refused", async () => {
  await deploy(fleet());
  const before = files();
  expect(await isUnchanged()).toBe(true);
  fs.rmSync(project.path("fleet-tls"), { recursive: true });
  await project.apply("stack");
  expect(files()).toEqual(before);
});

test.each([
  ["that saved nothing", undefined],
  ["that saved its keys and CAs", (type: string) => type.startsWith("tls_")],
])("a first deploy that was killed is finished, %s", async (_, keep) => {
  await deploy(fleet());
  // Written last.
  fs.rmSync(project.path("fleet-tls/RUNBOOK.md"));
  lose(keep);
  await project.apply("stack");
  expect(await isUnchanged()).toBe(true);
});

test("a fleet that becomes mutual has a first CA of agents, and is not refused", async () => {
  await deploy(fleet());
  await deploy((stack) => {
    const props = fleetProps({ outputDirectory: "fleet-tls" });
    new MutualFleetTls(stack, "fleet", { ...props, clientAuthentication: ClientAuthentication.OPTIONAL });
  });
  expect(await isUnchanged()).toBe(true);
});

test("given CAs are the same after the state is lost, also renewed; others are refused", async () => {
  const search = { elasticsearchCa: trusted("other") };
  await deploy(fleet({ fleetCa: given("company"), ...search }));
  lose();
  await deploy(fleet({ fleetCa: given("company-renewed", "company"), ...search }));
  expect(await isUnchanged()).toBe(true);
  lose();
  synth(fleet({ fleetCa: given("other"), ...search }));
  expect(await project.refusal("stack")).toMatch(/cut off \(fleetCa, elasticsearchCa\)/);
  await deploy(fleet({ fleetCa: startsHere(given("other")), ...search }));
  synth(fleet({ fleetCa: given("other"), ...search }));
  expect(await isUnchanged()).toBe(true);
});

test("a generated CA that is shared, or above an intermediate, is refused as the fleet's own", async () => {
  const shared =
    (lost: boolean): Build =>
    (stack) => {
      const source = lost ? startsHere(Source.generated()) : Source.generated();
      const keyAlgorithm = KeyAlgorithm.ECDSA_P256;
      const ca = new CertificateAuthority(stack, "company", { source, commonName: "company", keyAlgorithm });
      fleet({ fleetCa: Source.existing(ca), elasticsearchCa: Source.intermediate({ issuer: ca }) })(stack);
    };
  await deploy(shared(false));
  lose();
  expect(await project.refusal("stack")).toMatch(/cut off \(fleetCa, elasticsearchCa\)/);
  await deploy(shared(true));
  synth(shared(false));
  expect(await isUnchanged()).toBe(true);
});

test("an emergency creates its CA again over a lost state, and allows nothing for the other CA", async () => {
  const emergency = Source.rotating({ generations: { "1": Source.generated() }, issuing: "1", emergency: true });
  await deploy(fleet());
  const before = files();
  lose();
  synth(fleet({ fleetCa: emergency }));
  expect(await project.refusal("stack")).toMatch(/cut off \(elasticsearchCa\)/);
  expect(files()).toEqual(before);
  await deploy(fleet({ fleetCa: emergency, elasticsearchCa: emergency }));
  const after = files();
  for (const file of ["fleet-server/fleet-ca.pem", "fleet-server/es-ca.pem"])
    expect(after[file]).not.toBe(before[file]);
  expect(after["RUNBOOK.md"]).toContain("emergency");
  // Without it again, the gates are back and no certificate changes.
  await deploy(fleet());
  expect(files()["fleet-server/fleet-ca.pem"]).toBe(after["fleet-server/fleet-ca.pem"]);
  expect(await isUnchanged()).toBe(true);
  synth(fleet({ fleetCa: Source.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }) }));
  expect(await project.refusal("stack")).toContain("generation 1 would become another CA");
});
