import { missing } from "../programs";
import type { Validators } from "../validators";
import { startValidators } from "../validators";
import { authorityParts, certificate, leafParts, pem, signer } from "./certificate";
import { keyMutants } from "./key-mutants";
import { pair } from "./ours";
import { STRICTER } from "./stricter";

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;
let all: Validators;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3", "elastic-v0.31.0"]);
});
afterAll(() => all.close());

const base64 = (text: Buffer | string): string => Buffer.from(text).toString("base64");

whereGoIs.each(["ec", "rsa", "ed25519"] as const)(
  "an %s key passes where both releases of elastic-agent-libs load it, and nowhere else",
  async (type) => {
    const [ca, key] = [signer("ec"), signer(type)];
    const certificatePem = pem(certificate(leafParts(authorityParts(ca), ca, key), ca));
    const plain = key.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const [taken, unexplained]: [string[], string[]] = [[], []];
    let refused = 0;
    for (const mutant of keyMutants(plain, certificatePem)) {
      const ours = pair(certificatePem, mutant.key, mutant.passphrase);
      // Without a passphrase the key may be right: `verify` then judges by the command.
      const isJudged = mutant.passphrase !== undefined || !mutant.name.endsWith("no passphrase");
      for (const elastic of all.validators) {
        const { passphrase } = mutant;
        const theirs = await elastic.request({
          op: "load",
          certificateBytes: base64(certificatePem),
          keyBytes: base64(mutant.key),
          ...(passphrase === undefined ? {} : { passphrase }),
        });
        refused += theirs.ok ? 0 : 1;
        if (!theirs.ok && ours.length === 0 && isJudged) {
          taken.push(`${elastic.name}: ${mutant.name}: ${theirs.error}`);
        }
        if (theirs.ok && ours.length > 0 && !ours.some((reason) => STRICTER.some(({ says }) => says.test(reason)))) {
          unexplained.push(`${elastic.name}: ${mutant.name}: ${ours.join("; ")}`);
        }
      }
    }
    expect({ taken, unexplained }).toEqual({ taken: [], unexplained: [] });
    expect(refused).toBeGreaterThan(50);
  },
);
