import { LocallySignedCert } from "@cdktf/provider-tls/lib/locally-signed-cert";
import type { TerraformResource } from "cdktf";
import { Annotations, TerraformLocal, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import { CertificateAuthoritySource } from "./certificate-authority-source";
import type { KeyAlgorithm } from "../certificate/key-algorithm";
import { AuthorityUses } from "./private/authority-uses";
import { Generation } from "./private/generation";
import type { GivenEnding } from "./private/material";
import { RotationGate } from "./private/rotation-gate";
import type { RotationPlan } from "./private/rotation-plan";
import type { CertificateDetails } from "../certificate/private/certificate-details";
import { CertificateDescriptions } from "../certificate/private/certificate-details";
import { FaultsError } from "../private/faults";
import { attributeOf, lean } from "../private/terraform/lean";
import type { Renewable } from "../certificate/private/renewal/dates";
import type { LeafUsage } from "../private/x509/leaf";
import type {
  CertificateIssueRequest,
  IIssuingCertificateAuthority,
  IssuedCertificate,
} from "../certificate/issuing-certificate-authority";

/** What a CA is made of. */
export interface CertificateAuthorityProps {
  /** Where it comes from. */
  readonly source: CertificateAuthoritySource;

  /** The common name of a generated CA whose source chooses none, to which the generation is added. */
  readonly commonName: string;

  /** The key algorithm of a generated CA whose source names none. */
  readonly keyAlgorithm: KeyAlgorithm;

  /**
   * Whether every other stack gets an intermediate of its own to sign with, so that this CA's key stays in its state.
   *
   * @default false - Terraform copies the CA's key into the state of every stack that it signs in
   */
  readonly intermediatePerStack?: boolean;
}

/** A certificate authority: one or more generations, each in a child of its own, so that a rotation moves no address. */
export class CertificateAuthority extends Construct implements IIssuingCertificateAuthority {
  public readonly trustBundlePem?: string;

  public readonly trustHostPath?: string;

  public readonly canIssue: boolean;

  /** @internal */
  public readonly _trustPem?: string;

  /** The files of every stack by which hosts trust this CA. @internal */
  public readonly _bundleFiles: TerraformResource[] = [];

  /** The files of every stack that hold a certificate of this CA. @internal */
  public readonly _leafFiles: TerraformResource[] = [];

  private readonly props: CertificateAuthorityProps;
  private readonly lender?: CertificateAuthority;
  private readonly generations: Generation[];
  private readonly uses = new AuthorityUses();
  private readonly details = new Map<string, CertificateDetails>();
  private descriptions?: CertificateDescriptions;
  private readonly gates = new Map<TerraformStack, RotationGate>();
  private readonly stackIssuers = new Map<TerraformStack, CertificateAuthority>();

  constructor(scope: Construct, id: string, props: CertificateAuthorityProps) {
    super(scope, id);
    this.props = props;
    const { _lender: lender, _generations: generations } = props.source;
    this.lender = lender;
    const { commonName, keyAlgorithm } = props;
    const defaults = { commonName, keyAlgorithm, uses: this.uses, issuing: props.source._rotation.issuing };
    this.generations = generations.map(({ id, maker }) => new Generation(this, id, maker, defaults));
    this.canIssue = lender?.canIssue ?? this.issuing.material.issuer !== undefined;
    this.trustHostPath = lender ? lender.trustHostPath : this.generations[0]?.material.trustHostPath;
    this._trustPem = lender ? lender._trustPem : this.bundle();
    this.trustBundlePem = lender ? lender.trustBundlePem : this.exportBundle(this._trustPem);
    if (this.canIssue && !lender) {
      this.gateOf(TerraformStack.of(this));
    }
    if (props.source._rotation.emergency) {
      this.warnOfEmergency();
    }
  }

  public get fingerprintSha256(): string {
    return this.lender?.fingerprintSha256 ?? this.describe(this.issuing).fingerprintSha256;
  }

  public get spkiPinsSha256(): string[] {
    return this.lender?.spkiPinsSha256 ?? this.generations.map((each) => this.describe(each).spkiPinSha256);
  }

  public issue(scope: Construct, id: string, request: CertificateIssueRequest): IssuedCertificate {
    if (this.lender) {
      return this.lender.issue(scope, id, request);
    }
    const stack = TerraformStack.of(scope);
    if (this.props.intermediatePerStack && stack !== TerraformStack.of(this)) {
      return this.stackIssuer(stack).issue(scope, id, request);
    }
    this.checkLeaf(`${scope.node.path}/${id}`, request);
    return this.sign(scope, id, request, {
      validityPeriodHours: request.validity.validityPeriodHours,
      earlyRenewalHours: request.validity.earlyRenewalHours,
    });
  }

  /** Signs another CA. @internal */
  public _issueAuthority(
    scope: Construct,
    id: string,
    request: CertificateIssueRequest,
    earlyRenewalHours: number,
    uses: AuthorityUses,
  ): IssuedCertificate {
    if (this.lender) {
      return this.lender._issueAuthority(scope, id, request, earlyRenewalHours, uses);
    }
    this.uses.addAuthority(uses);
    this.checkLeaf(`${scope.node.path}/${id}`, request);
    const { validityPeriodHours } = request.validity;
    return this.sign(scope, id, request, { validityPeriodHours, earlyRenewalHours, isCaCertificate: true });
  }

  /** @internal */
  public get _signsForOthers(): boolean {
    return this.lender ? this.lender._signsForOthers : this.generations.some(({ material }) => material.signsForOthers);
  }

  /** What of this CA deploys renew, the intermediates of other stacks included; a borrowed CA is its owner's. @internal */
  public get _renewables(): Renewable[] {
    const own = this.generations.flatMap(({ material }) => material.renewable ?? []);
    return [...own, ...[...this.stackIssuers.values()].flatMap((issuer) => issuer._renewables)];
  }

  /** The generations and the one that signs; of a borrowed CA, its owner's. @internal */
  public get _rotation(): RotationPlan {
    return this.lender?._rotation ?? this.props.source._rotation;
  }

  /** The common name of the generation that signs, where it is ours to choose. @internal */
  public get _issuerName(): string | undefined {
    return this.lender ? this.lender._issuerName : this.issuing.material.commonName;
  }

  /** What a deploy of this CA's stack ends with, where this CA is made. @internal */
  public get _completion(): TerraformResource[] {
    return [...this.gates].filter(([stack]) => stack === TerraformStack.of(this)).map(([, gate]) => gate.completion);
  }

  /** When what is given of this CA ends, the CAs above it included. @internal */
  public get _given(): readonly GivenEnding[] {
    return this.lender ? this.lender._given : this.generations.flatMap(({ material }) => material.given ?? []);
  }

  /** The anchors that are given, whose names nobody here chose; a borrowed CA's are its owner's. @internal */
  public get _givenTrustPem(): string | undefined {
    const given = this.generations.flatMap(({ material }) => material.givenTrustPem ?? []);
    return this.lender ? this.lender._givenTrustPem : given.length === 0 ? undefined : given.join("");
  }

  /** The certificate of each generation, as far as Terraform knows it; a borrowed CA's are its owner's. @internal */
  public get _certificates(): { generationId: string; pem: string }[] {
    if (this.lender) {
      return this.lender._certificates;
    }
    return this.generations.flatMap(({ generationId, material }) => {
      const pem = material.issuer?.certificatePem ?? material.trustPem;
      return pem === undefined ? [] : [{ generationId, pem }];
    });
  }

  /** What others sign with this CA, where it is only trusted. @internal */
  public _addUsage(usage: LeafUsage): void {
    if (this.lender) {
      this.lender._addUsage(usage);
    } else {
      this.uses.addUsage(usage);
    }
  }

  /** @internal */
  public _addBundleFile(file: TerraformResource): void {
    this._bundleFiles.push(file);
    this.lender?._addBundleFile(file);
    if (this.canIssue && !this.lender) {
      this.gateOf(TerraformStack.of(file)).addBundleFile(file);
    }
  }

  /** @internal */
  public _addLeafFile(file: TerraformResource): void {
    this._leafFiles.push(file);
    this.lender?._addLeafFile(file);
    if (!this.lender) {
      this.gateOf(TerraformStack.of(file)).addLeafFile(file);
    }
  }

  /** At synth, in the plan and after the deploy: nobody is to take this step without knowing. */
  private warnOfEmergency(): void {
    const { generations, issuing } = this.props.source._rotation;
    const text =
      `${this.node.path}: emergency is set: this deploy checks no step. Hosts will trust generations ` +
      `${generations.join(", ")} only, and ${issuing} signs; every host without its new files is cut off until it is ` +
      "given them by hand. Take emergency away with the next deploy";
    Annotations.of(this).addWarning(text);
    new TerraformOutput(this, "emergency", { value: text, description: "What an emergency rotation does to hosts" });
  }

  private get issuing(): Generation {
    const { issuing } = this.props.source._rotation;
    return this.generations.find(({ generationId }) => generationId === issuing) as Generation;
  }

  /** Held to what the strictest generation allows: each may come to sign. */
  private checkLeaf(leaf: string, { validity, allowedUses }: CertificateIssueRequest): void {
    this.uses.addSigned(validity.validityPeriodHours, allowedUses);
    for (const generation of this.generations) {
      generation.checkLeaf(leaf, validity);
    }
  }

  private sign(
    scope: Construct,
    id: string,
    { requestPem, allowedUses, count }: CertificateIssueRequest,
    lifetime: { validityPeriodHours: number; earlyRenewalHours: number; isCaCertificate?: boolean },
  ): IssuedCertificate {
    const issuer = this.issuing.issuerFor(scope);
    const resource = lean(
      new LocallySignedCert(scope, id, {
        certRequestPem: requestPem,
        caCertPem: issuer.certificatePem,
        caPrivateKeyPem: issuer.privateKeyPem,
        allowedUses,
        setSubjectKeyId: true,
        count,
        ...lifetime,
      }),
    );
    const certificatePem =
      count === undefined
        ? attributeOf(resource, "cert_pem")
        : new TerraformLocal(
            scope,
            `${id}-pem`,
            `\${one(${resource.terraformResourceType}.${resource.friendlyUniqueId}[*].cert_pem)}`,
          ).asString;
    const chainPem = `${certificatePem}${issuer.intermediatesPem}`;
    return { certificatePem, chainPem, anchorPem: issuer.anchorPem, resource };
  }

  /** A local of constant name: what other stacks read keeps its name while its content changes. */
  private exportBundle(bundle: string | undefined): string | undefined {
    return bundle === undefined ? undefined : new TerraformLocal(this, "trust-bundle", bundle).asString;
  }

  private bundle(): string | undefined {
    const bundles = this.generations.flatMap(({ material }) => material.trustPem ?? []);
    return bundles.length === 0 ? undefined : bundles.join("");
  }

  private describe({ generationId, material }: Generation): CertificateDetails {
    const known = this.details.get(generationId);
    if (known) {
      return known;
    }
    const pem = material.issuer?.anchorPem ?? material.trustPem;
    if (pem === undefined) {
      throw new FaultsError([
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

  private gateOf(stack: TerraformStack): RotationGate {
    const existing = this.gates.get(stack);
    if (existing) {
      return existing;
    }
    const gate = stack === TerraformStack.of(this) ? this.createGate() : this.createGateIn(stack);
    this.gates.set(stack, gate);
    return gate;
  }

  private createGate(): RotationGate {
    return new RotationGate(this, "rotation", {
      authority: this.node.path,
      plan: this.props.source._rotation,
      generations: this.generations.map(({ generationId, material }) => ({
        generationId,
        identity: material.identity,
      })),
    });
  }

  /** In a stack that holds hosts of this CA, with clocks of its own; the CA's own stack hears of it. */
  private createGateIn(stack: TerraformStack): RotationGate {
    const { source } = this.props;
    source._checkOtherStack(this.node.path, stack.node.path);
    this.gateOf(TerraformStack.of(this)).addOtherStack(stack.node.path);
    return new RotationGate(stack, `fleet-tls-rotation-${this.node.path.replace(/[^A-Za-z0-9-]+/g, "-")}`, {
      authority: this.node.path,
      plan: source._rotation,
    });
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
