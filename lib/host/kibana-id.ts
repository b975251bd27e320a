import type { Construct } from "constructs";

import { InputError, quoted } from "../private/problems";
import { claim } from "../private/terraform/app-registry";
import { isKnown } from "../private/terraform/text";
import type { IFleetTls } from "./ifleet-tls";

/**
 * Id of an object in Kibana.
 *
 * @param owner the construct whose object it is
 * @throws if another construct of the app has the same id: Kibana would keep one of the two objects
 */
export function kibanaId(
  { kibanaIdPrefix }: IFleetTls,
  owner: Construct,
  kind: "output" | "Fleet Server host" | "agent policy" | "agent binary download source" | "Fleet proxy",
  id: string,
): string {
  const whole = `${kibanaIdPrefix}-${id}`;
  const other = isKnown(whole) ? claim(owner, `Kibana ${kind} ${whole}`) : undefined;
  if (other !== undefined) {
    throw new InputError([
      {
        where: `${owner.node.path}: id`,
        what: `gives the ${kind} an id that ${other} already uses in Kibana`,
        got: quoted(whole),
        allowed: `one ${kind} for each id of an app`,
        fix: "choose another id, or another kibanaIdPrefix for one of the fleets",
      },
    ]);
  }
  return whole;
}
