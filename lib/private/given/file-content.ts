/** Stands for a file that is not there. */
export const MISSING = "fleet-tls: no such file";

/** Stands before the base64 of a file that is not UTF-8. */
export const BINARY = "fleet-tls: binary: ";

/** What Terraform read of a given text: nothing where its file is missing, bytes where it is not UTF-8. */
export function unmarked(text: string): string | Uint8Array | undefined {
  if (text === MISSING) {
    return undefined;
  }
  return text.startsWith(BINARY) ? Buffer.from(text.slice(BINARY.length), "base64") : text;
}
