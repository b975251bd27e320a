import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import {
  CertificateAuthoritySource,
  ClientAuthentication,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OutputTrust,
} from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import { bringNearEnd } from "./near-end";
import { DEFAULT, INTRODUCED, RETIRED, SWITCHED, sourceOf } from "./small-rotation";
import type { Step } from "./small-rotation";

/** The CAs of a mutual fleet, by the ids of their constructs, and the headings that the runbook has for them. */
export const AUTHORITIES = {
  "fleet-ca": "Fleet CA",
  "agent-ca": "Agent CA",
  "elasticsearch-ca": "Elasticsearch CA",
} as const;

export type AuthorityId = keyof typeof AUTHORITIES;

/** Of another algorithm than the first generation, where every reader of the certificate can have one. */
const SECOND: Record<AuthorityId, KeyAlgorithm> = {
  "fleet-ca": KeyAlgorithm.RSA_2048,
  "agent-ca": KeyAlgorithm.ECDSA_P384,
  "elasticsearch-ca": KeyAlgorithm.ECDSA_P256,
};

const TABLE: readonly [StepName, Step][] = [
  ["introduce", INTRODUCED],
  ["switch", SWITCHED],
  ["retire", RETIRED],
];

export type StepName = "introduce" | "switch" | "retire" | "renew" | "replace";

/** One deploy: what it did, to which CA, and the output directory before and after it. */
export interface LiveStep {
  readonly name: StepName;
  /** None: to all of them. */
  readonly authority?: AuthorityId;
  readonly before: string;
  readonly after: string;
}

export interface LiveShape {
  readonly agents: number;
  /** The CAs that go through the table, one after the other. */
  readonly authorities: readonly AuthorityId[];
  /** Whether the CAs are then renewed, and after that replaced in one apply. */
  readonly goesOn: boolean;
}

/** The deploys of one fleet through the rotation of its CAs, each with a copy of what it wrote. Dispose of it. */
export class LiveHistory {
  public static async of(shape: LiveShape): Promise<LiveHistory> {
    const history = new LiveHistory(shape);
    try {
      await history.deployAll();
    } catch (error) {
      history.dispose();
      throw error;
    }
    return history;
  }

  public readonly steps: LiveStep[] = [];

  private readonly project = new TerraformProject();
  private copies = 0;
  private readonly at: Record<AuthorityId, Step> = {
    "fleet-ca": DEFAULT,
    "agent-ca": DEFAULT,
    "elasticsearch-ca": DEFAULT,
  };

  private constructor(public readonly shape: LiveShape) {}

  /** The steps of one CA through the table. */
  public table(authority: AuthorityId): LiveStep[] {
    const names = TABLE.map(([name]) => name);
    return this.steps.filter((step) => step.authority === authority && names.includes(step.name));
  }

  /** A folder of this history's own, which goes away with it. */
  public path(...parts: string[]): string {
    return this.project.path(...parts);
  }

  public dispose(): void {
    this.project.dispose();
  }

  private async deployAll(): Promise<void> {
    let last = await this.deploy();
    const keep = (name: StepName, after: string, authority?: AuthorityId): void => {
      this.steps.push({ name, authority, before: last, after });
      last = after;
    };
    for (const authority of this.shape.authorities) {
      for (const [name, step] of TABLE) {
        this.at[authority] = step;
        keep(name, await this.deploy(), authority);
      }
    }
    if (!this.shape.goesOn) return;
    bringNearEnd(this.path("terraform.stack.tfstate"), ["roots"]);
    keep("renew", await this.deploy());
    for (const authority of this.shape.authorities) keep("replace", await this.replace(authority), authority);
  }

  private async deploy(): Promise<string> {
    this.project.synth((app) => build(app, this.shape, this.at));
    await this.project.apply("stack");
    return this.copy();
  }

  /** One apply that signs everything with a new CA, as stock Terraform does. Only an emergency may. */
  private async replace(authority: AuthorityId): Promise<string> {
    const replaced: Step = { generations: ["3"], issuing: "3" };
    this.at[authority] = { ...replaced, emergency: true };
    const deployed = await this.deploy();
    this.at[authority] = replaced;
    return deployed;
  }

  private copy(): string {
    const copy = this.path("deploys", String(this.copies++));
    fs.cpSync(this.path("fleet-tls"), copy, { recursive: true });
    return copy;
  }
}

/** The output of each agent: by text, by a file on the host, and for those whose key is encrypted. */
export const OUTPUTS = ["inline", "files", "locked"] as const;

/** Which output the agent of a number, from 0 on, has. */
export function outputOf(agent: number): (typeof OUTPUTS)[number] {
  return OUTPUTS[agent % 10 === 2 ? 2 : agent % 2]!;
}

function build(app: App, { agents }: LiveShape, at: Record<AuthorityId, Step>): void {
  const source = (authority: AuthorityId): CertificateAuthoritySource =>
    sourceOf({
      ...at[authority],
      sources: { "2": CertificateAuthoritySource.generated({ keyAlgorithm: SECOND[authority] }) },
    });
  const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
    ...fleetProps({ outputDirectory: "fleet-tls" }),
    fleetCa: source("fleet-ca"),
    agentCa: source("agent-ca"),
    elasticsearchCa: source("elasticsearch-ca"),
    elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED },
  });
  const all = Array.from({ length: agents }, (_, index) =>
    fleet.addAgent(
      `web-${index + 1}`,
      outputOf(index) === "locked" ? { keyPassphrase: KeyPassphrase.generated() } : {},
    ),
  );
  for (const output of OUTPUTS) {
    const hosts = all.filter((_, index) => outputOf(index) === output);
    if (hosts.length === 0) continue;
    fleet.addOutput(output, {
      hosts: output === "inline" ? [...hosts, fleet.fleetServer] : hosts,
      trust: output === "files" ? OutputTrust.HOST_FILE : OutputTrust.INLINE,
    });
  }
}

/** The files below a host's folder that a step changed, each as host folder and name. */
export function changesOf({ before, after }: Pick<LiveStep, "before" | "after">): { folder: string; name: string }[] {
  const files = fs.readdirSync(after, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => fs.statSync(path.join(after, file)).isFile())
    .filter((file) => !fs.readFileSync(path.join(after, file)).equals(fs.readFileSync(path.join(before, file))))
    .map((file) => ({ folder: path.dirname(file), name: path.basename(file) }));
}
