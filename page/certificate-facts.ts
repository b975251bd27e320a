import { readCertificates } from "../lib/private/x509/file";
import type { Certificate } from "../lib/private/x509/certificate";
import type { DistinguishedName } from "../lib/private/x509/name";
import type { AuthorityId, PageCertificate, PageData } from "../lib/fleet/page-data";

/** A certificate as the page shows it. */
export interface CertificateFacts {
  readonly notAfter: Date;
  /** From when the next deploy renews it; absent for a CA, and for what its owner renews. */
  readonly renewal?: Date;
  readonly fingerprint: string;
  readonly names: string[];
  readonly issuer: string;
  /** The intermediate that signed it, which hosts present after it. */
  readonly intermediate?: string;
}

const HOUR = 3_600_000;

/** Reads a leaf; nothing while there is none. */
export function leafFacts({
  pem,
  renewBeforeHours,
}: Pick<PageCertificate, "pem" | "renewBeforeHours">): CertificateFacts | undefined {
  const [leaf, next] = readCertificates(pem ?? "").certificates;
  return (
    leaf && {
      notAfter: leaf.notAfter,
      renewal: renewBeforeHours === undefined ? undefined : new Date(leaf.notAfter.getTime() - renewBeforeHours * HOUR),
      fingerprint: leaf.fingerprintSha256,
      names:
        leaf.dnsNames.length + leaf.ipAddresses.length > 0
          ? [...leaf.dnsNames, ...leaf.ipAddresses]
          : [leaf.commonName ?? "none"],
      issuer: nameOf(leaf.issuer),
      intermediate: next && isIntermediate(next) ? nameOf(next.subject) : undefined,
    }
  );
}

/** Reads every certificate of a bundle. */
export function bundleFacts(pem: string): CertificateFacts[] {
  return readCertificates(pem).certificates.map(authorityFacts);
}

/** The intermediates of a CA that hosts do not trust themselves: they come with the certificates that hosts present. */
export function intermediateFacts(data: PageData, id: AuthorityId, trusted: CertificateFacts[]): CertificateFacts[] {
  const presented = [
    ...data.hosts.flatMap(({ certificates }) => certificates.filter(({ authority }) => authority === id)),
    ...(id === "agent"
      ? data.agents.flatMap(({ members }) => members.flatMap(({ certificate }) => certificate ?? []))
      : []),
  ];
  const chains = new Set(presented.map(({ pem }) => (pem ?? "").replace(/^[^]*?-----END CERTIFICATE-----/, "").trim()));
  const found = new Map<string, CertificateFacts>();
  for (const authority of [...chains].flatMap((chain) => readCertificates(chain).certificates)) {
    if (isIntermediate(authority) && trusted.every(({ fingerprint }) => fingerprint !== authority.fingerprintSha256)) {
      found.set(authority.fingerprintSha256, authorityFacts(authority));
    }
  }
  return [...found.values()];
}

function authorityFacts(authority: Certificate): CertificateFacts {
  return {
    notAfter: authority.notAfter,
    fingerprint: authority.fingerprintSha256,
    names: [nameOf(authority.subject)],
    issuer: nameOf(authority.issuer),
  };
}

const isIntermediate = ({ subject, issuer }: Certificate): boolean => subject.text !== issuer.text;

const nameOf = ({ commonName, text }: DistinguishedName): string => commonName ?? text;

/** A certificate that is due with the first ones: its host, and its file. */
export interface DueCertificate {
  readonly host: string;
  readonly file: string;
}

/** The leaves that the deploy at that moment renews. */
export function dueBy(data: PageData, moment: Date): DueCertificate[] {
  const ofHosts = data.hosts.flatMap(({ id, certificates }) =>
    certificates.map((certificate) => ({ host: id, file: certificate.file, certificate })),
  );
  const ofAgents = data.agents.flatMap(({ members }) =>
    members.flatMap(({ id, certificate, inputCertificate }) => [
      ...(certificate ? [{ host: id, file: "agent-cert.pem", certificate }] : []),
      ...(inputCertificate ? [{ host: id, file: "input-cert.pem", certificate: inputCertificate }] : []),
    ]),
  );
  return [...ofHosts, ...ofAgents].flatMap(({ host, file, certificate }) => {
    const renewal = leafFacts(certificate)?.renewal;
    return renewal !== undefined && renewal <= moment ? [{ host, file }] : [];
  });
}

/** Name of a CA, and its letter in the diagram. */
export const AUTHORITIES: Readonly<Record<AuthorityId, { readonly name: string; readonly letter: string }>> = {
  fleet: { name: "Fleet CA", letter: "F" },
  elasticsearch: { name: "Elasticsearch CA", letter: "E" },
  agent: { name: "Agent CA", letter: "A" },
  fleetEs: { name: "Fleet-to-Elasticsearch CA", letter: "S" },
  proxy: { name: "Proxy CA", letter: "P" },
  receiver: { name: "Receiver's CA", letter: "R" },
  fleetProxy: { name: "Fleet proxy's CA", letter: "Y" },
  download: { name: "Download source's CA", letter: "D" },
  kibana: { name: "Kibana's CA", letter: "K" },
  input: { name: "Input CA", letter: "I" },
};
