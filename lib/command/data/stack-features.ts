import { StackVersion } from "../stack-version";

/**
 * Versions that introduced something: the last one for every later version too, each other one for the patch level of
 * its own minor version alone, to which the change was carried back.
 */
export type Since = readonly string[];

/** The oldest version whose flags were read. */
export const OLDEST: Since = ["8.2"];

/** Before, Fleet Server checked the host name of agents' certificates, which have none (fleet-server#4042). */
export const MUTUAL_TLS: Since = ["8.16"];

/** Before, a Fleet Server enrolls through `--url`, with a full check of the name (elastic-agent#12917). */
export const LOCAL_ENROLLMENT: Since = ["8.19.13", "9.2.7", "9.3.2", "9.4"];

/** Before, Elastic Defend reads RSA keys only, and drops others silently (docs-content#5514, security-docs#7017). */
export const DEFEND_READS_EC_KEYS: Since = ["8.19", "9.1"];

/** Before, an agent without a Fleet Server drops `--header` without a word (elastic-agent cmd/enroll.go). */
export const AGENT_SENDS_HEADERS: Since = ["8.19", "9.1"];

/** Before, a container reads one header, from FLEET_HEADER (elastic-agent cmd/setup_config.go). */
export const CONTAINER_READS_HEADERS: Since = ["9.5"];

/** `certificate_reload` of an output is known, and off unless it is turned on (elastic-agent-libs 0.31 to 0.46). */
export const CERTIFICATE_RELOADS: Since = ["8.19.20", "9.3.8", "9.4.5", "9.5"];

/** `certificate_reload` is on by default. */
export const RELOADS_BY_DEFAULT: Since = ["9.5"];

/** Kibana reads `xpack.fleet.binaryDownloadSource`; before, it does not start with it (kibana#283454). */
export const DECLARED_DOWNLOAD_SOURCES: Since = ["9.6"];

/** Kibana reads `xpack.fleet.proxies` and `proxy_id` (kibana#145737, #147716). */
const FLEET_PROXIES: Since = ["8.7"];

/** Whether Kibana declares Fleet proxies and writes them into policies, which 9.1.0 does not (kibana full_agent_policy.ts). */
export function hasFleetProxies(version: StackVersion): boolean {
  return hasFeature(version, FLEET_PROXIES) && version.toString() !== "9.1.0";
}

/** Whether a version has what came with `since`. */
export function hasFeature(version: StackVersion, since: Since): boolean {
  return since.some((text, index) => {
    const { major, minor } = StackVersion.of(text);
    const isSameMinor = version.major === major && version.minor === minor;
    return version.isAtLeast(text) && (isSameMinor || index === since.length - 1);
  });
}

/** The versions that have it, in words, e.g. `8.19.13, 9.2.7, 9.3.2 and everything from 9.4`. */
export function sinceText(since: Since): string {
  const last = since.at(-1) as string;
  return since.length === 1 ? `${last} or newer` : `${since.slice(0, -1).join(", ")} and everything from ${last}`;
}
