import * as fs from "node:fs";

import type { App } from "cdktf";

import { ClientAuthentication, MutualFleetTls, OutputTrust } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import type { Step } from "./small-rotation";
import { DEFAULT, INTRODUCED, RETIRED, sourceOf, SWITCHED } from "./small-rotation";

/** CAs that agents and receivers verify each other by, and the headings that the runbook has for them. */
export const AUTHORITIES = {
  agents: "Agent CA",
  logstash: "CA of Logstash logstash",
  kafka: "CA of Kafka broker kafka",
  berlin: "CA of Remote Elasticsearch berlin",
} as const;

export type AuthorityName = keyof typeof AUTHORITIES;

/** The output of each agent to each receiver: with the CA as text, and with the CA as a file on the host. */
export const AGENTS = { text: OutputTrust.INLINE, file: OutputTrust.HOST_FILE } as const;

export type StepName = "introduce" | "switch" | "retire";

const TABLE: readonly [StepName, Step][] = [
  ["introduce", INTRODUCED],
  ["switch", SWITCHED],
  ["retire", RETIRED],
];

/** One deploy: what it did, to which CAs, and the output directory before and after it. */
export interface ReceiverStep {
  readonly name: StepName;
  readonly authorities: readonly AuthorityName[];
  readonly before: string;
  readonly after: string;
}

/** The deploys of a fleet with receivers through the rotation of their CAs, each with a copy. Dispose of it. */
export class ReceiverHistory {
  /** @param rounds CAs that go through the table at once, one round after the other */
  public static async of(rounds: readonly (readonly AuthorityName[])[]): Promise<ReceiverHistory> {
    const history = new ReceiverHistory();
    try {
      await history.deployAll(rounds);
    } catch (error) {
      history.dispose();
      throw error;
    }
    return history;
  }

  public readonly steps: ReceiverStep[] = [];

  private readonly project = new TerraformProject();
  private copies = 0;
  private readonly at: Record<AuthorityName, Step> = {
    ...{ agents: DEFAULT, logstash: DEFAULT, kafka: DEFAULT, berlin: DEFAULT },
  };

  private constructor() {}

  /** A folder of this history's own, which goes away with it. */
  public path(...parts: string[]): string {
    return this.project.path(...parts);
  }

  public dispose(): void {
    this.project.dispose();
  }

  private async deployAll(rounds: readonly (readonly AuthorityName[])[]): Promise<void> {
    let before = await this.deploy();
    for (const authorities of rounds) {
      for (const [name, step] of TABLE) {
        for (const authority of authorities) this.at[authority] = step;
        const after = await this.deploy();
        this.steps.push({ name, authorities, before, after });
        before = after;
      }
    }
  }

  private async deploy(): Promise<string> {
    this.project.synth((app) => build(app, this.at));
    await this.project.apply("stack");
    const copy = this.path("deploys", String(this.copies++));
    fs.cpSync(this.path("fleet-tls"), copy, { recursive: true });
    return copy;
  }
}

function build(app: App, at: Record<AuthorityName, Step>): void {
  const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
    ...fleetProps({ outputDirectory: "fleet-tls" }),
    agentCa: sourceOf(at.agents),
  });
  const logstash = fleet.addLogstash("logstash", {
    ...{ hosts: ["logstash.example.com:5044"], ca: sourceOf(at.logstash) },
  });
  const kafka = fleet.addKafkaBroker("kafka", {
    advertisedListener: "kafka.example.com:9094",
    ca: sourceOf(at.kafka),
    otherListeners: [
      { name: "CONTROLLER", address: ":9093", securityProtocol: "PLAINTEXT" },
      { name: "INTERNAL", address: ":9092", advertised: "127.0.0.1:9092", securityProtocol: "PLAINTEXT" },
    ],
  });
  const berlin = fleet.addRemoteElasticsearch("berlin", {
    ...{ url: "https://es.berlin.example.com:9200", serviceTokenVariable: "BERLIN_TOKEN", ca: sourceOf(at.berlin) },
    clientAuthentication: ClientAuthentication.REQUIRED,
  });
  for (const [id, trust] of Object.entries(AGENTS)) {
    const hosts = [fleet.addAgent(id)];
    for (const receiver of [logstash, kafka, berlin]) {
      fleet.addOutput(`${receiver.id}-${id}`, { hosts, to: [receiver], trust });
    }
  }
  fleet.addKibana("kibana");
}
