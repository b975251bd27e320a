import type { Construct } from "constructs";

import type { Certificate } from "../certificate/certificate";
import type { CertificateSource } from "../certificate/certificate-source";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { IFleetTls } from "./ifleet-tls";
import type { HostCommand, HostReload, OutputPaths } from "./fleet-host";
import type { HostFiles } from "./host-files";
import { HostBase } from "./host-base";
import { HostKind } from "./host-kind";
import type { InstallFlags } from "./install-flags";
import type { InstallOptions } from "./install-options";
import type { AgentFlags } from "./shared-flags";
import type { KeyPassphrase } from "../certificate/key-passphrase";
import { isSystemTrust } from "../authority/records";
import { agentPairFlags } from "./private/agent-pair-flags";
import type { Pair } from "./private/pair";
import { createPair, writePair } from "./private/pair";
import { renewalOf } from "../certificate/renewal-of";
import { Problems } from "../private/problems";
import { agentReload } from "./private/agent-reload";
import { encryptedKeys, HostCommands, hostFlags, writeProxyCa } from "./private/commands";
import { hostDirectoryPreconditions } from "./private/directory";
import type { ResolvedHostOptions } from "./private/setup";
import { checkKeyAlgorithm, createHostFiles, resolveHostOptions } from "./private/setup";
import { outputPaths, pathsOfPair } from "./private/settings/output-paths";
import { urlPreconditions } from "../private/urls";
import type { ReverseProxy } from "./reverse-proxy";
import { ProxyTarget } from "./proxy-target";
import type { StackVersion } from "../command/stack-version";
import { checkProps, pathOf } from "../private/check-props";

/** Options for an agent. */
export interface AgentOptions extends InstallOptions, AgentFlags {
  /**
   * Encrypt this agent's private key. Mutual TLS only. Emitted as `--elastic-agent-cert-key-passphrase`, a path. Since
   * 8.16.
   *
   * @default - the fleet's `agentKeyPassphrase`
   */
  readonly keyPassphrase?: KeyPassphrase;

  /**
   * Source of the agent's client certificate. Mutual TLS only. Emitted as `--elastic-agent-cert` and
   * `--elastic-agent-cert-key`, paths. Since 8.13.
   *
   * @default CertificateSource.generated()
   */
  readonly certificate?: CertificateSource;

  /**
   * Reverse proxy that the agent dials instead of Fleet Server. Emitted as `--url`; the agent trusts the proxy's CA in
   * `fleet-ca.pem`. Add the proxy's URL to Kibana first.
   *
   * @default - the agent dials the fleet's `fleetServerUrl`
   */
  readonly fleetServerProxy?: ReverseProxy;

  /**
   * Certificate that several agents share, created by `addAgentCertificate`.
   *
   * @default - the agent has its own
   */
  readonly sharedCertificate?: Certificate;
}

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
export class Agent extends HostBase {
  /** The host's files. */
  public readonly files: HostFiles;

  /** The complete install command on one line. A Terraform token. */
  public readonly installCommand: string;

  /** Version of the Elastic stack that the host runs. */
  public readonly stackVersion?: StackVersion;

  /** Whether the command contains a secret, so that an output of it must be sensitive. */
  public readonly installCommandHoldsSecret: boolean;

  /** The settings as environment variables, where the agent runs in a container. */
  public readonly containerEnvironment?: { [name: string]: string };

  /** Client certificate of the agent in a mutual fleet, unless it is already on the host. */
  public readonly certificate?: Certificate;

  /** How the agent applies changed files. */
  public readonly reload: HostReload;

  /** Whether Elastic Defend runs on the host. */
  public readonly elasticDefend?: boolean;

  /** Paths of the agent's client certificate, for outputs to other servers than Elasticsearch. */
  public readonly agentPaths?: OutputPaths;

  /** Paths for the settings of the agent's output. */
  public readonly outputPaths?: OutputPaths;

  private readonly hostCommands: HostCommands;
  private readonly written: HostCommand;

  constructor(scope: Construct, id: string, props: AgentProps) {
    const { fleet } = checkProps(pathOf(scope, id), "AgentProps", props);
    super(scope, id, fleet, HostKind.AGENT);
    const problems = new Problems(this.node.path);
    const options = resolveHostOptions(props, fleet.hostDefaults);
    this.stackVersion = options.stackVersion;
    this.elasticDefend = options.elasticDefend;
    checkKeyAlgorithm(problems, options, fleet.hostDefaults);
    this.files = createHostFiles(problems, this, fleet, options);

    const fleetCa = this.files.addTrust("fleet-ca.pem", props.fleetServerProxy?.ca ?? fleet.fleetServerTrust);
    checkProxy(problems, fleet, props);
    checkPublicFleetServer(problems, fleet, props);
    const proxyCa = writeProxyCa(problems, this.files, props.proxyCaPem);
    // No flag names it: the agent's output to Elasticsearch does, in the policy.
    const elasticsearchCa = this.files.addTrust("es-ca.pem", fleet.elasticsearchCa);
    const pair = problems.collectOrThrow(() => this.createPair(fleet, props, options));
    this.certificate = pair?.certificate;
    this.agentPaths = pair && pathsOfPair(pair);
    this.outputPaths = outputPaths(elasticsearchCa, fleet.clientTls, pair);

    const list = [fleetCa, proxyCa].filter((path) => path !== undefined);
    const flags: InstallFlags = {
      ...hostFlags("AgentProps", props, options),
      ...agentPairFlags(pair),
      caSha256:
        props.caSha256 ?? (fleet.fleetCaPins && (props.fleetServerProxy?.ca.spkiPinsSha256 ?? fleet.fleetCaPins)),
      url: props.fleetServerProxy?.url ?? fleet.fleetServerUrl,
      certificateAuthorities: list.length === 0 ? undefined : list,
      enrollmentToken: props.enrollmentToken ?? fleet.agentEnrollmentToken,
    };
    this.hostCommands = new HostCommands(problems, this, {
      options,
      flags,
      isContainer: props.container === true,
      layout: "oneLine",
      files: {
        fleetCas: fleetCa === undefined ? [] : [fleetCa],
        elasticsearchCas: elasticsearchCa === undefined ? [] : [elasticsearchCa],
        encryptedKeys: encryptedKeys(pair),
      },
      props: { elasticAgentCertKeyPassphrase: "keyPassphrase" },
    });
    const { install, containerEnvironment, installText } = this.hostCommands;
    this.installCommandHoldsSecret = install.holdsSecret;
    this.containerEnvironment = containerEnvironment;
    this.installCommand = installText;
    this.reload = agentReload("agents", options, this.isContainer);
    const preconditions = [...urlPreconditions(fleet), ...hostDirectoryPreconditions(this, options)];
    this.written = this.hostCommands.write(this.files, preconditions);
    fleet.addHost(this);
  }

  /** The install command, or the environment of the agent's container. */
  public get commands(): HostCommand[] {
    return [this.written];
  }

  /** Whether the agent runs in a container. */
  public get isContainer(): boolean {
    return this.containerEnvironment !== undefined;
  }

  /**
   * The complete `enroll` command on one line, for an agent that is installed already. It has every setting, since
   * enrolling resets what it does not name; how the agent was installed stays. A Terraform token.
   */
  public get enrollCommand(): string {
    return this.hostCommands.enrollText();
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
function checkProxy(problems: Problems, fleet: IFleetTls, { fleetServerProxy: proxy }: AgentOptions): void {
  if (proxy !== undefined && (proxy.target !== ProxyTarget.FLEET_SERVER || !fleet.hosts.includes(proxy))) {
    problems.add("fleetServerProxy", {
      what: "is no proxy of this fleet's Fleet Server",
      got: proxy.node.path,
      allowed: "a proxy that fleet.addProxy created with ProxyTarget.FLEET_SERVER",
      fix: "use such a proxy, or leave it out",
    });
  }
}
