import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { AgentStacks, EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";
import type { Construct } from "constructs";

class FleetStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    // The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
  }
}

const app = new App();
const fleet = new MutualFleetTls(new FleetStack(app, "home"), "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  // Each stack of agents signs with an intermediate of its own: the agent CA's key is in the state of `home` alone.
  intermediatePerStack: true,
  operatorPage: true,
});

// One AgentStacks for each site, so that a pipeline has a job for each. Plan about 50 agents a stack: the number of stacks
// cannot change.
const SITES = { paris: { stacks: 2, agents: 3 }, oslo: { stacks: 1, agents: 2 } };
for (const [site, { stacks, agents }] of Object.entries(SITES)) {
  const spread = new AgentStacks(app, site, {
    fleet,
    stacks,
    stackFactory: { createStack: (scope, id) => new FleetStack(scope, id) },
  });
  for (let index = 1; index <= agents; index++) spread.addAgent(`${site}-${index}`);
}

app.synth();
