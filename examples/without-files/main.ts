import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "without-files");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  writeFiles: false,
});
fleet.addAgent("web-1");
const publicFiles = fleet.hosts.map(({ folder, files }) => [folder, files.publicContents(stack)]);
const secretFiles = fleet.hosts.map(({ folder, files }) => [folder, files.sensitiveContents(stack)]);
new TerraformOutput(stack, "public-files", { value: Object.fromEntries(publicFiles) });
new TerraformOutput(stack, "secret-files", { value: Object.fromEntries(secretFiles), sensitive: true });

app.synth();
