import fc from "fast-check";

import { readNames } from "../../../lib/private/given/read-names";
import { readCertificates, verifyChain } from "../../../lib/private/x509/checks";
import { context, oid, sequence } from "../../support/der";
import { missing } from "../programs";
import type { Validator, Validators } from "../validators";
import { startValidators } from "../validators";
import type { Parts, Signer } from "./certificate";
import { address, authorityParts, certificate, dns, extension, leafParts, name, pem, signer } from "./certificate";

/** In the gate some hundred, the same ones every time; `NAME_CONSTRAINTS=20000 NAME_CONSTRAINTS_SEED=…` tries more. */
const COUNT = Number(process.env["NAME_CONSTRAINTS"] ?? 600);
const SEED = Number(process.env["NAME_CONSTRAINTS_SEED"] ?? 1);

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;

let all: Validators;
let elastic: Validator;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3"]);
  elastic = all.validators[0]!;
});
afterAll(() => all.close());

const email = (text: string): Buffer => context(1, Buffer.from(text), false);
const uri = (text: string): Buffer => context(6, Buffer.from(text), false);
const ia5 =
  (make: (text: string) => Buffer, ...texts: string[]) =>
  (): [string, Buffer][] =>
    texts.map((text) => [text, make(text)]);

const V6 = [0xfd, ...new Array<number>(14).fill(0), 1];
const MASK_8 = [0xff, ...new Array<number>(15).fill(0)];
const ones = (count: number): number[] => new Array<number>(count).fill(0xff);
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/** Bases of subtrees; Go refuses some of them as such. */
const BASES: [string, Buffer][] = [
  ...ia5(dns, "", "example.com", ".example.com", "EXAMPLE.com", "com", "ample.com", "fleet.example.com", "localhost")(),
  ...ia5(dns, "example.com.", "..example.com", ".", "*.example.com", "a b", "_x.example.com")(),
  ["10.0.0.0/8", address(10, 0, 0, 0, 255, 0, 0, 0)],
  ["10.0.0.1/32", address(10, 0, 0, 1, 255, 255, 255, 255)],
  ["0.0.0.0/0", address(...zeros(8))],
  ["127.0.0.1 with host bits /8", address(127, 0, 0, 1, 255, 0, 0, 0)],
  ["mask with holes", address(10, 0, 0, 0, 255, 0, 255, 0)],
  ["five bytes", address(10, 0, 0, 0, 8)],
  ["fd00::/8", address(...V6, ...MASK_8)],
  ["::/0", address(...zeros(32))],
  ["::1/128", address(...zeros(15), 1, ...ones(16))],
  ["empty IP", address()],
  ...ia5(email, "", "example.com", ".example.com", "ops@example.com", "OPS@example.com", "a b@example.com", "@")(),
  ...ia5(uri, "", "example.com", ".example.com", "host.example.com", "10.0.0.1", "https://example.com")(),
  ["directory name", context(4, name("fleet.example.com"))],
  ["registered id", context(8, Buffer.from([0x2a, 0x03]), false)],
  ["other name", context(0, Buffer.concat([oid("1.2.3"), context(0, oid("1.2.3"))]))],
];

/** An IPv4 address in the form of IPv6, which Go before 1.26 and OpenSSL exclude by a range of IPv6. */
const MAPPED = "::ffff:10.0.0.1";

/** Alternative names of leaves. */
const NAMES: [string, Buffer][] = [
  ...ia5(dns, "example.com", "fleet.example.com", "a.b.example.com", "FLEET.Example.COM", "localhost", "other.org")(),
  ...ia5(dns, "*.example.com", "*.fleet.example.com", "*.com", "notexample.com", "x_y.example.com", "example.com.")(),
  ["10.0.0.1", address(10, 0, 0, 1)],
  ["10.255.0.1", address(10, 255, 0, 1)],
  ["127.0.0.1", address(127, 0, 0, 1)],
  ["fd00::1", address(...V6)],
  ["::1", address(...zeros(15), 1)],
  [MAPPED, address(...zeros(10), 0xff, 0xff, 10, 0, 0, 1)],
  ...ia5(email, "ops@example.com", "OPS@EXAMPLE.com", "ops@mail.example.com", "ops@other.org")(),
  ...ia5(uri, "spiffe://example.com/a", "https://host.example.com:8220/", "https://10.0.0.1/", "urn:a:b")(),
  ...ia5(uri, "https://u@host.example.com/", "https://[fd00::1]/", "https://other.org")(),
];

interface Case {
  readonly permitted: [string, Buffer][];
  readonly excluded: [string, Buffer][];
  readonly critical: boolean;
  readonly names: [string, Buffer][];
  /** Whether the constraints are those of an intermediate and not of the root. */
  readonly below: boolean;
}

const some = <T>(list: T[], maxLength: number, minLength = 0): fc.Arbitrary<T[]> =>
  fc.array(fc.constantFrom(...list), { minLength, maxLength });

const CASES: fc.Arbitrary<Case> = fc.record({
  permitted: some(BASES, 2),
  excluded: some(BASES, 2),
  critical: fc.boolean(),
  names: some(NAMES, 2, 1),
  below: fc.boolean(),
});

/** Every base alone, permitted and excluded, with every name alone: the cases that no chance leaves out. */
const EVERY: Case[] = BASES.flatMap((base) =>
  NAMES.flatMap((one) => [
    { permitted: [base], excluded: [], critical: true, names: [one], below: false },
    { permitted: [], excluded: [base], critical: false, names: [one], below: false },
  ]),
);

const [rootKey, middleKey, leafKey] = [signer("ec"), signer("ec"), signer("ec")];

function constraints({ permitted, excluded, critical }: Case): Buffer {
  const list = (tag: number, subtrees: [string, Buffer][]): Buffer[] =>
    subtrees.length === 0 ? [] : [context(tag, Buffer.concat(subtrees.map(([, base]) => sequence(base))))];
  return extension("2.5.29.30", sequence(...list(0, permitted), ...list(1, excluded)), critical);
}

const constrained = (parts: Parts, one: Case): Parts =>
  one.permitted.length + one.excluded.length === 0
    ? parts
    : { ...parts, extensions: [...parts.extensions, constraints(one)] };

function middle(root: Parts): Parts {
  const { extensions } = authorityParts(middleKey);
  return { ...authorityParts(middleKey), issuer: root.subject, subject: name("middle"), extensions };
}

const SAN = (names: [string, Buffer][]): Buffer => extension("2.5.29.17", sequence(...names.map(([, one]) => one)));

/** The anchor and the chain of a case, as PEM. */
function pems(one: Case): { anchor: string; chain: string } {
  const root = one.below ? authorityParts(rootKey) : constrained(authorityParts(rootKey), one);
  const issuer: [Parts, Signer] = one.below ? [constrained(middle(root), one), middleKey] : [root, rootKey];
  const leaf = leafParts(issuer[0], issuer[1], leafKey);
  const extensions = [...leaf.extensions.slice(0, -1), SAN(one.names)];
  const own = pem(certificate({ ...leaf, extensions }, issuer[1]));
  const rest = one.below ? pem(certificate(issuer[0], rootKey)) : "";
  return { anchor: pem(certificate(root, rootKey)), chain: `${own}${rest}` };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Whether Elastic's own code, by Go's crypto/x509, takes the chain. */
async function theirs({ anchor, chain }: ReturnType<typeof pems>): Promise<{ ok: boolean; error?: string }> {
  return elastic.request({
    op: "trust",
    authorityBytes: base64(anchor),
    chainBytes: base64(chain),
    purpose: "client",
  });
}

/** Why the library refuses the chain: it cannot be read, or not be verified. */
function ours({ anchor, chain }: ReturnType<typeof pems>): string[] {
  const at = new Date();
  const [anchors, presented] = [readCertificates(anchor), readCertificates(chain)];
  const found = [...anchors.findings, ...presented.findings].filter(({ severity }) => severity === "error");
  return [
    ...found,
    ...verifyChain(presented.certificates, anchors.certificates, { at, usages: ["clientAuth"] }).findings,
  ].map(({ what }) => what);
}

const summary = ({ permitted, excluded, critical, names, below }: Case): string =>
  [
    `permitted ${permitted.map(([text]) => JSON.stringify(text)).join() || "-"}`,
    `excluded ${excluded.map(([text]) => JSON.stringify(text)).join() || "-"}`,
    critical ? "critical" : "not critical",
    `names ${names.map(([text]) => text).join()}`,
    below ? "on the intermediate" : "on the root",
  ].join("; ");

async function differences(cases: Case[]): Promise<{ differ: string[]; refused: number; taken: number }> {
  const differ: string[] = [];
  let refused = 0;
  for (const one of cases) {
    const made = pems(one);
    const [go, own] = [await theirs(made), ours(made)];
    refused += go.ok ? 0 : 1;
    const isStricter = go.ok && one.names.some(([text]) => text === MAPPED);
    if (go.ok !== (own.length === 0) && !isStricter) {
      differ.push(`${summary(one)}: Go ${go.ok ? "takes it" : go.error}; here ${own.join("; ") || "taken"}`);
    }
  }
  return { differ, refused, taken: cases.length - refused };
}

whereGoIs("every constraint alone with every name alone is judged as Go judges it", async () => {
  const { differ, refused, taken } = await differences(EVERY);
  expect(differ).toEqual([]);
  expect(refused).toBeGreaterThan(200);
  expect(taken).toBeGreaterThan(200);
});

whereGoIs(`${COUNT} cases of several constraints and names are judged as Go judges them (seed ${SEED})`, async () => {
  const { differ, refused, taken } = await differences(fc.sample(CASES, { numRuns: COUNT, seed: SEED }));
  expect(differ).toEqual([]);
  expect(refused).toBeGreaterThan(COUNT / 10);
  expect(taken).toBeGreaterThan(COUNT / 10);
});

whereGoIs("names that are not issued yet are judged at plan as Go judges the certificate", async () => {
  const differ: string[] = [];
  for (const one of EVERY.filter(({ names }) => [0x82, 0x87].includes(names[0]![1][0]!))) {
    const made = pems(one);
    const [ca] = readCertificates(made.anchor).certificates;
    const names = one.names.map(([text]) => text);
    // The tls provider writes a mapped address as IPv4.
    if (ca === undefined || ca.unknownCritical.length > 0 || names.includes(MAPPED)) continue;
    const problems = readNames({ authorities: made.anchor, isPath: true, leaves: [{ what: "leaf", names }] });
    const go = await theirs(made);
    if (go.ok !== (problems.length === 0)) {
      differ.push(`${summary(one)}: Go ${go.ok ? "takes it" : go.error}; here ${JSON.stringify(problems)}`);
    }
  }
  expect(differ).toEqual([]);
});
