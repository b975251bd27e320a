import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { Renewable } from "../../certificate/renewal-dates";
import { RenewalDates } from "../../certificate/renewal-dates";
import type { IFleetHost } from "../../host/fleet-host";
import { serverCaOf } from "./server-ca";
import type { FleetAuthorities } from "./authorities";
import type { FleetOutputs } from "./outputs";
import { authorityRecord } from "../../authority/records";
import { pathId } from "../../private/terraform/path-id";

/** The renewal dates of a fleet's certificates: one for each stack that creates some, and an output of it. */
export class FleetRenewals {
  private readonly stacks = new Map<TerraformStack, RenewalDates>();
  private readonly home: RenewalDates;

  constructor(
    private readonly fleet: Construct & { readonly hosts: readonly IFleetHost[] },
    private readonly authorities: FleetAuthorities,
    private readonly outputs: FleetOutputs,
  ) {
    this.home = this.create(TerraformStack.of(fleet), fleet, "renewals");
  }

  /** The next date in the fleet's own stack. */
  public get next(): string {
    return this.home.next;
  }

  /** The next date in a stack; empty where it creates no certificate. */
  public nextIn(stack: TerraformStack): string {
    return this.stacks.get(stack)?.next ?? "";
  }

  /** Adds the stacks of a host's certificates; the certificates themselves are read at synthesis. */
  public addHost({ certificates }: IFleetHost): void {
    for (const certificate of certificates) {
      const stack = TerraformStack.of(certificate);
      if (!this.stacks.has(stack)) {
        this.create(stack, stack, pathId(stack, "renewals", this.fleet.node.path));
      }
    }
  }

  private create(stack: TerraformStack, scope: Construct, id: string): RenewalDates {
    const isHome = stack === TerraformStack.of(this.fleet);
    const dates = new RenewalDates(scope, id, () => this.renewables(stack));
    this.stacks.set(stack, dates);
    this.outputs.add(isHome ? this.fleet : stack, "next-renewal", dates.next, {
      description: "When the first certificate is due: deploy then (RFC 3339, UTC)",
    });
    return dates;
  }

  /** Each certificate once, in the stack that creates it, however many hosts present it. */
  private renewables(stack: TerraformStack): Renewable[] {
    const isHome = stack === TerraformStack.of(this.fleet);
    const certificates = new Set(this.fleet.hosts.flatMap((host) => host.certificates));
    const receivers = this.fleet.hosts.flatMap((host) => serverCaOf(host) ?? []);
    const elsewhere = [...new Set(receivers)].filter((ca) => TerraformStack.of(ca) === stack);
    const authorities = isHome ? this.authorities.own.map(({ ca }) => ca) : elsewhere;
    return [
      ...authorities.flatMap((ca) => authorityRecord(ca).renewables),
      ...[...certificates]
        .filter((certificate) => TerraformStack.of(certificate) === stack)
        .map((certificate) => certificate._renewable),
    ];
  }
}
