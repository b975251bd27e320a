import { readCertificates } from "../private/x509/checks";
import { ProgramError, runProgram } from "./run-program";

/** A certificate as PEM, which is missing as long as there is no request for it. */
interface Described {
  readonly pem: string | null;
  /** Refuse a text of several certificates. */
  readonly one?: boolean;
}

/** Details of certificates that the tls provider does not export, by the caller's names. */
function describeCertificates(input: Record<string, Described>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(input).map(([name, text]) => [name, describe(name, text)])));
}

function describe(name: string, { pem, one }: Described): Record<string, string | null> {
  if (pem === null) {
    return { fingerprintSha256: null, spkiPinSha256: null, serialNumber: null, notAfter: null };
  }
  const { certificates } = readCertificates(pem);
  const [certificate] = [...certificates].sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
  if (!certificate) {
    throw new ProgramError(`${name} is no certificate; give it as PEM`);
  }
  if (one && certificates.length > 1) {
    throw new ProgramError(
      `${name} has ${certificates.length} certificates, so that it has no one fingerprint or pin; ` +
        "give the CA alone, several as the generations of a rotating source, or leave the pin out",
    );
  }
  const { fingerprintSha256, spkiPinSha256, serialNumber, notAfter } = certificate;
  return { fingerprintSha256, spkiPinSha256, serialNumber, notAfter: notAfter.toISOString().replace(/\.\d+Z$/, "Z") };
}

runProgram("describe-certificates", describeCertificates);
