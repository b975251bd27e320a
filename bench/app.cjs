// One synthesis, in a process of its own: node bench/app.cjs AGENTS one-way|mutual|encrypted OUTDIR
const { LocalProvider } = require("@cdktf/provider-local/lib/provider");
const { TlsProvider } = require("@cdktf/provider-tls/lib/provider");
const { App, TerraformStack } = require("cdktf");

const { EnrollmentToken, KeyPassphrase, MutualFleetTls, OneWayFleetTls, ServiceToken } = require("../dist/lib");

const [agents, mode, outdir] = process.argv.slice(2);
const app = new App({ outdir });
const stack = new TerraformStack(app, "bench");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
const props = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  agentKeyPassphrase: mode === "encrypted" ? KeyPassphrase.generated() : undefined,
};
const fleet = new (mode === "one-way" ? OneWayFleetTls : MutualFleetTls)(stack, "fleet", props);
for (let i = 1; i <= Number(agents); i++) {
  fleet.addAgent(`web-${i}`);
}
app.synth();
