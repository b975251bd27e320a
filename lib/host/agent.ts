import type { Construct, IConstruct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { AgentPolicy } from "./agent-policy";
import { withPolicy } from "./private/with-policy";
import type { AgentOptions } from "./agent-options";
import type { IFleetTls } from "./ifleet-tls";
import { AgentHost } from "./agent-host";
import type { OutputPaths } from "./fleet-host";
import type { HostFiles } from "./host-files";
import type { FleetServerHosts } from "./fleet-server-hosts";
import { checkOwnProxy, fleetProxyFlags, fleetProxyVariables } from "./private/fleet-proxy-options";
import { fleetServerListOf } from "./private/fleet-server-list";
import type { StackVersion } from "../command/stack-version";
import { HostKind } from "./host-kind";
import { isSystemTrust } from "../authority/records";
import { createInputPair } from "./private/input-pair";
import type { Pair } from "./private/pair";
import { createPair, writePair } from "./private/pair";
import { renewalOf } from "../certificate/renewal-of";
import { Problems } from "../private/problems";
import { checkClientProps } from "./private/client-props";
import { HostCommands, hostFlags, writeProxyCa } from "./private/commands";
import type { ResolvedHostOptions } from "./private/setup";
import { checkKeyAlgorithm, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import { outputPaths, pathsOfPair } from "./private/settings/output-paths";
import { ProxyTarget } from "./proxy-target";
import { checkProps, pathOf } from "../private/check-props";

/** Properties of an agent. */
export interface AgentProps extends AgentOptions {
  /** The fleet that the agent belongs to, in this or another stack of the app. */
  readonly fleet: IFleetTls;
}

/**
 * One Elastic Agent host.
 *
 * @example
 * const agent = new Agent(stack, "desk-1", { fleet, platform: TargetPlatform.WINDOWS });
 * new TerraformOutput(stack, "desk-1-command", { value: agent.installCommand });
 */
export class Agent extends AgentHost {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Version of the Elastic stack that the host runs. */
  public readonly stackVersion?: StackVersion;

  /** Whether Elastic Defend runs on the host. */
  public readonly elasticDefend?: boolean;

  /** Client certificate of the agent in a mutual fleet, unless it is already on the host. */
  public readonly certificate?: Certificate;

  /** Server certificate for inputs on the host, with `serverNames` and unless it is already on the host. */
  public readonly serverCertificate?: Certificate;

  /** Policy of the agent, unless it is the default one. */
  public readonly policy?: AgentPolicy;

  /** Outputs that the agent's policy names, if it names some. */
  public readonly policyOutputs?: IConstruct[];

  /** Download source that the agent's policy names, if it names one. */
  public readonly downloadSource?: IConstruct;

  /** Fleet Server hosts that the agent dials. */
  public readonly fleetServerHosts: FleetServerHosts;

  /** Paths of the agent's client certificate, for outputs to other servers than Elasticsearch. */
  public readonly agentPaths?: OutputPaths;

  /** Paths for the settings of the agent's output. */
  public readonly outputPaths?: OutputPaths;

  /** @internal */
  protected readonly _commands: HostCommands;

  constructor(scope: Construct, id: string, props: AgentProps) {
    const { fleet } = checkProps(pathOf(scope, id), "AgentProps", props);
    super(scope, id, fleet, HostKind.AGENT);
    const problems = new Problems(this.node.path);
    props = withPolicy(problems, fleet, props);
    this.policy = props.policy;
    this.policyOutputs = props.policy && props.policy.outputs.length > 0 ? props.policy.outputs : undefined;
    this.downloadSource = props.policy?.options.downloadSource;
    const options = resolveHostOptions(props, fleet.hostDefaults);
    this.stackVersion = options.stackVersion;
    this.elasticDefend = options.elasticDefend;
    const ownList = fleetServerListOf(problems, fleet, props.fleetServerHosts);
    this.fleetServerHosts = props.fleetServerProxy?.fleetServerHosts ?? ownList;
    checkKeyAlgorithm(problems, options, fleet.hostDefaults);
    const namePreconditions = checkNames(problems, this, props.serverNames ?? [], "serverNames");
    this.files = createHostFiles(problems, this, fleet, options);

    const fleetCa = this.files.addTrust("fleet-ca.pem", props.fleetServerProxy?.ca ?? fleet.fleetServerTrust);
    const { certificate, sharedCertificate, keyPassphrase } = props;
    checkClientProps(problems, fleet, { certificate, sharedCertificate, keyPassphrase });
    checkProxy(problems, fleet, props);
    checkPublicFleetServer(problems, fleet, props);
    const { fleetProxy } = this.fleetServerHosts;
    checkOwnProxy(problems, this.fleetServerHosts, props);
    const proxyCa = fleetProxy?.ca
      ? this.files.addTrust("proxy-ca.pem", fleetProxy.ca)
      : writeProxyCa(problems, this.files, props.proxyCaPem);
    // No flag names it: the agent's output to Elasticsearch does, in the policy.
    const elasticsearchCa = this.files.addTrust("es-ca.pem", fleet.elasticsearchCa);
    const pair = problems.collectOrThrow(() => this.createPair(fleet, props, options));
    this.certificate = pair?.certificate;
    const inputPair = problems.collectOrThrow(() => createInputPair(this, this.files, fleet, props, options));
    this.serverCertificate = inputPair?.certificate;
    this.agentPaths = pair && pathsOfPair(pair);
    this.outputPaths = outputPaths(elasticsearchCa, fleet.clientTls, pair);

    const list = [fleetCa, proxyCa].filter((path) => path !== undefined);
    this._commands = new HostCommands(problems, this, {
      fleet,
      options,
      flags: {
        ...hostFlags("AgentProps", props, options),
        ...fleetProxyFlags(this.fleetServerHosts, props.container),
        caSha256: props.caSha256 ?? this.pins(fleet, props),
        url: this.fleetServerHosts.urls[0],
        certificateAuthorities: list.length === 0 ? undefined : list,
        enrollmentToken: props.enrollmentToken ?? fleet.agentEnrollmentToken,
      },
      agentPair: pair,
      isContainer: props.container,
      variables: fleetProxyVariables(this.fleetServerHosts, props.container),
      layout: "oneLine",
      files: {
        fleetCas: fleetCa === undefined ? [] : [fleetCa],
        elasticsearchCas: elasticsearchCa === undefined ? [] : [elasticsearchCa],
        inputCertificates: inputPair && [inputPair.certificatePath],
        inputKeys: inputPair && [inputPair.keyPath],
      },
      props: { elasticAgentCertKeyPassphrase: "keyPassphrase" },
      preconditions: [...this.fleetServerHosts._preconditions, ...namePreconditions],
    });
    fleet.addHost(this);
  }

  /** Pins of every CA that the command names: the agent requires one of them in each chain, that of a proxy too. */
  private pins(fleet: IFleetTls, { fleetServerProxy }: AgentProps): string[] | undefined {
    const own = fleet.fleetCaPins && (fleetServerProxy?.ca.spkiPinsSha256 ?? fleet.fleetCaPins);
    return own && [...own, ...(this.fleetServerHosts.fleetProxy?.ca?.spkiPinsSha256 ?? [])];
  }

  /** Client certificate of the agent in a mutual fleet. */
  private createPair(fleet: IFleetTls, props: AgentProps, options: ResolvedHostOptions): Pair | undefined {
    const client = fleet.clientTls;
    if (!client) {
      return undefined;
    }
    if (props.sharedCertificate) {
      return writePair(this.files, "agent-cert", props.sharedCertificate, options);
    }
    return createPair(this, this.files, "agent-cert", {
      issuer: client.agentCa,
      commonName: this.node.id,
      usage: CertificateUsage.CLIENT,
      keyAlgorithm: options.keyAlgorithm,
      keyFormat: options.keyFormat,
      elasticDefend: options.elasticDefend,
      ...renewalOf("agentCert", props, fleet.hostDefaults),
      source: props.certificate,
      keyPassphrase: props.keyPassphrase ?? client.agentKeyPassphrase,
    });
  }
}

/** The agent takes one list of CAs, which replaces the operating system's (elastic-agent-libs tls_config.go). */
function checkPublicFleetServer(problems: Problems, fleet: IFleetTls, { proxyCaPem }: AgentOptions): void {
  if (proxyCaPem !== undefined && isSystemTrust(fleet.fleetServerTrust)) {
    problems.add("proxyCaPem", {
      what: "is given, but Fleet Server's CA is system(): the proxy's CA would replace every public CA",
      allowed: "a proxy whose CA the hosts' operating systems trust, or a fleetCa that is given as a file",
      fix: "add the proxy's CA to the hosts' operating systems and remove proxyCaPem",
    });
  }
}

/** A proxy of another server or fleet would forward the agent's requests to the wrong place. */
function checkProxy(
  problems: Problems,
  fleet: IFleetTls,
  { fleetServerProxy: proxy, fleetServerHosts }: AgentOptions,
): void {
  if (proxy !== undefined && fleetServerHosts !== undefined) {
    problems.add("fleetServerHosts", {
      what: "is given together with fleetServerProxy, whose URL is in Fleet Server hosts of its own",
      allowed: "either fleetServerHosts or fleetServerProxy",
      fix: "remove one of them",
    });
  }
  if (proxy !== undefined && (proxy.target !== ProxyTarget.FLEET_SERVER || !fleet.hosts.includes(proxy))) {
    problems.add("fleetServerProxy", {
      what: "is no proxy of this fleet's Fleet Server",
      got: proxy.node.path,
      allowed: "a proxy that fleet.addProxy created with ProxyTarget.FLEET_SERVER",
      fix: "use such a proxy, or leave it out",
    });
  }
}
