import { CertRequest } from "@cdktf/provider-tls/lib/cert-request";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { SelfSignedCert } from "@cdktf/provider-tls/lib/self-signed-cert";
import { Fn, Lazy } from "cdktf";
import type { Construct } from "constructs";

import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { Validity } from "../../certificate/validity";
import { authorityRenewalHours } from "../../certificate/renewal-hours";
import { plainText } from "../../private/terraform/text";
import { anchorsFor, authorityRecord, signingAnchorsFor } from "../records";
import type { AuthorityContext, AuthorityIdentity, AuthorityMaker, AuthorityMaterial } from "./material";
import { providerUsages } from "./provider-usages";

/** Options for a CA that Terraform generates. */
export interface GeneratedOptions {
  readonly commonName?: string;
  readonly keyAlgorithm?: KeyAlgorithm;
  readonly validity?: Validity;
}

const ROOT_VALIDITY = Validity.years(10);

/** Short enough that a root of ten years, renewed twice this long before its end, can sign it. */
const INTERMEDIATE_VALIDITY = Validity.years(3);

const CA_USES = ["keyCertSign", "cRLSign"];

/** A root CA. */
export function generatedRoot(options: GeneratedOptions): AuthorityMaker {
  return { canIssue: true, create: (scope, context) => createRoot(scope, options, context) };
}

/** A CA below another one. */
export function generatedIntermediate(
  issuer: IIssuingCertificateAuthority,
  isAnchor: boolean,
  options: GeneratedOptions,
): AuthorityMaker {
  return {
    canIssue: true,
    create: (scope, context) => createIntermediate(scope, issuer, isAnchor, options, context),
  };
}

function createRoot(scope: Construct, options: GeneratedOptions, context: AuthorityContext): AuthorityMaterial {
  const validity = options.validity ?? ROOT_VALIDITY;
  const keyAlgorithm = options.keyAlgorithm ?? context.keyAlgorithm;
  const commonName = options.commonName ?? context.commonName;
  const key = createKey(scope, keyAlgorithm);
  const beforeHours = earlyRenewalHours(validity, context);
  const certificate = new SelfSignedCert(scope, "certificate", {
    privateKeyPem: key.privateKeyPem,
    isCaCertificate: true,
    allowedUses: providerUsages(CA_USES),
    setSubjectKeyId: true,
    // The provider gives a root no AKI by itself, and strict verifiers want one on everything.
    setAuthorityKeyId: true,
    subject: [subject(key, commonName)],
    validityPeriodHours: validity.validityPeriodHours,
    earlyRenewalHours: beforeHours,
  });
  const identity = identityOf(key, commonName, keyAlgorithm, "itself");
  return {
    trustPem: certificate.certPem,
    issuer: {
      certificatePem: certificate.certPem,
      privateKeyPem: key.privateKeyPem,
      intermediatesPem: "",
      anchorPem: certificate.certPem,
    },
    certificateResource: certificate,
    lifetime: validity,
    commonName,
    renewable: { end: certificate.validityEndTime, beforeHours },
    identity,
    anchors: [anchorOf(scope, identity)],
    signsForOthers: false,
  };
}

function createIntermediate(
  scope: Construct,
  issuer: IIssuingCertificateAuthority,
  isAnchor: boolean,
  options: GeneratedOptions,
  context: AuthorityContext,
): AuthorityMaterial {
  const validity = options.validity ?? INTERMEDIATE_VALIDITY;
  const keyAlgorithm = options.keyAlgorithm ?? context.keyAlgorithm;
  const commonName = options.commonName ?? context.commonName;
  const key = createKey(scope, keyAlgorithm);
  const request = new CertRequest(scope, "request", {
    privateKeyPem: key.privateKeyPem,
    subject: [subject(key, commonName)],
  });
  const beforeHours = earlyRenewalHours(validity, context);
  const record = authorityRecord(issuer);
  record.addAuthorityBelow(context.uses);
  const { certificatePem, chainPem, anchorPem, validityEndTime, resource } = issuer.issue(scope, "certificate", {
    requestPem: request.certRequestPem,
    allowedUses: CA_USES,
    validity,
    earlyRenewalHours: beforeHours,
    isCertificateAuthority: true,
  });
  const own = identityOf(key, commonName, keyAlgorithm, issuer.node.path);
  return {
    trustPem: isAnchor ? certificatePem : issuer.trustBundlePem,
    issuer: {
      certificatePem,
      privateKeyPem: key.privateKeyPem,
      intermediatesPem: isAnchor ? "" : chainPem,
      anchorPem: isAnchor ? certificatePem : anchorPem,
    },
    certificateResource: resource,
    lifetime: validity,
    commonName,
    renewable: { end: validityEndTime, beforeHours },
    // Hosts that trust the CA above it take it from there with any key.
    anchors: isAnchor ? [anchorOf(scope, own)] : anchorsFor(scope, issuer),
    signingAnchors: isAnchor ? undefined : signingAnchorsFor(scope, issuer),
    identity: isAnchor ? own : { description: `an intermediate below ${issuer.node.path}` },
    above: isAnchor ? undefined : record,
    // Hosts do not look above an anchor.
    given: isAnchor ? undefined : record.given,
    givenTrustPem: isAnchor ? undefined : record.givenTrustPem,
    // Then hosts trust the CA above it, which issues other certificates too.
    signsForOthers: !isAnchor,
    hasRoot: isAnchor ? false : record.roots.find((root) => root !== true),
  };
}

function createKey(scope: Construct, { algorithm, ecdsaCurve, rsaBits }: KeyAlgorithm): PrivateKey {
  return new PrivateKey(scope, "key", { algorithm, ecdsaCurve, rsaBits });
}

/** The address distinguishes it from others of that name; the key has a guard of its own. */
function anchorOf(scope: Construct, { description }: AuthorityIdentity): string {
  return `${scope.node.path}: ${description}`;
}

function identityOf(
  key: PrivateKey,
  commonName: string,
  keyAlgorithm: KeyAlgorithm,
  issuer: string,
): AuthorityIdentity {
  return {
    description: `generated, ${commonName}, ${keyAlgorithm.toString()}`,
    key: key.publicKeyFingerprintSha256,
    issuer,
  };
}

/** No verifier distinguishes two CAs of one name: OpenSSL does not try the second one. */
function subject(key: PrivateKey, commonName: string): { commonName: string; serialNumber: string } {
  return {
    commonName: plainText(commonName),
    serialNumber: Fn.trimprefix(key.publicKeyFingerprintSha256, "SHA256:"),
  };
}

function earlyRenewalHours(validity: Validity, context: AuthorityContext): number {
  return (
    validity.explicitRenewBeforeHours ??
    Lazy.numberValue({ produce: () => authorityRenewalHours(context.uses.longestHours) || validity.earlyRenewalHours })
  );
}
