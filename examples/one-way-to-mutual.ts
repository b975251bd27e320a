import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { FleetTls, FleetTlsProps } from "../lib";
import { ClientAuthentication, EnrollmentToken, MutualFleetTls, OneWayFleetTls, ServiceToken } from "../lib";

/** How far a live fleet is on its way. Each stage is one deploy. */
export type Stage = "one-way" | "optional" | "required";

/** A live fleet that goes from one-way to mutual TLS: docs/one-way-to-mutual.md says what to do after each deploy. */
export class OneWayToMutual extends TerraformStack {
  public readonly fleet: FleetTls;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    const props: FleetTlsProps = {
      fleetServerUrl: "https://fleet.example.com:8220",
      elasticsearchUrl: "https://es.example.com:9200",
      fleetServerPolicy: "fleet-server-policy",
      serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    };
    // The same id in every stage: whatever the fleet has already keeps its address, and so its key.
    this.fleet =
      stage === "one-way"
        ? new OneWayFleetTls(this, "fleet", props)
        : new MutualFleetTls(this, "fleet", {
            ...props,
            clientAuthentication: stage === "optional" ? ClientAuthentication.OPTIONAL : ClientAuthentication.REQUIRED,
          });
    for (const name of ["web-1", "web-2"]) {
      this.fleet.addAgent(name);
    }
    new TerraformOutput(this, "enroll-fleet-server", { value: this.fleet.fleetServer.enrollCommand });
    new TerraformOutput(this, "enroll-agents", {
      value: Object.fromEntries(this.fleet.agents.map((agent) => [agent.node.id, agent.enrollCommand])),
    });
  }
}
