import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import {
  CertificateAuthority,
  CertificateAuthoritySource as Source,
  KeyAlgorithm,
  MutualFleetTls,
  Validity,
} from "../../lib";
import type { VerifyRequest } from "../conformance/protocol";
import type { Validator, Validators } from "../conformance/validators";
import { startValidators } from "../conformance/validators";
import { TestStack } from "../support/apps";
import { certificatesOf } from "../support/openssl";
import { fleetProps } from "../support/fleets";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";

/*
 * What depends on how strictly a verifier reads RFC 5280, asked of every one that there is: a CA renewed in place, an
 * intermediate as the anchor, and path lengths.
 */

const project = new TerraformProject();
const pki = new GivenPki();
let all: Validators;

/** What every host trusts and presents, before the CAs were renewed and after. */
const BEFORE = "before";
const AFTER = "after";

const [, ...AUTHORITY] = CA;
const withPathLength = (length: number): string[] => [
  `basicConstraints=critical,CA:TRUE,pathlen:${length}`,
  ...AUTHORITY,
  "authorityKeyIdentifier=keyid",
];
const CLIENT = [
  "basicConstraints=critical,CA:FALSE",
  "keyUsage=critical,digitalSignature",
  "extendedKeyUsage=clientAuth",
  "subjectKeyIdentifier=hash",
  "authorityKeyIdentifier=keyid",
];

/** The same app twice, with CAs of another length: to the provider that is a renewal as it comes at the end of one. */
function build(years: number) {
  return (app: App): void => {
    const stack = new TestStack(app);
    const authority = (id: string, source: Source): CertificateAuthority =>
      new CertificateAuthority(stack, id, { source, commonName: id, keyAlgorithm: KeyAlgorithm.ECDSA_P256 });
    const validity = Validity.years(years);
    const root = authority("root", Source.generated({ validity, keyAlgorithm: KeyAlgorithm.RSA_2048 }));
    const belowRoot = Source.intermediate({ issuer: root, validity: Validity.years(years / 3) });
    new MutualFleetTls(stack, "renewed", {
      ...fleetProps({ outputDirectory: "fleet-tls/renewed" }),
      fleetCa: Source.generated({ validity }),
      agentCa: belowRoot,
      acceptAnyClientOf: [belowRoot],
    }).addAgent("web-1");

    const file = (name: string) => ({ certificate: pki.path(`${name}.pem`), privateKey: pki.path(`${name}-key.pem`) });
    const company = authority("company", Source.fromFiles(file("company")));
    const anchor = Source.intermediate({ issuer: company, anchor: true });
    new MutualFleetTls(stack, "anchored", {
      ...fleetProps({ outputDirectory: "fleet-tls/anchored" }),
      fleetCa: anchor,
    }).addAgent("web-1");

    const narrow = authority("narrow", Source.fromFiles({ ...file("narrow"), chain: pki.path("company.pem") }));
    const agentCa = Source.intermediate({ issuer: narrow });
    new MutualFleetTls(stack, "deep", {
      ...fleetProps({ outputDirectory: "fleet-tls/deep" }),
      agentCa,
      acceptAnyClientOf: [agentCa],
    }).addAgent("web-1");
  };
}

beforeAll(async () => {
  pki.certificate("company", { days: 5000 });
  pki.certificate("sibling", { issuer: "company", extensions: [...CA, "authorityKeyIdentifier=keyid"] });
  pki.certificate("client-of-company", { issuer: "company", extensions: CLIENT });
  pki.certificate("client-of-sibling", { issuer: "sibling", extensions: CLIENT });
  pki.write("client-of-sibling.pem", `${pki.text("client-of-sibling")}${pki.text("sibling")}`);
  pki.certificate("narrow", { issuer: "company", extensions: withPathLength(1), days: 4000 });
  // The same depth below one that allows none.
  pki.certificate("shut", { issuer: "company", extensions: withPathLength(0) });
  pki.certificate("below-shut", { issuer: "shut", extensions: [...CA, "authorityKeyIdentifier=keyid"] });
  pki.certificate("leaf-below-shut", { issuer: "below-shut", extensions: CLIENT });
  pki.write("leaf-below-shut.pem", ["leaf-below-shut", "below-shut", "shut"].map((name) => pki.text(name)).join(""));

  all = await startValidators();
  project.synth(build(9));
  await project.apply("stack");
  fs.cpSync(project.path("fleet-tls"), project.path(BEFORE), { recursive: true });
  project.synth(build(12));
  await project.apply("stack");
  fs.cpSync(project.path("fleet-tls"), project.path(AFTER), { recursive: true });
});
afterAll(async () => {
  await all.close();
  project.dispose();
  pki.dispose();
});

const file = (when: string, ...parts: string[]): string => project.path(when, ...parts);

/** Each verifier's name and whether it takes the chain, so that a failure says whose it is. */
async function verdicts(request: Omit<VerifyRequest, "op">): Promise<[string, boolean][]> {
  const verifiers = all.validators.filter((validator) => validator.can("verify"));
  expect(verifiers.length).toBeGreaterThan(1);
  const answers = verifiers.map(async (validator): Promise<[string, boolean]> => {
    const { ok } = await validator.request({ op: "verify", ...request });
    return [validator.name, ok];
  });
  return Promise.all(answers);
}

async function expectAll(taken: boolean, request: Omit<VerifyRequest, "op">): Promise<void> {
  const all = await verdicts(request);
  expect(all).toEqual(all.map(([name]) => [name, taken]));
}

/** Every stack at either end of a connection, and whether the client was let in with what it presents. */
async function handshakes(listener: Listener, dialler: Dialler): Promise<[string, boolean][]> {
  const results: [string, boolean][] = [];
  const can = (op: "serve" | "connect"): Validator[] => all.validators.filter((validator) => validator.can(op));
  for (const server of can("serve")) {
    const serving = await server.request({ op: "serve", clientAuth: "required", ...listener, partialChain: true });
    if (!serving.ok) throw new Error(`${server.name}: ${serving.error}`);
    for (const client of can("connect")) {
      const target = { port: serving.port, serverName: "fleet.example.com" };
      const answer = await client.request({ op: "connect", ...target, ...dialler, partialChain: true });
      results.push([`${client.name} at ${server.name}`, answer.ok && answer.clientCertificate]);
    }
    await server.request({ op: "close", server: serving.server });
  }
  return results;
}

interface Files {
  readonly certificate: string;
  readonly key: string;
}
type Listener = Files & { readonly clientCas: string[] };
type Dialler = Files & { readonly cas: string[] };

const pairOf = (folder: string, role: string): Files => ({
  certificate: path.join(folder, `${role}.pem`),
  key: path.join(folder, `${role}-key.pem`),
});

describe("a CA that was renewed in place", () => {
  const CAS = ["fleet-ca", "agent-ca"];

  test("has the key and the name that it had, and another end", () => {
    for (const name of CAS) {
      const [before, after] = [BEFORE, AFTER].map(
        (when) => certificatesOf(file(when, "renewed", "fleet-server", `${name}.pem`))[0]!,
      ) as [X509, X509];
      expect(after.subject).toBe(before.subject);
      expect(after.publicKey.equals(before.publicKey)).toBe(true);
      expect(Date.parse(after.validTo)).toBeGreaterThan(Date.parse(before.validTo));
      expect(after.serialNumber).not.toBe(before.serialNumber);
    }
  });

  test("leaves every key as it was, and nothing to do for a second plan", async () => {
    const changed = Object.keys(changesOf((await project.plan("stack")).json));
    expect(changed).toEqual([]);
    for (const host of ["fleet-server/fleet-cert", "agents/web-1/agent-cert"]) {
      const [before, after] = [BEFORE, AFTER].map((when) => fs.readFileSync(file(when, "renewed", `${host}-key.pem`)));
      expect(after).toEqual(before);
    }
  });

  // Hosts get their files one after the other, so old and new meet in both ways.
  test.each([
    [BEFORE, AFTER],
    [AFTER, BEFORE],
    [AFTER, AFTER],
  ])("every verifier takes what was signed %s it by what hosts trust %s it", async (signed, trusted) => {
    const leaf = (name: string): string => file(signed, "renewed", name);
    const cas = (name: string): string[] => [file(trusted, "renewed", "fleet-server", `${name}.pem`)];
    await expectAll(true, { chain: leaf("fleet-server/fleet-cert.pem"), cas: cas("fleet-ca"), purpose: "server" });
    // Signed by an intermediate, which was renewed below a root that was renewed.
    await expectAll(true, { chain: leaf("agents/web-1/agent-cert.pem"), cas: cas("agent-ca"), purpose: "client" });
    await expectAll(false, { chain: leaf("agents/web-1/agent-cert.pem"), cas: cas("fleet-ca"), purpose: "client" });
  });

  test.each([
    [BEFORE, AFTER],
    [AFTER, BEFORE],
  ])("an agent whose files are from %s shakes hands with a Fleet Server whose are from %s", async (agents, servers) => {
    const server = file(servers, "renewed", "fleet-server");
    const agent = file(agents, "renewed", "agents", "web-1");
    const results = await handshakes(
      {
        ...pairOf(server, "fleet-cert"),
        clientCas: ["fleet-ca", "agent-ca"].map((ca) => path.join(server, `${ca}.pem`)),
      },
      { ...pairOf(agent, "agent-cert"), cas: [path.join(agent, "fleet-ca.pem")] },
    );
    expect(results).toEqual(results.map(([between]) => [between, true]));
  });
});

describe("an intermediate of a company's CA as the anchor", () => {
  const server = (): string => file(AFTER, "anchored", "fleet-server");
  const admitted = (): string[] => ["fleet-ca", "agent-ca"].map((ca) => path.join(server(), `${ca}.pem`));
  const companys = (name: string): Files => ({
    certificate: pki.path(`${name}.pem`),
    key: pki.path(`${name}-key.pem`),
  });
  const STRANGERS = ["client-of-company", "client-of-sibling"];

  test("is the company's bundle on hosts, without its root", () => {
    const [anchor, ...more] = certificatesOf(path.join(server(), "fleet-ca.pem"));
    expect(more).toEqual([]);
    expect(anchor!.issuer).toBe("CN=company");
    expect(certificatesOf(path.join(server(), "fleet-cert.pem"))).toHaveLength(1);
  });

  test("every verifier accepts its certificates", async () => {
    const [chain, cas] = [path.join(server(), "fleet-cert.pem"), [path.join(server(), "fleet-ca.pem")]];
    await expectAll(true, { chain, cas, purpose: "server", partialChain: true });
  });

  test.each(STRANGERS)("every verifier refuses the %s, which the company's root issued", async (stranger) => {
    const chain = pki.path(`${stranger}.pem`);
    await expectAll(false, { chain, cas: admitted(), purpose: "client", partialChain: true });
    await expectAll(true, { chain, cas: [pki.path("company.pem")], purpose: "client" });
  });

  test("every stack admits the fleet's agents, and no other client of the company's", async () => {
    const listener = { ...pairOf(server(), "fleet-cert"), clientCas: admitted() };
    const cas = [path.join(server(), "fleet-ca.pem")];
    const agent = pairOf(file(AFTER, "anchored", "agents", "web-1"), "agent-cert");
    const own = await handshakes(listener, { ...agent, cas });
    expect(own).toEqual(own.map(([between]) => [between, true]));
    for (const stranger of STRANGERS) {
      const results = await handshakes(listener, { ...companys(stranger), cas });
      expect([stranger, ...results]).toEqual([stranger, ...results.map(([between]) => [between, false])]);
    }
  });
});

describe("path lengths", () => {
  test("every verifier accepts a generated intermediate below a CA that allows one", async () => {
    const chain = file(AFTER, "deep", "agents", "web-1", "agent-cert.pem");
    expect(certificatesOf(chain)).toHaveLength(3);
    const cas = [file(AFTER, "deep", "fleet-server", "agent-ca.pem")];
    await expectAll(true, { chain, cas, purpose: "client" });
  });

  test("every verifier refuses the same below one that allows none, which is what synth refuses", async () => {
    const [chain, cas] = [pki.path("leaf-below-shut.pem"), [pki.path("company.pem")]];
    await expectAll(false, { chain, cas, purpose: "client" });
  });
});

type X509 = ReturnType<typeof certificatesOf>[number];
