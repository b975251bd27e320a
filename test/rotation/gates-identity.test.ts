import * as fs from "node:fs";

import type { CertificateAuthority } from "../../lib";
import { CertificateAuthoritySource, KeyAlgorithm } from "../../lib";
import { certificatesOf } from "../support/openssl";
import { Pki, SERVER } from "../support/pki";
import type { Step } from "./small-rotation";
import { DEFAULT, HOME, INTRODUCED, SmallRotation, SWITCHED } from "./small-rotation";

const rotation = new SmallRotation();
afterAll(() => rotation.dispose());

function given(name: string): CertificateAuthoritySource {
  const { certificate, key } = new Pki(rotation.project.path("own")).authority(name);
  return CertificateAuthoritySource.fromFiles({ certificate, privateKey: key });
}

const replaced = (source: CertificateAuthoritySource): Step => ({ sources: { "1": source } });

test("what stock Terraform does, another CA in place of the one that hosts trust, is refused at plan", async () => {
  await rotation.deploy(DEFAULT);
  expect(
    await rotation.refusal(replaced(CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }))),
  ).toMatch(
    /stack\/ca: generation 1 would become another CA, which cuts off every host: it is "generated, CA 1, ECDSA P256", and would be "generated, CA 1, RSA 2048"; list the new one as a generation of its own/,
  );
  expect(await rotation.refusal(replaced(CertificateAuthoritySource.generated({ commonName: "New ${CA}" })))).toMatch(
    /would be "generated, New \$\{CA\}, ECDSA P256"/,
  );
  expect(await rotation.refusal(replaced(given("Own Root")))).toMatch(/would be "given, CN=Own Root /);
});

test("a key that would be created again without a change in the code is refused too", async () => {
  rotation.synth(DEFAULT);
  const key = rotation.project.state(HOME).find(({ type, name }) => type === "tls_private_key" && /^ca_/.test(name))!;
  await rotation.project.run("stack", ["taint", `tls_private_key.${key.name}`]);
  const refusal = await rotation.refusal(DEFAULT);
  expect(refusal).toContain("stack/ca: the key of generation 1 is another one than before, which cuts off every host");
  expect(refusal).not.toContain("Invalid count argument");
  await rotation.project.run("stack", ["untaint", `tls_private_key.${key.name}`]);
  expect(await rotation.pending()).toEqual({});
});

test("a given CA may be renewed with its key and name, and may not become another one", async () => {
  const own = given("Own Root");
  const sources = { "2": own };
  await rotation.deploy({ ...INTRODUCED, sources });
  await rotation.deploy({ ...SWITCHED, sources });
  const before = rotation.files;
  new Pki(rotation.project.path("own")).certificate("Own Root", { key: "Own Root", days: 60 });
  await rotation.deploy({ ...SWITCHED, sources });
  expect(rotation.files["ca.pem"]).not.toBe(before["ca.pem"]);
  expect(certificatesOf(rotation.outputFile("ca.pem"))[1]!.subject).toBe("CN=Own Root");
  given("Own Root");
  expect(await rotation.refusal({ ...SWITCHED, sources })).toMatch(
    /generation 2 would become another CA, .* it is "given, CN=Own Root (\S+)", and would be "given, CN=Own Root (?!\1)/,
  );
});

test("an emergency accepts the new key, and keeps it from then on", async () => {
  const sources = { "2": given("Own Root") };
  await rotation.deploy({ ...SWITCHED, sources, emergency: true });
  expect(await rotation.pending()).toEqual({});
  await rotation.deploy({ ...SWITCHED, sources });
  expect(await rotation.pending()).toEqual({});
  given("Own Root");
  expect(await rotation.refusal({ ...SWITCHED, sources })).toMatch(/generation 2 would become another CA/);
});

test("from one CA to another at the same id: the plan ends in our refusal alone", async () => {
  const other = new SmallRotation();
  try {
    await other.deploy(replaced(given("Own Root")));
    for (const source of [
      CertificateAuthoritySource.generated(),
      CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }),
    ]) {
      const refusal = await other.refusal(replaced(source));
      expect(refusal).toMatch(/generation 1 would become another CA, .* it is "given, CN=Own Root/);
      expect(refusal).not.toContain("Invalid count argument");
    }
    for (const source of [
      (a: CertificateAuthority) => CertificateAuthoritySource.existing(a),
      (a: CertificateAuthority) => CertificateAuthoritySource.intermediate({ issuer: a }),
      (a: CertificateAuthority) => CertificateAuthoritySource.intermediate({ issuer: a, anchor: true }),
    ]) {
      const refusal = await other.refusal({ source });
      expect(refusal).toMatch(/stack\/ca: /);
      expect(refusal).not.toContain("Invalid count argument");
    }
  } finally {
    other.dispose();
  }
});

const below =
  (which: "a" | "b", anchor: boolean) =>
  (a: CertificateAuthority, b: CertificateAuthority): CertificateAuthoritySource =>
    CertificateAuthoritySource.intermediate({ issuer: which === "a" ? a : b, anchor });

test("another issuer of the CA that hosts trust is refused under its number, though the key stays, and has its steps", async () => {
  const other = new SmallRotation();
  try {
    const self = (): CertificateAuthoritySource => CertificateAuthoritySource.generated();
    const both =
      (issuing: string) =>
      (a: CertificateAuthority, b: CertificateAuthority): CertificateAuthoritySource =>
        CertificateAuthoritySource.rotating({
          generations: { "1": CertificateAuthoritySource.generated(), "2": below("a", true)(a, b) },
          issuing,
        });
    await other.deploy({ source: self });
    const refusal = await other.refusal({ source: below("a", true) });
    expect(refusal).toMatch(
      /stack\/ca: the certificate of generation 1 would be issued by "stack\/a" .* OpenSSL and Node; list the new one as a generation of its own/,
    );
    expect(refusal.match(/generation 1/g)).toHaveLength(1);
    // The way out, to the end.
    for (const issuing of ["1", "2"]) await other.deploy({ source: both(issuing) });
    const only = (source: CertificateAuthoritySource): CertificateAuthoritySource =>
      CertificateAuthoritySource.rotating({ generations: { "2": source }, issuing: "2" });
    await other.deploy({ source: (a, b) => only(below("a", true)(a, b)) });
    expect(await other.pending()).toEqual({});

    const now = async (source: Step["source"]): Promise<string> => other.refusal({ source });
    expect(await now((a, b) => only(below("b", true)(a, b)))).toMatch(/generation 2 would be issued by "stack\/b"/);
    expect(await now(() => only(self()))).toMatch(/generation 2 would be issued by "itself"/);
    expect(await now((a, b) => only(below("a", false)(a, b)))).toMatch(/generation 2 would become another CA/);
  } finally {
    other.dispose();
  }
});

test("so is a given CA that another one has signed with the key that it had; its own renewal is not", async () => {
  const other = new SmallRotation();
  try {
    const pki = new Pki(other.project.path("own"));
    const { certificate, key } = pki.authority("Own Root");
    const source = CertificateAuthoritySource.fromFiles({ certificate, privateKey: key, anchor: true });
    await other.deploy(replaced(source));
    pki.certificate("Own Root", { key: "Own Root", days: 60 });
    await other.deploy(replaced(source));
    pki.authority("Company");
    pki.certificate("Own Root", { key: "Own Root", issuer: "Company", days: 25 });
    expect(await other.refusal(replaced(source))).toMatch(/generation 1 would be issued by "CN=Company"/);
  } finally {
    other.dispose();
  }
});

test("why: with the new anchor OpenSSL refuses what is issued under either one, and only a verifier up to any anchor does not", async () => {
  const pki = new Pki(rotation.project.path("anchors"));
  pki.authority("Company");
  pki.certificate("Root");
  pki.certificate("Below", { subject: "/CN=Root", key: "Root", issuer: "Company" });
  fs.copyFileSync(pki.path("Root-key.pem"), pki.path("Below-key.pem"));
  for (const issuer of ["Root", "Below"]) {
    pki.certificate(`leaf-${issuer}`, { issuer, extensions: SERVER });
  }
  const refused = (trust: string, leaf: string, ...more: string[]): boolean => {
    try {
      pki.openssl("verify", ...more, "-CAfile", `${trust}.pem`, `${leaf}.pem`);
      return false;
    } catch {
      return true;
    }
  };
  for (const leaf of ["leaf-Root", "leaf-Below"]) {
    expect(refused("Root", leaf)).toBe(false);
    expect(refused("Below", leaf)).toBe(true);
    expect(refused("Below", leaf, "-partial_chain")).toBe(false);
  }
});
