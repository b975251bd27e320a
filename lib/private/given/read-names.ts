import { canonicalIp, readCertificates } from "../x509/checks";
import type { Certificate } from "../x509/certificate";
import { checkNameConstraints } from "../x509/name-constraints";

/** The names of leaves, and the CAs that they come below. */
export interface NamesText {
  /** The certificates of the CAs as PEM, whose own errors are known already. */
  readonly authorities: string;
  /** Whether they are one path, all of which apply, or a bundle, one of which signs. */
  readonly isPath: boolean;
  readonly leaves: readonly { readonly what: string; readonly names: readonly string[] }[];
}

/** A name that a CA does not permit. */
export interface NameProblem {
  readonly where: string;
  readonly what: string;
  readonly fix: string;
}

/** Names that a Fleet Server's certificate has in addition to its own, unless its `localNames` are false. */
export const LOCAL_NAMES: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** Checks names against name constraints: the same at synth, where all is known, and in a program at plan. */
export function readNames({ authorities, isPath, leaves }: NamesText): NameProblem[] {
  const { certificates } = readCertificates(authorities);
  return leaves.flatMap(({ what, names }) => {
    const found = certificates.map((ca) => problemsUnder(ca, what, names));
    // Of a bundle, the one that permits the names may be the one that signs.
    return isPath ? found.flat() : found.some((problems) => problems.length === 0) ? [] : (found[0] ?? []);
  });
}

function problemsUnder(ca: Certificate, where: string, names: readonly string[]): NameProblem[] {
  return names.flatMap((name) => {
    const ip = canonicalIp(name);
    const one = { dnsNames: ip ? [] : [name], ipAddresses: ip ? [ip] : [], emailAddresses: [], uris: [] };
    return checkNameConstraints(one, ca).map(({ what }) => ({ where, what, fix: fixOf(where, name) }));
  });
}

function fixOf(where: string, name: string): string {
  const change =
    where.endsWith("/fleet-cert") && LOCAL_NAMES.includes(name)
      ? "set localNames: false for the Fleet Server, which its stackVersion has to allow"
      : "choose another name";
  return `${change}, or use a CA whose name constraints permit it`;
}
