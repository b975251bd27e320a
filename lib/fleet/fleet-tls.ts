import { Construct } from "constructs";

import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { renewalOf } from "../certificate/renewal-of";
import { ClientAuthentication } from "../command/client-authentication";
import type { EnrollmentToken } from "../host/enrollment-token";
import type { ServiceToken } from "../host/service-token";
import type { AgentOptions } from "../host/agent";
import { Agent } from "../host/agent";
import type { ClientTls } from "../host/client-tls";
import type { ElasticsearchOptions } from "../host/elasticsearch";
import { Elasticsearch } from "../host/elasticsearch";
import { checkPublicElasticsearch } from "../host/public-elasticsearch";
import { isSystemTrust } from "../authority/records";
import type { IFleetHost } from "../host/fleet-host";
import type { FleetOutputOptions } from "../host/fleet-output";
import { FleetOutput } from "../host/fleet-output";
import { FleetServer } from "../host/fleet-server";
import type { FleetServerOptions } from "../host/fleet-server-options";
import type { HostOptions } from "../host/host-options";
import type { ISelfManagedFleetTls } from "../host/ifleet-tls";
import type { KibanaOptions } from "../host/kibana";
import { Kibana } from "../host/kibana";
import { defaultOutputOf } from "../host/fleet-outputs";
import { groupIn } from "../private/terraform/group";
import { Problems, InputError } from "../private/problems";
import { requireTerraformVersion } from "../private/terraform/version";
import { ELASTICSEARCH_URL, FLEET_SERVER_URL, parseUrl } from "../private/urls";
import type { ReverseProxy } from "../host/reverse-proxy";
import type { ProxyOptions } from "./proxy-options";
import type { FleetTlsProps } from "./fleet-tls-props";
import type { MutualFleetTlsProps } from "./mutual-fleet-tls-props";
import { OperatorPage } from "./operator-page";
import { FleetAuthorities } from "./private/authorities";
import { ELASTICSEARCH_CA, FLEET_CA } from "./private/authority-role";
import { FleetCertificates } from "./private/certificates";
import { createClientTls } from "./private/client-tls";
import { addProxy } from "./private/add-proxy";
import { addCommandOutput } from "./private/commands";
import { parseFormerUrls } from "./private/live/former";
import { FleetLiveChanges } from "./private/live/fleet-live-changes";
import { FleetOutputs } from "./private/outputs";
import { FleetRenewals } from "./private/renewals";
import { Runbook } from "./private/runbook/runbook";
import { checkArguments, checkProps, pathOf } from "../private/check-props";

/** What one-way and mutual fleets share: the CAs, the hosts, the outputs, the runbook and the operator page. */
export abstract class FleetTls extends Construct implements ISelfManagedFleetTls {
  public readonly fleetServerUrl: string;
  public readonly fleetServerHost: string;
  public readonly elasticsearchUrl: string;
  public readonly elasticsearchHost: string;
  public readonly formerFleetServerUrls?: string[];
  public readonly formerFleetServerHosts?: string[];
  public readonly formerElasticsearchHosts?: string[];
  public readonly fleetServerPolicy: string;
  public readonly serviceToken: ServiceToken;
  public readonly agentEnrollmentToken?: EnrollmentToken;
  public readonly fleetCa: IIssuingCertificateAuthority;
  public readonly elasticsearchCa: IIssuingCertificateAuthority;
  public readonly outputDirectory?: string;
  public readonly hostDefaults: HostOptions;
  public readonly clientTls?: ClientTls;
  public readonly clientAuthentication: ClientAuthentication;
  public readonly oneCertificatePerFleetServer: boolean;

  /** The operator page, if enabled. */
  public readonly operatorPage?: OperatorPage;

  /** The steps for a person after this deploy, Markdown: the content of `RUNBOOK.md`. A Terraform token. */
  public readonly runbook: string;

  private readonly authorities: FleetAuthorities;
  private readonly props: FleetTlsProps;
  private readonly knownHosts: IFleetHost[] = [];
  private readonly outputs: FleetOutputs;
  private readonly renewals: FleetRenewals;
  private readonly certificates: FleetCertificates;
  private readonly live: FleetLiveChanges;

  /** @param mutual what a mutual fleet has in addition */
  protected constructor(scope: Construct, id: string, props: FleetTlsProps, mutual?: MutualFleetTlsProps) {
    checkProps(pathOf(scope, id), mutual ? "MutualFleetTlsProps" : "FleetTlsProps", props);
    super(scope, id);
    this.props = props;
    const problems = new Problems(this.node.path);
    requireTerraformVersion(this);
    const fleetServer = parseUrl(problems, "fleetServerUrl", props.fleetServerUrl, FLEET_SERVER_URL);
    const elasticsearch = parseUrl(problems, "elasticsearchUrl", props.elasticsearchUrl, ELASTICSEARCH_URL);
    this.fleetServerUrl = fleetServer.url;
    this.fleetServerHost = fleetServer.host;
    this.elasticsearchUrl = elasticsearch.url;
    this.elasticsearchHost = elasticsearch.host;
    const former = parseFormerUrls(problems, props.formerUrls);
    this.formerFleetServerUrls = former.fleetServer.map(({ url }) => url);
    this.formerFleetServerHosts = former.fleetServer.map(({ host }) => host);
    this.formerElasticsearchHosts = former.elasticsearch.map(({ host }) => host);
    this.fleetServerPolicy = props.fleetServerPolicy;
    this.serviceToken = props.serviceToken;
    this.agentEnrollmentToken = props.agentEnrollmentToken;
    const writesFiles = props.writeFiles ?? true;
    this.outputDirectory = writesFiles ? (props.outputDirectory ?? `fleet-tls/${this.node.path}`) : undefined;
    checkWithoutFiles(problems, props);
    if (props.outputDirectory?.trim() === "") {
      problems.add("outputDirectory", {
        what: "is an empty string",
        allowed: "a path, relative to the folder that contains cdktf.out or absolute",
        fix: `leave it out for fleet-tls/${this.node.path}`,
      });
    }
    this.hostDefaults = props;

    const authorities = new FleetAuthorities(this, props.keyAlgorithm);
    this.authorities = authorities;
    this.fleetCa = authorities.create(FLEET_CA, props.fleetCa, {
      dialled: { prop: "fleetServerUrl", host: fleetServer.host },
    });
    this.elasticsearchCa = authorities.create(ELASTICSEARCH_CA, props.elasticsearchCa, {
      dialled: { prop: "elasticsearchUrl", host: elasticsearch.host },
    });
    this.clientTls = mutual && createClientTls(problems, authorities, this, mutual);
    // NONE is refused already in a mutual fleet; REQUIRED then stands in for it, so that the rest can be checked.
    const { clientAuthentication: asked = ClientAuthentication.NONE } = mutual ?? {};
    this.clientAuthentication = mutual && asked === ClientAuthentication.NONE ? ClientAuthentication.REQUIRED : asked;
    this.oneCertificatePerFleetServer = mutual?.oneCertificatePerFleetServer ?? false;

    this.outputs = new FleetOutputs(this, props.outputs ?? true);
    this.renewals = new FleetRenewals(this, authorities, this.outputs);
    this.live = new FleetLiveChanges({
      fleet: this,
      authorities,
      former,
      clientAuthentication: this.clientAuthentication.mode,
      confirmed: props.confirmedChanges ?? [],
    });
    this.certificates = new FleetCertificates(this, this.outputs, props.certificateOutputs ?? false);
    authorities.all.forEach((authority) => this.certificates.addAuthority(authority));
    this.operatorPage = props.operatorPage ? new OperatorPage(this, "operator-page", { fleet: this }) : undefined;
    this.createDefaultHosts(problems);

    authorities.check(problems, mutual !== undefined);
    authorities.warnOfSharedElasticsearchCa(props.acceptAnyServerOf ?? []);
    authorities.warnOfGiven(this.outputs, renewalOf("fleetCert", {}, props).validity.earlyRenewalHours);
    this.runbook = new Runbook(this, "runbook", { fleet: this, authorities }).text;
    problems.throwIfAny();
  }

  public get hosts(): IFleetHost[] {
    return [...this.knownHosts];
  }

  public get fleetServerTrust(): ICertificateAuthority {
    return this.fleetCa;
  }

  /** The first Fleet Server. */
  public get fleetServer(): FleetServer {
    return this.fleetServers[0] as FleetServer;
  }

  /** Public keys that hosts require in Fleet Server's chain, one for each generation of the fleet CA; with `pinFleetCa`. */
  public get fleetCaPins(): string[] | undefined {
    return this.props.pinFleetCa ? this.fleetCa.spkiPinsSha256 : undefined;
  }

  /** Fingerprint by which Fleet Servers also trust the Elasticsearch CA; with `pinElasticsearchCa`. */
  public get elasticsearchCaFingerprint(): string | undefined {
    return this.props.pinElasticsearchCa && !isSystemTrust(this.elasticsearchCa) ? this.onlyFingerprint() : undefined;
  }

  /** Every Fleet Server, the default one first. */
  public get fleetServers(): FleetServer[] {
    return this.knownHosts.filter((host) => host instanceof FleetServer);
  }

  /**
   * When the first certificate of the fleet's own stack is due, RFC 3339 in UTC: deploy then. Also an output, in each
   * stack that has hosts. A Terraform token.
   */
  public get nextRenewal(): string {
    return this.renewals.next;
  }

  /** The default Elasticsearch host, unless Elasticsearch exists elsewhere and needs no files from here. */
  public get elasticsearch(): Elasticsearch | undefined {
    return this.node.tryFindChild("elasticsearch") as Elasticsearch | undefined;
  }

  /** The agents of all stacks, in the order in which they were added. */
  public get agents(): Agent[] {
    return this.knownHosts.filter((host) => host instanceof Agent);
  }

  public addHost(host: IFleetHost): void {
    checkArguments("FleetTls.addHost", { host }, `${this.node.path}.addHost`);
    const isFirst = !this.knownHosts.some(({ kind }) => kind === host.kind);
    this.knownHosts.push(host);
    this.renewals.addHost(host);
    this.certificates.addHost(host);
    this.live.addHost(host);
    addCommandOutput(this.outputs, host, isFirst);
  }

  /**
   * Adds an agent.
   *
   * @param id the agent's id: its folder, its certificate's common name and its key in the map of commands
   * @throws with everything that is wrong with the options, or if the fleet has such an agent
   */
  public addAgent(id: string, options: AgentOptions = {}): Agent {
    this.checkAdded("addAgent", id, options);
    return new Agent(groupIn(this, "agents"), id, { ...options, fleet: this });
  }

  /**
   * Adds another Fleet Server. Its certificate has its own names in addition to the name of the shared URL.
   *
   * @param id its id: its folder and its certificates' common name
   * @throws with everything that is wrong with the options, or if the fleet has such a Fleet Server
   */
  public addFleetServer(id: string, options: FleetServerOptions = {}): FleetServer {
    this.checkAdded("addFleetServer", id, options);
    return new FleetServer(groupIn(this, "fleet-servers"), id, { ...options, fleet: this });
  }

  /**
   * Adds an Elasticsearch node with a certificate of its own.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a node
   */
  public addElasticsearchNode(id: string, options: ElasticsearchOptions = {}): Elasticsearch {
    this.checkAdded("addElasticsearchNode", id, options);
    return new Elasticsearch(groupIn(this, "elasticsearch-nodes"), id, { ...options, fleet: this });
  }

  /**
   * Adds Kibana: its trust in Elasticsearch, and its settings for Fleet.
   *
   * @param id its id: its folder and its certificate's common name
   * @throws with everything that is wrong with the options, or if the fleet has such a Kibana
   */
  public addKibana(id: string, options: KibanaOptions = {}): Kibana {
    this.checkAdded("addKibana", id, options);
    return new Kibana(groupIn(this, "kibana"), id, { ...options, fleet: this });
  }

  /**
   * Adds a reverse proxy that ends TLS in front of Fleet Server or Elasticsearch.
   *
   * @param id its id: its folder, its certificate's common name and the name of its listener
   * @throws with everything that is wrong with the options, or if the fleet has such a proxy
   */
  public addProxy(id: string, options: ProxyOptions = {}): ReverseProxy {
    return addProxy(this, { authorities: this.authorities, certificates: this.certificates }, id, options);
  }

  /**
   * Adds a Fleet output for some of the hosts, if one output does not suit all: in a mutual fleet its settings name
   * paths, which differ between Linux and Windows.
   *
   * @param id its id: its file's name, and the end of its id in Kibana
   * @throws with everything that is wrong with the options, or if the fleet has such an output
   */
  public addOutput(id: string, options: FleetOutputOptions = {}): FleetOutput {
    this.checkAdded("addOutput", id, options);
    return new FleetOutput(groupIn(this, "outputs"), id, { ...options, fleet: this });
  }

  /**
   * TLS settings of the agents' output to Elasticsearch, as YAML, for every host of the fleet. Reading it creates the
   * output `default`; synthesis then refuses hosts that these settings do not suit. A Terraform token.
   */
  public get outputSettings(): string {
    return defaultOutputOf(this).settings;
  }

  private checkAdded(method: string, id: string, options: object): void {
    checkArguments(`FleetTls.${method}`, { id, options }, `${this.node.path}.${method}`);
  }

  private createDefaultHosts(problems: Problems): void {
    const { fleetServer, elasticsearch, pinElasticsearchCa } = this.props;
    checkPublicElasticsearch(problems, this.elasticsearchCa, { elasticsearch, pinElasticsearchCa });
    problems.collect(() => new FleetServer(this, "fleet-server", { ...fleetServer, fleet: this }));
    if (this.elasticsearchCa.canIssue || this.clientTls?.elasticsearchClientIssuer) {
      problems.collect(() => new Elasticsearch(this, "elasticsearch", { ...elasticsearch, fleet: this }));
    }
  }

  /** A fingerprint that matches one CA of two is of no use when the other one signs. */
  private onlyFingerprint(): string {
    const { fingerprintSha256, spkiPinsSha256 } = this.elasticsearchCa;
    if (spkiPinsSha256.length !== 1) {
      throw new InputError([
        {
          where: `${this.node.path}: pinElasticsearchCa`,
          what: "asks for a fingerprint, which is one value and cannot overlap while the Elasticsearch CA rotates",
          got: `${spkiPinsSha256.length} generations`,
          allowed: "pinElasticsearchCa with one generation",
          fix: "leave it out before a rotation, deploy on every Fleet Server, and only then rotate",
        },
      ]);
    }
    return fingerprintSha256;
  }
}

/** Refuses props that only have an effect on files, in a fleet that writes none. */
function checkWithoutFiles(
  problems: Problems,
  { writeFiles = true, outputDirectory, operatorPage }: FleetTlsProps,
): void {
  const without = (prop: string): void =>
    problems.add(prop, {
      what: "is given, but writeFiles is false",
      allowed: `${prop} in a fleet that writes its files`,
      fix: `remove ${prop}, or writeFiles: false`,
    });
  if (!writeFiles && outputDirectory !== undefined) {
    without("outputDirectory");
  }
  if (!writeFiles && operatorPage) {
    without("operatorPage");
  }
}
