import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import type { IIssuingCertificateAuthority, RotatingCertificateAuthorityOptions } from "../../lib";
import {
  Certificate,
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateUsage,
  HostFiles,
  KeyAlgorithm,
  TargetPlatform,
  Validity,
} from "../../lib";
import { createAuthority } from "../../lib/authority/create-authority";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

/** One deploy of a rotation: the generations by their ids, each from the default source unless another is given. */
export interface Step extends Partial<Omit<RotatingCertificateAuthorityOptions, "generations">> {
  /** None: the CA is not rotating. */
  readonly generations?: string[];
  readonly sources?: Record<string, CertificateAuthoritySource>;
  /** The source itself, made with two CAs of the same stack. */
  readonly source?: (a: CertificateAuthority, b: CertificateAuthority) => CertificateAuthoritySource;
  /** Whether a second stack has a host of the CA too. */
  readonly hasOtherStack?: boolean;
}

/** The stack that the CA is made in, and the other one. */
export const HOME = "stack";
export const OTHER = "other";

export const DEFAULT: Step = {};
export const INTRODUCED: Step = { generations: ["1", "2"], issuing: "1" };
export const SWITCHED: Step = { generations: ["1", "2"], issuing: "2" };
export const RETIRED: Step = { generations: ["2"], issuing: "2" };

/** The source of a CA at a step. */
export function sourceOf(step: Step): CertificateAuthoritySource {
  const { generations, sources = {}, issuing = "1", ...options } = step;
  const source = (id: string) => sources[id] ?? CertificateAuthoritySource.generated();
  return generations === undefined
    ? source("1")
    : CertificateAuthoritySource.rotating({
        ...options,
        issuing,
        generations: Object.fromEntries(generations.map((id) => [id, source(id)])),
      });
}

/** The smallest thing that rotates: a CA, a host that trusts it, and a certificate of it there. */
export class SmallRotation {
  public readonly project = new TerraformProject();

  public synth(step: Step): void {
    this.project.synth((app) => build(app, step));
  }

  /** Deploys a step in one stack, or in all of them in their order. */
  public async deploy(step: Step, stacks = step.hasOtherStack ? [HOME, OTHER] : [HOME]): Promise<void> {
    this.synth(step);
    for (const stack of stacks) {
      this.secondPasses();
      await this.project.apply(stack);
    }
  }

  /** The refusal of a plan; whatever was refused has touched nothing. */
  public async refusal(step: Step, stack = HOME): Promise<string> {
    this.synth(step);
    this.secondPasses();
    const before = this.everything();
    const text = await this.project.refusal(stack);
    if (JSON.stringify(this.everything()) !== JSON.stringify(before))
      throw new Error("a refused plan touched something");
    return text;
  }

  /**
   * Makes everything in the states a second older. Terraform distinguishes plans by `plantimestamp()`, which has no
   * smaller unit, and something this small is deployed twice in one second.
   */
  public secondPasses(): void {
    for (const stack of [HOME, OTHER].filter((name) => fs.existsSync(this.stateOf(name)))) this.pass(1000, stack);
  }

  /** What the deployed step would change again, by address. */
  public async pending(): Promise<Record<string, string>> {
    return changesOf((await this.project.plan(HOME)).json);
  }

  public async outputsCount(): Promise<number> {
    return Object.keys(await this.project.outputs(HOME)).length;
  }

  public get files(): Record<string, string> {
    return contentsBelow(this.project.path("host"));
  }

  /** The states, and every file of every stack. */
  public everything(): Record<string, string> {
    const states = [HOME, OTHER].map((stack) => this.stateOf(stack)).filter((file) => fs.existsSync(file));
    return {
      ...Object.fromEntries(states.map((file) => [file, fs.readFileSync(file, "utf8")])),
      ...this.files,
      ...contentsBelow(this.project.path("other-host")),
    };
  }

  /** Makes a stack's state look as if everything in it had happened some hours earlier. */
  public hoursPass(hours: number, stack = HOME): void {
    this.pass(hours * 3_600_000, stack);
  }

  private pass(milliseconds: number, stack: string): void {
    const file = this.stateOf(stack);
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(
      file,
      text.replace(/"\d{4}-\d\d-\d\dT[\d:]+(?:Z|[+-]\d\d:\d\d)"/g, (time) =>
        JSON.stringify(isoSeconds(Date.parse(JSON.parse(time) as string) - milliseconds)),
      ),
    );
  }

  /** The times that the stack's memory of generation 2 in its bundles contains, and those that replace them. */
  public trustedTimes(change?: { planned: string; finished: string }): { planned: string; finished: string } {
    const state = JSON.parse(fs.readFileSync(this.stateFile, "utf8")) as { resources: Memory[] };
    const { instances } = state.resources.find(({ name }) => name.includes("rotation_anchor_"))!;
    const { attributes } = instances.find(({ index_key: anchor }) => anchor.includes("generation-2"))!;
    for (const value of [attributes.input.value, attributes.output.value]) Object.assign(value, change);
    if (change) fs.writeFileSync(this.stateFile, JSON.stringify(state));
    return attributes.input.value;
  }

  public get stateFile(): string {
    return this.stateOf(HOME);
  }

  private stateOf(stack: string): string {
    return this.project.path(`terraform.${stack}.tfstate`);
  }

  public get outputFile(): (name: string) => string {
    return (name) => path.join(this.project.path("host"), name);
  }

  public dispose(): void {
    this.project.dispose();
  }
}

interface Memory {
  readonly name: string;
  readonly instances: {
    readonly index_key: string;
    readonly attributes: Record<"input" | "output", { value: Record<"planned" | "finished", string> }>;
  }[];
}

/** A time as Terraform writes it. */
export function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

const DEFAULTS = { keyAlgorithm: KeyAlgorithm.ECDSA_P256 };

function build(app: App, step: Step): void {
  const home = new TestStack(app, HOME);
  const other = (name: string): CertificateAuthority =>
    new CertificateAuthority(home, name, {
      ...DEFAULTS,
      commonName: name,
      source: CertificateAuthoritySource.generated(),
    });
  const source = step.source ? step.source(other("a"), other("b")) : sourceOf(step);
  const authority = createAuthority(home, "ca", { ...DEFAULTS, commonName: "CA", source });
  addHost(home, "host", authority);
  if (step.hasOtherStack) addHost(new TestStack(app, OTHER), "other-host", authority);
}

function addHost(stack: TestStack, outputDirectory: string, authority: IIssuingCertificateAuthority): void {
  const files = new HostFiles(stack, "host", {
    outputDirectory,
    hostDirectory: "/etc/host",
    platform: TargetPlatform.LINUX,
  });
  files.addTrust("ca.pem", authority);
  if (!authority.canIssue) return;
  const certificate = new Certificate(stack, "leaf", {
    issuer: authority,
    commonName: "leaf",
    usage: CertificateUsage.CLIENT,
    keyAlgorithm: KeyAlgorithm.ECDSA_P256,
    validity: Validity.days(30),
  });
  files.addCertificate("leaf.pem", certificate);
  files.addSecret("leaf-key.pem", certificate.privateKeyPem as string);
}
