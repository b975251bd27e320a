import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CertificateAuthoritySource, EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "elasticsearch-in-cloud");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://0123.us-east-1.aws.found.io:443",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  elasticsearchCa: CertificateAuthoritySource.system(),
});
fleet.addAgent("web-1");

app.synth();
