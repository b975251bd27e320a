import { Problems, quoted } from "../../private/problems";
import { isKnown } from "../../private/terraform/text";
import type { CertificateSource } from "../certificate-source";
import type { KeyAlgorithm } from "../key-algorithm";
import type { KeyPassphrase } from "../key-passphrase";

interface CheckedProps {
  readonly commonName: string;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly keyPassphrase?: KeyPassphrase;
  readonly source?: CertificateSource;
}

/** RFC 5280, ub-common-name. */
const LONGEST_COMMON_NAME = 64;

/** Checks the props of a certificate. */
export function checkCertificate(
  where: string,
  { commonName, keyAlgorithm, keyPassphrase, source }: CheckedProps,
): void {
  const problems = new Problems(where);
  if (isKnown(commonName) && commonName.length > LONGEST_COMMON_NAME) {
    problems.add("commonName", {
      what: `has ${commonName.length} characters`,
      got: quoted(commonName),
      allowed: `1 to ${LONGEST_COMMON_NAME} characters (RFC 5280)`,
      fix: "choose a shorter id for the host or the fleet",
    });
  }
  const isEncrypted = keyPassphrase !== undefined || source?._request?.passphrasePath !== undefined;
  if (isEncrypted && keyAlgorithm.algorithm === "ED25519") {
    problems.add(keyPassphrase ? "keyPassphrase" : "source", {
      // elastic-agent-libs decrypt_block_nofips.go: an encrypted Ed25519 key is an unknown key type.
      what: "cannot protect an Ed25519 key, which elastic-agent does not decrypt",
      allowed: "passphrases for RSA and ECDSA keys",
      fix: "choose KeyAlgorithm.ECDSA_P256, or leave the passphrase out",
    });
  }
  if (keyPassphrase && source?._request) {
    problems.add("keyPassphrase", {
      what: "is given for a key that stays on its host",
      allowed: "passphrases for keys that Terraform generates",
      fix: "encrypt the key on the host, and name its passphrase's file there: passphrasePath of the request",
    });
  }
  problems.throwIfAny();
}
