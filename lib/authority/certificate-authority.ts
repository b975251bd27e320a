import type { TerraformResource } from "cdktf";
import { Annotations, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type {
  CertificateIssueRequest,
  IIssuingCertificateAuthority,
  IssuedCertificate,
} from "../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import type { CertificateDetails } from "../certificate/certificate-descriptions";
import { CertificateDescriptions } from "../certificate/certificate-descriptions";
import { InputError } from "../private/problems";
import type { Validity } from "../certificate/validity";
import { valueOf } from "../private/terraform/attributes";
import { createLocal } from "../private/terraform/local";
import { CertificateAuthoritySource } from "./certificate-authority-source";
import { AuthorityUses } from "./private/authority-uses";
import { Generation } from "./private/generation";
import { GenerationsRecord } from "./private/generations-record";
import { authorityRecord, isOfLibrary, keepRecord } from "./records";
import { checkArguments, checkProps, partId, pathOf } from "../private/check-props";
import { pathId } from "../private/terraform/path-id";

/** Properties of a CA. */
export interface CertificateAuthorityProps {
  /** Source of the CA; an existing CA is passed as itself. */
  readonly source: CertificateAuthoritySource;

  /** Common name of a generated CA whose source chooses none; the generation is appended. */
  readonly commonName: string;

  /** Key algorithm of a generated CA whose source chooses none. */
  readonly keyAlgorithm: KeyAlgorithm;

  /**
   * Give every other stack an intermediate CA of its own to sign with, so that this CA's key stays in its own stack's
   * state.
   *
   * @default false - Terraform copies the CA's key into the state of every stack that it signs in
   */
  readonly intermediatePerStack?: boolean;
}

/** Certificate authority: one or more generations, each in a child of its own, so that a rotation moves no address. */
export class CertificateAuthority extends Construct implements IIssuingCertificateAuthority {
  public readonly trustBundlePem?: string;

  public readonly trustHostPath?: string;

  public readonly canIssue: boolean;

  private readonly props: CertificateAuthorityProps;
  private readonly generations: Generation[];
  private readonly uses = new AuthorityUses();
  private readonly record: GenerationsRecord;
  private readonly details = new Map<string, CertificateDetails>();
  private descriptions?: CertificateDescriptions;
  private readonly stackIssuers = new Map<TerraformStack, CertificateAuthority>();

  /** @throws if the source is an existing CA or one of its parts is wrong */
  constructor(scope: Construct, id: string, props: CertificateAuthorityProps) {
    checkProps(pathOf(scope, id), "CertificateAuthorityProps", props);
    super(scope, partId(scope, id));
    this.props = props;
    const { commonName, keyAlgorithm } = props;
    const { _generations: sources, _rotation: rotation } = props.source;
    this.checkSource();
    const defaults = { commonName, keyAlgorithm, uses: this.uses, issuing: rotation.issuing };
    this.generations = sources.map(({ id, maker }) => new Generation(this, id, maker, defaults));
    this.checkGenerations();
    this.record = new GenerationsRecord(this, {
      rotation,
      generations: this.generations,
      uses: this.uses,
      stackIssuers: () => [...this.stackIssuers.values()].map(authorityRecord),
      prepareIssuer: (stack, validity) => this.prepareIssuer(stack, validity),
      ownerRecord: (owner) => (isOfLibrary(owner) ? authorityRecord(owner) : undefined),
    });
    keepRecord(this, this.record);
    this.canIssue = this.record.canIssue;
    this.trustHostPath = this.generations[0]?.material.trustHostPath;
    this.trustBundlePem = this.exportBundle(this.record.trustPem);
    this.node.defaultChild = this.record.issuing.material.certificateResource;
    if (rotation.emergency) {
      this.warnOfEmergency();
    }
  }

  public get fingerprintSha256(): string {
    const { issuing } = this.record;
    return issuing.material.owner?.fingerprintSha256 ?? this.describe(issuing).fingerprintSha256;
  }

  public get spkiPinsSha256(): string[] {
    return this.generations.flatMap((each) => each.material.owner?.spkiPinsSha256 ?? this.describe(each).spkiPinSha256);
  }

  /**
   * Terraform resources of the generations' certificates, by generation, for escape hatches; only those created here.
   */
  public get certificateResources(): { [generation: string]: TerraformResource } {
    const all = this.generations.map(({ generationId, material }) => [generationId, material.certificateResource]);
    return Object.fromEntries(all.filter(([, resource]) => resource !== undefined));
  }

  public issue(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    checkArguments("CertificateAuthority.issue", { scope, id, request }, `${this.node.path}.issue`);
    const { validity, allowedUses, isCertificateAuthority, earlyRenewalHours } = request;
    const stack = TerraformStack.of(scope);
    if (this.props.intermediatePerStack && !isCertificateAuthority && stack !== TerraformStack.of(this)) {
      return this.stackIssuer(stack).issue(scope, id, request);
    }
    // Check against every generation, because any may become the issuer.
    this.uses.addSigned(validity.validityPeriodHours, allowedUses);
    this.record.addNames(scope, scope.node.path, request.names ?? []);
    for (const generation of this.generations) {
      generation.checkLeaf(`${scope.node.path}/${id}`, validity);
    }
    return this.sign(scope, id, {
      ...request,
      earlyRenewalHours: earlyRenewalHours ?? validity.earlyRenewalHours,
    });
  }

  private checkSource(): void {
    const { _owner: owner, _generations: generations } = this.props.source;
    if (owner && generations.length === 0) {
      throw new InputError([
        {
          where: `${this.node.path}: source`,
          what: "is an existing CA, which needs no second construct",
          got: owner.node.path,
          allowed: "any other source",
          fix: "pass that CA itself",
        },
      ]);
    }
  }

  /** Hosts get one bundle, which cannot have a certificate that only they have. */
  private checkGenerations(): void {
    const unread = this.generations.filter(({ material }) => material.trustPem === undefined);
    if (this.generations.length > 1 && unread.length > 0) {
      throw new InputError([
        {
          where: `${this.node.path}: source`,
          what: "has generations of which hosts get only a part",
          got: `generation ${unread.map(({ generationId }) => generationId).join(", ")} without a certificate here`,
          allowed: "generations whose certificates Terraform reads, or one alone",
          fix: "give the certificate with CertificateAuthoritySource.trustOnly({ file }) or ({ pem })",
        },
      ]);
    }
  }

  /** At synth, in the plan and after the deploy: this step needs a confirmation. */
  private warnOfEmergency(): void {
    const { generations, issuing } = this.props.source._rotation;
    const text =
      `${this.node.path}: emergency is set: this deploy checks no step. Hosts will trust generations ` +
      `${generations.join(", ")} only, and ${issuing} signs; every host without its new files is cut off until it is ` +
      "given them by hand. Take emergency away with the next deploy";
    Annotations.of(this).addWarning(text);
    new TerraformOutput(this, "emergency", { value: text, description: "What an emergency rotation does to hosts" });
  }

  private sign(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    const { owner } = this.record.issuing.material;
    if (owner?.canIssue) {
      return (owner as IIssuingCertificateAuthority).issue(scope, id, request);
    }
    return this.record.issuing.sign(scope, id, request);
  }

  /** A local of constant name: what other stacks read keeps its name while its content changes. */
  private exportBundle(bundle: string | undefined): string | undefined {
    return bundle === undefined ? undefined : valueOf(new TerraformLocal(this, "trust-bundle", bundle));
  }

  private describe({ generationId, material }: Generation): CertificateDetails {
    const known = this.details.get(generationId);
    if (known) {
      return known;
    }
    const pem = material.issuer?.anchorPem ?? material.trustPem;
    if (pem === undefined) {
      throw new InputError([
        {
          where: this.node.path,
          what: "has no fingerprint and no pin here, since only the hosts have its certificate",
          allowed: "CAs whose source gives their PEM",
          fix: "use CertificateAuthoritySource.trustOnly({ file }) or ({ pem })",
        },
      ]);
    }
    this.descriptions ??= new CertificateDescriptions(this, "descriptions");
    const details = this.descriptions.add(`${this.node.path}/${generationId}`, pem, true);
    this.details.set(generationId, details);
    return details;
  }

  /** Makes another stack read the signing key and certificate before it has a certificate to sign. */
  private prepareIssuer(stack: TerraformStack, { validityPeriodHours }: Validity): void {
    const { record, uses } = this.props.intermediatePerStack ? this.stackIssuer(stack) : this;
    uses.addSigned(validityPeriodHours, []);
    const { issuing } = record;
    if (issuing.material.issuer) {
      const id = pathId(stack, "issuer", this.node.path);
      const { certificatePem, intermediatesPem, anchorPem } = issuing.issuerFor(stack);
      createLocal(stack, id, [certificatePem, intermediatesPem, anchorPem]);
    }
  }

  /** An intermediate that signs in another stack, made and signed in this CA's own. */
  private stackIssuer(stack: TerraformStack): CertificateAuthority {
    const existing = this.stackIssuers.get(stack);
    const issuer =
      existing ??
      new CertificateAuthority(this, `stack-${stack.node.id}`, {
        source: CertificateAuthoritySource.intermediate({ issuer: this }),
        commonName: `${this.props.commonName} ${stack.node.id}`,
        keyAlgorithm: this.props.keyAlgorithm,
      });
    this.stackIssuers.set(stack, issuer);
    return issuer;
  }
}
