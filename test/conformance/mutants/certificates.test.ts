import { Missing } from "../builds";
import { missing } from "../programs";
import type { Validator, Validators } from "../validators";
import { startValidators } from "../validators";
import type { Parts, Signer } from "./certificate";
import { authorityParts, certificate, leafParts, pem, signer } from "./certificate";
import type { CertificateMutant } from "./certificate-mutants";
import { CERTIFICATE_MUTANTS, rsaMutants } from "./certificate-mutants";
import type { Refusal } from "./ours";
import { issuing, trusted, verified } from "./ours";
import { randomCertificates } from "./random";
import { STRICTER } from "./stricter";

/** In the gate a few hundred, the same ones every time; `MUTANTS=20000 MUTANTS_SEED=…` tries more. */
const COUNT = Number(process.env["MUTANTS"] ?? 300);
const SEED = Number(process.env["MUTANTS_SEED"] ?? 1);

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;
const NAME = "fleet.example.com";

let all: Validators;
let elastic: Validator;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3"]);
  elastic = all.validators[0] ?? never(new Missing(all.skipped[0]!.reason));
});
afterAll(() => all.close());

function never(cause: Error): never {
  throw cause;
}

/** What Go and Elastic's own code refuse and the library takes, and what it refuses for no reason that is listed. */
class Comparison {
  public readonly taken: string[] = [];
  public readonly unexplained: string[] = [];
  public refused = 0;

  /** @param inUse what comes of it in use, where loading it is not all */
  public add(what: string, theirs: { ok: boolean; error?: string }, ours: Refusal, inUse = theirs): void {
    this.refused += theirs.ok ? 0 : 1;
    if (!theirs.ok && ours.length === 0) {
      this.taken.push(`${what}: ${theirs.error}`);
    }
    const reasons = inUse.ok ? ours.filter((reason) => !STRICTER.some(({ says }) => says.test(reason))) : [];
    // What follows from a certificate that was not read, and from nothing else, needs no reason of its own.
    if (reasons.length > 0 && reasons.length === ours.length) {
      this.unexplained.push(`${what}: ${reasons.join("; ")}`);
    }
  }
}

async function trust(cas: string, chain?: string): Promise<{ ok: boolean; error?: string }> {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const more = chain === undefined ? {} : { chainBytes: base64(chain), name: NAME, purpose: "server" as const };
  return elastic.request({ op: "trust", authorityBytes: base64(cas), ...more });
}

/** A CA that was changed, as an issuer, as an anchor, and by `verify` with a leaf below it. */
async function compareAuthority(to: Comparison, what: string, ca: string, leaf: string, key: Signer): Promise<void> {
  const privateKey = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const [alone, with_] = await Promise.all([trust(ca), trust(ca, leaf)]);
  to.add(`${what}, which issues`, with_, issuing(ca, privateKey));
  to.add(`${what}, trusted only`, alone, trusted(ca), with_);
  to.add(`${what}, in verify`, with_, verified(leaf, ca, NAME));
}

const changed = (parts: Parts, mutant: CertificateMutant, key: Signer): Parts => ({
  ...parts,
  ...mutant.change(parts, key),
});

const KINDS = [
  ["EC", "ec", () => CERTIFICATE_MUTANTS],
  ["RSA", "rsa", rsaMutants],
] as const;

whereGoIs.each(KINDS)("no CA with an %s key is taken that Go refuses", async (_, type, mutantsOf) => {
  const [key, leafKey] = [signer(type), signer("ec")];
  const comparison = new Comparison();
  for (const mutant of mutantsOf(key)) {
    const parts = changed(authorityParts(key), mutant, key);
    const leaf = pem(certificate(leafParts(parts, key, leafKey), key));
    await compareAuthority(comparison, mutant.name, pem(certificate(parts, key)), leaf, key);
  }
  expect(comparison).toMatchObject({ taken: [], unexplained: [] });
  expect(comparison.refused).toBeGreaterThan(10);
});

whereGoIs.each(KINDS)("no leaf with an %s key passes that Go refuses", async (_, type, mutantsOf) => {
  const [key, leafKey] = [signer(type), signer(type)];
  const ca = authorityParts(key);
  const caPem = pem(certificate(ca, key));
  const comparison = new Comparison();
  for (const mutant of mutantsOf(leafKey)) {
    const original = leafParts(ca, key, leafKey);
    const parts = { ...changed(original, mutant, leafKey), issuer: original.issuer };
    const leaf = pem(certificate(parts, key));
    comparison.add(mutant.name, await trust(caPem, leaf), verified(leaf, caPem, NAME));
  }
  expect(comparison).toMatchObject({ taken: [], unexplained: [] });
  expect(comparison.refused).toBeGreaterThan(5);
});

whereGoIs(`nor one of ${COUNT} that were changed at random (seed ${SEED})`, async () => {
  const [key, leafKey] = [signer("ec"), signer("ec")];
  const ca = authorityParts(key);
  const [caPem, leafPem] = [pem(certificate(ca, key)), pem(certificate(leafParts(ca, key, leafKey), key))];
  const comparison = new Comparison();
  for (const [i, der] of randomCertificates(ca, key, Math.ceil(COUNT / 2), SEED).entries()) {
    await compareAuthority(comparison, `CA ${i}: ${der.toString("hex")}`, pem(der), leafPem, key);
  }
  const leaves = randomCertificates(leafParts(ca, key, leafKey), key, Math.floor(COUNT / 2), SEED);
  for (const [i, der] of leaves.entries()) {
    comparison.add(`leaf ${i}: ${der.toString("hex")}`, await trust(caPem, pem(der)), verified(pem(der), caPem, NAME));
  }
  expect(comparison.taken).toEqual([]);
  expect(comparison.refused).toBeGreaterThan(COUNT / 4);
});
