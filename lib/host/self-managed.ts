import type { IFleetTls, ISelfManagedFleetTls } from "./ifleet-tls";

/** Whether a fleet has Fleet Servers of its own, and so a policy for them. */
export function isSelfManaged(fleet: IFleetTls): fleet is ISelfManagedFleetTls {
  return (fleet as Partial<ISelfManagedFleetTls>).fleetServerPolicy !== undefined;
}
