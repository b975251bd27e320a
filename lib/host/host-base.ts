import type { IConstruct } from "constructs";
import { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import type { HostCommand, HostReload, HostSettings, IFleetHost, OutputPaths } from "./fleet-host";
import type { HostFiles } from "./host-files";
import type { HostKind } from "./host-kind";
import { checkArguments, pathOf } from "../private/check-props";
import { hostId } from "../private/terraform/host-id";

/**
 * Base of every kind of host, yours included: checks the id, computes the folder, and reads the rest from the files.
 * Call `fleet.addHost(this)` at the end of the constructor.
 */
export abstract class HostBase extends Construct implements IFleetHost {
  /** Id of the host, unique among hosts of its kind. */
  public readonly id: string;

  /** Kind of the host. */
  public readonly kind: HostKind;

  /** The host's folder in the fleet's output directory, e.g. `agents/web-1`. */
  public readonly folder: string;

  /** The host's files. */
  public abstract readonly files: HostFiles;

  /** How the host applies changed files. */
  public abstract readonly reload: HostReload;

  /** Version of the Elastic stack that the host runs, if known. */
  public readonly stackVersion?: StackVersion;

  /** Paths for the settings of an output, if the host runs an agent. */
  public readonly outputPaths?: OutputPaths;

  /** Paths of the agent's client certificate, for outputs to other servers than Elasticsearch. */
  public readonly agentPaths?: OutputPaths;

  /** Outputs that the policy of the host's agent names, if it names some. */
  public readonly policyOutputs?: IConstruct[];

  /** Download source that the policy of the host's agent names, if it names one. */
  public readonly downloadSource?: IConstruct;

  /** Whether Elastic Defend runs on the host. */
  public readonly elasticDefend?: boolean;

  protected constructor(scope: Construct, id: string, fleet: IConstruct, kind: HostKind) {
    checkArguments("HostBase", { scope, id, fleet, kind }, pathOf(scope, id));
    super(scope, hostId(scope, id));
    this.id = id;
    this.kind = kind;
    // The fleet's default host of a kind has the kind's id, and keeps its folder when others are added.
    this.folder = scope === fleet && id === kind.id ? id : `${kind.folder}/${id}`;
  }

  /** The host's operating system. */
  public get platform(): TargetPlatform {
    return this.files.platform;
  }

  /** Certificates that the host presents and that deploys renew. */
  public get certificates(): Certificate[] {
    return this.files.certificates.flatMap(({ certificate }) => certificate ?? []);
  }

  /** Commands that the host runs, or the environment of its container. */
  public get commands(): HostCommand[] {
    return [];
  }

  /** Settings for the program that the host runs. */
  public get settingsFiles(): HostSettings[] {
    return [];
  }

  /** Whether the program runs in a container. */
  public get isContainer(): boolean {
    return false;
  }
}
