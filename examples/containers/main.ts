import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import { EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "containers");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet-server.elastic.svc:8220",
  elasticsearchUrl: "https://es.elastic.svc:9200",
  fleetServerPolicy: "fleet-server-policy",
  // The mount path of each host's folder.
  hostDirectory: "/certs",
  // The names are those that the image reads, so that container.env needs no values: the container's environment has them.
  serviceToken: ServiceToken.fromEnvironment("FLEET_SERVER_SERVICE_TOKEN"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  fleetServer: { container: true },
});
const agent = fleet.addAgent("node", { container: true, tags: ["kubernetes"] });
// The same variables as a map, for a ConfigMap or a task definition that Terraform makes.
new TerraformOutput(stack, "agent-environment", { value: agent.containerEnvironment });

app.synth();
