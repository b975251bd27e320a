import type { Construct } from "constructs";

import { FleetTls } from "./fleet-tls";
import type { FleetTlsProps } from "./fleet-tls-props";

/**
 * One-way TLS: Fleet Server presents a certificate to agents, Elasticsearch to Fleet Server and agents.
 *
 * Changing the class to `MutualFleetTls` at the same id keeps the addresses that both have.
 *
 * @example
 * const oneWay = new OneWayFleetTls(stack, "fleet", {
 *   fleetServerUrl: "https://fleet.example.com:8220",
 *   elasticsearchUrl: "https://es.example.com:9200",
 *   fleetServerPolicy: "fleet-server-policy",
 *   serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
 * });
 * oneWay.addAgent("web-1");
 * @see https://www.elastic.co/guide/en/fleet/current/tls-overview.html
 */
export class OneWayFleetTls extends FleetTls {
  public constructor(scope: Construct, id: string, props: FleetTlsProps) {
    super(scope, id, props);
  }
}
