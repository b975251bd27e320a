import { TerraformStack } from "cdktf";

import { authorityRecord } from "../../authority/records";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { renewalOf } from "../../certificate/renewal-of";
import { DownloadSource } from "../../host/download-source";
import type { IFleetHost } from "../../host/fleet-host";
import { outputsOf } from "../../host/fleet-outputs";
import type { IFleetTls } from "../../host/ifleet-tls";
import type { Endpoint } from "../../private/urls";
import { Problems } from "../../private/problems";
import type { FleetBaseProps } from "../fleet-base-props";
import { OperatorPage } from "../operator-page";
import { FleetAuthorities } from "./authorities";
import { FleetCertificates } from "./certificates";
import { addCommandOutput } from "./commands";
import { FleetEsGate } from "./fleet-es-gate";
import { FleetLiveChanges } from "./live/fleet-live-changes";
import type { FormerEndpoints } from "./live/former";
import { parseFormerUrls } from "./live/former";
import { createDefaultFleetServerHosts, parseFleetServerUrls } from "./fleet-server-hosts";
import { createInputCa } from "./input-ca";
import { addKibanaCa } from "./kibana-ca";
import { FleetOutputs } from "./outputs";
import { FleetRenewals } from "./renewals";
import { createLocal } from "../../private/terraform/local";
import { ProxyGates } from "./proxy-gates";
import { addPart } from "./stacks/add-part";
import type { AgentStackList } from "./stacks/agent-stack-list";
import { agentStacksOf } from "./stacks/agent-stack-list";
import { Runbook } from "./runbook/runbook";
import { pathId } from "../../private/terraform/path-id";

const PARTS = new WeakMap<IFleetTls, FleetParts>();

/** Parts of a fleet in addition to its public members. */
export class FleetParts {
  /** Problems of the fleet's own props. */
  public readonly problems: Problems;
  /** URLs of the default Fleet Server hosts. */
  public readonly fleetServers: Endpoint[];
  public readonly former: FormerEndpoints;
  public readonly authorities: FleetAuthorities;
  public readonly outputs: FleetOutputs;
  public readonly renewals: FleetRenewals;
  public readonly certificates: FleetCertificates;

  /** Gate of the issuer of the Fleet Servers' client certificates, if they have some. */
  public fleetEsGate?: FleetEsGate;

  /** Stacks over which agents are spread. */
  public readonly agentStacks: AgentStackList;

  private clientAuthentication?: string;
  private changes?: FleetLiveChanges;
  private runbook?: Runbook;
  private page?: OperatorPage;

  private readonly proxyGates = new ProxyGates();

  private inputAuthority?: IIssuingCertificateAuthority;

  constructor(
    private readonly fleet: IFleetTls,
    private readonly props: FleetBaseProps,
  ) {
    this.agentStacks = agentStacksOf(fleet);
    this.problems = new Problems(fleet.node.path);
    this.fleetServers = parseFleetServerUrls(this.problems, props);
    this.former = parseFormerUrls(this.problems, props.formerUrls);
    this.authorities = new FleetAuthorities(fleet, props.keyAlgorithm, (authority) =>
      this.certificates.addAuthority(authority),
    );
    this.outputs = new FleetOutputs(fleet, props.outputs ?? true);
    this.renewals = new FleetRenewals(fleet, this.authorities, this.outputs);
    this.certificates = new FleetCertificates(fleet, this.outputs, props.certificateOutputs ?? false);
  }

  /** Records of the settings of running hosts. */
  public get live(): FleetLiveChanges | undefined {
    return this.changes;
  }

  /**
   * Creates the default Fleet Server hosts, and starts the records of hosts' settings, before the first host is added.
   *
   * @param clientAuthentication what Fleet Server asks of agents; absent if it runs elsewhere
   */
  public recordChanges(fleet: IFleetTls, clientAuthentication?: string): void {
    const { authorities, fleetServers, former, problems, props } = this;
    const list = problems.collect(
      () => createDefaultFleetServerHosts(fleet, fleetServers, former.fleetServer),
      () => "kibanaIdPrefix",
    );
    if (list === undefined) {
      problems.throwIfAny();
    }
    const confirmed = props.confirmedChanges ?? [];
    const { elasticsearchClientIssuer: issuer, elasticsearchClientCas = [] } = fleet.clientTls ?? {};
    this.fleetEsGate = issuer && new FleetEsGate(fleet, issuer, elasticsearchClientCas);
    this.clientAuthentication = clientAuthentication;
    this.changes = new FleetLiveChanges({ fleet, authorities, former, clientAuthentication, confirmed });
  }

  /**
   * Adds a host to everything that lists hosts.
   *
   * @param isFirst whether it is the first host of its kind
   */
  public addHost(host: IFleetHost, isFirst: boolean): void {
    this.renewals.addHost(host);
    this.certificates.addHost(host);
    this.live?.addHost(host);
    this.fleetEsGate?.addHost(host);
    this.proxyGates.addHost(host);
    this.runbook?.addHost(host);
    addCommandOutput(this.outputs, host, isFirst);
    const authority = this.authorities.addReceiver(host);
    if (authority) {
      this.certificates.addAuthority(authority);
    }
    addKibanaCa(this.outputs, host);
    outputsOf(this.fleet).forEach((output) => output._addHost(host));
    DownloadSource.of(this.fleet).forEach((source) => source._addHost(host));
  }

  /** CA of the server certificates of inputs on agents' hosts, created when it is first asked for. */
  public get inputCa(): IIssuingCertificateAuthority {
    this.inputAuthority ??= createInputCa(this.fleet, this.authorities, this.outputs, this.props.inputCa);
    return this.inputAuthority;
  }

  /** The runbook's content. A Terraform token. */
  public get runbookText(): string {
    return this.runbook?.text ?? "";
  }

  /** Adds stacks over which agents are spread, and an output to each with its part of what spans them. */
  public addAgentStacks(fleet: IFleetTls, stacks: readonly TerraformStack[]): void {
    const isFirst = this.agentStacks.paths.length === 0;
    this.agentStacks.add(stacks);
    const { fleetServerTrust, elasticsearchCa, clientTls, fleetCaPins } = fleet;
    const { validity } = renewalOf("agentCert", {}, this.props);
    for (const stack of stacks) {
      authorityRecord(fleetServerTrust).addStack(stack);
      authorityRecord(elasticsearchCa).addStack(stack);
      if (clientTls) authorityRecord(clientTls.agentCa).addStack(stack, validity);
      const read = [fleetServerTrust.trustBundlePem, elasticsearchCa.trustBundlePem, ...(fleetCaPins ?? [])];
      createLocal(stack, pathId(stack, "trust", fleet.node.path), read);
    }
    const part = { fleet, runbook: this.runbook as Runbook, agentStacks: this.agentStacks, hasPage: !!this.page };
    for (const stack of [...(isFirst ? [TerraformStack.of(fleet)] : []), ...stacks]) addPart(stack, part);
  }

  /** The operator page, if enabled. */
  public get operatorPage(): OperatorPage | undefined {
    return this.page;
  }

  /**
   * Checks the fleet's CAs and adds the operator page and the runbook, once its CAs and its default hosts exist.
   *
   * @param admitsClients whether Fleet Servers of the fleet admit client certificates
   * @throws with every problem of the fleet's props
   */
  public finish(fleet: IFleetTls, admitsClients: boolean): void {
    const { authorities, outputs, problems } = this;
    if (this.props.inputCa) {
      problems.collect(() => this.inputCa);
    }
    authorities.check(problems, admitsClients);
    authorities.warnOfGiven(outputs, renewalOf("fleetCert", {}, this.props).validity.earlyRenewalHours);
    // Without files the page is refused among the fleet's other errors, which its own would hide.
    const hasPage = this.props.operatorPage && fleet.outputDirectory !== undefined;
    this.page = hasPage ? new OperatorPage(fleet, "operator-page", { fleet }) : undefined;
    this.runbook = new Runbook(fleet, "runbook", {
      fleet,
      authorities,
      renewals: this.renewals,
      agentStacks: this.agentStacks,
      live: (this.changes as FleetLiveChanges).home,
      clientAuthentication: this.clientAuthentication,
      clientValidityHours: renewalOf("agentCert", {}, this.props).validity.validityPeriodHours,
    });
    fleet.hosts.forEach((host) => this.runbook?.addHost(host));
    problems.throwIfAny();
  }
}

/** Creates the parts of a fleet, when its constructor begins. */
export function createParts(fleet: IFleetTls, props: FleetBaseProps): FleetParts {
  const parts = new FleetParts(fleet, props);
  PARTS.set(fleet, parts);
  return parts;
}

/** The parts of a fleet of this library. */
export function partsOf(fleet: IFleetTls): FleetParts {
  return PARTS.get(fleet) as FleetParts;
}
