import * as fs from "node:fs";

import { CertificateAuthority, CertificateAuthoritySource as Source, KeyAlgorithm } from "../../lib";
import { certificatesOf, verify } from "../support/openssl";
import { Pki } from "../support/pki";
import { SmallRotation } from "./small-rotation";

const MORE_THAN_ONE_STEP =
  /stack\/ca: going to .* takes more than one step .*; first list the former source and the new one as generations of CertificateAuthoritySource\.rotating\(\)/;

type Make = (a: CertificateAuthority, b: CertificateAuthority) => Source;

const rotation = new SmallRotation();
const pki = new Pki(rotation.project.path("own"));
["One", "Two", "Three"].forEach((name) => pki.certificate(name));
afterAll(() => rotation.dispose());

/** A CA that is only trusted, in a file of its own for each list of names. */
function trusted(...names: string[]): Source {
  const file = pki.path(`${names.join("-")}-bundle.pem`);
  fs.writeFileSync(file, names.map((name) => fs.readFileSync(pki.path(`${name}.pem`), "utf8")).join(""));
  return Source.trustOnly({ file });
}

const own = (name: string): Source =>
  Source.fromFiles({ certificate: pki.path(`${name}.pem`), privateKey: pki.path(`${name}-key.pem`) });

const rotating = (issuing: string, generations: Record<string, Source>, more: object = {}): Source =>
  Source.rotating({ generations, issuing, ...more });

const generated: Make = () => Source.generated();
const one: Make = () => trusted("One");
const two: Make = () => trusted("Two");

async function deploy(source: Make): Promise<string[]> {
  await rotation.deploy({ source });
  expect(await rotation.pending()).toEqual({});
  return certificatesOf(rotation.outputFile("ca.pem")).map(({ subject }) => /CN=(.*)/.exec(subject)![1]!);
}

const refused = async (source: Make, words: RegExp = MORE_THAN_ONE_STEP): Promise<void> =>
  expect(await rotation.refusal({ source })).toMatch(words);

const isLeafTrusted = async (): Promise<void> =>
  expect(
    await verify(rotation.outputFile("leaf.pem"), { trust: rotation.outputFile("ca.pem"), purpose: "sslclient" }),
  ).toBe("OK");

test("from the default to an existing CA, on to another one and back: each at once is refused, each has its steps", async () => {
  const existing =
    (which: "a" | "b"): Make =>
    (a, b) =>
      Source.existing(which === "a" ? a : b);
  const both =
    (issuing: string): Make =>
    (a) =>
      rotating(issuing, { "1": Source.generated(), "2": Source.existing(a) });
  expect(await deploy(generated)).toEqual(["CA 1"]);
  await refused(existing("a"));
  expect(await deploy(both("1"))).toEqual(["CA 1", "a 1"]);
  await refused(existing("a"));
  await refused(existing("b"));
  expect(await deploy(both("2"))).toEqual(["CA 1", "a 1"]);
  await isLeafTrusted();
  expect(await deploy(existing("a"))).toEqual(["a 1"]);

  await refused(existing("b"));
  await refused(generated);
  const next =
    (issuing: string): Make =>
    (a, b) =>
      rotating(issuing, { "1": Source.existing(a), "2": Source.existing(b) });
  await deploy(next("1"));
  await deploy(next("2"));
  expect(await deploy(existing("b"))).toEqual(["b 1"]);
  await isLeafTrusted();

  const back =
    (issuing: string): Make =>
    (_, b) =>
      rotating(issuing, { "2": Source.existing(b), "3": Source.generated() });
  await deploy(back("2"));
  await deploy(back("3"));
  expect(await deploy(() => rotating("3", { "3": Source.generated() }))).toEqual(["CA 3"]);
  await isLeafTrusted();
});

test("from a CA that signs to one that is only trusted, and on to the next: in two steps each", async () => {
  const three = { "3": Source.generated() };
  await refused(one);
  expect(await deploy(() => rotating("3", { ...three, "4": trusted("One") }))).toEqual(["CA 3", "One"]);
  await deploy(() => rotating("4", { ...three, "4": trusted("One") }));
  expect(await deploy(one)).toEqual(["One"]);

  await refused(two);
  await refused(() => rotating("2", { "2": trusted("Two") }));
  // Somebody else has rotated already: trusting both is at once, in whatever way it is written, and waits for nothing.
  expect(await deploy(() => trusted("One", "Two"))).toEqual(["One", "Two"]);
  await refused(() => trusted("One", "Three"));
  await refused(() => trusted("Three"));
  expect(await deploy(two)).toEqual(["Two"]);
  const hours = { minimumOverlapHours: 48 };
  const generations = { "1": trusted("Two"), "2": trusted("Three") };
  expect(await deploy(() => rotating("1", generations, hours))).toEqual(["Two", "Three"]);
  const last: Make = () => rotating("2", { "2": trusted("Three") }, hours);
  await refused(last, /has to wait until .* have been deployed for minimumOverlapHours \(48 h\)/);
  rotation.hoursPass(49);
  expect(await deploy(last)).toEqual(["Three"]);
});

test("a path on the hosts, and the CAs of their systems, are CAs of their own", async () => {
  await refused(() => Source.trustOnly({ hostPath: "/etc/pki/ca.pem" }));
  await refused(() => Source.system());
});

test("an emergency takes every source at once", async () => {
  for (const source of [
    own("One"),
    Source.trustOnly({ hostPath: "/etc/pki/ca.pem" }),
    trusted("Two"),
    Source.system(),
  ]) {
    const sources = { "1": source };
    await rotation.deploy({ source: () => rotating("1", sources, { emergency: true }) });
    await rotation.deploy({ source: () => source });
    expect(await rotation.pending()).toEqual({});
  }
  await refused(one);
  await rotation.deploy({ source: (a) => rotating("1", { "1": Source.existing(a) }, { emergency: true }) });
  await rotation.deploy({ source: (a) => Source.existing(a) });
  await refused(() => Source.system());
});

test("another issuer above an intermediate, at a path that stays, is another CA to hosts, and has its steps", async () => {
  const below =
    (root: Source): Make =>
    (a) => {
      const defaults = { commonName: "root", keyAlgorithm: KeyAlgorithm.ECDSA_P256 };
      const issuer = new CertificateAuthority(a.node.scope!, "root", { ...defaults, source: root });
      return Source.intermediate({ issuer });
    };
  await rotation.deploy({ source: () => rotating("1", { "1": own("One") }, { emergency: true }) });
  // The intermediate is another CA than what signed so far, below the same root.
  const both = { "1": own("One"), "2": own("Two") };
  expect(await deploy(() => rotating("1", { "1": own("One") }))).toEqual(["One"]);
  await rotation.deploy({ source: (a, b) => rotating("2", { "2": below(own("One"))(a, b) }, { emergency: true }) });
  await refused((a, b) => rotating("2", { "2": below(own("Two"))(a, b) }));
  for (const [issuing, generations, names] of [
    ["1", both, ["One", "Two"]],
    ["2", both, ["One", "Two"]],
    ["2", { "2": own("Two") }, ["Two"]],
  ] as const) {
    expect(await deploy((a, b) => rotating("2", { "2": below(rotating(issuing, generations))(a, b) }))).toEqual(names);
    await isLeafTrusted();
  }
});

test("a generation that Terraform cannot read is refused where others are trusted with it", () => {
  for (const source of [Source.system(), Source.trustOnly({ hostPath: "/etc/pki/ca.pem" })]) {
    expect(() => rotation.synth({ source: () => rotating("1", { "1": own("One"), "2": source }) })).toThrow(
      /stack\/ca: source has generations of which hosts get only a part, got generation 2 without a certificate here; allowed: /,
    );
  }
});
