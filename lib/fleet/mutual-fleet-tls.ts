import type { Construct } from "constructs";

import { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { DEFAULT_KEY_ALGORITHM, renewalOf } from "../certificate/renewal-of";
import type { ClientTls } from "../host/client-tls";
import type { HostOptions } from "../host/host-options";
import { checkArguments } from "../private/check-props";
import { groupIn } from "../private/terraform/group";
import { hostId } from "../private/terraform/host-id";
import { FleetTls } from "./fleet-tls";
import type { MutualFleetTlsProps } from "./mutual-fleet-tls-props";

/**
 * Mutual TLS: in addition to a one-way fleet, agents present client certificates to Fleet Server, and Fleet Servers and
 * agents present client certificates to Elasticsearch.
 *
 * @example
 * const mutual = new MutualFleetTls(stack, "fleet", {
 *   fleetServerUrl: "https://fleet.example.com:8220",
 *   elasticsearchUrl: "https://es.example.com:9200",
 *   fleetServerPolicy: "fleet-server-policy",
 *   serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
 *   agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
 * });
 * mutual.addAgent("web-1");
 * @see https://www.elastic.co/guide/en/fleet/current/tls-overview.html
 */
export class MutualFleetTls extends FleetTls {
  /** CA that issues the agents' client certificates. */
  public readonly agentCa: IIssuingCertificateAuthority;

  private readonly agentDefaults: MutualFleetTlsProps;

  constructor(scope: Construct, id: string, props: MutualFleetTlsProps) {
    super(scope, id, props, props);
    this.agentDefaults = props;
    this.agentCa = (this.clientTls as ClientTls).agentCa;
  }

  /**
   * Creates a certificate that several agents present, such as all agents of one policy.
   *
   * @param id the certificate's id, and its common name
   * @param options the algorithm of its key, its validity and its key's rotation; other options have no effect
   */
  public addAgentCertificate(id: string, options: HostOptions = {}): Certificate {
    const where = `${this.node.path}.addAgentCertificate`;
    checkArguments("MutualFleetTls.addAgentCertificate", { id, options }, where);
    const group = groupIn(this, "agent-certificates");
    return new Certificate(group, hostId(group, id), {
      issuer: this.agentCa,
      commonName: id,
      usage: CertificateUsage.CLIENT,
      keyAlgorithm: options.keyAlgorithm ?? this.agentDefaults.keyAlgorithm ?? DEFAULT_KEY_ALGORITHM,
      ...renewalOf("agentCert", options, this.agentDefaults),
      keyPassphrase: this.agentDefaults.agentKeyPassphrase,
    });
  }
}
