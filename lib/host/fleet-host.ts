import type { IConstruct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";
import type { HostFiles } from "./host-files";
import type { HostKind } from "./host-kind";

/** Command that a host runs, or the environment of its container. */
export interface HostCommand {
  /** File in the host's folder that contains it. */
  readonly file: string;

  /** The command, or the environment file. A Terraform token. */
  readonly text: string;

  /** Whether the text contains a secret, so that an output of it must be sensitive. */
  readonly containsSecret: boolean;

  /** What a person has to provide before it runs, one line each, such as variables; code is between backticks. */
  readonly prerequisites: string[];

  /**
   * Options that a running host keeps until it enrolls again, without a secret: the runbook names the host when this text
   * changes.
   *
   * @default - the runbook names no host whose command changed
   */
  readonly keptOptions?: string;
}

/** Settings for the configuration file of the program that a host runs. They contain no secret. */
export interface HostSettings {
  /** Title of the settings, such as `For elasticsearch.yml`. */
  readonly title: string;

  /** File in the host's folder that contains them. */
  readonly file: string;

  /** The settings. A Terraform token. */
  readonly text: string;

  /** How to apply them; code is between backticks. */
  readonly hint: string;
}

/** How a host applies changed files. */
export interface HostReload {
  /** Whether it loads changed files without a restart. */
  readonly isAutomatic: boolean;

  /** Sentence for the runbook, e.g. `Restart Kibana.` */
  readonly instruction: string;

  /**
   * Steps after a copy, for the runbook's table of hosts.
   *
   * @default - `loads files by itself`, or `restart`
   */
  readonly afterCopy?: string;

  /**
   * Command that restarts the program.
   *
   * @default - depends on how it was installed
   */
  readonly command?: string;
}

/** Paths on a host that the settings of its agent's output name. */
export interface OutputPaths {
  /**
   * The Elasticsearch CA.
   *
   * @default - the operating system trusts it
   */
  readonly elasticsearchCa?: string;

  /**
   * The agent's client certificate.
   *
   * @default - none: the fleet is one-way
   */
  readonly certificate?: string;

  /**
   * The client certificate's private key.
   *
   * @default - none: the fleet is one-way
   */
  readonly key?: string;

  /**
   * The file that contains the key's passphrase.
   *
   * @default - the key is not encrypted
   */
  readonly passphrase?: string;
}

/**
 * A host of a fleet: everything that outputs, runbook, operator page and renewal dates read. Its constructor calls
 * `fleet.addHost(this)`.
 */
export interface IFleetHost extends IConstruct {
  /** Id of the host, unique among hosts of its kind. */
  readonly id: string;

  /** Kind of the host. */
  readonly kind: HostKind;

  /** The host's folder in the fleet's output directory, e.g. `agents/web-1`. */
  readonly folder: string;

  /** The host's files. */
  readonly files: HostFiles;

  /** Certificates that the host presents and that deploys renew. */
  readonly certificates: Certificate[];

  /** Commands that the host runs, or the environment of its container. */
  readonly commands: HostCommand[];

  /** Settings for the program that the host runs. */
  readonly settingsFiles: HostSettings[];

  /** How the host applies changed files. */
  readonly reload: HostReload;

  /** The host's operating system. */
  readonly platform: TargetPlatform;

  /** Whether the program runs in a container. */
  readonly isContainer: boolean;

  /** Version of the Elastic stack that the host runs, if known. */
  readonly stackVersion?: StackVersion;

  /** Paths of the agent's client certificate, for outputs to other servers than Elasticsearch. */
  readonly agentPaths?: OutputPaths;

  /** Outputs that the policy of the host's agent names, if it names some. */
  readonly policyOutputs?: IConstruct[];

  /** Download source that the policy of the host's agent names, if it names one. */
  readonly downloadSource?: IConstruct;

  /** Whether Elastic Defend runs on the host. */
  readonly elasticDefend?: boolean;

  /** Paths for the settings of an output, if the host runs an agent. */
  readonly outputPaths?: OutputPaths;
}
