import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { programOf } from "../conformance/programs";
import { Validator } from "../conformance/validators";
import { PasteShell } from "../support/paste";
import { OUTPUTS, outputOf } from "./live-history";
import type { LiveHost, Release, Site } from "./live-host";
import { RELEASES } from "./live-host";
import { AgentHost, ElasticsearchHost, FleetServerHost } from "./live-hosts";

export interface ClusterShape {
  /** Where the hosts' folders and what else belongs to this cluster goes. */
  readonly folder: string;
  /** The output directory of the deploy that the hosts have at first. */
  readonly deployed: string;
  readonly agents: number;
  readonly server: Release;
  /** What the agents run, in turn. */
  readonly agentReleases: readonly Release[];
}

/** Handshakes that failed, by the two who shook hands and what was said. */
export type Failures = Record<string, number>;

/** What came of everything that a cluster did. */
export interface ClusterReport {
  /** New connections that were made, each a handshake, and requests on connections that were kept open. */
  readonly handshakes: number;
  readonly keptOpen: number;
  readonly failed: number;
  /** What listeners saw fail, whoever dialled. */
  readonly refusedByListeners: number;
  readonly failures: Failures;
  /** What the listeners say of it: requests with and without a verified client certificate. */
  readonly verified: number;
  readonly anonymous: number;
}

/** How many check-ins of everybody are to pass between two updates of hosts: one may have begun before the first. */
const ROUNDS = 2;

/** Hosts that work with each other while files change under them: every process is one of its own. */
export class LiveCluster {
  public static async start(shape: ClusterShape): Promise<LiveCluster> {
    const cluster = new LiveCluster(shape);
    try {
      await cluster.begin();
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  public readonly agents: AgentHost[] = [];
  public fleetServer!: FleetServerHost;
  public elasticsearch!: ElasticsearchHost;
  private readonly validators: Validator[] = [];

  private constructor(private readonly shape: ClusterShape) {}

  public get hosts(): LiveHost[] {
    return [this.elasticsearch, this.fleetServer, ...this.agents];
  }

  /** What the policies' outputs say in a deploy, by the hosts whose policies those are. */
  public outputsOf(deployed: string): Map<LiveHost, Record<string, unknown>> {
    const read = (name: string): Record<string, unknown> => {
      const text = fs.readFileSync(path.join(deployed, "outputs", `${name}.yml`), "utf8");
      return (parse(text) as { ssl: Record<string, unknown> }).ssl;
    };
    return new Map<LiveHost, Record<string, unknown>>([
      [this.fleetServer, read(OUTPUTS[0])],
      ...this.agents.map((agent, index) => [agent, read(outputOf(index))] as const),
    ]);
  }

  /** Waits until everybody has checked in again with everybody, so that whatever changed has been met. */
  public async settle(): Promise<void> {
    const checkIns = this.hosts.flatMap((host) => host.checkIns);
    const before = await Promise.all(checkIns.map((checkIn) => checkIn.rounds()));
    const waiting = checkIns.map(async (checkIn, index) => {
      for (;;) {
        const rounds = await checkIn.rounds();
        if (rounds === undefined || rounds >= (before[index] ?? 0) + ROUNDS) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    await Promise.all(waiting);
  }

  public async report(): Promise<ClusterReport> {
    const totals = { handshakes: 0, keptOpen: 0, failed: 0, refusedByListeners: 0, verified: 0, anonymous: 0 };
    const failures: Failures = {};
    const fail = (where: string, errors: Record<string, number>): void => {
      for (const [text, count] of Object.entries(errors)) {
        const key = `${where}: ${text.replace(/127\.0\.0\.1:\d+/g, "…")}`;
        failures[key] = (failures[key] ?? 0) + count;
      }
    };
    for (const host of this.hosts) {
      for (const checkIn of host.checkIns) {
        const { fresh, keptOpen } = await checkIn.stats();
        totals.handshakes += fresh.succeeded;
        totals.keptOpen += keptOpen.succeeded;
        totals.failed += fresh.failed + keptOpen.failed;
        fail(`${host.kind}, ${checkIn.name}`, fresh.errors);
        fail(`${host.kind}, ${checkIn.name}, kept open`, keptOpen.errors);
      }
      const listened = await host.serverStats();
      if (listened) {
        totals.verified += listened.withCertificates;
        totals.anonymous += listened.requests - listened.withCertificates;
        totals.refusedByListeners += listened.failed;
        fail(`at ${host.kind}`, listened.errors);
      }
    }
    return { ...totals, failures };
  }

  public async close(): Promise<void> {
    const quiet = this.fleetServer ? this.hosts.flatMap((host) => host.checkIns) : [];
    await Promise.allSettled(quiet.map((checkIn) => checkIn.stop()));
    await Promise.all(this.validators.splice(0).map((validator) => validator.close()));
  }

  private async begin(): Promise<void> {
    const { folder, deployed, agents, server, agentReleases } = this.shape;
    const token = path.join(folder, "service-token");
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(token, "c2VydmljZSB0b2tlbg");
    const site: Site = {
      token,
      shell: new PasteShell(path.join(folder, "shell")),
      ports: { fleetServer: 0, elasticsearch: 0 },
    };
    const own = (place: string): string => {
      const local = path.join(folder, "hosts", place);
      fs.cpSync(path.join(deployed, place), local, { recursive: true });
      return local;
    };
    const process = async (release: Release, name: string): Promise<Validator> => {
      const validator = await Validator.start(name, programOf(release.validator));
      this.validators.push(validator);
      return validator;
    };
    this.elasticsearch = new ElasticsearchHost(
      "elasticsearch",
      own("elasticsearch"),
      RELEASES["9.4"],
      await process(RELEASES["9.4"], "elasticsearch"),
      site,
    );
    const serving = await process(server, "fleet-server");
    this.fleetServer = new FleetServerHost("fleet-server", own("fleet-server"), server, serving, site);
    for (let index = 0; index < agents; index++) {
      const place = `agents/web-${index + 1}`;
      const release = agentReleases[index % agentReleases.length]!;
      this.agents.push(new AgentHost(place, own(place), release, await process(release, place), site));
    }
    for (const [host, output] of this.outputsOf(deployed)) host.output = output;
    await this.elasticsearch.start();
    await this.fleetServer.start();
    await Promise.all(this.agents.map((agent) => agent.start()));
  }
}
