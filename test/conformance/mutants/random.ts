import fc from "fast-check";

import { damagedDer } from "../../fuzz/damaged-der";
import type { Parts, Signer } from "./certificate";
import { signed, signedPart } from "./certificate";

/** Certificates whose signed part was changed anywhere, signed again so that nothing but the change is wrong. */
export function randomCertificates(parts: Parts, by: Signer, count: number, seed: number): Buffer[] {
  const part = signedPart(parts);
  return fc.sample(damagedDer([part]), { numRuns: count, seed }).map((damaged) => signed(damaged, by));
}
