import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { TerraformOutput } from "cdktf";
import { TerraformStack } from "cdktf";

import type { FleetBase } from "../../../lib";
import { CertificateSource, FleetServer } from "../../../lib";
import { TestStack } from "../../support/apps";
import { TerraformProject } from "../../support/terraform";
import { addContents, writeContents } from "./contents";
import { FOR_OTHERS } from "./edges";
import { Given } from "./given";
import { Lanes } from "./lanes";
import type { Topology } from "./topologies";

/** A topology that is deployed: its constructs, and the folder of its hosts. */
export interface Deployed {
  topology: Topology;
  fleet: FleetBase;
  folder: string;
  /** The ids of the hosts that have an output of their own. */
  withOutputs: string[];
  /** The Terraform output of a fleet that writes no files. */
  contents?: TerraformOutput;
}

/** Terraform's local state makes a stack's cost grow with its square, so fleets share one only by the handful. */
const FLEETS_A_STACK = 4;
const STACKS_AT_ONCE = 2;

/** Elastic Cloud takes no client certificate. */
function presentsToElasticsearch({ clientTls }: FleetBase): boolean {
  return clientTls?.elasticsearchClientIssuer !== undefined;
}

/** Topologies really deployed, into a folder that goes away with this. */
export class Deployment {
  public readonly given: Given;
  public readonly fleets: Deployed[] = [];
  private readonly project = new TerraformProject();

  public constructor() {
    try {
      this.given = new Given(this.project.folder);
    } catch (cause) {
      this.dispose();
      throw cause;
    }
  }

  public path(...parts: string[]): string {
    return this.project.path(...parts);
  }

  /** The attributes of every resource of a type, whatever stack it is in. */
  public resources(type: string): Record<string, unknown>[] {
    return Object.keys(this.project.stacks).flatMap((stack) =>
      this.project
        .state(stack)
        .filter((resource) => resource.type === type)
        .flatMap(({ instances }) => instances.map(({ attributes }) => attributes)),
    );
  }

  public dispose(): void {
    this.project.dispose();
  }

  public async deploy(topologies: Topology[]): Promise<void> {
    this.project.synth((app) => {
      let stack: TestStack;
      topologies.forEach((topology, index) => {
        if (index % FLEETS_A_STACK === 0) {
          stack = new TestStack(app, `fleets-${index / FLEETS_A_STACK + 1}`);
        }
        const fleet = topology.build(stack, app);
        const servers = fleet.hosts.filter((host) => host instanceof FleetServer);
        const withOutputs = [...fleet.agents, ...(topology.serversHaveOutputs ? servers : [])];
        const outputs = withOutputs.map((host) =>
          fleet.addOutput(host.node.id, { hosts: [host], trust: topology.outputTrust }),
        );
        if (!topology.withoutKibana) {
          fleet.addKibana("kibana", {
            outputs: outputs.slice(0, 1),
            clientCertificate: presentsToElasticsearch(fleet) ? CertificateSource.generated() : undefined,
          });
        }
        const folder = this.path("fleet-tls", topology.name);
        const contents = fleet.outputDirectory === undefined ? addContents(stack, fleet, outputs) : undefined;
        this.fleets.push({ topology, fleet, folder, withOutputs: withOutputs.map(({ node }) => node.id), contents });
      });
    });
    const stacks = Object.keys(this.project.stacks);
    // A stack that reads another's outputs comes after it.
    const [first, later] = [stacks.filter((id) => id !== "other"), stacks.filter((id) => id === "other")];
    await this.applyAll(first);
    await this.applyAll(later);
    for (const { topology, fleet, folder, contents } of this.fleets) {
      const outputs = () => this.project.outputs(TerraformStack.of(fleet).node.id);
      if (contents !== undefined) {
        writeContents(folder, (await outputs())[contents.friendlyUniqueId]!.value);
      }
      if (topology.fleetServerRequires === true) {
        const bundle = (await outputs())[`${fleet.node.id}-agent-ca-certificates`]!.value as string;
        writeFileSync(join(folder, FOR_OTHERS), bundle);
      }
    }
  }

  private async applyAll(stacks: string[]): Promise<void> {
    const lanes = new Lanes(STACKS_AT_ONCE);
    const variables = this.variables();
    await Promise.all(stacks.map((stack) => lanes.run(() => this.project.apply(stack, { variables }))));
  }

  /** What the app's variables ask for; Terraform ignores those that a stack has not. */
  private variables(): Record<string, string> {
    return {
      "company-passphrase": this.given.passphrase,
      "company-certificate": this.given.read("company.pem"),
      "company-key": this.given.read("company-key.pem"),
      "proxy-ca": this.given.read("theirs-ca.pem"),
      chosen: "a passphrase that a person chose",
    };
  }
}
