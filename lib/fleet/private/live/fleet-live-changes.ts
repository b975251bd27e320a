import { TerraformStack } from "cdktf";

import { authorityRecord } from "../../../authority/records";
import type { IFleetHost } from "../../../host/fleet-host";
import type { IFleetTls } from "../../../host/ifleet-tls";
import type { FleetAuthorities } from "../authorities";
import type { FormerEndpoints } from "./former";
import { LiveChanges } from "./live-changes";
import { pathId } from "../../../private/terraform/path-id";

/** Properties of the records of a fleet. */
export interface FleetLiveChangesProps {
  readonly fleet: IFleetTls;
  readonly authorities: FleetAuthorities;
  readonly former: FormerEndpoints;
  /** Mode of Fleet Server's client authentication; absent where it runs elsewhere. */
  readonly clientAuthentication?: string;
  readonly confirmed: string[];
}

/** Records of the settings of a fleet's hosts: one for each stack with hosts. */
export class FleetLiveChanges {
  /** Record of the fleet's own stack. */
  public readonly home: LiveChanges;

  private readonly stacks = new Set<TerraformStack>();

  constructor(private readonly props: FleetLiveChangesProps) {
    this.home = this.create(TerraformStack.of(props.fleet));
  }

  public addHost(host: IFleetHost): void {
    const stack = TerraformStack.of(host);
    if (!this.stacks.has(stack)) {
      this.create(stack);
    }
  }

  private create(stack: TerraformStack): LiveChanges {
    this.stacks.add(stack);
    const { fleet, authorities, former, clientAuthentication, confirmed } = this.props;
    const isHome = stack === TerraformStack.of(fleet);
    return new LiveChanges(isHome ? fleet : stack, isHome ? "live" : pathId(stack, "live", fleet.node.path), {
      fleet,
      former,
      clientAuthentication: isHome ? clientAuthentication : undefined,
      confirmed,
      isHome,
      // Written last: a deploy that was interrupted leaves no record of itself.
      after: () => (isHome ? authorities.all.flatMap(({ ca }) => [...authorityRecord(ca).completion]) : []),
    });
  }
}
