import * as fs from "node:fs";

import { address, dns, extension, name as commonName, signed, signer } from "../conformance/mutants/certificate";
import { context, integer, oid, sequence, set } from "../support/der";
import { writePem } from "../../lib/private/x509/pem";
import type { GivenPki } from "./given-pki";

/** The names that each request here has to have, and no others. */
export const WANTED = ["fleet.example.com", "10.0.0.1"];

/** One thing that can be wrong with a request that a host sent. */
export interface RefusedRequest {
  readonly name: string;
  /** Writes `NAME.csr`. */
  readonly make: (pki: GivenPki, name: string) => void;
  /** The message: what is wrong, and how to fix it. */
  readonly says: RegExp;
  /** Whether nothing of it can be known at synth, since it is no text. */
  readonly planOnly?: boolean;
}

const SAN = "subjectAltName=DNS:fleet.example.com,IP:10.0.0.1";

/** A request as the host's script makes it, but for what is given. */
export function request(
  pki: GivenPki,
  name: string,
  { subject = `/CN=${name}`, extensions = [SAN], key = undefined as string[] | undefined } = {},
): void {
  pki.key(name, key);
  const added = extensions.flatMap((extension) => ["-addext", extension]);
  pki.openssl("req", "-new", "-key", `${name}-key.pem`, "-subj", subject, ...added, "-out", `${name}.csr`);
}

const OWN_NAMES = extension("2.5.29.17", sequence(dns("fleet.example.com"), address(10, 0, 0, 1)));
const SECRET_NAME = extension("2.5.29.17", sequence(dns("es.example.com")));

/** An attribute that asks for extensions: one value for each. */
function extensionRequest(...values: Buffer[]): Buffer {
  return sequence(oid("1.2.840.113549.1.9.14"), set(...values.map((value) => sequence(value))));
}

/** A request of these attributes, signed by its own key as every request is. */
function asked(pki: GivenPki, name: string, attributes: Buffer[]): void {
  const key = signer("ec");
  const info = sequence(integer(0), commonName(name), key.spki, context(0, Buffer.concat(attributes)));
  pki.write(`${name}.csr`, writePem("CERTIFICATE REQUEST", signed(info, key)));
}

function requestText(pki: GivenPki, name: string): string {
  return fs.readFileSync(pki.path(`${name}.csr`), "utf8");
}

/** Everything that the checks of a request refuse. */
export const REFUSED_REQUESTS: RefusedRequest[] = [
  {
    name: "empty",
    make: (pki, name) => pki.write(`${name}.csr`, ""),
    says: /is empty; write it again/,
    // As text it is refused as any empty prop.
    planOnly: true,
  },
  { name: "no-pem", make: (pki, name) => pki.write(`${name}.csr`, "MIIB\n"), says: /is not PEM.*give PEM text/ },
  {
    name: "der",
    make: (pki, name) => {
      request(pki, name);
      pki.rewrite(`${name}.csr`, `${name}.csr`, "req", "-outform", "der");
    },
    says: /is DER, binary, where PEM is read; convert it and use the result: openssl req -inform der/,
    planOnly: true,
  },
  {
    name: "bom",
    make: (pki, name) => {
      request(pki, name);
      pki.write(`${name}.csr`, `\ufeff${requestText(pki, name)}`);
    },
    says: /starts with a byte order mark.*save it as UTF-8 without/,
  },
  {
    name: "certificate",
    make: (pki, name) => {
      pki.certificate(name);
      pki.write(`${name}.csr`, pki.text(name));
    },
    says: /has no certificate request; give the one that openssl req -new wrote/,
  },
  {
    name: "several",
    make: (pki, name) => {
      request(pki, name);
      pki.write(`${name}.csr`, requestText(pki, name).repeat(2));
    },
    says: /has 2 certificate requests; give the one that openssl req -new wrote/,
  },
  {
    name: "key-among",
    make: (pki, name) => {
      request(pki, name);
      pki.write(`${name}.csr`, `${requestText(pki, name)}${pki.text(`${name}-key`)}`);
    },
    says: /has a private key among its certificates; take it out, and replace that key/,
  },
  {
    name: "foreign-signature",
    make: (pki, name) => {
      request(pki, name);
      const der = pki.openssl("req", "-in", `${name}.csr`, "-outform", "der");
      // The signature stands at the end.
      der[der.length - 1]! ^= 1;
      pki.write(`${name}.csr`, writePem("CERTIFICATE REQUEST", der));
    },
    says: /is not signed by its own key.*make it again with openssl req -new -key/,
  },
  {
    name: "other-name",
    make: (pki, name) => request(pki, name, { subject: "/CN=another-host" }),
    says: /has the common name "another-host", not "other-name"; make it again with the script/,
  },
  {
    name: "more-in-the-subject",
    make: (pki, name) => request(pki, name, { subject: `/O=superusers/CN=${name}` }),
    says: /has the subject CN=more-in-the-subject,O=superusers, where a common name alone is allowed; make it again/,
  },
  {
    name: "two-common-names",
    make: (pki, name) => request(pki, name, { subject: `/CN=another/CN=${name}` }),
    says: /has the subject CN=two-common-names,CN=another, where a common name alone is allowed/,
  },
  {
    name: "two-requests-for-extensions",
    make: (pki, name) => asked(pki, name, [extensionRequest(SECRET_NAME), extensionRequest(OWN_NAMES)]),
    says: /requested extensions: more than one request for extensions, one is allowed/,
  },
  {
    name: "own-extensions-first",
    make: (pki, name) => asked(pki, name, [extensionRequest(OWN_NAMES), extensionRequest(SECRET_NAME)]),
    says: /requested extensions: more than one request for extensions, one is allowed/,
  },
  {
    name: "two-values",
    make: (pki, name) => asked(pki, name, [extensionRequest(OWN_NAMES, SECRET_NAME)]),
    says: /requested extensions: \d+ bytes after its end|attribute: \d+ bytes after its end/,
  },
  {
    name: "lacks-a-name",
    make: (pki, name) => request(pki, name, { extensions: ["subjectAltName=IP:10.0.0.1"] }),
    says: /lacks the names fleet\.example\.com; make it again with the script in the host's folder/,
  },
  {
    name: "lacks-all-names",
    make: (pki, name) => request(pki, name, { extensions: [] }),
    says: /lacks the names fleet\.example\.com, 10\.0\.0\.1; make it again/,
  },
  {
    name: "asks-for-more",
    make: (pki, name) => request(pki, name, { extensions: [`${SAN},DNS:es.example.com`] }),
    says: /asks for es\.example\.com too; add it to the host's names, or remove it from the request/,
  },
  {
    name: "authority",
    make: (pki, name) => request(pki, name, { extensions: [SAN, "basicConstraints=critical,CA:TRUE"] }),
    says: /asks for a certificate authority, CA:TRUE; make it again/,
  },
  {
    name: "wrong-usage",
    make: (pki, name) => request(pki, name, { extensions: [SAN, "extendedKeyUsage=clientAuth"] }),
    says: /asks for the usage clientAuth, and is used for serverAuth; make it again/,
  },
  {
    name: "short-rsa",
    make: (pki, name) => request(pki, name, { key: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] }),
    says: /has an RSA key of 1024 bits, at least 2048 are allowed/,
  },
  {
    name: "odd-curve",
    make: (pki, name) => request(pki, name, { key: ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"] }),
    says: /has a key on curve .*which Go's TLS does not know/,
  },
  {
    name: "other-algorithm",
    make: (pki, name) => request(pki, name, { key: ["-algorithm", "ED25519"] }),
    says: /has a key of the algorithm Ed25519, where the host's keyAlgorithm is EC; .*or give the host that keyAlgorithm/,
  },
];

/** A request that has nothing wrong, in every form that a host may ask for it. */
export const RIGHT: Readonly<Record<string, string[]>> = {
  "as the script makes it": [SAN],
  "that names its usage": [SAN, "extendedKeyUsage=serverAuth,clientAuth", "basicConstraints=critical,CA:FALSE"],
  "with the names in another order and in upper case": ["subjectAltName=IP:10.0.0.1,DNS:FLEET.example.com"],
};
