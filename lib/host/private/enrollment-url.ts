import { isIP } from "node:net";

import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";

import type { FleetServerHosts } from "../fleet-server-hosts";
import { HostKind } from "../host-kind";
import type { IFleetTls } from "../ifleet-tls";
import type { StackVersion } from "../../command/stack-version";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";
import { isDnsName } from "../../private/names";
import { hasFeature, LOCAL_ENROLLMENT, sinceText } from "../../command/data/stack-features";
import { expression, isKnown } from "../../private/terraform/text";

/** Properties that decide the URL through which a Fleet Server's own agent enrolls. */
export interface EnrollmentTarget {
  readonly urls: FleetServerHosts;
  readonly names: string[];
  readonly port: number;
  readonly stackVersion: StackVersion;
}

const FIX = "name it in names, or upgrade";

/**
 * The URL of a Fleet Server's own command. Newer agents replace it by `localhost`; older ones enroll through it, so it
 * has to lead to this very host and not to another one behind the same name.
 */
export function enrollmentUrl(problems: Problems, host: Construct, fleet: IFleetTls, target: EnrollmentTarget): string {
  const { urls, names, port, stackVersion } = target;
  const isPort = Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1 && port <= 65535);
  // A wrong port is reported once, by the command's rules.
  if (!isPort || hasFeature(stackVersion, LOCAL_ENROLLMENT)) {
    return urls.urls[0] as string;
  }
  const own = names.find((name) => !isKnown(name) || isIP(name) !== 0 || (isDnsName(name) && !name.startsWith("*")));
  const portText = Token.isUnresolved(port) ? Token.asString(port) : port;
  const url = `https://${authority(own ?? (urls.names[0] as string))}:${portText}`;
  if (own !== undefined) {
    return url;
  }
  const allowed = `names with a name of this host, or stackVersion ${sinceText(LOCAL_ENROLLMENT)}`;
  if (host.node.scope !== fleet) {
    problems.add("names", {
      what: `has no name of this host alone, through which the agent of ${stackVersion.toString()} enrolls`,
      got: quoted(names),
      allowed,
      fix: FIX,
    });
  }
  // The first one may be the only one; whether it stays the only one is known at synth.
  host.node.addValidation({
    validate: () =>
      fleet.hosts.filter(({ kind }) => kind === HostKind.FLEET_SERVER).length > 1
        ? [
            `${host.node.path}: names has no name of this host alone, through which the agent of ` +
              `${stackVersion.toString()} enrolls, although the fleet has several Fleet Servers; allowed: ${allowed}; ${FIX}`,
          ]
        : [],
  });
  return url;
}

/** A name or an address as it stands in a URL. */
function authority(name: string): string {
  if (isKnown(name)) {
    return isIP(name) === 6 ? `[${name}]` : name;
  }
  const whole = expression(name);
  return Token.asString(Fn.conditional(Fn.can(Fn.regex(":", whole)), Fn.join("", ["[", whole, "]"]), whole));
}
