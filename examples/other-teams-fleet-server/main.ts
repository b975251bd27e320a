import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack } from "cdktf";
import { CertificateAuthoritySource, EnrollmentToken, ExternalFleetTls } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "other-teams-fleet-server");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new ExternalFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.other.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  fleetCa: CertificateAuthoritySource.trustOnly({ file: "pki/their-ca.pem" }),
  elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "pki/their-ca.pem" }),
  agentCa: CertificateAuthoritySource.generated(),
});
fleet.addAgent("web-1");

app.synth();
