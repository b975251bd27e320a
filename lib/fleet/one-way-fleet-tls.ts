import type { Construct } from "constructs";

import type { ClientTls } from "../host/client-tls";
import { FleetTls } from "./fleet-tls";
import type { FleetTlsProps } from "./fleet-tls-props";

/**
 * One-way TLS: Fleet Server proves itself to agents, Elasticsearch proves itself to Fleet Server and to agents.
 *
 * Going on to `MutualFleetTls` at the same id keeps the address of everything that both have.
 *
 * @see https://www.elastic.co/guide/en/fleet/current/tls-overview.html
 */
export class OneWayFleetTls extends FleetTls {
  /** There is none in a one-way fleet. */
  public readonly clientTls?: ClientTls;

  constructor(scope: Construct, id: string, props: FleetTlsProps) {
    super(scope, id, props);
    this.createDefaultHosts();
  }
}
