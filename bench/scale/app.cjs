// The app that bench/scale.ts deploys: AGENTS mutual agents in STACKS stacks (0: all in the fleet's own), each certificate
// valid for VALIDITY days, with states in BACKEND.
const { LocalProvider } = require("@cdktf/provider-local/lib/provider");
const { TlsProvider } = require("@cdktf/provider-tls/lib/provider");
const { App, LocalBackend, PgBackend, TerraformStack } = require("cdktf");

const { AgentStacks, EnrollmentToken, MutualFleetTls, ServiceToken, Validity } = require(process.env.LIBRARY);

const { AGENTS, STACKS, VALIDITY, BACKEND } = process.env;

class Stack extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
    if (BACKEND === "pg") new PgBackend(this, { connStr: undefined, schemaName: id });
    else new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
  }
}

const app = new App();
const fleet = new MutualFleetTls(new Stack(app, "home"), "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  validity: Validity.days(Number(VALIDITY)),
});
const agents =
  Number(STACKS) === 0
    ? fleet
    : new AgentStacks(app, "agents", {
        fleet,
        stacks: Number(STACKS),
        stackFactory: { createStack: (scope, id) => new Stack(scope, id) },
      });
for (let index = 1; index <= Number(AGENTS); index++) agents.addAgent(`web-${index}`);
app.synth();
