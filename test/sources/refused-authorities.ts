import type { GivenPki } from "./given-pki";
import { CA } from "./given-pki";

/** One thing that can be wrong with a given CA. */
export interface RefusedAuthority {
  readonly name: string;
  /** Writes `NAME.pem`, and `NAME-key.pem` and `NAME-chain.pem` where the CA issues. */
  readonly make: (pki: GivenPki, name: string) => void;
  /** Whether it issues; else it is only trusted. */
  readonly issues?: boolean;
  readonly anchor?: boolean;
  readonly hasChain?: boolean;
  /** The message: what is wrong, and how to fix it. */
  readonly says: RegExp;
  /** The part whose file is named. */
  readonly part?: "the certificate" | "the chain" | "the private key";
  /** Whether nothing of it can be known at synth: it is no text, or it is about the key. */
  readonly planOnly?: boolean;
}

const without = (what: string): string[] => CA.filter((line) => !line.startsWith(what));
const leaf = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "subjectKeyIdentifier=hash"];
const withKey = (pki: GivenPki, name: string): void =>
  pki.write(`${name}.pem`, `${pki.text(name)}${pki.text(`${name}-key`)}`);

/** Everything that the checks of a given CA refuse. */
export const REFUSED_AUTHORITIES: RefusedAuthority[] = [
  {
    name: "missing",
    make: () => undefined,
    says: /does not exist: \/.*\.pem; create the file or correct its path/,
    planOnly: true,
  },
  {
    name: "empty",
    make: (pki, name) => pki.write(`${name}.pem`, ""),
    says: /is empty; write it again/,
    planOnly: true,
  },
  { name: "not-pem", make: (pki, name) => pki.write(`${name}.pem`, "MIIB\n"), says: /is not PEM.*give PEM text/ },
  {
    name: "der",
    make: (pki, name) => {
      pki.certificate(name);
      pki.rewrite(`${name}.pem`, `${name}.pem`, "x509", "-outform", "der");
    },
    says: /is DER, binary, where PEM is read; convert it and use the result: openssl x509 -inform der/,
    planOnly: true,
  },
  {
    name: "utf-16",
    make: (pki, name) => {
      pki.certificate(name);
      pki.write(`${name}.pem`, Buffer.from(`\ufeff${pki.text(name)}`, "utf16le"));
    },
    says: /is UTF-16 text.*Set-Content -Encoding ascii/,
    planOnly: true,
  },
  {
    name: "bom",
    make: (pki, name) => {
      pki.certificate(name);
      pki.write(`${name}.pem`, `\ufeff${pki.text(name)}`);
    },
    says: /starts with a byte order mark.*save it as UTF-8 without/,
  },
  {
    name: "cut-short",
    make: (pki, name) => {
      pki.certificate(name);
      pki.write(`${name}.pem`, pki.text(name).slice(0, -40));
    },
    says: /the block has no end; write it again/,
  },
  {
    name: "key-among",
    make: (pki, name) => {
      pki.certificate(name);
      withKey(pki, name);
    },
    says: /has a private key among its certificates; take it out, and replace that key/,
  },
  {
    name: "several",
    issues: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.certificate(`${name}-other`);
      pki.write(`${name}.pem`, `${pki.text(name)}${pki.text(`${name}-other`)}`);
    },
    says: /has 2 certificates, where the issuing CA's alone is read; .*pass those above it as the chain/,
  },
  {
    name: "expired",
    make: (pki, name) => pki.dated(name, -20, -10),
    says: /expired on \d{4}-\d\d-\d\d; have it renewed, best with the same key and name/,
  },
  {
    name: "expired-issuer",
    issues: true,
    make: (pki, name) => pki.dated(name, -20, -10),
    says: /expired on \d{4}-\d\d-\d\d; have it renewed/,
  },
  {
    name: "not-yet-valid",
    make: (pki, name) => pki.dated(name, 10, 20),
    says: /not valid before \d{4}.*set the clock/,
  },
  {
    name: "leaf",
    make: (pki, name) => void pki.certificate(name, { extensions: leaf }),
    says: /is not a certificate authority; give the certificate that signed it/,
  },
  {
    name: "version-one",
    make: (pki, name) => pki.versionOne(name),
    says: /is not a certificate authority, being of version 1/,
  },
  {
    name: "no-cert-signing",
    make: (pki, name) =>
      void pki.certificate(name, { extensions: [...without("keyUsage"), "keyUsage=critical,cRLSign"] }),
    says: /has a keyUsage without keyCertSign: cRLSign; reissue it with keyUsage=critical,keyCertSign,cRLSign/,
  },
  {
    name: "narrow-usage",
    issues: true,
    make: (pki, name) => void pki.certificate(name, { extensions: [...CA, "extendedKeyUsage=emailProtection"] }),
    says: /allows its leaves emailProtection only, and one of them needs serverAuth; use a CA without extendedKeyUsage/,
  },
  {
    name: "path-too-short",
    issues: true,
    hasChain: true,
    make: (pki, name) => {
      pki.certificate(`${name}-root`, {
        extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", ...without("basicConstraints")],
      });
      pki.certificate(name, { issuer: `${name}-root`, extensions: [...CA, "authorityKeyIdentifier=keyid"] });
      pki.write(`${name}-chain.pem`, pki.text(`${name}-root`));
    },
    says: /has path length 0, with 1 authorities below it; issue the leaves directly under it/,
    part: "the chain",
  },
  {
    name: "no-root",
    issues: true,
    make: (pki, name) => {
      pki.certificate(`${name}-root`);
      pki.certificate(name, { issuer: `${name}-root`, extensions: [...CA, "authorityKeyIdentifier=keyid"] });
    },
    says: /has no root: CN=no-root is issued by CN=no-root-root.*give the certificates above it.*or set anchor: true/,
  },
  {
    name: "foreign-chain",
    issues: true,
    hasChain: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.certificate(`${name}-chain`);
    },
    says: /has a certificate that did not issue CN=foreign-chain; keep only the certificates above/,
    part: "the chain",
  },
  {
    name: "wrong-key",
    issues: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.key(name);
    },
    says: /does not belong to the first certificate, CN=wrong-key; give the key that the certificate was issued for/,
    part: "the private key",
    planOnly: true,
  },
  {
    name: "missing-key",
    issues: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.remove(`${name}-key.pem`);
    },
    says: /does not exist: \/.*\.pem; create the file or correct its path/,
    part: "the private key",
    planOnly: true,
  },
  {
    name: "der-key",
    issues: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.rewrite(`${name}-key.pem`, `${name}-key.pem`, "pkey", "-outform", "der");
    },
    says: /is DER, binary, where PEM is read; convert it and use the result: openssl pkey -inform der/,
    part: "the private key",
    planOnly: true,
  },
  {
    name: "locked-key",
    issues: true,
    make: (pki, name) => {
      pki.certificate(name);
      pki.lock(name, name, "a passphrase", "pkcs8", "-topk8");
    },
    says: /is encrypted; give its passphrase, a sensitive variable's stringValue/,
    part: "the private key",
    planOnly: true,
  },
  {
    name: "sha-1",
    issues: true,
    hasChain: true,
    make: (pki, name) => {
      pki.certificate(`${name}-chain`);
      pki.certificate(name, {
        issuer: `${name}-chain`,
        digest: "sha1",
        extensions: [...CA, "authorityKeyIdentifier=keyid"],
      });
    },
    says: /is signed with ecdsa-with-SHA1; reissue it with SHA-256 or better/,
  },
  {
    name: "short-rsa",
    make: (pki, name) =>
      void pki.certificate(name, { keyType: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] }),
    says: /has an RSA key of 1024 bits, at least 2048 are allowed; use ECDSA P-256/,
  },
  {
    name: "odd-curve",
    make: (pki, name) =>
      void pki.certificate(name, { keyType: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp224r1"] }),
    says: /has a key on curve .*which Go's TLS does not know/,
  },
  {
    name: "two-of-one-name",
    make: (pki, name) => {
      pki.certificate(name);
      pki.certificate(`${name}-2`, { subject: `/CN=${name}` });
      pki.write(`${name}.pem`, `${pki.text(name)}${pki.text(`${name}-2`)}`);
    },
    says: /is a bundle in which two CAs with different keys have one name, CN=two-of-one-name: .*common name of its own/,
  },
];
