import type { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { HostCommand, HostReload, OutputPaths } from "./fleet-host";
import type { FleetServerHosts } from "./fleet-server-hosts";
import { fleetServerListOf } from "./private/fleet-server-list";
import { HostBase } from "./host-base";
import { HostKind } from "./host-kind";
import type { ISelfManagedFleetTls } from "./ifleet-tls";
import type { FleetServerOptions } from "./fleet-server-options";
import type { HostFiles } from "./host-files";
import type { CommandFiles } from "./install-command";
import type { InstallFlags } from "./install-flags";
import { agentPairFlags } from "./private/agent-pair-flags";
import type { FleetServerPairs } from "./private/fleet-server-pairs";
import { checkLocalNames, createFleetServerPairs } from "./private/fleet-server-pairs";
import { checkPublicElasticsearch } from "./public-elasticsearch";
import { Problems } from "../private/problems";
import { agentReload } from "./private/agent-reload";
import type { ClientAuthentication } from "../command/client-authentication";
import { tokenPrecondition } from "./private/command-preconditions";
import { encryptedKeys, HostCommands, hostFlags, proxyCaText } from "./private/commands";
import { hostDirectoryPreconditions } from "./private/directory";
import { checkKeyAlgorithm, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import { enrollmentUrl } from "./private/enrollment-url";
import { urlPreconditions } from "../private/urls";
import { outputPaths, pathsOfPair } from "./private/settings/output-paths";
import type { ServiceToken } from "./service-token";
import type { StackVersion } from "../command/stack-version";
import { checkProps, pathOf } from "../private/check-props";

/** Properties of a Fleet Server. */
export interface FleetServerProps extends FleetServerOptions {
  /** The fleet that it serves, in this or another stack of the app. */
  readonly fleet: ISelfManagedFleetTls;
}

const DEFAULT_PORT = 8220;

/** Props by flag. */
const FLEET_SERVER_PROPS = {
  fleetServerEs: "elasticsearchUrl",
  fleetServerServiceToken: "serviceToken",
  fleetServerServiceTokenPath: "serviceToken",
  fleetServerClientAuth: "clientAuthentication",
  fleetServerCertKeyPassphrase: "keyPassphrase",
  elasticAgentCertKeyPassphrase: "agentKeyPassphrase",
};

/** CAs that a Fleet Server trusts, for its command and the rules of the command. */
interface Trust {
  readonly flags: InstallFlags;
  readonly files: CommandFiles;
}

/**
 * One Fleet Server host.
 *
 * @example
 * new FleetServer(stack, "berlin", { fleet, names: ["fleet.berlin.example.com"] });
 */
export class FleetServer extends HostBase {
  /** The host's files. */
  public readonly files: HostFiles;

  /** The complete install command with one flag a line, as Elastic's page prints it. A Terraform token. */
  public readonly installCommand: string;

  /** Version of the Elastic stack that the host runs. */
  public readonly stackVersion?: StackVersion;

  /** Whether the command contains a secret, so that an output of it must be sensitive. */
  public readonly installCommandHoldsSecret: boolean;

  /** The settings as environment variables, where Fleet Server runs in a container. */
  public readonly containerEnvironment?: { [name: string]: string };

  /** Server certificate, unless it is already on the host. */
  public readonly certificate?: Certificate;

  /** Client certificate of the host's own agent in a mutual fleet, unless it is already on the host. */
  public readonly agentCertificate?: Certificate;

  /** Client certificate towards Elasticsearch in a mutual fleet, unless it is already on the host. */
  public readonly elasticsearchClientCertificate?: Certificate;

  /** How Fleet Server and its agent apply changed files. */
  public readonly reload: HostReload;

  /** Whether Elastic Defend runs on the host. */
  public readonly elasticDefend?: boolean;

  /** Paths of the agent's client certificate, for outputs to other servers than Elasticsearch. */
  public readonly agentPaths?: OutputPaths;

  /** Paths for the settings of the output of Fleet Server's agent. */
  public readonly outputPaths?: OutputPaths;

  /** Whether Fleet Server requests a client certificate from agents. */
  public readonly clientAuthentication: ClientAuthentication;

  /** Fleet Server hosts that it belongs to. */
  public readonly fleetServerHosts: FleetServerHosts;

  /** Whether one certificate serves all of its roles. */
  public readonly hasOneCertificate: boolean;

  private readonly hostCommands: HostCommands;
  private readonly written: HostCommand;

  constructor(scope: Construct, id: string, props: FleetServerProps) {
    const { fleet } = checkProps(pathOf(scope, id), "FleetServerProps", props);
    super(scope, id, fleet, HostKind.FLEET_SERVER);
    const problems = new Problems(this.node.path);
    const options = resolveHostOptions(props, fleet.hostDefaults);
    this.stackVersion = options.stackVersion;
    this.elasticDefend = options.elasticDefend;
    this.clientAuthentication = fleet.clientAuthentication;
    this.hasOneCertificate = fleet.oneCertificatePerFleetServer;
    this.fleetServerHosts = fleetServerListOf(problems, fleet, props.fleetServerHosts);
    const port = props.port ?? DEFAULT_PORT;
    checkKeyAlgorithm(problems, options, fleet.hostDefaults);
    checkLocalNames(problems, props, options);
    checkPublicElasticsearch(problems, fleet.elasticsearchCa, {
      elasticsearchClientCertificate: props.elasticsearchClientCertificate,
      elasticsearchCaTrustedFingerprint: props.elasticsearchCaTrustedFingerprint,
      proxyCaPem: props.proxyCaPem,
    });
    const preconditions = checkNames(problems, this, props.names ?? []);
    this.files = createHostFiles(problems, this, fleet, options);

    const pairs = problems.collectOrThrow(() =>
      createFleetServerPairs(this, this.files, fleet, this.fleetServerHosts, props, options),
    );
    this.certificate = pairs.server.certificate;
    this.agentCertificate = pairs.agent?.certificate;
    this.elasticsearchClientCertificate = pairs.elasticsearchClient?.certificate;

    const trust = problems.collectOrThrow(() => this.writeTrust(problems, fleet, props));
    this.agentPaths = pairs.agent && pathsOfPair(pairs.agent);
    this.outputPaths = outputPaths(trust.flags.fleetServerEsCa, fleet.clientTls, pairs.agent);
    this.hostCommands = new HostCommands(problems, this, {
      options,
      isContainer: props.container === true,
      layout: "manyLines",
      files: { ...trust.files, encryptedKeys: encryptedKeys(pairs.server, pairs.agent, pairs.elasticsearchClient) },
      flags: {
        ...hostFlags("FleetServerProps", props, options),
        url: enrollmentUrl(problems, this, fleet, {
          urls: this.fleetServerHosts,
          names: props.names ?? [],
          port,
          stackVersion: options.stackVersion,
        }),
        fleetServerEs: fleet.elasticsearchUrl,
        caSha256: props.caSha256 ?? fleet.fleetCaPins,
        elasticsearchCaTrustedFingerprint: props.elasticsearchCaTrustedFingerprint ?? fleet.elasticsearchCaFingerprint,
        fleetServerPolicy: fleet.fleetServerPolicy,
        port,
        fleetServerClientAuth: fleet.clientTls && fleet.clientAuthentication,
        ...trust.flags,
        ...pairFlags(pairs),
        ...this.writeServiceToken(props.serviceToken ?? fleet.serviceToken),
      },
      props: FLEET_SERVER_PROPS,
    });
    const { install, containerEnvironment, installText } = this.hostCommands;
    this.installCommandHoldsSecret = install.holdsSecret;
    this.containerEnvironment = containerEnvironment;
    this.installCommand = installText;
    this.reload = agentReload("Fleet Servers", options, this.isContainer);
    this.written = this.hostCommands.write(this.files, [
      ...urlPreconditions(fleet),
      ...this.fleetServerHosts._preconditions,
      ...hostDirectoryPreconditions(this, options),
      ...preconditions,
    ]);
    fleet.addHost(this);
  }

  /** The install command, or the environment of Fleet Server's container. */
  public get commands(): HostCommand[] {
    return [this.written];
  }

  /** Whether Fleet Server runs in a container. */
  public get isContainer(): boolean {
    return this.containerEnvironment !== undefined;
  }

  /**
   * The complete `enroll` command with one flag a line, for a Fleet Server that is installed already. It has every
   * setting, since enrolling resets what it does not name; how the agent was installed stays. A Terraform token.
   */
  public get enrollCommand(): string {
    return this.hostCommands.enrollText();
  }

  private writeTrust(problems: Problems, fleet: ISelfManagedFleetTls, { proxyCaPem }: FleetServerOptions): Trust {
    const { files } = this;
    const fleetCa = files.addTrust("fleet-ca.pem", fleet.fleetCa);
    const agentCa = fleet.clientTls && files.addTrust("agent-ca.pem", fleet.clientTls.agentCa);
    // The agent takes one path, so the CA of a proxy on the way to Elasticsearch goes into the same file.
    const proxyCa = proxyCaText(problems, proxyCaPem);
    const elasticsearchCa =
      proxyCa === undefined
        ? files.addTrust("es-ca.pem", fleet.elasticsearchCa)
        : files.addTrustBundle("es-ca.pem", [fleet.elasticsearchCa], proxyCa);
    // One list, two jobs: what the host's agent trusts, and whose clients Fleet Server admits (enroll/options.go).
    const list = [fleetCa, agentCa].filter((path) => path !== undefined);
    return {
      flags: { certificateAuthorities: list.length === 0 ? undefined : list, fleetServerEsCa: elasticsearchCa },
      files: { fleetCas: fleetCa === undefined ? [] : [fleetCa], agentCas: agentCa === undefined ? [] : [agentCa] },
    };
  }

  private writeServiceToken(token: ServiceToken): InstallFlags {
    const source = token._source;
    switch (source.kind) {
      case "host":
        return { fleetServerServiceTokenPath: source.path };
      case "file":
        // Fleet Server reads the file raw: a newline would be part of the token (fleet-server config/output.go).
        return {
          fleetServerServiceTokenPath: this.files.addSecret("service-token", source.value, [
            tokenPrecondition(this, "serviceToken", source.value),
          ]).hostPath,
        };
      default:
        return { fleetServerServiceToken: token };
    }
  }
}

function pairFlags({ server, agent, elasticsearchClient }: FleetServerPairs): InstallFlags {
  return {
    fleetServerCert: server.certificatePath,
    fleetServerCertKey: server.keyPath,
    fleetServerCertKeyPassphrase: server.passphrasePath,
    ...agentPairFlags(agent),
    fleetServerEsCert: elasticsearchClient?.certificatePath,
    fleetServerEsCertKey: elasticsearchClient?.keyPath,
  };
}
