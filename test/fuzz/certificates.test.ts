import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

import fc from "fast-check";

import { EncodingError } from "../../lib/private/x509/der";
import { writePem } from "../../lib/private/x509/pem";
import type { Certificate } from "../../lib/private/x509/certificate";
import { parseCertificate } from "../../lib/private/x509/certificate";
import {
  canonicalIp,
  checkAuthority,
  checkChainOrder,
  checkDistinctNames,
  checkLeaf,
  checkOutlives,
  matchHostName,
  readCertificateRequest,
  readCertificates,
  verifyChain,
} from "../../lib/private/x509/checks";
import { parseCertificateRequest } from "../../lib/private/x509/request";
import { readPem } from "../../lib/private/x509/pem";
import { CLIENT, Pki, SERVER } from "../support/pki";
import { damaged } from "./damage";
import { damagedDer } from "./damaged-der";
import { fuzz } from "./fuzz";

const NAMES =
  "subjectAltName=DNS:fleet.example.com,DNS:*.example.org,IP:10.0.0.1,IP:fd00::1,URI:https://a/,email:a@b.c";
const AT = new Date(Date.now() + 60_000);

const pki = new Pki();
afterAll(() => pki.dispose());

pki.certificate("ca");
pki.certificate("between", { issuer: "ca" });
const certificates = [
  pki.certificate("server", { issuer: "ca", extensions: [...SERVER, NAMES] }),
  pki.certificate("client", { issuer: "between", extensions: CLIENT, subject: "/C=DE/O=Ünï/CN=web-1" }),
  pki.certificate("rsa", {
    issuer: "ca",
    keyType: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    extensions: [...SERVER, "nameConstraints=permitted;DNS:example.com"],
  }),
  pki.read("ca"),
  pki.read("between"),
].map(({ raw }) => raw);
const trusted = [pki.read("ca"), pki.read("between")];

pki.key("request");
pki.openssl(
  ...["req", "-new", "-key", "request-key.pem", "-subj", "/CN=web-1", "-addext", NAMES, "-out", "request.pem"],
);
const request = readPem(pki.text("request")).blocks[0]!.der;

/** Node reads with OpenSSL, which is laxer: it may read what is refused here, and has to read what is not. */
function expectSameAsOpenssl(certificate: Certificate): void {
  let theirs: X509Certificate;
  try {
    theirs = new X509Certificate(certificate.raw);
  } catch {
    return;
  }
  expect(certificate.fingerprintSha256).toBe(theirs.fingerprint256.replace(/:/g, "").toLowerCase());
  expect(BigInt(`0x${certificate.serialNumber}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
  if (!Number.isNaN(Date.parse(theirs.validTo))) {
    expect([certificate.notBefore, certificate.notAfter]).toEqual([theirs.validFrom, theirs.validTo].map(dateOf));
  }
}

function dateOf(text: string): Date {
  return new Date(Date.parse(text));
}

fuzz("X.509 certificates", {
  percent: 12,
  input: damagedDer(certificates),
  holds: (input) => {
    let certificate: Certificate;
    try {
      certificate = parseCertificate(input);
    } catch (error) {
      expect(error).toBeInstanceOf(EncodingError);
      return;
    }
    expectSameAsOpenssl(certificate);
    const all = [certificate, ...trusted];
    checkLeaf(certificate, { at: AT, usages: ["serverAuth", "clientAuth"], names: ["fleet.example.com", "10.0.0.1"] });
    checkAuthority(certificate, { at: AT });
    checkChainOrder(all);
    checkDistinctNames([{ name: "a", certificates: all }]);
    checkOutlives(certificate, trusted[0]!);
    expect(certificate.subject.text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    // No certificate is trusted but those that were really issued.
    const { path } = verifyChain(all, trusted, { at: AT, usages: ["serverAuth"] });
    if (path !== undefined) expect(certificates.some((raw) => raw.equals(certificate.raw))).toBe(true);
  },
});

fuzz("certificate requests", {
  percent: 4,
  input: damagedDer([request]),
  holds: (input) => {
    try {
      const { signatureValid, commonName, dnsNames } = parseCertificateRequest(input);
      // What its own key signed is what was signed.
      if (signatureValid) expect([commonName, dnsNames.length]).toEqual(["web-1", 2]);
    } catch (error) {
      expect(error).toBeInstanceOf(EncodingError);
    }
    readCertificateRequest(writePem("CERTIFICATE REQUEST", input));
  },
});

fuzz("files of certificates", {
  percent: 4,
  input: damaged([
    certificates.map((raw) => writePem("CERTIFICATE", raw)).join(""),
    `# comment\r\n${pki.text("server")}${pki.text("server-key")}`,
    pki.text("request"),
  ]),
  holds: (input) => {
    const { certificates: found, findings } = readCertificates(input);
    expect(found.length + findings.length).toBeGreaterThan(0);
    readCertificateRequest(input);
    const key = pki.text("server-key").split("\n")[1]!;
    expect(JSON.stringify(findings)).not.toContain(key.slice(0, 20));
  },
});

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((text) => `[${text}]`),
  fc.string({ maxLength: 20 }),
);

fuzz("names and addresses that are dialled", {
  percent: 3,
  input: fc.oneof(
    fc.domain(),
    address,
    fc.domain().map((name) => `*.${name}`),
    fc.string(),
  ),
  holds: (host) => {
    const none = { dnsNames: [], ipAddresses: [] };
    expect(matchHostName(none, host)).toBe("none");
    const ip = canonicalIp(host);
    if (ip === undefined) {
      expect(matchHostName({ ...none, ipAddresses: [host] }, host)).toBe("none");
    } else {
      expect([isIP(ip) > 0, canonicalIp(ip)]).toEqual([true, ip]);
      expect(matchHostName({ ...none, ipAddresses: [ip] }, host)).toBe("san");
      // An address is in no DNS name, whatever the certificate says (elastic-agent-libs, verifyHostname).
      expect(matchHostName({ ...none, dnsNames: [host, ip] }, host)).toBe("none");
    }
  },
});
