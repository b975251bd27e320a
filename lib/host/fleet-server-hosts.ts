import type { Precondition } from "cdktf";
import type { IConstruct } from "constructs";
import { Construct } from "constructs";

import { checkArguments, checkProps, pathOf } from "../private/check-props";
import { Problems } from "../private/problems";
import { hostId } from "../private/terraform/host-id";
import type { Endpoint } from "../private/urls";
import { FLEET_SERVER_URL, parseUrl, urlPrecondition } from "../private/urls";
import type { FleetProxy } from "./fleet-proxy";
import { FleetList } from "./private/fleet-list";
import type { IFleetTls } from "./ifleet-tls";
import { kibanaId } from "./kibana-id";

/** Options for Fleet Server hosts. */
export interface FleetServerHostsOptions {
  /**
   * URLs by which agents reach these Fleet Servers, with their ports: https only. Agents enroll through the first one,
   * which is the `--url` of their commands, so it must be reachable from every agent at that time. Kibana gives all of
   * them to running agents, which try them in turn. Each may be a Terraform token.
   */
  readonly urls: string[];

  /**
   * Former URLs of a live fleet. Their names stay in the certificates, and Kibana's settings list them last, until their
   * entry goes. A deploy that drops a URL without this is refused.
   *
   * @default - none
   */
  readonly formerUrls?: string[];

  /**
   * Fleet proxy through which agents reach the URLs. Their commands get its URL, headers and CA.
   *
   * @default - agents use the proxy of their environment or their own options, if there is one
   */
  readonly fleetProxy?: FleetProxy;
}

/** Properties of Fleet Server hosts. */
export interface FleetServerHostsProps extends FleetServerHostsOptions {
  /** The fleet whose agents use them. */
  readonly fleet: IFleetTls;

  /**
   * Proxy whose URL they are. Its certificate has their names, and agents that dial it trust its CA.
   *
   * @default - they are Fleet Server's own
   */
  readonly proxy?: IConstruct;
}

/** Id of the default ones of a fleet. */
const DEFAULT_ID = "fleet-server";

const LISTS = new FleetList<FleetServerHosts>();

/**
 * Kibana's *Fleet Server hosts*: a named list of URLs, such as those of a site. `fleet.addFleetServerHosts` creates one.
 *
 * @example
 * const berlin = fleet.addFleetServerHosts("berlin", { urls: ["https://fleet.berlin.example.com:8220"] });
 * fleet.addFleetServer("berlin-1", { fleetServerHosts: berlin });
 * fleet.addAgent("web-1", { fleetServerHosts: berlin });
 */
export class FleetServerHosts extends Construct {
  /** Fleet Server hosts of a fleet, those of its proxies too; the default ones are first. */
  public static of(fleet: IFleetTls): FleetServerHosts[] {
    checkArguments("FleetServerHosts.of", { fleet });
    return [...LISTS.of(fleet)];
  }

  /** Id of the object in Kibana. */
  public readonly hostId: string;

  /** Name of the object in Kibana. */
  public readonly name: string;

  /** URLs, in the order in which agents try them; without former ones. */
  public readonly urls: string[];

  /** Fleet proxy through which agents reach the URLs. */
  public readonly fleetProxy?: FleetProxy;

  /** Proxy whose URL they are, if they are not Fleet Server's own. */
  public readonly proxy?: IConstruct;

  /** Former URLs, which agents may still use. */
  public readonly formerUrls: string[];

  private readonly endpoints: Endpoint[];

  constructor(scope: Construct, id: string, props: FleetServerHostsProps) {
    const { fleet } = checkProps(pathOf(scope, id), "FleetServerHostsProps", props);
    super(scope, hostId(scope, id));
    const problems = new Problems(this.node.path);
    const endpoints = (prop: "urls" | "formerUrls"): Endpoint[] =>
      (props[prop] ?? []).map((url, index) => parseUrl(problems, `${prop}[${index}]`, url, FLEET_SERVER_URL));
    const [current, former] = [endpoints("urls"), endpoints("formerUrls")];
    if (current.length === 0) {
      problems.add("urls", {
        what: "is empty",
        allowed: `at least one URL such as ${FLEET_SERVER_URL.example}`,
        fix: "write the URL by which agents enroll first",
      });
    }
    this.fleetProxy = props.fleetProxy;
    this.fleetProxy?._checkUse(problems, fleet, "Fleet Server", [fleet.fleetServerTrust]);
    this.hostId = problems.collectOrThrow(() => kibanaId(fleet, this, "Fleet Server host", id));
    problems.throwIfAny();
    this.name = `${fleet.kibanaIdPrefix} ${id === DEFAULT_ID ? "Fleet Server" : id}`;
    this.proxy = props.proxy;
    this.urls = current.map(({ url }) => url);
    this.formerUrls = former.map(({ url }) => url);
    this.endpoints = [...current, ...former];
    this.fleetProxy?._addUser(this, `the Fleet Server hosts \`${this.hostId}\``);
    LISTS.add(fleet, this);
  }

  /** Hosts of all of these URLs, which are names of their Fleet Servers' certificates. */
  public get names(): string[] {
    return [...new Set(this.endpoints.map(({ host }) => host))];
  }

  /** What synth cannot check about URLs that only Terraform knows. @internal */
  public get _preconditions(): Precondition[] {
    const urls = [...this.urls, ...this.formerUrls];
    return urls.flatMap((url) => urlPrecondition(`${this.node.path}: a URL`, url, FLEET_SERVER_URL));
  }
}
