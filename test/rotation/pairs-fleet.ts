import * as fs from "node:fs";

import type { FleetTls } from "../../lib";
import { Deployment } from "../conformance/matrix/deploy";
import type { Edge } from "../conformance/matrix/edges";
import { edgesOf } from "../conformance/matrix/edges";
import type { Given } from "../conformance/matrix/given";
import { TestStack } from "../support/apps";
import { PasteShell } from "../support/paste";
import { TerraformProject } from "../support/terraform";

/** Fleets of one stack, each with an agent `web-1`, as a user writes them for a deploy. */
export type FleetsBuilder = (stack: TestStack, given: Given) => Record<string, FleetTls>;

/** Fleets that are deployed again and again; each deploy's connections stay as they were. Dispose of it. */
export class PairFleet {
  private readonly project = new TerraformProject();
  private readonly place = new Deployment();
  private readonly shell = new PasteShell(this.project.path("shell"));
  private deploys = 0;

  constructor() {
    fs.writeFileSync(this.place.given.path("service-token"), "c2VydmljZSB0b2tlbg");
  }

  public get stateFile(): string {
    return this.project.path("terraform.stack.tfstate");
  }

  /** Deploys, and answers every connection of each fleet on which both sides verify each other. */
  public async deploy(build: FleetsBuilder): Promise<Record<string, Edge[]>> {
    let fleets: Record<string, FleetTls> = {};
    this.project.synth((app) => {
      fleets = build(new TestStack(app), this.place.given);
      for (const fleet of Object.values(fleets)) {
        for (const host of [...fleet.agents, ...fleet.fleetServers]) fleet.addOutput(host.node.id, { hosts: [host] });
      }
    });
    await this.project.apply("stack");
    const copy = this.project.path("deploys", String(this.deploys++));
    const edges: Record<string, Edge[]> = {};
    for (const [name, fleet] of Object.entries(fleets)) {
      const folder = `${copy}/${name}`;
      fs.cpSync(this.project.path("fleet-tls", name), folder, { recursive: true });
      const topology = { name, shows: name, build: () => fleet };
      const withOutputs = [...fleet.agents, ...fleet.fleetServers].map(({ node }) => node.id);
      const all = await edgesOf(this.place, { topology, fleet, folder, withOutputs }, this.shell);
      edges[name] = all.filter(({ server }) => server.clientAuth === "required");
    }
    return edges;
  }

  public dispose(): void {
    this.project.dispose();
    this.place.dispose();
  }
}
