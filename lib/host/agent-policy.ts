import { Construct } from "constructs";

import { TargetPlatform } from "../command/target-platform";
import { checkArguments, checkProps, pathOf } from "../private/check-props";
import { Problems } from "../private/problems";
import { FLEET_SERVER_URL } from "../private/urls";
import { hostId } from "../private/terraform/host-id";
import { DownloadSource } from "./download-source";
import { EnrollmentToken } from "./enrollment-token";
import type { FleetOutput } from "./fleet-output";
import type { FleetServerHosts } from "./fleet-server-hosts";
import { checkOwnProxy } from "./private/fleet-proxy-options";
import { FleetList } from "./private/fleet-list";
import type { IFleetTls } from "./ifleet-tls";
import { InstallCommand } from "./install-command";
import { kibanaId } from "./kibana-id";
import { proxyCaText } from "./private/commands";
import { fleetServerListOf } from "./private/fleet-server-list";
import { OUTPUTS } from "./private/output-list";
import type { ReverseProxy } from "./reverse-proxy";

/** Options for an agent policy: what its agents share, so that an agent only names its policy. */
export interface AgentPolicyOptions {
  /**
   * Source of the enrollment token, which belongs to the policy. Emitted as `--enrollment-token`.
   *
   * @default - the variable of the fleet's `agentEnrollmentToken`, which each host sets to a token of its policy; a token by
   * value is refused, because it belongs to another policy
   */
  readonly enrollmentToken?: EnrollmentToken;

  /**
   * Fleet Server hosts that the policy names. Its agents enroll through their first URL.
   *
   * @default - the default ones, of the fleet's `fleetServerUrl`
   */
  readonly fleetServerHosts?: FleetServerHosts;

  /**
   * Reverse proxy that its agents dial instead of Fleet Server.
   *
   * @default - they dial their Fleet Server hosts
   */
  readonly fleetServerProxy?: ReverseProxy;

  /**
   * Output of the agents' data.
   *
   * @default - Kibana's default output
   */
  readonly dataOutput?: FleetOutput;

  /**
   * Output of the agents' own logs and metrics.
   *
   * @default - Kibana's default output for monitoring
   */
  readonly monitoringOutput?: FleetOutput;

  /**
   * Where its agents download their next version.
   *
   * @default - Kibana's default download source
   */
  readonly downloadSource?: DownloadSource;

  /**
   * URL of a proxy through which its agents reach Fleet Server by CONNECT. Emitted as `--proxy-url`. With a Fleet proxy of
   * `fleetServerHosts`, Kibana has the URL too.
   *
   * @default - none
   */
  readonly proxyUrl?: string;

  /**
   * CA of that proxy, as PEM, if it is reached over https or ends TLS.
   *
   * @default - none
   */
  readonly proxyCaPem?: string;
}

/** Properties of an agent policy. */
export interface AgentPolicyProps extends AgentPolicyOptions {
  /** The fleet that the policy belongs to. */
  readonly fleet: IFleetTls;
}

const POLICIES = new FleetList<AgentPolicy>();

/**
 * Kibana's *agent policy*, as far as TLS and connections go. `fleet.addAgentPolicy` creates one.
 *
 * @example
 * const policy = fleet.addAgentPolicy("web", { enrollmentToken: EnrollmentToken.fromEnvironment("WEB_TOKEN") });
 * fleet.addAgent("web-2", { policy });
 */
export class AgentPolicy extends Construct {
  /** Policies of a fleet, without the default one that the fleet's own props describe. */
  public static of(fleet: IFleetTls): AgentPolicy[] {
    checkArguments("AgentPolicy.of", { fleet });
    return [...POLICIES.of(fleet)];
  }

  /** Id of the policy in Kibana. */
  public readonly policyId: string;

  /** Name of the policy in Kibana. */
  public readonly name: string;

  /** Options of the policy. */
  public readonly options: AgentPolicyOptions;

  /** Fleet Server hosts that the policy names in Kibana, those of its proxy included. */
  public readonly fleetServerHosts: FleetServerHosts;

  constructor(scope: Construct, id: string, props: AgentPolicyProps) {
    const { fleet, ...options } = checkProps(pathOf(scope, id), "AgentPolicyProps", props);
    super(scope, hostId(scope, id));
    const problems = new Problems(this.node.path);
    const list = fleetServerListOf(problems, fleet, options.fleetServerHosts);
    if (options.fleetServerProxy !== undefined && options.fleetServerHosts !== undefined) {
      problems.add("fleetServerHosts", {
        what: "is given together with fleetServerProxy, whose URL is in Fleet Server hosts of its own",
        allowed: "either fleetServerHosts or fleetServerProxy",
        fix: "remove one of them",
      });
    }
    for (const prop of ["dataOutput", "monitoringOutput"] as const) {
      const output = options[prop];
      if (output !== undefined && !OUTPUTS.of(fleet).includes(output)) {
        problems.add(prop, {
          what: "is an output of another fleet",
          got: output.node.path,
          allowed: `an output of ${fleet.node.path}`,
          fix: "create it with addOutput of this fleet, or as new FleetOutput with this fleet",
        });
      }
    }
    if (options.downloadSource !== undefined && !DownloadSource.of(fleet).includes(options.downloadSource)) {
      problems.add("downloadSource", {
        what: "is a download source of another fleet",
        got: options.downloadSource.node.path,
        allowed: `a download source of ${fleet.node.path}`,
        fix: "create it with addDownloadSource of this fleet",
      });
    }
    checkForwardProxy(problems, options);
    checkOwnProxy(problems, list, options);
    if (options.monitoringOutput !== undefined && options.dataOutput === undefined) {
      problems.add("monitoringOutput", {
        what: "is given without dataOutput, so that the policy's data goes to Kibana's default output",
        allowed: "dataOutput alone, or both",
        fix: "add the dataOutput for the hosts of this policy",
      });
    }
    problems.throwIfAny();
    this.policyId = problems.collectOrThrow(() => kibanaId(fleet, this, "agent policy", id));
    this.name = `${fleet.kibanaIdPrefix} ${id}`;
    this.options = options;
    this.fleetServerHosts = options.fleetServerProxy?.fleetServerHosts ?? list;
    POLICIES.add(fleet, this);
  }

  /** Outputs that the policy names. */
  public get outputs(): FleetOutput[] {
    const { dataOutput, monitoringOutput } = this.options;
    return [...new Set([dataOutput, monitoringOutput].filter((output) => output !== undefined))];
  }
}

/** The rules of the agents' commands, before an agent has the policy. */
function checkForwardProxy(problems: Problems, { proxyUrl, proxyCaPem }: AgentPolicyOptions): void {
  const platform = TargetPlatform.LINUX;
  const flags = {
    url: FLEET_SERVER_URL.example,
    enrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    proxyUrl,
    nonInteractive: true,
  };
  problems.collect(
    () => new InstallCommand({ flags, executable: platform.executable, platform }),
    (prop) => prop,
  );
  proxyCaText(problems, proxyCaPem);
}
