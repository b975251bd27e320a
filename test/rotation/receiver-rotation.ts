import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Lane, Listening, Processes, Shipping } from "../conformance/receivers/lanes";
import { KAFKA, LOGSTASH, REMOTE } from "../conformance/receivers/lanes";
import type { DeclaredOutput } from "../conformance/receivers/shipping-fleet";
import { AGENT_DIRECTORY, declaredOutput } from "../conformance/receivers/shipping-fleet";
import type { Random } from "../faults/random";
import type { ReceiverHistory, ReceiverStep } from "./receiver-history";
import { AGENTS, AUTHORITIES } from "./receiver-history";
import { changesOf } from "./live-history";
import { LiveRunbook } from "./live-runbook";

const LANES: readonly Lane[] = [LOGSTASH, KAFKA, REMOTE];

/** What came of a rotation. */
export interface ReceiverReport {
  deploys: number;
  /** Hosts that got files, and agents whose policy changed. */
  updates: number;
  files: number;
  restarts: number;
  /** Events that agents shipped, and connections of Fleet Servers to the other cluster. */
  shipped: number;
  /** Attempts with certificates of an old generation, each refused. */
  refused: number;
}

/** Hosts that ship to each other while files change under them, one host at a time and in any order. */
export class ReceiverRotation {
  public readonly report: ReceiverReport = { deploys: 0, updates: 0, files: 0, restarts: 0, shipped: 0, refused: 0 };

  private readonly listening = new Map<Lane, Listening>();
  /** What each policy says, by output. */
  private readonly outputs = new Map<string, DeclaredOutput>();
  private copies = 0;

  constructor(
    private readonly history: ReceiverHistory,
    private readonly processes: Processes,
    private readonly random: Random,
  ) {}

  /** Takes every step. Throws at the first event that is not acknowledged. */
  public async run(): Promise<ReceiverReport> {
    const [first] = this.history.steps as [ReceiverStep];
    fs.cpSync(first.before, this.history.path("hosts"), { recursive: true });
    for (const id of this.outputIds()) this.outputs.set(id, declaredOutput(first.before, id));
    for (const lane of LANES) await this.restart(lane);
    await this.everybodyShips("before the first step");
    for (const step of this.history.steps) {
      await this.take(step);
      if (step.name === "retire") await this.refuseOld(step);
    }
    return this.report;
  }

  private async take(step: ReceiverStep): Promise<void> {
    const { name, after, authorities } = step;
    const text = `${name} ${authorities.join(", ")}`;
    const runbooks = authorities.map((authority) => new LiveRunbook(after, AUTHORITIES[authority]));
    const changed = changesOf(step).filter(({ name: file }) => file.endsWith(".pem"));
    const toCopy = new Set(runbooks.flatMap(({ files }) => files));
    for (const { folder, name: file } of changed) {
      assert.ok(toCopy.has(`${folder}/${file}`), `${text}: the runbook does not name ${folder}/${file}`);
    }
    const updated = this.outputIds().filter((id) => !isSame(declaredOutput(after, id), this.outputs.get(id)!));
    if (updated.length > 0) {
      assert.ok(
        runbooks.some(({ policyComesFirst }) => policyComesFirst),
        `${text}: nothing is said of Kibana`,
      );
    }
    for (const id of this.random.shuffled(updated)) {
      this.outputs.set(id, declaredOutput(after, id));
      this.report.updates++;
      await this.everybodyShips(`${text}, after the policy with ${id}`);
    }
    for (const place of this.random.shuffled([...new Set(changed.map(({ folder }) => folder))])) {
      const files = changed.filter(({ folder }) => folder === place).map((file) => file.name);
      for (const file of this.random.shuffled(files)) this.copyByRename(after, place, file);
      const lane = LANES.find(({ host }) => host === place);
      if (lane) await this.restart(lane);
      this.report.updates++;
      this.report.files += files.length;
      this.report.restarts += lane ? 1 : 0;
      await this.everybodyShips(`${text}, after ${place}`);
    }
    this.report.deploys++;
  }

  /** Certificates of the generation that is gone, as hosts had them before the switch. */
  private async refuseOld({ authorities, before }: ReceiverStep): Promise<void> {
    const switched = this.history.steps.find((step) => step.name === "switch" && step.after === before)!;
    for (const lane of LANES) {
      const folder = this.copyOf(path.join(switched.before, lane.host));
      const isOwn = authorities.some((authority) => authority === lane.output);
      const old = isOwn ? await lane.serve(this.processes, folder, this.history.path()) : undefined;
      for (const id of Object.keys(AGENTS)) {
        const agent = {
          folder: path.join(switched.before, "agents", id),
          output: this.outputs.get(`${lane.output}-${id}`)!,
        };
        if (authorities.includes("agents")) {
          await this.refuse(lane, { ...agent, port: this.listening.get(lane)!.port });
        }
        if (old) await this.refuse(lane, { ...agent, folder: this.host(`agents/${id}`), port: old.port });
      }
      await old?.close();
    }
  }

  private async refuse(lane: Lane, shipping: Shipping): Promise<void> {
    const answer = await lane.ship(this.processes, shipping);
    assert.match(answer.ok ? "accepted" : answer.error, /remote error: tls|unknown authority/);
    this.report.refused++;
  }

  private async everybodyShips(where: string): Promise<void> {
    for (const lane of LANES) {
      const { port } = this.listening.get(lane)!;
      for (const id of Object.keys(AGENTS)) {
        const output = this.outputs.get(`${lane.output}-${id}`)!;
        const answer = await lane.ship(this.processes, { folder: this.host(`agents/${id}`), output, port });
        assert.deepEqual([where, id, lane.output, answer.ok ? "" : answer.error], [where, id, lane.output, ""]);
        this.report.shipped++;
        if (lane !== REMOTE) continue;
        const dialled = await this.processes.elastic.request({
          ...{ op: "connect", port, serverName: lane.name, fleetServerOutput: output.config },
          directories: { [AGENT_DIRECTORY]: this.host("fleet-server") },
        });
        assert.deepEqual([where, "Fleet Server", dialled.ok ? "" : dialled.error], [where, "Fleet Server", ""]);
        this.report.shipped++;
      }
    }
  }

  /** Listens from the files as they are. Elasticsearch loads them by itself; here, on request. */
  private async restart(lane: Lane): Promise<void> {
    await this.listening.get(lane)?.close();
    // Elasticsearch's settings name paths below its configuration directory.
    const folder = this.copyOf(this.host(lane.host));
    this.listening.set(lane, await lane.serve(this.processes, folder, this.history.path()));
  }

  private outputIds(): string[] {
    return LANES.flatMap(({ output }) => Object.keys(AGENTS).map((id) => `${output}-${id}`));
  }

  private host(place: string): string {
    return this.history.path("hosts", place);
  }

  private copyOf(folder: string): string {
    const copy = this.history.path(`listening-${++this.copies}`, "certs");
    fs.cpSync(folder, copy, { recursive: true });
    return copy;
  }

  private copyByRename(deployed: string, place: string, name: string): void {
    const aside = path.join(this.host(place), `.${name}.new`);
    fs.copyFileSync(path.join(deployed, place, name), aside);
    fs.renameSync(aside, path.join(this.host(place), name));
  }
}

function isSame(one: DeclaredOutput, other: DeclaredOutput): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
