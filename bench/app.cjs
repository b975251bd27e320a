// One synthesis, in a process of its own: node bench/app.cjs AGENTS one-way|mutual|encrypted OUTDIR. Prints, as JSON, how
// long it took and how much of that went into the commands: checking them by the rules, and writing them.
const { LocalProvider } = require("@cdktf/provider-local/lib/provider");
const { TlsProvider } = require("@cdktf/provider-tls/lib/provider");
const { App, TerraformStack } = require("cdktf");

const {
  EnrollmentToken,
  InstallCommand,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
} = require("../dist/lib");
const rules = require("../dist/lib/command/rules/rules");
const words = require("../dist/lib/command/render/words");

let commandTime = 0n;
let depth = 0;

/** The same function, whose time counts; what it calls of the others is in it already. */
function timed(work) {
  return function (...args) {
    const started = depth++ === 0 ? process.hrtime.bigint() : 0n;
    try {
      return work.apply(this, args);
    } finally {
      if (--depth === 0) commandTime += process.hrtime.bigint() - started;
    }
  };
}
rules.checkCommand = timed(rules.checkCommand);
words.commandWords = timed(words.commandWords);
for (const name of ["oneLine", "manyLines", "script", "containerEnvironment", "environmentFile"]) {
  const { get } = Object.getOwnPropertyDescriptor(InstallCommand.prototype, name);
  Object.defineProperty(InstallCommand.prototype, name, { get: timed(get) });
}

const [agents, mode, outdir] = process.argv.slice(2);
const started = process.hrtime.bigint();
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
const seconds = (time) => Number(time) / 1e9;
process.stdout.write(
  JSON.stringify({ synthSeconds: seconds(process.hrtime.bigint() - started), commandSeconds: seconds(commandTime) }),
);
