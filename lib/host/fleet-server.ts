import type { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import { AgentHost } from "./agent-host";
import type { OutputPaths } from "./fleet-host";
import type { HostFiles } from "./host-files";
import type { StackVersion } from "../command/stack-version";
import type { FleetServerHosts } from "./fleet-server-hosts";
import { fleetServerListOf } from "./private/fleet-server-list";
import { HostKind } from "./host-kind";
import type { ISelfManagedFleetTls } from "./ifleet-tls";
import type { FleetServerOptions } from "./fleet-server-options";
import type { CommandFiles } from "./install-command";
import type { InstallFlags } from "./install-flags";
import { checkElasticsearchClient, checkLocalNames, createFleetServerPairs } from "./private/fleet-server-pairs";
import { checkPublicElasticsearch } from "./public-elasticsearch";
import { Problems } from "../private/problems";
import type { ClientAuthentication } from "../command/client-authentication";
import { tokenPrecondition } from "./private/command-preconditions";
import { checkClientProps } from "./private/client-props";
import { HostCommands, hostFlags, proxyCaText } from "./private/commands";
import { checkKeyAlgorithm, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import { kibanaSetup } from "./private/kibana-setup";
import { enrollmentUrl } from "./private/enrollment-url";
import { outputPaths, pathsOfPair } from "./private/settings/output-paths";
import type { ServiceToken } from "./service-token";
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
export class FleetServer extends AgentHost {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Version of the Elastic stack that the host runs. */
  public readonly stackVersion?: StackVersion;

  /** Whether Elastic Defend runs on the host. */
  public readonly elasticDefend?: boolean;

  /** Server certificate, unless it is already on the host. */
  public readonly certificate?: Certificate;

  /** Client certificate of the host's own agent in a mutual fleet, unless it is already on the host. */
  public readonly agentCertificate?: Certificate;

  /** Client certificate towards Elasticsearch in a mutual fleet, unless it is already on the host. */
  public readonly elasticsearchClientCertificate?: Certificate;

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

  /** @internal */
  protected readonly _commands: HostCommands;

  constructor(scope: Construct, id: string, props: FleetServerProps) {
    const { fleet } = checkProps(pathOf(scope, id), "FleetServerProps", props);
    super(scope, id, fleet, HostKind.FLEET_SERVER);
    const problems = new Problems(this.node.path);
    const options = resolveHostOptions(props, fleet.hostDefaults);
    this.stackVersion = options.stackVersion;
    this.elasticDefend = options.elasticDefend;
    checkKeyAlgorithm(problems, options, fleet.hostDefaults);
    this.clientAuthentication = fleet.clientAuthentication;
    this.hasOneCertificate = fleet.oneCertificatePerFleetServer;
    this.fleetServerHosts = fleetServerListOf(problems, fleet, props.fleetServerHosts);
    const { names = [], port = DEFAULT_PORT } = props;
    checkLocalNames(problems, props, options);
    checkPublicElasticsearch(problems, fleet.elasticsearchCa, {
      elasticsearchClientCertificate: props.elasticsearchClientCertificate,
      elasticsearchCaTrustedFingerprint: props.elasticsearchCaTrustedFingerprint,
      proxyCaPem: props.proxyCaPem,
    });
    const { agentCertificate, elasticsearchClientCertificate } = props;
    checkClientProps(problems, fleet, { agentCertificate, elasticsearchClientCertificate });
    checkElasticsearchClient(problems, fleet, props);
    const preconditions = checkNames(problems, this, names);
    this.files = createHostFiles(problems, this, fleet, options);

    const pairs = problems.collectOrThrow(() =>
      createFleetServerPairs(this, this.files, fleet, this.fleetServerHosts, props, options),
    );
    const { server, elasticsearchClient } = pairs;
    this.certificate = server.certificate;
    this.agentCertificate = pairs.agent?.certificate;
    this.elasticsearchClientCertificate = elasticsearchClient?.certificate;

    const trust = problems.collectOrThrow(() => this.writeTrust(problems, fleet, props));
    this.agentPaths = pairs.agent && pathsOfPair(pairs.agent);
    this.outputPaths = outputPaths(trust.flags.fleetServerEsCa, fleet.clientTls, pairs.agent);
    const kibanaVariables = kibanaSetup(problems, this.files, fleet, props);
    this._commands = new HostCommands(problems, this, {
      fleet,
      options,
      flags: {
        ...hostFlags("FleetServerProps", props, options),
        url: enrollmentUrl(problems, this, fleet, {
          urls: this.fleetServerHosts,
          names,
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
        fleetServerCert: server.certificatePath,
        fleetServerCertKey: server.keyPath,
        fleetServerCertKeyPassphrase: server.passphrasePath,
        fleetServerEsCert: elasticsearchClient?.certificatePath,
        fleetServerEsCertKey: elasticsearchClient?.keyPath,
        ...this.writeServiceToken(props.serviceToken ?? fleet.serviceToken),
      },
      agentPair: pairs.agent,
      otherPairs: [server, elasticsearchClient],
      isContainer: props.container,
      variables: kibanaVariables,
      layout: "manyLines",
      files: trust.files,
      props: FLEET_SERVER_PROPS,
      preconditions: [...this.fleetServerHosts._preconditions, ...preconditions],
    });
    fleet.addHost(this);
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
