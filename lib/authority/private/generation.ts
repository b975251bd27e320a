import { LocallySignedCert } from "@cdktf/provider-tls/lib/locally-signed-cert";
import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { Construct } from "constructs";

import type { CertificateIssueRequest, IssuedCertificate } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import type { Validity } from "../../certificate/validity";
import { duration, durationLike } from "../../private/duration";
import { InputError } from "../../private/problems";
import { attributeOf, compact, valueOf } from "../../private/terraform/attributes";
import { importSecret } from "../../private/terraform/imported-secret";
import type { AuthorityUses } from "./authority-uses";
import type { AuthorityMaker, AuthorityMaterial, IssuerMaterial } from "./material";
import { providerUsages } from "./provider-usages";

/** Defaults shared by the generations of a CA. */
export interface GenerationDefaults {
  readonly commonName: string;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly uses: AuthorityUses;
  /** The id of the one that signs. */
  readonly issuing: string;
}

/** One generation of a CA, with a key, a name and addresses of its own. */
export class Generation extends Construct {
  public readonly material: AuthorityMaterial;

  private exported?: IssuerMaterial;

  constructor(
    scope: Construct,
    public readonly generationId: string,
    maker: AuthorityMaker,
    defaults: GenerationDefaults,
  ) {
    super(scope, `generation-${generationId}`);
    this.material = maker.create(this, {
      commonName: `${defaults.commonName} ${generationId}`,
      keyAlgorithm: defaults.keyAlgorithm,
      uses: defaults.uses,
      isRetired: generationId !== defaults.issuing,
    });
  }

  /** Whether it can sign. */
  public get canIssue(): boolean {
    const { issuer, owner } = this.material;
    return issuer !== undefined || owner?.canIssue === true;
  }

  /** Key and certificate that sign in a scope; another stack receives them as sensitive values. */
  public issuerFor(scope: Construct): IssuerMaterial {
    const { issuer } = this.material;
    if (!issuer) {
      throw cannotIssue(scope.node.path, this.node.scope as Construct);
    }
    const stack = TerraformStack.of(scope);
    if (stack === TerraformStack.of(this)) {
      return issuer;
    }
    this.exported ??= this.exportIssuer(issuer);
    return {
      ...this.exported,
      privateKeyPem: importSecret(stack, `${this.node.path}/issuer-key`, this.exported.privateKeyPem),
    };
  }

  /** Signs with the generation's key. */
  public sign(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    const { requestPem, allowedUses, count, validity, earlyRenewalHours, isCertificateAuthority } = request;
    const issuer = this.issuerFor(scope);
    const resource = compact(
      new LocallySignedCert(scope, id, {
        certRequestPem: requestPem,
        caCertPem: issuer.certificatePem,
        caPrivateKeyPem: issuer.privateKeyPem,
        allowedUses: providerUsages(allowedUses),
        setSubjectKeyId: true,
        count,
        validityPeriodHours: validity.validityPeriodHours,
        earlyRenewalHours,
        isCaCertificate: isCertificateAuthority || undefined,
      }),
    );
    const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
    const certificatePem =
      count === undefined
        ? attributeOf(resource, "cert_pem")
        : new TerraformLocal(scope, `${id}-pem`, `\${one(${address}[*].cert_pem)}`).asString;
    return {
      certificatePem,
      chainPem: `${certificatePem}${issuer.intermediatesPem}`,
      anchorPem: issuer.anchorPem,
      validityEndTime:
        count === undefined ? attributeOf(resource, "validity_end_time") : `\${one(${address}[*].validity_end_time)}`,
      resource,
    };
  }

  /** Refuses a leaf that would outlive its CA: the provider does not clamp it. */
  public checkLeaf(leaf: string, { validityPeriodHours }: Validity): void {
    const { lifetime } = this.material;
    const needed = 2 * validityPeriodHours;
    const limit = lifetime && (lifetime.explicitRenewBeforeHours ?? lifetime.validityPeriodHours - 1);
    if (limit !== undefined && limit < needed) {
      throw new InputError([
        {
          where: `${leaf}: validity`,
          what: `is too long for its CA, which is renewed ${durationLike(validityPeriodHours, limit)} before its end at the earliest`,
          got: duration(validityPeriodHours),
          allowed: `half of the CA's renewal, ${durationLike(validityPeriodHours, limit / 2)}`,
          fix: `shorten it, or give the CA a renewBeforeHours of ${needed} or more and a longer validity`,
        },
      ]);
    }
  }

  /** Locals of constant names: what another stack reads keeps its name while its content changes. */
  private exportIssuer(issuer: IssuerMaterial): IssuerMaterial {
    const local = (id: string, value: string): string => valueOf(new TerraformLocal(this, id, value));
    return {
      certificatePem: local("issuer-certificate", issuer.certificatePem),
      privateKeyPem: local("issuer-key", Fn.sensitive(issuer.privateKeyPem)),
      intermediatesPem: issuer.intermediatesPem === "" ? "" : local("issuer-intermediates", issuer.intermediatesPem),
      anchorPem: local("issuer-anchor", issuer.anchorPem),
    };
  }
}

/** Error of a CA that is only trusted. */
export function cannotIssue(where: string, authority: IConstruct): InputError {
  return new InputError([
    {
      where,
      what: `cannot be issued by the CA ${authority.node.path}, which has no private key here`,
      allowed: "CAs whose source has a private key",
      fix: "use CertificateAuthoritySource.generated(), fromFiles() or another CA as issuer",
    },
  ]);
}
