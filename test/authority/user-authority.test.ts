import { createHash } from "node:crypto";
import * as fs from "node:fs";

import type { App } from "cdktf";

import { CertificateAuthoritySource, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { certificatesOf, verify } from "../support/openssl";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";
import { SIGNING_PROGRAM, SigningService } from "./signing-service";

const project = new TerraformProject();
const CAS = ["fleet-signer", "agent-signer", "es-signer"] as const;

type Sources = Record<(typeof CAS)[number], CertificateAuthoritySource>;

function service(stack: TestStack, id: string): SigningService {
  return new SigningService(stack, id, { program: project.path("signer.cjs"), folder: project.path("services", id) });
}

function existing(stack: TestStack, id: string): CertificateAuthoritySource {
  return CertificateAuthoritySource.existing(service(stack, id));
}

type AgentCa = (sources: Sources, stack: TestStack) => CertificateAuthoritySource;

function build(app: App, agentCa: AgentCa = (sources) => sources["agent-signer"]): void {
  const stack = new TestStack(app);
  const sources = Object.fromEntries(CAS.map((id) => [id, existing(stack, id)])) as Sources;
  const ofAgents = agentCa(sources, stack);
  const fleetEsIssuer = service(stack, "client-signer");
  const fleet = new MutualFleetTls(stack, "fleet", {
    ...fleetProps(),
    fleetCa: sources["fleet-signer"],
    agentCa: ofAgents,
    elasticsearchCa: sources["es-signer"],
    fleetEsIssuer,
    acceptAnyClientOf: [sources["fleet-signer"], ofAgents, CertificateAuthoritySource.existing(fleetEsIssuer)],
    pinFleetCa: true,
    pinElasticsearchCa: true,
  });
  fleet.addAgent("web-1");
}

const host = (...parts: string[]): string => project.path("fleet-tls/stack/fleet", ...parts);
const anchor = (id: string): string => project.path("services", id, "ca.pem");

beforeAll(async () => {
  fs.writeFileSync(project.path("signer.cjs"), SIGNING_PROGRAM);
  project.synth((app) => build(app));
  await project.apply("stack");
});
afterAll(() => project.dispose());

test("a second plan is empty", async () => {
  const { text, json } = await project.plan("stack");
  expect(changesOf(json)).toEqual({});
  expect(text).toContain("No changes.");
});

const leaves = [
  ["fleet-server/fleet-cert.pem", "agents/web-1/fleet-ca.pem", "sslserver", "fleet.example.com"],
  ["fleet-server/fleet-es-cert.pem", "elasticsearch/es-client-ca.pem", "sslclient", undefined],
  ["fleet-server/agent-cert.pem", "fleet-server/agent-ca.pem", "sslclient", undefined],
  ["agents/web-1/agent-cert.pem", "fleet-server/agent-ca.pem", "sslclient", undefined],
  ["agents/web-1/agent-cert.pem", "elasticsearch/es-client-ca.pem", "sslclient", undefined],
  ["elasticsearch/es-cert.pem", "agents/web-1/es-ca.pem", "sslserver", "es.example.com"],
] as const;
test.each(leaves)("%s verifies by %s", async (certificate, trust, purpose, name) => {
  const names = name === undefined ? {} : { name };
  expect(await verify(host(certificate), { trust: host(trust), purpose, ...names })).toBe("OK");
});

test("each bundle has the certificates of its CAs and no other", () => {
  const fingerprints = (file: string): string[] => certificatesOf(file).map(({ fingerprint256 }) => fingerprint256);
  const [fleetCa, agentCa, elasticsearchCa, clientCa] = [...CAS, "client-signer"].map(
    (id) => fingerprints(anchor(id))[0]!,
  ) as [string, string, string, string];
  expect(fingerprints(host("agents/web-1/fleet-ca.pem"))).toEqual([fleetCa]);
  expect(fingerprints(host("fleet-server/agent-ca.pem"))).toEqual([agentCa]);
  expect(fingerprints(host("agents/web-1/es-ca.pem"))).toEqual([elasticsearchCa]);
  expect(fingerprints(host("elasticsearch/es-client-ca.pem")).sort()).toEqual([agentCa, clientCa].sort());
});

test("the commands pin the CAs' public key and fingerprint", () => {
  const pin = certificatesOf(anchor("fleet-signer"))[0]!.publicKey.export({ type: "spki", format: "der" });
  const digest = createHash("sha256").update(pin).digest("base64");
  expect(fs.readFileSync(host("agents/web-1/install-command.sh"), "utf8")).toContain(`--ca-sha256=${digest}`);
  const fingerprint = certificatesOf(anchor("es-signer"))[0]!.fingerprint256.replace(/:/g, "").toLowerCase();
  expect(fs.readFileSync(host("fleet-server/install-command.sh"), "utf8")).toContain(fingerprint);
});

test("the runbook has a section for each CA, without a rotation", () => {
  const runbook = fs.readFileSync(host("RUNBOOK.md"), "utf8");
  for (const name of ["Fleet", "Elasticsearch", "Agent"]) {
    expect(runbook).toContain(
      `## ${name} CA: hosts trust generation 1, generation 1 signs\n\nNo rotation is under way.`,
    );
  }
});

test("another key of a CA is refused at plan, and comes as a generation of its own", async () => {
  for (const [id, path] of [
    ["client-signer", "client-signer/fleet-tls"],
    ["agent-signer", "fleet/agent-ca"],
  ] as const) {
    const folder = project.path("services", id);
    fs.renameSync(folder, `${folder}.kept`);
    const refusal = await project.refusal("stack");
    expect(refusal).toContain(`stack/${path}: the key of generation 1 is another one than before`);
    expect(refusal).toContain("list the new one as a generation of its own");
    fs.rmSync(folder, { recursive: true });
    fs.renameSync(`${folder}.kept`, folder);
  }

  const [first] = certificatesOf(host("fleet-server/agent-ca.pem"));
  const agentCa = (issuing: string) => (sources: Sources, stack: TestStack) =>
    CertificateAuthoritySource.rotating({
      generations: { "1": sources["agent-signer"], "2": existing(stack, "next-agent-signer") },
      issuing,
    });
  project.synth((app) => build(app, agentCa("1")));
  await project.apply("stack");
  const [kept, added] = certificatesOf(host("fleet-server/agent-ca.pem"));
  expect(kept!.fingerprint256).toBe(first!.fingerprint256);
  expect(certificatesOf(host("agents/web-1/agent-cert.pem"))[0]!.checkIssued(kept!)).toBe(true);
  expect(fs.readFileSync(host("RUNBOOK.md"), "utf8")).toMatch(
    /## Agent CA: hosts trust generations 1 and 2, generation 1 signs[^#]*agent-ca\.pem/,
  );

  project.synth((app) => build(app, agentCa("2")));
  await project.apply("stack");
  expect(certificatesOf(host("agents/web-1/agent-cert.pem"))[0]!.checkIssued(added!)).toBe(true);
  expect(fs.readFileSync(host("RUNBOOK.md"), "utf8")).toMatch(/## Agent CA: [^#]*agent-cert\.pem/);
});
