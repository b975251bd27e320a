import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateProps } from "../../certificate/certificate";
import { Certificate } from "../../certificate/certificate";
import type { HostFiles } from "../host-files";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { isGiven, textExpression } from "../../private/terraform/given-text";
import { InputError, quoted } from "../../private/problems";
import { importSecret } from "../../private/terraform/imported-secret";
import { checkOnHost } from "./check-on-host";
import { requestScript } from "./request-script";

/** A certificate and its key, as a host's command names them. */
export interface Pair {
  /** The certificate, unless it lies on the host already. */
  readonly certificate?: Certificate;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** Where the key's passphrase lies, if it has one. */
  readonly passphrasePath?: string;
}

/**
 * Makes what a host presents in one of its roles, wherever its key comes from.
 *
 * @param role the certificate's id in the host, and the first part of its files' names: `fleet-cert`, `agent-cert`, …
 * @param withAnchor whether the CA that verifiers trust follows the chain
 * @param admittedBy the CAs that the other side trusts, where that is not the issuer alone
 */
export function createPair(
  host: Construct,
  files: HostFiles,
  role: string,
  props: CertificateProps,
  withAnchor = false,
  admittedBy: readonly ICertificateAuthority[] = [props.issuer],
): Pair {
  const onHost = props.source?._onHost;
  if (onHost) {
    if (isGiven(onHost)) {
      checkOnHost(host, role, onHost, props, admittedBy);
      files.addCopy(role, textExpression(onHost));
    }
    return {
      certificatePath: onHost.certificatePath,
      keyPath: onHost.privateKeyPath,
      passphrasePath: onHost.passphrasePath,
    };
  }
  checkReaders(host, role, props.keyAlgorithm);
  const certificate = new Certificate(host, role, props);
  if (certificate.privateKeyPem === undefined) {
    const { name, content } = requestScript(files, role, props);
    files.addPublic(name, content);
  }
  return writePair(files, role, certificate, withAnchor);
}

/** Writes a certificate into a host's folder, and its key unless that stays on the host. */
export function writePair(files: HostFiles, role: string, certificate: Certificate, withAnchor = false): Pair {
  const privateKeyPem = certificate.privateKeyPem && secretFor(files, certificate, "key", certificate.privateKeyPem);
  const keyPassphrase =
    certificate.keyPassphrase && secretFor(files, certificate, "passphrase", certificate.keyPassphrase);
  const keyName = `${role}-key.pem`;
  return {
    certificate,
    certificatePath: files.addCertificate(`${role}.pem`, certificate, withAnchor).hostPath,
    keyPath: privateKeyPem === undefined ? files.hostPath(keyName) : files.addSecret(keyName, privateKeyPem).hostPath,
    passphrasePath:
      // elastic-agent-libs v0.31.0 reads the file raw: a newline would be part of the passphrase.
      keyPassphrase === undefined
        ? certificate._passphrasePath
        : files.addSecret(`${role}-key-passphrase`, keyPassphrase).hostPath,
  };
}

/** A secret of a shared certificate may come from another stack, and arrives from there without its mark. */
function secretFor(files: HostFiles, certificate: Certificate, what: string, value: string): string {
  const stack = TerraformStack.of(files);
  return stack === TerraformStack.of(certificate)
    ? value
    : importSecret(stack, `${certificate.node.path}/${what}`, value);
}

/** Refuses a key that what will read it does not know. */
function checkReaders(host: Construct, role: string, keyAlgorithm: KeyAlgorithm): void {
  if (role === "es-cert" && keyAlgorithm.algorithm === "ED25519") {
    throw new InputError([
      {
        where: `${host.node.path}: keyAlgorithm`,
        // elasticsearch libs/ssl-config PemUtils.java, getKeyAlgorithmIdentifier: RSA, DSA and EC alone.
        what: "is that of a key which Elasticsearch does not read: its PEM reader knows RSA, DSA and EC",
        got: quoted(keyAlgorithm.toString()),
        allowed: "ECDSA and RSA",
        fix: "give Elasticsearch a keyAlgorithm of its own, such as KeyAlgorithm.ECDSA_P256",
      },
    ]);
  }
}
