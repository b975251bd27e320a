import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import type { FleetTlsProps } from "cdktf-fleet-tls";
import { ClientAuthentication, EnrollmentToken, MutualFleetTls, OneWayFleetTls, ServiceToken } from "cdktf-fleet-tls";

const app = new App();
const stack = new TerraformStack(app, "live");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
const props: FleetTlsProps = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
};

// The stage is in cdktf.json: one-way, then optional, then required. Each stage is one deploy. The construct's id is the
// same in all of them, so everything that exists keeps its address and its key.
const stage = String(app.node.tryGetContext("stage"));
const clientAuthentication = { optional: ClientAuthentication.OPTIONAL, required: ClientAuthentication.REQUIRED }[
  stage
];
const fleet =
  clientAuthentication === undefined
    ? new OneWayFleetTls(stack, "fleet", props)
    : new MutualFleetTls(stack, "fleet", { ...props, clientAuthentication });
for (const name of ["web-1", "web-2"]) fleet.addAgent(name);

new TerraformOutput(stack, "enroll-fleet-server", { value: fleet.fleetServer.enrollCommand });
new TerraformOutput(stack, "enroll-agents", {
  value: Object.fromEntries(fleet.agents.map((agent) => [agent.node.id, agent.enrollCommand])),
});

app.synth();
