import { authorityRecord } from "../../authority/records";
import type { IFleetHost } from "../../host/fleet-host";
import { Kibana } from "../../host/kibana";
import type { FleetOutputs } from "./outputs";

/** Outputs the CA of Kibana's server certificate for browsers and other clients, for which a rotation waits. */
export function addKibanaCa(outputs: FleetOutputs, host: IFleetHost): void {
  if (!(host instanceof Kibana) || host.serverCa?.trustBundlePem === undefined) {
    return;
  }
  authorityRecord(host.serverCa).addVerifierElsewhere({
    name: `${host.node.path}/clients`,
    title: `browsers and other clients of Kibana ${host.id}`,
    output: "kibana-ca-certificates",
    reload: "Terraform's elasticstack provider and `fleet-tls verify --kibana-ca` are among them.",
  });
  outputs.addToMap(host, "kibana-ca-certificates", host.id, host.serverCa.trustBundlePem, {
    description: "CA certificates by which browsers and other clients verify each Kibana, by id",
  });
}
