import { Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import type { IFleetTls } from "./ifleet-tls";
import type { IFleetHost } from "./fleet-host";
import { OutputTrust } from "./output-trust";
import type { Problem } from "../private/problems";
import { InputError } from "../private/problems";
import { outputPathOf, projectPath } from "../private/paths";
import { createPublicFile } from "../private/terraform/public-file";
import { hostId } from "../private/terraform/host-id";
import type { OutputCa } from "./output-settings";
import { differencesOf, outputCa, outputSettings, outputYaml, shippingHosts } from "./output-settings";
import type { YamlMap } from "./private/settings/yaml";
import { withPort } from "../private/urls";
import type { TargetPlatform } from "../command/target-platform";
import { authorityRecord } from "../authority/records";
import { checkProps, pathOf } from "../private/check-props";

/** Options for an output. */
export interface FleetOutputOptions {
  /**
   * The hosts whose policies use the output.
   *
   * @default - every agent and every Fleet Server of the fleet
   */
  readonly hosts?: IFleetHost[];

  /**
   * Only hosts of this operating system: in a mutual fleet the settings name paths.
   *
   * @default - hosts of all of them
   */
  readonly platform?: TargetPlatform;

  /**
   * How agents verify Elasticsearch's certificate.
   *
   * @default OutputTrust.INLINE - where Terraform knows the CA, else its path on the hosts
   */
  readonly trust?: OutputTrust;
}

/** Properties of an output. */
export interface FleetOutputProps extends FleetOutputOptions {
  /** The fleet whose agents use it. */
  readonly fleet: IFleetTls;
}

/** An Elasticsearch output of Fleet's: what agents are told of TLS towards Elasticsearch, the same on every host. */
export class FleetOutput extends Construct {
  /** The output's id in Kibana: the fleet's and its own. */
  public readonly outputId: string;

  /** The URL of Elasticsearch with its port, without which Kibana would take 443 and Fleet Server 9200. */
  public readonly elasticsearchUrl: string;

  /**
   * The output's settings as YAML, an `ssl` map: what goes into *Advanced YAML configuration* in Kibana, or
   * `config_yaml` of the elasticstack provider. It names keys by their paths. Also in the file `outputs/ID.yml` of the
   * fleet's output directory. A Terraform token.
   */
  public readonly settings: string;

  private readonly props: FleetOutputProps;
  private readonly fingerprint?: string;

  constructor(scope: Construct, id: string, props: FleetOutputProps) {
    const { fleet } = checkProps(pathOf(scope, id), "FleetOutputProps", props);
    super(scope, hostId(scope, id));
    this.props = props;
    this.fingerprint = props.trust === OutputTrust.FINGERPRINT ? this.checkedFingerprint() : undefined;
    this.outputId = `${fleet.node.id}-${id}`;
    this.elasticsearchUrl = withPort(fleet.elasticsearchUrl, "9200");
    this.settings = new TerraformLocal(
      this,
      "settings",
      // Agents may be added later.
      Lazy.anyValue({ produce: () => outputYaml(this._config) }),
    ).asString;
    const path = outputPathOf(fleet, `outputs/${id}.yml`);
    const file = createPublicFile(this, "file", { path: path && projectPath(path), content: this.settings });
    // Agents trust the CA by this text, so a rotation waits for it as for any bundle.
    authorityRecord(fleet.elasticsearchCa).addBundleFile(file);
    this.node.addValidation({ validate: () => this.disagreements() });
  }

  /** The hosts whose policies use the output. */
  public get hosts(): IFleetHost[] {
    const { fleet, platform } = this.props;
    const all = this.props.hosts ?? shippingHosts(fleet);
    return platform ? all.filter((host) => host.platform === platform) : all;
  }

  /** The settings as a map, to stand in other settings. @internal */
  public get _config(): YamlMap {
    return outputSettings(this.hosts[0]?.outputPaths ?? {}, this.ca);
  }

  private get ca(): OutputCa {
    const { fleet, trust } = this.props;
    const { pem, isShared } = outputCa(fleet.elasticsearchCa);
    return { fingerprint: this.fingerprint, pem: trust === OutputTrust.HOST_FILE ? undefined : pem, isShared };
  }

  /** A fingerprint that matches one CA of two cuts off every agent when the other one signs. */
  private checkedFingerprint(): string {
    const { fingerprintSha256, spkiPinsSha256 } = this.props.fleet.elasticsearchCa;
    if (spkiPinsSha256.length !== 1) {
      throw new InputError([
        {
          where: `${this.node.path}: trust`,
          what: "is a fingerprint, which cannot overlap while the Elasticsearch CA rotates",
          got: `${spkiPinsSha256.length} generations`,
          allowed: "OutputTrust.INLINE or OutputTrust.HOST_FILE while there is more than one generation",
          fix: "go over to OutputTrust.INLINE, deploy, and only then rotate",
        },
      ]);
    }
    return fingerprintSha256;
  }

  /** One output has one CA and one set of paths: hosts whose folders differ need outputs of their own. */
  private disagreements(): string[] {
    const { hosts, ca } = this;
    const { fleet } = this.props;
    const [first] = hosts;
    if (first === undefined) {
      return this.problem({
        what: "is empty, so that nothing is known of the paths that the settings have to name",
        allowed: "at least one agent or Fleet Server",
        fix: "add an agent of that platform, or leave the output out",
      });
    }
    const withoutAgent = hosts.filter(({ outputPaths }) => outputPaths === undefined);
    if (withoutAgent.length > 0) {
      return this.problem({
        what: `contains hosts that run no agent: ${listOf(withoutAgent)}`,
        allowed: "agents and Fleet Servers",
        fix: "remove them from hosts",
      });
    }
    const own = new Set<IFleetHost>(fleet.hosts);
    const strangers = hosts.filter((host) => !own.has(host));
    if (strangers.length > 0) {
      return this.problem({
        what: `holds hosts of another fleet, whose Elasticsearch has another CA: ${listOf(strangers)}`,
        allowed: `agents and Fleet Servers of ${fleet.node.path}`,
        fix: "add an output to their own fleet",
      });
    }
    const differing = hosts.filter((host) => differencesOf(host, first, ca).length > 0);
    const [example] = differing;
    if (example === undefined) {
      return [];
    }
    return this.problem({
      what: `do not agree on the paths that one output would name for all of them: ${listOf(differing)} against ${first.node.path}`,
      got: differencesOf(example, first, ca).join(", "),
      allowed: "hosts whose folders hold the same files at the same paths",
      fix: "make one output for each kind with addOutput(ID, { platform }) or addOutput(ID, { hosts }), and give them to addKibana",
    });
  }

  private problem(problem: Omit<Problem, "where">): string[] {
    return [new InputError([{ ...problem, where: `${this.node.path}: hosts` }]).message];
  }
}

const MOST_NAMES = 5;

function listOf(hosts: IFleetHost[]): string {
  const names = hosts.slice(0, MOST_NAMES).map(({ node }) => node.path);
  const rest = hosts.length - names.length;
  return rest > 0 ? `${names.join(", ")} and ${rest} more` : names.join(", ");
}
