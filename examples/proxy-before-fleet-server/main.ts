import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CertificateAuthoritySource, EnrollmentToken, ExternalFleetTls } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "proxy-before-fleet-server");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new ExternalFleetTls(stack, "fleet", {
  fleetServerUrl: "https://0123.fleet.us-east-1.aws.found.io:443",
  elasticsearchUrl: "https://0123.us-east-1.aws.found.io:443",
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  agentCa: CertificateAuthoritySource.generated(),
});
const edge = fleet.addProxy("edge", { url: "https://fleet-proxy.example.com:8220" });
fleet.addAgent("web-1", { fleetServerProxy: edge });

app.synth();
