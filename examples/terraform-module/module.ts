import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

import { EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

/** A fleet as a Terraform module: URLs, policy and output directory are variables, the hosts are fixed at synth. */
class FleetModule extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    const variable = (name: string, description: string): string =>
      new TerraformVariable(this, name, { type: "string", description }).stringValue;

    const fleet = new MutualFleetTls(this, "fleet", {
      fleetServerUrl: variable("fleet_server_url", "URL by which agents dial Fleet Server"),
      elasticsearchUrl: variable("elasticsearch_url", "URL of Elasticsearch"),
      fleetServerPolicy: variable("fleet_server_policy", "id of the Fleet Server policy"),
      outputDirectory: variable("output_directory", "folder for the hosts' files, absolute or relative to the caller"),
      serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    });
    for (const agent of ["web-1", "web-2"]) fleet.addAgent(agent);

    // A module has no backend and no provider configuration of its own: those of its caller apply.
    this.addOverride("terraform.backend", undefined);
    this.addOverride("provider", undefined);
    this.addOverride("terraform.required_providers.tls.version", "~> 4.1");
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
  }
}

const app = new App();
new FleetModule(app, "fleet");
app.synth();
