import { execSync } from "node:child_process";
import { rootCertificates } from "node:tls";

import type { App } from "cdktf";

import type { FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource as Source,
  CertificateSource,
  KeyAlgorithm,
  MutualFleetTls,
  OneWayFleetTls,
  Validity,
} from "../../lib";
import { checkAuthority } from "../../lib/private/x509/checks";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";

const pki = new GivenPki();
const project = new TerraformProject();
const file = (name: string): string => pki.path(`${name}.pem`);
const trusted = (name: string): Source => Source.trustOnly({ file: file(name), dedicated: true });
const given = (name: string, more: { chain?: string; anchor?: boolean } = {}): Source =>
  Source.fromFiles({ certificate: file(name), privateKey: file(`${name}-key`), dedicated: true, ...more });

beforeAll(() => {
  for (const name of ["company", "theirs", "for-servers", "for-clients", "short"]) {
    const purpose = { "for-servers": "serverAuth", "for-clients": "clientAuth" }[name];
    const usage = purpose === undefined ? [] : [`extendedKeyUsage=${purpose}`];
    const path = name === "short" ? ["basicConstraints=critical,CA:TRUE,pathlen:0", ...CA.slice(1)] : CA;
    pki.certificate(name, { extensions: [...path, ...usage], days: 3650 });
  }
  pki.certificate("namesake", { subject: "/CN=company", days: 3650 });
  pki.renewed("company", "company-renewed", 3660);
  pki.dated("soon", -10, 100);
  pki.dated("ended", -20, -10);
  pki.dated("later", -10, 4000);
  pki.certificate("certutil", { extensions: [CA[0]!, CA[2]!], days: 3650 });
  pki.certificate("lax", { extensions: ["basicConstraints=CA:TRUE", CA[1]!, "subjectKeyIdentifier=none"], days: 3650 });
  // What distributions ship has roots that ended long ago.
  pki.write("public.pem", `${pki.text("ended")}${PUBLIC_BUNDLE}`);
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

/** Node's own public roots, as a distribution would ship them. */
const PUBLIC_BUNDLE = `${rootCertificates.join("\n")}\n`;

function mutual(stack: TestStack, id: string, props: Partial<MutualFleetTlsProps>): MutualFleetTls {
  return new MutualFleetTls(stack, id, { ...fleetProps({ outputDirectory: `fleet-tls/${id}` }), ...props });
}

function oneWay(stack: TestStack, id: string, props: Partial<FleetTlsProps>): OneWayFleetTls {
  return new OneWayFleetTls(stack, id, fleetProps({ outputDirectory: `fleet-tls/${id}`, ...props }));
}

describe("at synth", () => {
  const text = (name: string): Source => Source.trustOnly({ pem: pki.text(name) });
  const fleetServer = {
    certificate: CertificateSource.onHost({ certificatePath: "/etc/pki/fs.pem", privateKeyPath: "/etc/pki/fs.key" }),
  };

  test("two CAs of one name with different keys are refused", () => {
    const build = (stack: TestStack) =>
      oneWay(stack, "fleet", { fleetCa: text("company"), elasticsearchCa: text("namesake"), fleetServer });
    expect(refusalOf(build)).toMatch(
      /stack\/fleet: fleetCa, elasticsearchCa clash: two CAs with different keys have one name, CN=company: in fleetCa and in elasticsearchCa.*common name of its own/,
    );
  });

  test("one CA for two jobs, and one that was renewed with its key, are no clash", () => {
    for (const other of ["company", "company-renewed"]) {
      synthStack((stack) =>
        oneWay(stack, "fleet", { fleetCa: text("company"), elasticsearchCa: text(other), fleetServer }),
      );
    }
  });

  test("a public CA is refused wherever its clients would be admitted, even if it is accepted", () => {
    const bundle = Source.trustOnly({ pem: PUBLIC_BUNDLE });
    const build = (stack: TestStack) =>
      mutual(stack, "fleet", { fleetCa: bundle, acceptAnyClientOf: [bundle], fleetServer });
    expect(refusalOf(build)).toMatch(
      /fleetCa contains the public CA .*would admit every client of that CA.*use a CA of your own/,
    );
  });

  test("a public bundle is trusted where it admits no client", () => {
    synthStack((stack) => oneWay(stack, "fleet", { elasticsearchCa: Source.trustOnly({ pem: PUBLIC_BUNDLE }) }));
  });

  test.each(["fleetCa", "agentCa"])("the operating system's CAs are refused as %s of a mutual fleet", (prop) => {
    const build = (stack: TestStack) => mutual(stack, "fleet", { [prop]: Source.system(), fleetServer });
    expect(refusalOf(build)).toMatch(new RegExp(`fleet: ${prop} is the operating system.*CA of your own`));
  });

  test("the operating system's CAs leave the flag out of a one-way fleet's commands", () => {
    const stack = synthStack((stack) => {
      const fleet = oneWay(stack, "fleet", { fleetCa: Source.system(), elasticsearchCa: Source.system(), fleetServer });
      fleet.addAgent("web-1");
    });
    const commands = JSON.stringify(stack.outputs);
    expect(commands).not.toMatch(/certificate-authorities|fleet-server-es-ca/);
    expect(stack.resources("local_file").filter(({ path }) => /-ca\.pem/.test(path))).toEqual([]);
  });

  test("a fleet CA that signs for others is refused until it is accepted, or an intermediate is the anchor", () => {
    const build = (props: (stack: TestStack) => Partial<MutualFleetTlsProps>) => (stack: TestStack) =>
      void mutual(stack, "fleet", props(stack));
    const company = (stack: TestStack) =>
      Source.fromPem({ certificate: pki.text("company"), privateKey: secretVariable(stack, "key") });
    const below = (stack: TestStack, anchor: boolean) =>
      Source.intermediate({ issuer: authority(stack, "company-ca", company(stack)), anchor });
    expect(refusalOf(build((stack) => ({ fleetCa: company(stack) })))).toMatch(
      /fleetCa also issues certificates to others.*acceptAnyClientOf/,
    );
    expect(refusalOf(build((stack) => ({ fleetCa: below(stack, false) })))).toMatch(
      /fleetCa also issues certificates to others/,
    );
    synthStack(build((stack) => ({ fleetCa: below(stack, true) })));
    synthStack((stack) => {
      const fleetCa = company(stack);
      mutual(stack, "fleet", { fleetCa, acceptAnyClientOf: [fleetCa] });
    });
  });

  test("a CA whose extended usage excludes its leaves is refused", () => {
    const build = (stack: TestStack) => oneWay(stack, "fleet", { elasticsearchCa: text("for-clients") });
    expect(refusalOf(build)).toMatch(
      /elasticsearch-ca: the certificate: CN=for-clients allows its leaves clientAuth only.*serverAuth/,
    );
  });

  test("a CA with path length 0 is refused above an intermediate of ours", () => {
    const build = (stack: TestStack) => {
      const certificate = pki.text("short");
      const source = Source.fromPem({ certificate, privateKey: secretVariable(stack, "key") });
      const issuer = authority(stack, "company-ca", source);
      oneWay(stack, "fleet", { fleetCa: Source.intermediate({ issuer }) });
    };
    expect(refusalOf(build)).toMatch(
      /company-ca: the certificate: CN=short has path length 0, with 1 authorities below/,
    );
  });
});

describe("at plan", () => {
  let refusal: string;

  beforeAll(async () => {
    project.synth((app: App) => {
      const stack = new TestStack(app, "refused");
      oneWay(stack, "namesakes", { fleetCa: given("company"), elasticsearchCa: trusted("namesake") });
      const open = trusted("public");
      const pair = { certificatePath: "/etc/pki/fs.pem", privateKeyPath: "/etc/pki/fs.key" };
      const fleetServer = { certificate: CertificateSource.onHost(pair) };
      mutual(stack, "open", { fleetCa: open, acceptAnyClientOf: [open], fleetServer });
      oneWay(stack, "usage", { elasticsearchCa: trusted("for-clients") });
      const issuer = authority(stack, "company-ca", given("short"));
      oneWay(stack, "path", { fleetCa: Source.intermediate({ issuer }) });

      const watched = new TestStack(app, "watched");
      const own = { validity: Validity.days(90) };
      oneWay(watched, "calm", { ...own, fleetCa: given("later"), elasticsearchCa: trusted("public") });
      oneWay(watched, "near", { ...own, fleetCa: given("soon"), elasticsearchCa: trusted("soon") });
      oneWay(watched, "noted", { elasticsearchCa: trusted("soon") });
      oneWay(watched, "ours", {});
      oneWay(watched, "strict", { ...own, fleetCa: given("certutil"), elasticsearchCa: trusted("lax") });
      const text = Source.trustOnly({ pem: pki.text("lax"), dedicated: true });
      oneWay(watched, "strict-text", { ...own, elasticsearchCa: text, fleetServer: {} });
    });
    refusal = await project.refusal("refused");
  });

  test("two CAs of one name with different keys are refused", () => {
    expect(refusal).toMatch(
      /check-trust: refused\/namesakes: fleetCa, elasticsearchCa clash: two CAs with different keys have one name, CN=company/,
    );
  });

  test("a public CA is refused wherever its clients would be admitted", () => {
    expect(refusal).toMatch(/refused\/open: fleetCa contains the public CA .*would admit every client of that CA/);
  });

  test("usages and path lengths count the leaves and the intermediates that there are", () => {
    expect(refusal).toMatch(/usage\/elasticsearch-ca: the certificate \(\S+for-clients\.pem\): CN=for-clients allows/);
    expect(refusal).toMatch(/company-ca: the certificate \(\S+short\.pem\): CN=short has path length 0, with 1/);
  });

  test("an output warns of a given CA that ends before what it signs could be renewed twice", async () => {
    await project.apply("watched");
    const outputs = await project.outputs("watched");
    const warnings = (id: string) => outputs[`${id}-certificate-authority-warnings`]?.value;
    expect(warnings("calm")).toEqual([]);
    expect(warnings("ours")).toBeUndefined();
    const ends = /soon\.pem\): ends on \d{4}-.*Z, less than 180 days away; have it renewed with the same key and name/;
    const window = /elasticsearch-ca: the certificate \(.*soon\.pem\): ends on .*, less than \d+ days away/;
    expect(warnings("near")).toEqual([expect.stringMatching(ends)]);
    expect(warnings("noted")).toEqual([expect.stringMatching(window)]);
  });

  test("and of one that strict verifiers refuse, from every source, as does the runbook", async () => {
    const { [`strict-certificate-authority-warnings`]: files, [`strict-text-certificate-authority-warnings`]: text } =
      await project.outputs("watched");
    const noKeyUsage =
      /fleet-ca: the certificate \(.*certutil\.pem\): CN=certutil has no keyUsage.*reissue it with keyUs/;
    const notCritical = /elasticsearch-ca: the certificate.*: CN=lax has basicConstraints that are not critical/;
    const noKeyId = /elasticsearch-ca: the certificate.*: CN=lax has no subjectKeyIdentifier/;
    const lax = [expect.stringMatching(notCritical), expect.stringMatching(noKeyId)];
    expect(files?.value).toEqual([expect.stringMatching(noKeyUsage), ...lax]);
    expect(text?.value).toEqual(lax);
    const runbook = project.read("fleet-tls", "strict", "RUNBOOK.md");
    expect(runbook).toMatch(noKeyUsage);
    expect(runbook).toMatch(notCritical);
    expect(project.read("fleet-tls", "calm", "RUNBOOK.md")).not.toContain("Given CAs");
  });

  test("the command of such a warning makes a CA that has none, and keeps what it signed valid", () => {
    for (const [name, extension] of [
      ["certutil", "keyUsage=critical,keyCertSign,cRLSign"],
      ["lax", "basicConstraints=critical,CA:TRUE"],
    ] as const) {
      const warned = checkAuthority(pki.read(name), { at: new Date() }).find(({ fix }) => fix.includes(extension));
      const command = /\(a root: (.*)\)$/.exec(warned!.fix)![1]!;
      const filled = command.replace("-in CA", `-in ${name}.pem`).replace("KEY", `${name}-key.pem`);
      execSync(filled.replace("DAYS", "30").replace("NEW", `${name}-new.pem`), { cwd: pki.folder, stdio: "pipe" });
      const fixed = pki.read(`${name}-new`);
      expect(checkAuthority(fixed, { at: new Date() }).map(({ fix }) => fix)).not.toContain(warned!.fix);
      expect([fixed.subject.text, fixed.spkiPinSha256]).toEqual([
        pki.read(name).subject.text,
        pki.read(name).spkiPinSha256,
      ]);
    }
  });

  test("and stays as it is from plan to plan", async () => {
    expect((await project.plan("watched")).text).toContain("No changes.");
  });
});

function authority(stack: TestStack, id: string, source: Source): CertificateAuthority {
  return new CertificateAuthority(stack, id, { source, commonName: id, keyAlgorithm: KeyAlgorithm.ECDSA_P256 });
}
