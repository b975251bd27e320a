import { readAuthority } from "../../../lib/private/given/read-authority";
import type { Finding } from "../../../lib/private/x509/checks";
import { checkAuthority, checkLeaf, readCertificates, verifyChain } from "../../../lib/private/x509/checks";
import { readPem } from "../../../lib/private/x509/pem";
import { checkPrivateKey } from "../../../lib/private/x509/key";

/** Why the library refuses something; nothing where it does not. */
export type Refusal = readonly string[];

const PARTS = { certificate: "the certificate", chain: "the chain", privateKey: "the private key" };

/** A given CA with its key. */
export function issuing(certificate: string, privateKey: string): Refusal {
  return readingOf({ certificate, privateKey, issuing: true, leafUsages: ["serverAuth", "clientAuth"] });
}

/** A given CA that is only trusted. */
export function trusted(certificate: string): Refusal {
  return readingOf({ certificate, issuing: false });
}

function readingOf(text: Omit<Parameters<typeof readAuthority>[0], "what" | "parts">): Refusal {
  try {
    readAuthority({ what: "ca", parts: PARTS, ...text }, new Date());
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

/** A host's chain and the CAs that verify it, as `fleet-tls verify` judges them. */
export function verified(chain: string, cas: string, name: string): Refusal {
  const at = new Date();
  const authorities = readCertificates(cas);
  const presented = readCertificates(chain);
  const [leaf] = presented.certificates;
  const path = verifyChain(presented.certificates, authorities.certificates, { at, usages: ["serverAuth"] });
  return errors([
    ...authorities.findings,
    ...authorities.certificates.flatMap((ca) => checkAuthority(ca, { at })),
    ...presented.findings,
    ...(leaf === undefined ? [] : checkLeaf(leaf, { at, usages: ["serverAuth"], names: [name] })),
    ...path.findings,
  ]);
}

/** A pair, as `fleet-tls verify` judges it: the key's file, then the key. */
export function pair(certificates: Buffer | string, key: Buffer | string, passphrase?: string): Refusal {
  const { certificates: chain, findings } = readCertificates(certificates);
  const problems = readPem(key).problems.map(({ what }) => what);
  return [
    ...problems,
    ...errors([...findings, ...checkPrivateKey(key, { certificate: chain[0], passphrase, encrypted: "allowed" })]),
  ];
}

function errors(findings: readonly Finding[]): Refusal {
  return findings.filter(({ severity }) => severity === "error").map(({ what }) => what);
}
