import { X509Certificate } from "node:crypto";

import { EncodingError } from "../../../lib/private/x509/der";
import { readPem } from "../../../lib/private/x509/pem";
import { isSelfIssued, parseCertificate } from "../../../lib/private/x509/certificate";
import { parseCertificateRequest } from "../../../lib/private/x509/request";
import { CA, Pki, SERVER } from "../../support/pki";

const pki = new Pki();
afterAll(() => pki.dispose());

const NAMES = "subjectAltName=DNS:fleet.example.com,DNS:*.example.org,IP:10.0.0.1,IP:fd00:0:0::1,URI:spiffe://fleet/x";

test("reads every field of a certificate as OpenSSL does", () => {
  pki.certificate("ca", { extensions: [...CA.slice(1), "basicConstraints=critical,CA:TRUE,pathlen:1"] });
  const leaf = pki.certificate("leaf", {
    issuer: "ca",
    subject: "/C=DE/O=Example, Ltd/CN=fleet.example.com",
    extensions: [...SERVER, NAMES],
  });
  const theirs = new X509Certificate(pki.text("leaf"));
  expect(leaf).toMatchObject({
    version: 3,
    commonName: "fleet.example.com",
    subject: { text: "CN=fleet.example.com,O=Example\\, Ltd,C=DE" },
    issuer: { text: "CN=ca" },
    isCa: false,
    basicConstraintsCritical: true,
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: ["serverAuth"],
    dnsNames: ["fleet.example.com", "*.example.org"],
    ipAddresses: ["10.0.0.1", "fd00::1"],
    uris: ["spiffe://fleet/x"],
    signatureAlgorithm: "ecdsa-with-SHA256",
    publicKey: { algorithm: "EC", curve: "P-256", bits: 256 },
    unknownCritical: [],
  });
  expect(leaf.serialNumber.toUpperCase()).toBe(theirs.serialNumber);
  expect(leaf.fingerprintSha256.toUpperCase()).toBe(theirs.fingerprint256.replace(/:/g, ""));
  expect(leaf.notBefore).toEqual(new Date(theirs.validFrom));
  expect(leaf.notAfter).toEqual(new Date(theirs.validTo));
  expect(leaf.publicKey.spki).toEqual(theirs.publicKey.export({ type: "spki", format: "der" }));
  expect(leaf.authorityKeyId).toBe(pki.read("ca").subjectKeyId);
  expect(pki.read("ca")).toMatchObject({ isCa: true, pathLength: 1, keyUsage: ["keyCertSign", "cRLSign"] });
  expect([isSelfIssued(leaf), isSelfIssued(pki.read("ca"))]).toEqual([false, true]);
});

test("computes the pin as openssl's pipeline does", () => {
  const leaf = pki.certificate("pinned");
  pki.openssl("x509", "-in", "pinned.pem", "-pubkey", "-noout", "-out", "pinned-public.pem");
  pki.openssl("pkey", "-pubin", "-in", "pinned-public.pem", "-outform", "der", "-out", "pinned.der");
  const digest = pki.openssl("dgst", "-sha256", "-binary", "pinned.der");
  expect(leaf.spkiPinSha256).toBe(digest.toString("base64"));
});

test.each<[string, string[], object, string]>([
  [
    "RSA",
    ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    { algorithm: "RSA", bits: 2048 },
    "sha256WithRSAEncryption",
  ],
  [
    "P-384",
    ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    { algorithm: "EC", curve: "P-384" },
    "ecdsa-with-SHA256",
  ],
  ["Ed25519", ["-algorithm", "ED25519"], { algorithm: "Ed25519" }, "Ed25519"],
])("reads a certificate with a key of %s", (name, keyType, publicKey, signatureAlgorithm) => {
  expect(pki.certificate(`key-${name}`, { keyType })).toMatchObject({ publicKey, signatureAlgorithm });
});

test("reads a certificate of version 1, which has no extensions", () => {
  pki.key("v1");
  pki.openssl("req", "-new", "-key", "v1-key.pem", "-subj", "/CN=old", "-out", "v1-request.pem");
  pki.openssl(
    "x509",
    "-req",
    "-in",
    "v1-request.pem",
    "-signkey",
    "v1-key.pem",
    "-out",
    "v1.pem",
    "-extfile",
    "/dev/null",
  );
  expect(pki.read("v1")).toMatchObject({ version: 1, isCa: false, dnsNames: [] });
  expect(pki.read("v1").keyUsage).toBeUndefined();
});

test("names a critical extension that it does not know", () => {
  const odd = pki.certificate("odd", { extensions: [...SERVER.slice(0, 4), "1.2.3.4=critical,ASN1:NULL"] });
  expect(odd.unknownCritical).toEqual(["1.2.3.4"]);
});

test("escapes what could steer a terminal in a name", () => {
  const named = pki.certificate("esc", { subject: "/CN=a\u001b[31m\\+b" });
  expect(named.subject.text).toBe("CN=a\\1b[31m\\+b");
});

test("reads a request, its names and whether its own key signed it", () => {
  pki.key("request");
  pki.openssl(
    ...["req", "-new", "-key", "request-key.pem", "-subj", "/CN=web-1", "-addext", NAMES],
    ...["-addext", "extendedKeyUsage=clientAuth", "-out", "request.pem"],
  );
  const { der } = readPem(pki.text("request")).blocks[0]!;
  const request = parseCertificateRequest(der);
  expect(request).toMatchObject({
    commonName: "web-1",
    dnsNames: ["fleet.example.com", "*.example.org"],
    ipAddresses: ["10.0.0.1", "fd00::1"],
    extendedKeyUsage: ["clientAuth"],
    publicKey: { algorithm: "EC", curve: "P-256" },
    signatureValid: true,
  });
  const forged = Buffer.from(der);
  forged[forged.indexOf("web-1")] = "W".charCodeAt(0);
  expect(parseCertificateRequest(forged)).toMatchObject({ commonName: "Web-1", signatureValid: false });
});

test("refuses bytes after the certificate, and a certificate that was cut short", () => {
  const { raw } = pki.certificate("whole");
  expect(() => parseCertificate(Buffer.concat([raw, Buffer.from([0])]))).toThrow("certificate: 1 bytes after its end");
  expect(() => parseCertificate(raw.subarray(0, raw.length - 1))).toThrow(EncodingError);
});
