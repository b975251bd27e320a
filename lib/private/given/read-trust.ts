import { checkDistinctNames, readCertificates } from "../x509/checks";
import { isPublicRoot } from "./authority-path";

/** Given CAs, and their purpose. */
export interface TrustedList {
  /** The prop that they come from, such as `fleetCa`. */
  readonly name: string;
  readonly pem: string;
  /** Whether Fleet Server admits their clients. */
  readonly admitsClients: boolean;
}

/** Error of one list. */
export interface TrustProblem {
  /** The prop. */
  readonly name: string;
  readonly what: string;
  readonly fix: string;
}

/** Checks all given CAs of a fleet against each other. */
export function readTrust(lists: readonly TrustedList[]): TrustProblem[] {
  const read = lists.map((list) => ({ ...list, certificates: readCertificates(list.pem).certificates }));
  const clashes = checkDistinctNames(read).map(({ what, fix }) => ({
    name: read.map(({ name }) => name).join(", "),
    what: `clash: ${what}, and OpenSSL tries only the first of them`,
    fix: `${fix}; an intermediate below one of them, as the anchor, has one`,
  }));
  const open = read
    .filter(({ admitsClients }) => admitsClients)
    .flatMap(({ name, certificates }) =>
      certificates.filter(isPublicRoot).map(({ subject }) => ({
        name,
        what: `contains the public CA ${subject.text}, so that Fleet Server would admit every client of that CA as an agent`,
        fix: "use a CA of your own in mutual mode: Fleet Server's list of CAs is also that of the clients it admits",
      })),
    );
  return [...clashes, ...open];
}
