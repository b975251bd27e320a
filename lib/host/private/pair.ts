import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { CertificateProps } from "../../certificate/certificate";
import { Certificate } from "../../certificate/certificate";
import type { CertificateSource, OnHostCertificateOptions } from "../../certificate/certificate-source";
import type { HostFiles } from "../host-files";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { isGiven, textExpression } from "../../private/terraform/given-text";
import type { Problems } from "../../private/problems";
import { InputError, quoted } from "../../private/problems";
import { importSecret } from "../../private/terraform/imported-secret";
import { KeyFormat } from "../../certificate/key-format";
import { authorityRecord } from "../../authority/records";
import { readLeaf } from "../../private/given/read-leaf";
import { runLocalProgram } from "../../private/local-program";
import { expression, isKnown } from "../../private/terraform/text";
import { LEAF_USAGES } from "../../private/x509/leaf";
import { requestScript } from "./request-script";

/** Paths on the host of a certificate and its key. */
export interface Pair {
  /** The certificate, unless the pair already exists on the host. */
  readonly certificate?: Certificate;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** Path of the file with the key's passphrase, if the key is encrypted. */
  readonly passphrasePath?: string;
}

/** Format of a host's unencrypted private key. */
export interface KeyFileOptions {
  readonly keyFormat?: KeyFormat;
  /** Whether Elastic Defend reads the key too. */
  readonly elasticDefend?: boolean;
}

/** Properties of a certificate and the file of its key. */
export interface PairProps extends CertificateProps, KeyFileOptions {}

/**
 * Creates a host's certificate for one role and writes it and its key, from any source.
 *
 * @param role the certificate's id in the host, and the first part of its files' names: `fleet-cert`, `agent-cert`, …
 * @param withAnchor whether to append the CA that verifiers trust
 * @param admittedBy CAs that the verifier trusts, if not just the issuer
 */
export function createPair(
  host: Construct,
  files: HostFiles,
  role: string,
  { keyFormat, elasticDefend, ...props }: PairProps,
  withAnchor = false,
  admittedBy: readonly ICertificateAuthority[] = [props.issuer],
): Pair {
  const onHost = props.source?._onHost;
  if (onHost) {
    if (isGiven(onHost)) {
      checkOnHost(host, role, onHost, props, admittedBy);
      files.addCopy(role, textExpression(onHost));
    }
    checkDefend(files, onHost.passphrasePath, { elasticDefend });
    return {
      certificatePath: onHost.certificatePath,
      keyPath: onHost.privateKeyPath,
      passphrasePath: onHost.passphrasePath,
    };
  }
  checkPemReader(host, role, props.keyAlgorithm);
  const certificate = new Certificate(host, role, props);
  const keyFile = { keyFormat, elasticDefend };
  if (certificate.privateKeyPem === undefined) {
    const { name, content } = requestScript(files, role, props, formatOf(props.keyAlgorithm, keyFile));
    files.addPublic(name, content);
  }
  return writePair(files, role, certificate, keyFile, withAnchor);
}

/** Writes a certificate into a host's folder, and its key unless that stays on the host. */
export function writePair(
  files: HostFiles,
  role: string,
  certificate: Certificate,
  keyFile: KeyFileOptions,
  withAnchor = false,
): Pair {
  const format = formatOf(certificate._keyAlgorithm, keyFile);
  const plain = certificate._privateKeyIn(format);
  const privateKeyPem =
    plain && secretFor(files, certificate, format === KeyFormat.PKCS8 ? "key" : `${format.form}-key`, plain);
  const keyPassphrase =
    certificate.keyPassphrase && secretFor(files, certificate, "passphrase", certificate.keyPassphrase);
  const keyName = `${role}-key.pem`;
  checkDefend(files, keyPassphrase ?? certificate._passphrasePath, keyFile);
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

/** Endpoint is closed source. Elastic's own recipe gives it RSA keys in PKCS#8; of ECDSA keys nothing is known. */
function formatOf({ algorithm }: KeyAlgorithm, { keyFormat, elasticDefend }: KeyFileOptions): KeyFormat {
  return keyFormat ?? (elasticDefend && algorithm === "ECDSA" ? KeyFormat.TRADITIONAL : KeyFormat.PKCS8);
}

/** Elastic Defend reads the agent's key itself, and drops an encrypted one without a message (elastic-agent#5490). */
function checkDefend(files: HostFiles, passphrase: string | undefined, { elasticDefend }: KeyFileOptions): void {
  if (elasticDefend && passphrase !== undefined) {
    throw new InputError([
      {
        where: `${(files.node.scope as Construct).node.path}: elasticDefend`,
        what: "is true, but the private key of the host's agent is encrypted, and Elastic Defend drops such a key silently",
        allowed: "plain agent keys on hosts with Elastic Defend",
        fix: "remove the key's passphrase (agentKeyPassphrase, keyPassphrase or passphrasePath), or elasticDefend",
      },
    ]);
  }
}

/** A shared certificate's secret may come from another stack, and a value that crosses stacks loses its sensitive mark. */
function secretFor(files: HostFiles, certificate: Certificate, what: string, value: string): string {
  const stack = TerraformStack.of(files);
  return stack === TerraformStack.of(certificate)
    ? value
    : importSecret(stack, `${certificate.node.path}/${what}`, value);
}

/**
 * Programs whose PEM readers know RSA, DSA and EC alone, by the role of the key: elasticsearch libs/ssl-config
 * PemUtils.java, netty SslContext.getPrivateKeyFromByteBuffer, kafka DefaultSslEngineFactory.PemStore.
 */
const PEM_READERS: Readonly<Record<string, string>> = {
  "es-cert": "Elasticsearch",
  "logstash-cert": "Logstash",
  "logstash-es-cert": "Logstash",
  "kafka-cert": "Kafka",
};

/** Refuses a key algorithm that the program on the host cannot read. */
export function checkPemReader(host: Construct, role: string, keyAlgorithm: KeyAlgorithm): void {
  const reader = PEM_READERS[role];
  if (reader !== undefined && keyAlgorithm.algorithm === "ED25519") {
    throw new InputError([
      {
        where: `${host.node.path}: keyAlgorithm`,
        what: `is that of a key which ${reader} does not read: its PEM reader knows RSA, DSA and EC`,
        got: quoted(keyAlgorithm.toString()),
        allowed: "ECDSA and RSA",
        fix: `give ${reader} a keyAlgorithm of its own, such as KeyAlgorithm.ECDSA_P256`,
      },
    ]);
  }
}

/**
 * Checks the copy of a certificate that exists on its host: at synth if all of it is known, else by a program at plan.
 *
 * @param admittedBy CAs of which one must have issued it
 */
function checkOnHost(
  host: Construct,
  role: string,
  onHost: OnHostCertificateOptions,
  { usage, names = [] }: CertificateProps,
  admittedBy: readonly ICertificateAuthority[],
): void {
  const { pem, file } = onHost;
  const what = `${host.node.path}: the copy of ${role}${file === undefined ? "" : ` (${file})`}`;
  const usages = LEAF_USAGES.filter((each) => usage.extendedKeyUsages.includes(each));
  const known = together(admittedBy.map((ca) => authorityRecord(ca).trustPem));
  if (pem !== undefined && [pem, known ?? "", ...names].every(isKnown)) {
    const problems = readLeaf({ pem, usages, names, trust: known }, new Date());
    if (problems.length > 0) {
      const allowed = "a certificate that the other side takes";
      throw new InputError(problems.map((problem) => ({ ...problem, where: what, allowed })));
    }
    return;
  }
  const trust = together(admittedBy.map(({ trustBundlePem }) => trustBundlePem));
  runLocalProgram(host, `check-${role}`, "check-leaf", {
    what: expression(what),
    pem: textExpression(onHost),
    usages,
    names: names.map(expression),
    ...(trust !== undefined && { trust: expression(trust) }),
  });
}

/** Several bundles as one; nothing if only the hosts have one of them, since that may be the issuer. */
function together(bundles: readonly (string | undefined)[]): string | undefined {
  return bundles.every((bundle) => bundle !== undefined) ? [...new Set(bundles)].join("") : undefined;
}

/**
 * Refuses a key with a passphrase file, to which no setting can point. Elasticsearch reads passphrases from its keystore
 * only (SslConfigurationKeys.KEY_SECURE_PASSPHRASE), Kibana as text (elasticsearch.ssl.keyPassphrase).
 */
export function checkPlainKey(
  problems: Problems,
  prop: string,
  source: CertificateSource | undefined,
  reader: string,
): void {
  const passphrasePath = source?._request?.passphrasePath ?? source?._onHost?.passphrasePath;
  if (passphrasePath !== undefined) {
    problems.add(prop, {
      what: `has a key with a passphrase in a file, which ${reader} cannot be pointed to`,
      got: quoted(passphrasePath),
      allowed: `a plain key, readable by the user alone that runs ${reader}`,
      fix: "leave passphrasePath out",
    });
  }
}
