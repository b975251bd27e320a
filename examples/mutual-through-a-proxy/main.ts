import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "proxy");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
const proxyAuthorization = new TerraformVariable(stack, "proxy_authorization", { type: "string", sensitive: true });
const proxyCa = new TerraformVariable(stack, "proxy_ca", { type: "string" });

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  // Names by which agents of another network dial the same Fleet Server. They become names of its certificate.
  fleetServer: { names: ["fleet.branch.example.com", "10.20.0.5"] },
});
fleet.addAgent("head-office");
fleet.addAgent("branch", {
  proxyUrl: "https://proxy.branch.example.com:3128",
  // A sensitive value makes the command a secret: its file has mode 0600, and its output is sensitive.
  proxyHeaders: { "Proxy-Authorization": proxyAuthorization.stringValue },
  // The agent's list of CAs replaces the system's, so the list needs the proxy's CA.
  proxyCaPem: proxyCa.stringValue,
});

app.synth();
