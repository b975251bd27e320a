import type { Problems } from "../../private/problems";
import type { IFleetTls } from "../ifleet-tls";

/** Refuses options of client certificates in a fleet that does not use them. */
export function checkClientProps(
  problems: Problems,
  fleet: Pick<IFleetTls, "clientTls">,
  props: Readonly<Record<string, unknown>>,
): void {
  if (fleet.clientTls) {
    return;
  }
  for (const [prop, value] of Object.entries(props)) {
    if (value !== undefined) {
      problems.add(prop, {
        what: "is given in a fleet without client certificates, which asks for none",
        allowed: "client certificates in a MutualFleetTls, or in an ExternalFleetTls with an agentCa",
        fix: "leave it out, or use such a fleet at the same id",
      });
    }
  }
}
