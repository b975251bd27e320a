import type { TextSource } from "./conversion";
import { pkcs7Command } from "./conversion";
import { EncodingError } from "./der";
import type { Pem, PemBlock } from "./pem";
import { readPem } from "./pem";
import { isPrivateKeyBlock } from "./pkcs8";
import type { Certificate } from "./certificate";
import { isSameCertificate, parseCertificate } from "./certificate";
import type { CertificateRequest } from "./request";
import { parseCertificateRequest } from "./request";
import type { Finding } from "./finding";
import { error, warning } from "./finding";

/** The certificates of a PEM text, in its order, and the errors of the text. */
export interface CertificateFile {
  readonly certificates: readonly Certificate[];
  readonly findings: readonly Finding[];
}

/**
 * The reader of a file of certificates. Go ignores blocks of other labels, and in a list of CAs those with headers too
 * (crypto/x509, AppendCertsFromPEM); Java refuses both, and a chain that has one certificate twice.
 */
export type CertificateReader = "any" | "go list" | "go pair" | "java list" | "java pair";

/** Reads a file of certificates: a chain or a bundle of CAs. Never throws. */
export function readCertificates(
  pem: string | Uint8Array,
  source: TextSource = {},
  reader: CertificateReader = "any",
): CertificateFile {
  const text = readPem(pem, source);
  const findings = [...encodingFindings(text), ...outsideFindings(text, reader)];
  const isStrict = !reader.startsWith("go");
  const certificates: Certificate[] = [];
  for (const [i, block] of text.blocks.entries()) {
    const other = otherBlock(block, source);
    if (other !== undefined) {
      findings.push(isStrict ? other : { ...other, severity: "warning" });
      continue;
    }
    const headers = refusedHeaders(block, reader);
    if (headers !== undefined) {
      findings.push(headers);
      continue;
    }
    try {
      const certificate = parseCertificate(block.der);
      if (certificates.some((other) => isSameCertificate(other, certificate))) {
        const twice = warning(43, `certificate ${i + 1} occurs twice`, "remove the second copy");
        findings.push(reader === "java pair" ? { ...twice, severity: "error" } : twice);
      } else {
        certificates.push(certificate);
      }
    } catch (cause) {
      findings.push(damaged(`certificate ${i + 1}`, cause));
    }
  }
  if (certificates.length === 0 && findings.every(({ severity }) => severity === "warning")) {
    findings.push(error(43, "has no certificate", "give at least one CERTIFICATE block"));
  }
  return { certificates, findings };
}

/** Reads a certificate request, of which there must be exactly one. Never throws. */
export function readCertificateRequest(
  pem: string | Uint8Array,
  source?: TextSource,
): {
  readonly request?: CertificateRequest;
  readonly findings: readonly Finding[];
} {
  const text = readPem(pem, source);
  const findings = encodingFindings(text);
  const requests = text.blocks.filter(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  const [block] = requests;
  if (text.blocks.some(isPrivateKeyBlock)) {
    findings.push(keyAmongCertificates());
  }
  if (block === undefined || requests.length > 1) {
    const what = requests.length > 1 ? `has ${requests.length} certificate requests` : "has no certificate request";
    return { findings: [...findings, error(37, what, "give the one that openssl req -new wrote")] };
  }
  try {
    const request = parseCertificateRequest(block.der);
    if (!request.signatureValid) {
      const what = "is not signed by its own key, so nothing shows that its sender has that key";
      findings.push(error(39, what, "make it again with openssl req -new -key"));
    }
    return { request, findings };
  } catch (cause) {
    return { findings: [...findings, damaged("certificate request", cause)] };
  }
}

/** Java takes every line that begins with five dashes for a block, and DER after the last one for a certificate. */
function outsideFindings({ outside }: Pem, reader: CertificateReader): Finding[] {
  const fix = "remove everything that is not between BEGIN and END";
  const findings: Finding[] = [];
  if (reader.startsWith("java") && outside.some((line) => line.startsWith("-----"))) {
    findings.push(error(37, "has a line of dashes outside of its blocks, which Elasticsearch refuses", fix));
  }
  if (reader === "java pair" && outside.some((line) => line.startsWith("0\ufffd"))) {
    findings.push(error(37, "has DER after its blocks, which Elasticsearch takes for another certificate", fix));
  }
  return findings;
}

function encodingFindings(text: Pem): Finding[] {
  return text.problems.map(({ kind, what, fix }) => error(kind === "empty" ? 43 : 37, what, fix));
}

/** Headers, which OpenSSL writes for encryption only: Go decrypts every block with DEK-Info. */
function refusedHeaders({ headers, line }: PemBlock, reader: CertificateReader): Finding | undefined {
  const names = Object.keys(headers);
  const isEncrypted = names.includes("DEK-Info");
  if (names.length === 0 || (reader === "go pair" && !isEncrypted)) {
    return undefined;
  }
  const what = isEncrypted ? "is marked as encrypted" : "has headers, so the agent ignores it in a list of CAs";
  return error(43, `line ${line}: a certificate ${what}`, "remove the lines between BEGIN and the body");
}

/** A block that contains no certificate. */
function otherBlock(block: PemBlock, source: TextSource): Finding | undefined {
  if (isPrivateKeyBlock(block)) {
    return keyAmongCertificates();
  }
  if (/^(PKCS7|PKCS #7 SIGNED DATA|CMS)$/.test(block.label)) {
    const what = `line ${block.line}: a PKCS#7 block, which neither Terraform nor the agent reads`;
    return error(43, what, `convert it and use the result: ${pkcs7Command(source)}`);
  }
  if (block.label !== "CERTIFICATE") {
    // Go's AppendCertsFromPEM and X509KeyPair pass over every other label.
    const what = `line ${block.line}: a block that is not labelled CERTIFICATE, which the agent passes over`;
    return error(43, what, "convert it: openssl x509 -in FILE writes the label that is read");
  }
  return undefined;
}

function keyAmongCertificates(): Finding {
  const fix = "take it out, and replace that key if the file went anywhere";
  return error(43, "has a private key among its certificates", fix);
}

function damaged(what: string, cause: unknown): Finding {
  if (!(cause instanceof EncodingError)) {
    throw cause;
  }
  return error(37, `${what} cannot be read: ${cause.message}`, "write the file again from its source");
}
