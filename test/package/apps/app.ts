import { LocalProvider } from "@cdktf/provider-local/lib/provider/index.js";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider/index.js";
import { App, LocalBackend, TerraformStack } from "cdktf";
import {
  Agent,
  CertificateAuthoritySource,
  EnrollmentToken,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
  TargetPlatform,
} from "cdktf-fleet-tls";

// No type annotations: the lanes also run this file as JavaScript.
const app = new App();
const generations = (process.env["GENERATIONS"] ?? "1").split(",");

const [main, branch, lab] = ["main", "branch", "lab"].map((id) => {
  const stack = new TerraformStack(app, id);
  new TlsProvider(stack, "tls");
  new LocalProvider(stack, "local");
  stack.addOverride("terraform.required_providers.tls.version", "~> 4.1");
  stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
  new LocalBackend(stack, { path: `../../../terraform.${id}.tfstate` });
  return stack;
});

const props = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
};
const fleet = new MutualFleetTls(main!, "fleet", { ...props, agentKeyPassphrase: KeyPassphrase.generated() });
fleet.addAgent("web-1");
fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS });
new Agent(branch!, "branch-1", { fleet });

const fleetCa = CertificateAuthoritySource.rotating({
  generations: Object.fromEntries(generations.map((id) => [id, CertificateAuthoritySource.generated()])),
  issuing: "1",
});
new OneWayFleetTls(lab!, "fleet", { ...props, fleetCa }).addAgent("lab-1");

app.synth();
