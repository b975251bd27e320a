import type { File } from "@cdktf/provider-local/lib/file";
import type { TerraformResource } from "cdktf";
import { Lazy, TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { Renewable } from "../../certificate/renewal-dates";
import type { Validity } from "../../certificate/validity";
import type { LeafUsage } from "../../private/x509/leaf";
import { runLocalProgram } from "../../private/local-program";
import { expression } from "../../private/terraform/text";
import type { AuthorityUses } from "./authority-uses";
import type { Generation } from "./generation";
import type { Anchors } from "./material";
import type { GivenEnding } from "../given-ending";
import type { AuthorityRecord, GenerationCertificate, VerifierElsewhere } from "../authority-record";
import { RotationGate } from "./rotation-gate";
import type { RotationPlan } from "../rotation-plan";
import { anchorsElsewhere, checkOtherStack } from "../rotation-plan";
import { createLocal } from "../../private/terraform/local";
import { pathId } from "../../private/terraform/path-id";

/** Properties of a record of generations. */
export interface GenerationsRecordProps {
  readonly rotation: RotationPlan;
  readonly generations: readonly Generation[];
  readonly uses: AuthorityUses;
  /** CAs that sign for this one in other stacks. */
  readonly stackIssuers: () => readonly AuthorityRecord[];
  /** Makes ready what signs in another stack. */
  readonly prepareIssuer?: (stack: TerraformStack, validity: Validity) => void;
  /** Record of a CA that this library created, for a generation that exists as a construct. */
  readonly ownerRecord?: (owner: ICertificateAuthority) => AuthorityRecord | undefined;
}

/** Record of a CA that this library creates, with a rotation gate in each stack that has files of it. */
export class GenerationsRecord implements AuthorityRecord {
  public readonly bundleFiles: TerraformResource[] = [];
  public readonly leafFiles: TerraformResource[] = [];

  private readonly elsewhere: VerifierElsewhere[] = [];
  private readonly gates = new Map<TerraformStack, RotationGate>();

  constructor(
    private readonly authority: Construct,
    private readonly props: GenerationsRecordProps,
  ) {
    this.gateOf(TerraformStack.of(authority));
  }

  public get trustPem(): string | undefined {
    const bundles = this.props.generations.flatMap(({ material }) => material.trustPem ?? []);
    return bundles.length === 0 ? undefined : bundles.join("");
  }

  public get signsForOthers(): boolean {
    return this.props.generations.some(({ material }) => material.signsForOthers);
  }

  public get roots(): readonly (boolean | string)[] {
    return this.props.generations.map(({ material }) => material.hasRoot ?? true);
  }

  public get rotation(): RotationPlan {
    return this.props.rotation;
  }

  public get issuing(): Generation {
    const { generations, rotation } = this.props;
    return generations.find(({ generationId }) => generationId === rotation.issuing) as Generation;
  }

  public get canIssue(): boolean {
    return this.issuing.canIssue;
  }

  public get anchors(): Anchors {
    return this.props.generations.flatMap(({ material }) => material.anchors);
  }

  public get signingAnchors(): Anchors {
    const { anchors, signingAnchors } = this.issuing.material;
    return signingAnchors ?? anchors;
  }

  public get issuerName(): string | undefined {
    return this.issuing.material.commonName;
  }

  public get certificates(): GenerationCertificate[] {
    return this.props.generations.flatMap(({ generationId, material }) => {
      const pem = material.issuer?.certificatePem ?? material.trustPem;
      return pem === undefined ? [] : [{ generationId, pem }];
    });
  }

  public get renewables(): Renewable[] {
    const own = this.props.generations.flatMap(({ material }) => material.renewable ?? []);
    return [...own, ...this.props.stackIssuers().flatMap(({ renewables }) => renewables)];
  }

  public get given(): GivenEnding[] {
    return this.props.generations.flatMap(({ material }) => material.given ?? []);
  }

  public get givenTrustPem(): string | undefined {
    const given = this.props.generations.flatMap(({ material }) => material.givenTrustPem ?? []);
    return given.length === 0 ? undefined : given.join("");
  }

  public get completion(): TerraformResource[] {
    const gate = this.gates.get(TerraformStack.of(this.authority));
    return gate ? [gate.completion] : [];
  }

  public get isFirstDeploy(): string {
    return this.gateOf(TerraformStack.of(this.authority)).isFirstDeploy;
  }

  public isOther(scope: Construct, id: string): string | undefined {
    const { startsHere, emergency } = this.rotation;
    const isElsewhere = TerraformStack.of(scope) !== TerraformStack.of(this.authority);
    if (startsHere || emergency || isElsewhere) {
      return undefined;
    }
    const { owner, above, identity, readPem } = this.issuing.material;
    const other = owner ? this.props.ownerRecord?.(owner) : above;
    if (owner || other) {
      return other?.isOther(scope, id);
    }
    if (readPem === undefined) {
      // A key that Terraform generates is another one whenever the state is empty.
      return identity?.key === undefined ? undefined : "true";
    }
    const produce = (): string => this.bundleFiles.flatMap((one) => (one as File).filenameInput ?? [])[0] ?? "";
    const file = new TerraformLocal(scope, `${id}-file`, Lazy.stringValue({ produce }));
    const stdout = runLocalProgram(scope, `check-${id}`, "check-deployed", {
      file: file.asString,
      trust: expression(readPem),
    });
    return `${createLocal(scope, `${id}-found`, stdout)} == "other"`;
  }

  public addStack(stack: TerraformStack, validity?: Validity): void {
    this.owners.forEach((record) => record.addStack(stack, validity));
    if (this.canIssue) {
      this.gateOf(stack);
    }
    if (validity) {
      this.props.prepareIssuer?.(stack, validity);
    }
  }

  public addBundleFile(file: TerraformResource): void {
    this.bundleFiles.push(file);
    this.owners.forEach((record) => record.addBundleFile(file));
    const stack = TerraformStack.of(file);
    if (this.canIssue || stack === TerraformStack.of(this.authority)) {
      this.gateOf(stack).addBundleFile(file);
    }
  }

  public addLeafFile(file: TerraformResource): void {
    this.leafFiles.push(file);
    const { owner } = this.issuing.material;
    if (owner) {
      this.props.ownerRecord?.(owner)?.addLeafFile(file);
    }
    this.gateOf(TerraformStack.of(file)).addLeafFile(file);
  }

  /** Once a host of this library trusts the CA, such as a proxy, that host is the one that verifies. */
  public get verifiersElsewhere(): readonly VerifierElsewhere[] {
    return this.bundleFiles.length > 0 ? [] : this.elsewhere;
  }

  public addVerifierElsewhere(verifier: VerifierElsewhere): void {
    this.elsewhere.push(verifier);
  }

  public addUsage(usage: LeafUsage): void {
    this.props.uses.addUsage(usage);
  }

  public addNames(scope: Construct, what: string, names: readonly string[]): void {
    this.props.uses.names.add(TerraformStack.of(scope), { what, names });
  }

  public addAuthorityBelow(uses: AuthorityUses): void {
    this.props.uses.addAuthority(uses);
  }

  /** Records of the generations that this library created elsewhere, which wait for these files as well. */
  private get owners(): AuthorityRecord[] {
    const owners = this.props.generations.flatMap(({ material: { owner } }) => owner ?? []);
    return owners.flatMap((owner) => this.props.ownerRecord?.(owner) ?? []);
  }

  private gateOf(stack: TerraformStack): RotationGate {
    const existing = this.gates.get(stack);
    if (existing) {
      return existing;
    }
    const gate = stack === TerraformStack.of(this.authority) ? this.createGate() : this.createGateIn(stack);
    this.gates.set(stack, gate);
    return gate;
  }

  private createGate(): RotationGate {
    const { rotation, generations } = this.props;
    return new RotationGate(this.authority, "rotation", {
      authority: this.authority.node.path,
      plan: rotation,
      anchors: this.anchors,
      signingAnchors: this.signingAnchors,
      canIssue: this.canIssue,
      verifiersElsewhere: () => this.verifiersElsewhere,
      // What is only trusted is known by its anchors, which may be added to, or else by what shows it.
      generations: generations.map(({ generationId, material, canIssue }) => ({
        generationId,
        identity: canIssue || material.identity?.unplanned !== undefined ? material.identity : undefined,
      })),
    });
  }

  /** A stack with hosts of this CA has clocks of its own; the CA's own stack refers to it. */
  private createGateIn(stack: TerraformStack): RotationGate {
    const { path } = this.authority.node;
    const { rotation } = this.props;
    checkOtherStack(rotation, path, stack.node.path);
    this.gateOf(TerraformStack.of(this.authority)).addOtherStack(stack.node.path);
    return new RotationGate(stack, pathId(stack, "rotation", path), {
      authority: path,
      plan: rotation,
      anchors: anchorsElsewhere(this.authority, rotation),
      signingAnchors: anchorsElsewhere(this.authority, { ...rotation, generations: [rotation.issuing] }),
      canIssue: this.canIssue,
    });
  }
}
