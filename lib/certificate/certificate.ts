import { CertRequest } from "@cdktf/provider-tls/lib/cert-request";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { Construct } from "constructs";

import type { IIssuingCertificateAuthority, IssuedCertificate } from "./issuing-certificate-authority";
import type { CertificateSource } from "./certificate-source";
import type { CertificateUsage } from "./certificate-usage";
import type { KeyAlgorithm } from "./key-algorithm";
import { KeyFormat } from "./key-format";
import type { KeyPassphrase } from "./key-passphrase";
import type { KeyRotation } from "./key-rotation";
import type { CertificateDescription } from "./certificate-descriptions";
import { CertificateDescriptions } from "./certificate-descriptions";
import { checkCertificate } from "./private/check-certificate";
import type { SignableRequest } from "./private/host-request";
import { hostRequest } from "./private/host-request";
import { RenewalClock } from "./private/renewal-clock";
import { attributeOf, compact } from "../private/terraform/attributes";
import { alternativeNames } from "../private/names";
import type { Renewable } from "./renewal-dates";
import { plainText } from "../private/terraform/text";
import type { Validity } from "./validity";
import { checkProps, partId, pathOf } from "../private/check-props";

/** Properties of a certificate. */
export interface CertificateProps {
  /** The CA that signs it. */
  readonly issuer: IIssuingCertificateAuthority;

  /** The subject's common name: 1 to 64 characters; may be a Terraform token. */
  readonly commonName: string;

  /** Extended key usages. */
  readonly usage: CertificateUsage;

  /** The algorithm of its key. */
  readonly keyAlgorithm: KeyAlgorithm;

  /** Validity and renewal, which the next deploy after its date does. */
  readonly validity: Validity;

  /**
   * Replace the key with each renewal. A key that stays on its host is never touched.
   *
   * @default KeyRotation.NEVER
   */
  readonly keyRotation?: KeyRotation;

  /**
   * DNS names and IP addresses that it is valid for; each may be a Terraform token.
   *
   * @default - none, for a client certificate
   */
  readonly names?: string[];

  /**
   * Source of its key. Key pairs that already exist on the host are not managed here.
   *
   * @default CertificateSource.generated()
   */
  readonly source?: CertificateSource;

  /**
   * Encrypt the private key.
   *
   * @default - the key is plain
   */
  readonly keyPassphrase?: KeyPassphrase;
}

/** Key algorithms of the tls provider, as OpenSSL names them. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  ECDSA: "EC",
  RSA: "RSA",
  ED25519: "Ed25519",
};

/** A leaf certificate, and its key if that is ours. */
export class Certificate extends Construct {
  /** The CA that signs it. */
  public readonly issuer: IIssuingCertificateAuthority;

  /** DNS names and IP addresses that it is valid for. */
  public readonly names: string[];

  /** The issued certificate. */
  public readonly issued: IssuedCertificate;

  /**
   * The private key as PKCS#8 PEM, encrypted if there is a passphrase; absent where it stays on its host. Sensitive.
   */
  public readonly privateKeyPem?: string;

  /** The passphrase of the private key, if it has one. Sensitive. */
  public readonly keyPassphrase?: string;

  /** The key's Terraform resource, for escape hatches. */
  public readonly key?: PrivateKey;

  /** The request's Terraform resource, for escape hatches. */
  public readonly request?: CertRequest;

  /** 1 once a request that a host has to send is there, 0 before. @internal */
  public readonly _count?: number;

  /** The file of the request that a host has to send, if it is one. @internal */
  public readonly _requestFile?: string;

  /** Path on the host of the passphrase of a key that stays there, if it has one. @internal */
  public readonly _passphrasePath?: string;

  /** The algorithm of its key. @internal */
  public readonly _keyAlgorithm: KeyAlgorithm;

  /** For how many hours it is valid. @internal */
  public readonly _validityHours: number;

  /** When it is due. @internal */
  public readonly _renewable: Renewable;

  private details?: CertificateDescription;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    checkProps(pathOf(scope, id), "CertificateProps", props);
    super(scope, partId(scope, id));
    checkCertificate(this.node.path, props);
    this.issuer = props.issuer;
    this._keyAlgorithm = props.keyAlgorithm;
    this.names = [...(props.names ?? [])];
    const hostsRequest = props.source?._request;
    this._requestFile = hostsRequest?.file;
    this._passphrasePath = hostsRequest?.passphrasePath;
    let signable: SignableRequest;
    if (hostsRequest) {
      const { commonName, names = [], usage } = props;
      signable = hostRequest(this, hostsRequest, {
        commonName,
        names,
        extendedKeyUsages: usage.extendedKeyUsages,
        keyAlgorithm: KEY_NAMES[props.keyAlgorithm.algorithm] as string,
      });
    } else {
      this.key = this.createKey(props);
      this.request = this.createRequest(this.key, props);
      signable = { requestPem: attributeOf(this.request, "cert_request_pem") };
    }
    this._count = signable.count;
    this.issued = props.issuer.issue(this, "certificate", {
      ...signable,
      allowedUses: allowedUses(props.usage, props.keyAlgorithm),
      validity: props.validity,
      names: props.names,
    });
    this._validityHours = props.validity.validityPeriodHours;
    this._renewable = {
      end: this.issued.validityEndTime,
      beforeHours: props.validity.earlyRenewalHours,
    };
    this.node.defaultChild = this.issued.resource;
    if (this.key) {
      const plain = attributeOf(this.key, KeyFormat.PKCS8._attribute);
      const encrypted = props.keyPassphrase?._encrypt(this, "encrypted-key", plain);
      this.privateKeyPem = encrypted?.privateKeyPem ?? plain;
      this.keyPassphrase = encrypted?.passphrase;
    }
  }

  /**
   * The end of its validity, RFC 3339 in UTC. It and the next three are null as long as a host's request is missing,
   * and reading one of them makes Terraform run a Node program, one for all certificates of a stack.
   */
  public get notAfter(): string {
    return this._details.notAfter;
  }

  /** Its serial number, hexadecimal. */
  public get serialNumber(): string {
    return this._details.serialNumber;
  }

  /** The SHA-256 fingerprint of the certificate: hexadecimal, without colons. */
  public get fingerprintSha256(): string {
    return this._details.fingerprintSha256;
  }

  /** The SHA-256 of its public key: base64, as `--ca-sha256` takes it. It changes with the key alone. */
  public get spkiPinSha256(): string {
    return this._details.spkiPinSha256;
  }

  /** Details that a program reads from it. @internal */
  public get _details(): CertificateDescription {
    this.details ??= CertificateDescriptions.ofStack(this).add(this.node.path, this.issued.certificatePem);
    return this.details;
  }

  /**
   * The private key in a format; encrypted keys have only one. Absent where it stays on its host. Sensitive.
   *
   * @internal
   */
  public _privateKeyIn(format: KeyFormat): string | undefined {
    return this.key === undefined || this.keyPassphrase !== undefined
      ? this.privateKeyPem
      : attributeOf(this.key, format._attribute);
  }

  private createKey({
    keyAlgorithm: { algorithm, ecdsaCurve, rsaBits },
    keyRotation,
    validity,
  }: CertificateProps): PrivateKey {
    const clock = keyRotation?.isOnRenewal ? new RenewalClock(this, "renewal-clock", validity) : undefined;
    const lifecycle = clock && { replaceTriggeredBy: [clock.tick] };
    return compact(new PrivateKey(this, "key", { algorithm, ecdsaCurve, rsaBits, lifecycle }));
  }

  private createRequest(key: PrivateKey, props: CertificateProps): CertRequest {
    const { dnsNames, ipAddresses } = alternativeNames(props.names ?? []);
    return compact(
      new CertRequest(this, "request", {
        privateKeyPem: attributeOf(key, "private_key_pem"),
        subject: [{ commonName: plainText(props.commonName) }],
        dnsNames: dnsNames.length > 0 ? dnsNames : undefined,
        ipAddresses: ipAddresses.length > 0 ? ipAddresses : undefined,
      }),
    );
  }
}

/** RSA servers may be asked for key transport; `keyEncipherment` is wrong on keys that cannot encrypt. */
function allowedUses(usage: CertificateUsage, { algorithm }: KeyAlgorithm): string[] {
  const keyUsages = ["digitalSignature", ...(usage.isServer && algorithm === "RSA" ? ["keyEncipherment"] : [])];
  return [...keyUsages, ...usage.extendedKeyUsages];
}
