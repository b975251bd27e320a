import type { Construct } from "constructs";

import type { Agent } from "../../host/agent";
import type { CertificateAuthority } from "../../authority/certificate-authority";
import type { Elasticsearch } from "../../host/elasticsearch";
import type { FleetServer } from "../../host/fleet-server";
import type { IFleetTls } from "../../host/ifleet-tls";
import type { Kibana } from "../../host/kibana";
import type { FleetOutputs } from "./outputs";
import { FleetRenewals } from "./renewals";
import type { RunbookAuthority } from "./runbook/model";
import type { RunbookSources } from "./runbook/runbook";
import { Runbook } from "./runbook/runbook";

const PROPS: Readonly<Record<string, RunbookAuthority["prop"]>> = {
  "fleet-ca": "fleetCa",
  "elasticsearch-ca": "elasticsearchCa",
  "agent-ca": "agentCa",
};

/** What keeps a fleet's certificates alive after the first deploy: the dates of renewal, and the runbook. */
export class FleetUpkeep {
  private readonly renewals: FleetRenewals;
  private readonly authorities: RunbookSources["authorities"][number][] = [];
  private readonly hosts: RunbookSources["hosts"][number][] = [];

  constructor(
    private readonly fleet: IFleetTls,
    outputs: FleetOutputs,
  ) {
    this.renewals = new FleetRenewals(fleet, outputs);
  }

  public get nextRenewal(): string {
    return this.renewals.next;
  }

  /** @param id one of the three ids that CAs have in a fleet */
  public addAuthority(id: string, title: string, ca: CertificateAuthority): void {
    this.renewals.addAuthority(ca);
    if (ca.canIssue) {
      this.authorities.push({ title, prop: PROPS[id] as RunbookAuthority["prop"], ca });
    }
  }

  public addAgent(host: Agent): void {
    this.renewals.add([host.certificate]);
    this.hosts.push({ kind: "agent", folder: `agents/${host.node.id}`, host });
  }

  public addFleetServer(host: FleetServer): void {
    this.renewals.add([host.certificate, host.agentCertificate, host.elasticsearchClientCertificate]);
    this.hosts.push({ kind: "Fleet Server", folder: this.folderOf(host, "fleet-servers"), host });
  }

  public addElasticsearch(host: Elasticsearch): void {
    this.renewals.add([host.certificate]);
    this.hosts.push({ kind: "Elasticsearch", folder: this.folderOf(host, "elasticsearch-nodes"), host });
  }

  public addKibana(host: Kibana): void {
    this.renewals.add([host.clientCertificate]);
    this.hosts.push({ kind: "Kibana", folder: `kibana/${host.node.id}`, host });
  }

  /** Once all CAs are known; hosts may still come. */
  public writeRunbook(outputDirectory: string): void {
    const after = this.authorities.flatMap(({ ca }) => ca._completion);
    new Runbook(this.fleet, "runbook", outputDirectory, after, () => ({
      authorities: this.authorities,
      hosts: this.hosts,
      outputs: (this.fleet.node.tryFindChild("outputs")?.node.children ?? []).map(({ node }) => node.id),
      pinsFleetCa: this.fleet.fleetCaPins !== undefined,
      nextRenewal: this.nextRenewal,
    }));
  }

  private folderOf(host: Construct, group: string): string {
    return host.node.scope === this.fleet ? host.node.id : `${group}/${host.node.id}`;
  }
}
