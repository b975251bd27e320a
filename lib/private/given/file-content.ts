import type { Finding } from "../x509/finding";

/** Precedes the absolute path of a file that does not exist. */
export const MISSING = "fleet-tls: no such file: ";

/** Precedes the base64 of a file that is not UTF-8. */
export const BINARY = "fleet-tls: binary: ";

/** Error of a given file. */
export interface GivenError {
  readonly what: string;
  readonly fix: string;
}

/** The errors among findings, each text once. */
export function errorsOf(findings: readonly Finding[]): GivenError[] {
  const errors = findings.filter(({ severity }) => severity === "error");
  return [...new Map(errors.map(({ what, fix }) => [what, { what, fix }])).values()];
}

/** The error if Terraform found no file: the path is the one that was tried. */
export function missingFile(text: string): GivenError | undefined {
  if (!text.startsWith(MISSING)) {
    return undefined;
  }
  const path = text.slice(MISSING.length);
  return {
    what: `does not exist: ${path}`,
    fix: path.includes("/~/")
      ? "write the path without ~, which Terraform does not expand there"
      : "create the file or correct its path: a relative one starts at the folder that contains cdktf.out",
  };
}

/** Content of a file as Terraform read it: bytes if it is not UTF-8. */
export function contentOf(text: string): string | Uint8Array {
  return text.startsWith(BINARY) ? Buffer.from(text.slice(BINARY.length), "base64") : text;
}

/** The file in the name of a part, e.g. that of `the certificate (pki/ca.pem)`. */
export function fileIn(part: string): string | undefined {
  return /\((.+)\)$/.exec(part)?.[1];
}
