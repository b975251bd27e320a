import type { Certificate } from "../x509/certificate";
import { readCertificates } from "../x509/checks";

/** A given CA, and the file of an earlier deploy. */
export interface DeployedAuthority {
  /** Content of the file by which hosts trust the CA; empty if there is none. */
  readonly deployed: string;
  /** The CA as PEM. */
  readonly trust: string;
}

/** Whether an earlier deploy had another CA: one of the given certificates is not in its file, renewed or not. */
export function isOtherAuthority({ deployed, trust }: DeployedAuthority): boolean {
  const before = readCertificates(deployed).certificates;
  const isKnown = (ca: Certificate): boolean =>
    before.some(
      ({ subject, spkiPinSha256 }) => subject.rawHex === ca.subject.rawHex && spkiPinSha256 === ca.spkiPinSha256,
    );
  return before.length > 0 && !readCertificates(trust).certificates.every(isKnown);
}
