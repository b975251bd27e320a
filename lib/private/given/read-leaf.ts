import type { GivenError } from "./file-content";
import { contentOf, errorsOf, missingFile } from "./file-content";
import type { Certificate } from "../x509/certificate";
import type { Finding, LeafUsage } from "../x509/checks";
import { checkChainOrder, checkLeaf, readCertificates, verifyChain } from "../x509/checks";

/** Text of a copy of a certificate on a host, and the requirements for it. */
export interface LeafText {
  readonly pem: string;
  /** The file that it is read from. */
  readonly file?: string;
  /** Its usages: both for a certificate in several roles. */
  readonly usages: readonly LeafUsage[];
  /** The names and addresses that clients dial. */
  readonly names: readonly string[];
  /** The CAs that its verifiers trust; absent where Terraform does not know them. */
  readonly trust?: string;
}

/** Checks a certificate as its verifiers will: the same at synth, where its text is known, and in a program at plan. */
export function readLeaf({ pem, file, usages, names, trust }: LeafText, at: Date): GivenError[] {
  const missing = missingFile(pem);
  if (missing) {
    return [missing];
  }
  const { certificates, findings } = readCertificates(contentOf(pem), { file });
  const [leaf] = certificates;
  const unreadable = errorsOf(findings);
  if (unreadable.length > 0 || leaf === undefined) {
    return unreadable;
  }
  const own = errorsOf([...checkChainOrder(certificates), ...checkLeaf(leaf, { at, usages, names })]);
  // Errors of the leaf itself break every chain.
  return own.length > 0 || trust === undefined ? own : errorsOf(chainFindings(certificates, usages, trust, at));
}

function chainFindings(
  chain: readonly Certificate[],
  usages: readonly LeafUsage[],
  trust: string,
  at: Date,
): readonly Finding[] {
  return verifyChain(chain, readCertificates(trust).certificates, { at, usages }).findings;
}
