import type { App } from "cdktf";

import type { AgentOptions, MutualFleetTlsProps } from "../../lib";
import { MutualFleetTls, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import type { HostName } from "./host-disk";

/** Files on hosts that this library does not write, by the host. */
export type OthersFiles = { readonly [Host in HostName]?: Readonly<Record<string, string>> };

/** A fleet at one deploy. */
export interface FleetStep {
  readonly isOneWay?: boolean;
  readonly props?: Partial<MutualFleetTlsProps>;
  /** Agents by their ids. */
  readonly agents?: Record<string, AgentOptions>;
  /** Anything else of the fleet's stack. */
  readonly more?: (fleet: OneWayFleetTls | MutualFleetTls, stack: TestStack) => void;
  /** Props that need the stack, such as variables. */
  readonly inStack?: (stack: TestStack) => Partial<MutualFleetTlsProps>;
  /** Certificates and keys that somebody else put on a host: the path there, and the file here. */
  readonly others?: OthersFiles;
}

export const FOLDER = "fleet-tls/stack/fleet";

/** A fleet of one stack that is deployed again and again. Dispose of it. */
export class LiveFleet {
  public readonly project = new TerraformProject();

  public synth({ isOneWay = false, props = {}, agents = { "web-1": {} }, more, inStack }: FleetStep): void {
    this.project.synth((app: App) => {
      const stack = new TestStack(app, "stack");
      const all = { ...fleetProps(), ...props, ...inStack?.(stack) };
      const fleet = isOneWay ? new OneWayFleetTls(stack, "fleet", all) : new MutualFleetTls(stack, "fleet", all);
      for (const [id, options] of Object.entries(agents)) fleet.addAgent(id, options);
      more?.(fleet, stack);
    });
  }

  public async deploy(step: FleetStep, variables: Record<string, string> = {}): Promise<void> {
    this.synth(step);
    await this.project.apply("stack", { variables });
  }

  public async refusal(step: FleetStep, variables: Record<string, string> = {}): Promise<string> {
    this.synth(step);
    return this.project.refusal("stack", { variables });
  }

  /** Every resource that a plan of the code as it is would change. */
  public async pending(variables: Record<string, string> = {}): Promise<string[]> {
    const { json } = await this.project.plan("stack", { variables });
    return (json.resource_changes ?? [])
      .filter(({ change }) => change.actions.join() !== "no-op")
      .map(({ address }) => address);
  }

  /** The confirmation that a refusal asks for. */
  public static confirmation(refusal: string): string[] {
    return [...refusal.matchAll(/confirmedChanges: (\[.*?"\])/g)].flatMap(([, list]) => JSON.parse(list!) as string[]);
  }

  public get runbook(): string {
    return this.project.read(FOLDER, "RUNBOOK.md");
  }

  public dispose(): void {
    this.project.dispose();
  }
}
