import { createPrivateKey } from "node:crypto";

import { contentOf, fileIn, missingFile } from "../private/given/file-content";
import { EncodingError } from "../private/x509/der";
import { binaryKey, encryptAgain } from "../private/x509/key";
import type { PrivateKeyInfo } from "../private/x509/pkcs8";
import { classifyPrivateKey } from "../private/x509/pkcs8";
import { ProgramError, runProgram } from "./run-program";

interface Input {
  readonly what: string;
  readonly privateKey: string;
  readonly passphrase: string;
}

/** OpenSSL 3, and with it Node, keeps what PBES1 needs in a module of its own. */
const LEGACY = "-provider legacy -provider default";

/** A given CA key in the plain form that the tls provider reads, which cannot read encrypted ones. */
function decryptKey({ what, privateKey, passphrase }: Input): string {
  const missing = missingFile(privateKey);
  if (missing) {
    throw new ProgramError(`${what} ${missing.what}; ${missing.fix}`);
  }
  const pem = contentOf(privateKey);
  const file = fileIn(what);
  const binary = binaryKey(pem, file);
  if (binary) {
    throw new ProgramError(`${what} ${binary.what}; ${binary.fix}`);
  }
  const { encryption } = classify(what, pem);
  try {
    const key = createPrivateKey({ key: Buffer.from(pem), passphrase });
    return key.export({ format: "pem", type: "pkcs8" }).toString();
  } catch {
    const isOld = encryption?.scheme === "PBES1" || /^(DES-CBC|RC2-CBC)$/.test(encryption?.cipher ?? "");
    throw new ProgramError(
      isOld
        ? `${what} is encrypted with ${encryption?.scheme}, which Node does not read; ${encryptAgain(file)} ${LEGACY}`
        : encryption
          ? `${what} is not decrypted by its passphrase; give the passphrase that it was encrypted with`
          : `${what} cannot be read as a private key; give one private key in PEM, as openssl writes it`,
    );
  }
}

function classify(what: string, pem: string | Uint8Array): PrivateKeyInfo {
  try {
    return classifyPrivateKey(pem);
  } catch (error) {
    if (!(error instanceof EncodingError)) {
      throw error;
    }
    throw new ProgramError(`${what} cannot be read: ${error.message}; give one private key in PEM`);
  }
}

runProgram("decrypt-key", decryptKey);
