import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { EnrollmentToken, MutualFleetTls, ServiceToken } from "../lib";

/**
 * Fleet Server and an agent in Elastic's container image, which is told everything by its environment:
 * docs/containers.md says how each gets its folder and its variables.
 */
export class Containers extends TerraformStack {
  public readonly fleet: MutualFleetTls;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    this.fleet = new MutualFleetTls(this, "fleet", {
      fleetServerUrl: "https://fleet-server.elastic.svc:8220",
      elasticsearchUrl: "https://es.elastic.svc:9200",
      fleetServerPolicy: "fleet-server-policy",
      // Where the folder is mounted.
      hostDirectory: "/certs",
      // The names are those that the image reads: the env file then leaves the values to what starts the container.
      serviceToken: ServiceToken.fromEnvironment("FLEET_SERVER_SERVICE_TOKEN"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
      fleetServer: { container: true },
    });
    const agent = this.fleet.addAgent("node", { container: true, tags: ["kubernetes"] });
    // The same as a map, for a ConfigMap or a task definition that Terraform makes.
    new TerraformOutput(this, "agent-environment", { value: agent.containerEnvironment });
  }
}
