import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { CertificateAuthoritySource, EnrollmentToken, OneWayFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "several-fleets");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

for (const id of ["production", "staging"]) {
  const fleet = new OneWayFleetTls(stack, id, {
    fleetServerUrl: `https://fleet.${id}.example.com:8220`,
    elasticsearchUrl: "https://es.example.com:9200",
    fleetServerPolicy: `${id}-fleet-server-policy`,
    serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "pki/es-ca.pem", dedicated: true }),
  });
  fleet.addAgent("web-1");
  new TerraformOutput(stack, `${id}-output-id`, { value: fleet.addOutput("default").outputId });
}

app.synth();
