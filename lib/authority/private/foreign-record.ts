import type { TerraformResource } from "cdktf";
import { Fn, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { isKnown } from "../../private/terraform/text";
import type { AuthorityIdentity, GivenEnding } from "./material";
import type { AuthorityRecord, GenerationCertificate } from "../authority-record";
import { RotationGate } from "./rotation-gate";
import { FIRST_GENERATION, NO_ROTATION } from "./rotation-plan";

/**
 * Record of a CA whose class is the user's own: one generation, whose owner renews and rotates it. It is known by its
 * public keys.
 */
export class ForeignRecord implements AuthorityRecord {
  public readonly signsForOthers = true;
  public readonly rotation = NO_ROTATION;
  public readonly renewables = [];
  public readonly given: readonly GivenEnding[] = [];
  public readonly bundleFiles: TerraformResource[] = [];
  public readonly leafFiles: TerraformResource[] = [];

  private readonly gates = new Map<TerraformStack, RotationGate>();

  constructor(private readonly authority: ICertificateAuthority) {}

  public get trustPem(): string | undefined {
    return this.authority.trustBundlePem;
  }

  public get certificates(): GenerationCertificate[] {
    const { trustPem } = this;
    return trustPem === undefined ? [] : [{ generationId: FIRST_GENERATION, pem: trustPem }];
  }

  public get givenTrustPem(): string | undefined {
    return this.trustPem;
  }

  public get completion(): TerraformResource[] {
    const gate = this.gates.get(TerraformStack.of(this.authority));
    return gate ? [gate.completion] : [];
  }

  public addBundleFile(file: TerraformResource): void {
    this.bundleFiles.push(file);
    this.gateOf(TerraformStack.of(file)).addBundleFile(file);
  }

  public addLeafFile(file: TerraformResource): void {
    this.leafFiles.push(file);
    this.gateOf(TerraformStack.of(file)).addLeafFile(file);
  }

  /** Its owner checks what it is used for. */
  public addUsage(): void {
    return;
  }

  /** Its owner checks what it signs. */
  public addAuthorityBelow(): void {
    return;
  }

  private gateOf(stack: TerraformStack): RotationGate {
    const { authority } = this;
    const { path } = authority.node;
    const isHome = stack === TerraformStack.of(authority);
    const gate =
      this.gates.get(stack) ??
      new RotationGate(
        isHome ? (authority as Construct) : stack,
        `fleet-tls-rotation-${path.replace(/[^A-Za-z0-9-]+/g, "-")}`,
        {
          authority: path,
          plan: NO_ROTATION,
          ...(isHome && { generations: [{ generationId: FIRST_GENERATION, identity: this.identity }] }),
        },
      );
    this.gates.set(stack, gate);
    if (!isHome) {
      this.gateOf(TerraformStack.of(authority)).addOtherStack(stack.node.path);
    }
    return gate;
  }

  /** A renewal keeps the public keys. */
  private get identity(): AuthorityIdentity | undefined {
    const { authority } = this;
    if (authority.trustBundlePem === undefined) {
      return undefined;
    }
    const pins = authority.spkiPinsSha256;
    const key = pins.every(isKnown) ? pins.join(",") : Fn.join(",", pins);
    return { description: `the CA ${authority.node.path}`, key };
  }
}
