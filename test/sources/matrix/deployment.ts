import * as fs from "node:fs";
import * as path from "node:path";

import { TerraformStack } from "cdktf";

import { TestStack } from "../../support/apps";
import { execute } from "../../support/execute";
import { TerraformProject } from "../../support/terraform";
import { LENDING_STACK } from "./authorities";
import { Company } from "./company";
import type { Factor } from "./factors";
import type { ProvedFleet } from "./fleets";
import { AGENTS_STACK, buildFleet, hostPath, requestFile, ROLES } from "./fleets";
import type { Row } from "./pairwise";

/** Terraform's local state makes a stack's cost grow with its square. */
const FLEETS_A_STACK = 4;
const STACKS_AT_ONCE = 2;

/** A combination by the name of its fleet. */
export interface Combination {
  readonly id: string;
  readonly row: Row<Factor>;
}

/** Combinations by the names of their fleets. */
export function named(rows: readonly Row<Factor>[]): Combination[] {
  return rows.map((row, index) => ({ id: `fleet-${index + 1}`, row }));
}

/** Combinations really deployed, and their files brought to their hosts: folders of this machine. */
export class Deployment {
  public static async of(rows: readonly Combination[], log: (line: string) => void): Promise<Deployment> {
    const deployment = Deployment.synthesised(rows);
    try {
      log(`deploying ${rows.length} fleets in ${Object.keys(deployment.project.stacks).length} stacks`);
      await deployment.applyAll();
      const sent = await deployment.sendRequests();
      log(
        `${sent.requests} keys were born on their hosts; deploying ${sent.stacks.size} stacks again, by the same code`,
      );
      await deployment.applyAll(sent.stacks);
      deployment.bringFiles();
      return deployment;
    } catch (cause) {
      deployment.dispose();
      throw cause;
    }
  }

  /** Combinations that are not deployed yet. */
  public static synthesised(rows: readonly Combination[]): Deployment {
    const deployment = new Deployment();
    try {
      deployment.synth(rows);
      return deployment;
    } catch (cause) {
      deployment.dispose();
      throw cause;
    }
  }

  public readonly fleets: ProvedFleet[] = [];
  public readonly company = new Company();

  private readonly project = new TerraformProject();
  private readonly variables: Record<string, string> = {};
  private readonly hosts = (...parts: string[]): string => this.path("hosts", ...parts);

  public path(...parts: string[]): string {
    return this.project.path(...parts);
  }

  public dispose(): void {
    this.project.dispose();
    this.company.dispose();
  }

  private synth(rows: readonly Combination[]): void {
    const { company, variables } = this;
    this.project.synth((app) => {
      let stack: TestStack;
      // Those that are deployed twice share their stacks.
      const sorted = [...rows].sort((one, other) => Number(sendsRequests(other.row)) - Number(sendsRequests(one.row)));
      sorted.forEach(({ id, row }, index) => {
        if (index % FLEETS_A_STACK === 0) stack = new TestStack(app, `fleets-${index / FLEETS_A_STACK + 1}`);
        this.fleets.push(buildFleet(row, id, this.hosts, { app, stack, company, variables }));
      });
    });
  }

  /** A stack that reads another's outputs comes after it. */
  private async applyAll(some?: ReadonlySet<string>): Promise<void> {
    const all = Object.keys(this.project.stacks).filter((id) => some?.has(id) ?? true);
    const between = all.filter((id) => id !== LENDING_STACK && id !== AGENTS_STACK);
    for (const group of [[LENDING_STACK], between, [AGENTS_STACK]]) {
      const waiting = group.filter((id) => all.includes(id));
      const lanes = Array.from({ length: STACKS_AT_ONCE }, async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
          await this.project.apply(id, { variables: this.variables });
        }
      });
      await Promise.all(lanes);
    }
  }

  /** Does what an operator does between the two deploys: runs each script on its host, and copies the request back. */
  private async sendRequests(): Promise<{ requests: number; stacks: ReadonlySet<string> }> {
    fs.mkdirSync(this.path("requests"));
    let requests = 0;
    const stacks = new Set<string>();
    for (const { id, fleet } of this.fleets.filter(({ row }) => sendsRequests(row))) {
      for (const host of [fleet, ...fleet.agents]) stacks.add(TerraformStack.of(host).node.id);
      for (const role of Object.keys(ROLES) as (keyof typeof ROLES)[]) {
        // The certificate of a Fleet Server's own agent is called as any agent's.
        const name = role.replace(/^own-/, "");
        const script = path.join(this.staged(id, ROLES[role]), `request-${name}.sh`);
        if (!fs.existsSync(script)) continue;
        const { code, stderr } = await execute("sh", [script]);
        if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
        fs.copyFileSync(hostPath(this.hosts, id, role, `${name}.csr`), this.path(requestFile(id, role)));
        requests++;
      }
    }
    return { requests, stacks };
  }

  /** What rsync does after a deploy. */
  private bringFiles(): void {
    for (const { id } of this.fleets) {
      for (const [role, host] of Object.entries(ROLES) as [keyof typeof ROLES, string][]) {
        const staged = this.staged(id, host);
        if (fs.existsSync(staged)) fs.cpSync(staged, hostPath(this.hosts, id, role), { recursive: true });
      }
    }
  }

  private staged(id: string, host: string): string {
    const agents = this.path("fleet-tls", id, "agents");
    return host === "agent" ? path.join(agents, fs.readdirSync(agents)[0]!) : this.path("fleet-tls", id, host);
  }
}

function sendsRequests(row: Row<Factor>): boolean {
  return row.leaves.startsWith("fromCertificateRequest");
}
