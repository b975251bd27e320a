import { readFileSync } from "node:fs";

import type { Certificate } from "../private/x509/certificate";
import { readCertificates } from "../private/x509/checks";
import { runProgram } from "./run-program";

interface Input {
  /** The file of an earlier deploy, if there was one. */
  readonly file: string;
  /** The given CA as PEM. */
  readonly trust: string;
}

/** Says whether a file of an earlier deploy has another CA than the given one: `other`, or nothing. */
function program({ file, trust }: Input): string {
  return isOtherAuthority(textOf(file), trust) ? "other" : "";
}

/** Whether an earlier deploy had another CA: one of the given certificates is not in its file, renewed or not. */
function isOtherAuthority(deployed: string, trust: string): boolean {
  const before = readCertificates(deployed).certificates;
  const isKnown = (ca: Certificate): boolean =>
    before.some(
      ({ subject, spkiPinSha256 }) => subject.rawHex === ca.subject.rawHex && spkiPinSha256 === ca.spkiPinSha256,
    );
  return before.length > 0 && !readCertificates(trust).certificates.every(isKnown);
}

/** There was no earlier deploy, or one of which nothing can be said. */
const UNREADABLE: readonly (string | undefined)[] = ["ENOENT", "ENOTDIR", "EISDIR", "EACCES"];

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (UNREADABLE.includes((error as NodeJS.ErrnoException).code)) {
      return "";
    }
    throw error;
  }
}

runProgram("check-deployed", program);
