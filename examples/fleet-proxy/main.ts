import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CertificateAuthoritySource, EnrollmentToken, OneWayFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "fleet-proxy");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new OneWayFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
});
const fleetProxy = fleet.addFleetProxy("branch", {
  url: "https://proxy.branch.example.com:3128",
  ca: CertificateAuthoritySource.trustOnly({ file: "pki/proxy-ca.pem" }),
});
const policy = fleet.addAgentPolicy("branch", {
  fleetServerHosts: fleet.addFleetServerHosts("branch", { urls: ["https://fleet.example.com:8220"], fleetProxy }),
  dataOutput: fleet.addOutput("branch", { fleetProxy }),
});
fleet.addAgent("web-1", { policy });
fleet.addAgent("web-2");
fleet.addKibana("kibana");

app.synth();
