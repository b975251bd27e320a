import { Token } from "cdktf";

import type { FleetServerOptions, FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import {
  ClientAuthentication,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
  StackVersion,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const CERTS = "/etc/elastic-agent/certs";
const OLD = StackVersion.of("9.2.6");

const oneWay = (options: FleetServerOptions, props: Partial<FleetTlsProps> = {}): SynthesizedStack =>
  synthStack((stack) => new OneWayFleetTls(stack, "fleet", { ...fleetProps(props), fleetServer: options }));

const refusal = (options: FleetServerOptions, props: Partial<MutualFleetTlsProps> = {}): string =>
  refusalOf((stack) => new MutualFleetTls(stack, "fleet", { ...fleetProps(props), fleetServer: options }));

const command = (stack: SynthesizedStack, host = "fleet-server"): string[] =>
  (stack.local(`fleet_${host}_command`) as string).split(" \\\n");

test("every option is emitted as its flag, after the page's", () => {
  const stack = oneWay({
    port: 8443,
    bindHost: "10.0.0.1",
    fleetServerTimeout: "3m",
    elasticsearchCaTrustedFingerprint: "ab".repeat(32),
    keyPassphrase: KeyPassphrase.generated(),
    headers: { "X-A": "1" },
    proxyUrl: "http://proxy:3128",
  });
  expect(command(stack)).toEqual([
    "elastic-agent install --url=https://fleet.example.com:8220",
    `--certificate-authorities=${CERTS}/fleet-ca.pem`,
    "--fleet-server-es=https://es.example.com:9200",
    `--fleet-server-es-ca=${CERTS}/es-ca.pem`,
    `--fleet-server-es-ca-trusted-fingerprint=${"ab".repeat(32)}`,
    `--fleet-server-cert=${CERTS}/fleet-cert.pem`,
    `--fleet-server-cert-key=${CERTS}/fleet-cert-key.pem`,
    `--fleet-server-cert-key-passphrase=${CERTS}/fleet-cert-key-passphrase`,
    `--fleet-server-service-token-path=${CERTS}/service-token`,
    "--fleet-server-policy=fleet-server-policy",
    "--fleet-server-host=10.0.0.1",
    "--fleet-server-port=8443",
    "--fleet-server-timeout=3m",
    "--header=X-A=1",
    "--proxy-url=http://proxy:3128",
    "--non-interactive",
  ]);
});

test("the CA of a proxy goes into the one file that Fleet Server trusts towards Elasticsearch", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const stack = oneWay({ proxyCaPem: pem });
  expect(stack.resource("fleet/fleet-server/files/es-ca.pem").attributes["content"]).toMatch(
    /^\$\{local\..*\}-----BEGIN/,
  );
  expect(command(stack)).toContain(`--fleet-server-es-ca=${CERTS}/es-ca.pem`);
});

test("an unprivileged Fleet Server's script also changes the owner of a token that exists on the host", () => {
  const readable = ["fleet-ca", "es-ca", "fleet-cert"].map((name) => `${CERTS}/${name}.pem`).join(" ");
  const stack = oneWay({ unprivileged: true, user: "fleet" });
  const content = stack.resource("fleet/fleet-server/files/install-command.sh").attributes["content"];
  expect(stack.resolved(content).split("\n").slice(3, 7)).toEqual([
    `chown fleet ${CERTS} ${CERTS}/fleet-cert-key.pem ${CERTS}/service-token ${readable}`,
    `chmod 0700 ${CERTS}`,
    `chmod 0600 ${CERTS}/fleet-cert-key.pem ${CERTS}/service-token`,
    `chmod 0644 ${readable}`,
  ]);
});

test("before agents enrolled by localhost, --url names the host itself, by a name of its certificate", () => {
  const stack = synthStack((scope) => {
    const fleet = new OneWayFleetTls(scope, "fleet", {
      ...fleetProps({ stackVersion: OLD }),
      fleetServer: { names: ["*.example.com", "fleet-1.example.com"] },
    });
    fleet.addFleetServer("fleet-2", { names: ["fd00::2"], port: 8443 });
    fleet.addFleetServer("fleet-3", {
      names: [variable(scope, "name")],
      port: Token.asNumber(variable(scope, "port")),
    });
  });
  expect(command(stack)[0]).toBe("elastic-agent install --url=https://fleet-1.example.com:8220");
  expect(command(stack, "fleet-servers_fleet-2")[0]).toBe("elastic-agent install --url='https://[fd00::2]:8443'");
  expect(command(stack, "fleet-servers_fleet-3")[0]).toContain("var.name");
  const { dns_names: names } = stack.resource("fleet/fleet-server/fleet-cert/request").attributes;
  expect(names).toContain("fleet-1.example.com");
});

test("the only Fleet Server of an old version may go by the fleet's name, with its own port", () => {
  expect(command(oneWay({ port: 8443 }, { stackVersion: OLD }))[0]).toBe(
    "elastic-agent install --url=https://fleet.example.com:8443",
  );
  const two = (names: string[]) =>
    refusalOf((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ stackVersion: OLD }));
      fleet.addFleetServer("fleet-2", { names });
    });
  expect(two([])).toContain("stack/fleet/fleet-servers/fleet-2: names has no name of this host alone");
  expect(two(["fleet-2.example.com"])).toContain("stack/fleet/fleet-server: names has no name of this host alone");
  expect(two(["fleet-2.example.com"])).toContain("or stackVersion 8.19.13, 9.2.7, 9.3.2 and everything from 9.4");
});

test("mutual TLS before 8.16 is refused", () => {
  expect(refusal({}, { stackVersion: StackVersion.of("8.15.5") })).toContain(
    "stack/fleet/fleet-server: stackVersion is a version that checks the host name of agents' certificates, got " +
      "8.15.5; allowed: stackVersion 8.16 or newer; upgrade the stack first",
  );
});

test("a mutual fleet that asks for no certificates is refused", () => {
  expect(refusal({}, { clientAuthentication: ClientAuthentication.NONE })).toBe(
    "stack/fleet: clientAuthentication asks agents for no certificate, and then no client certificate has an effect, got " +
      "ClientAuthentication.NONE; allowed: ClientAuthentication.REQUIRED, or OPTIONAL while agents move over; leave it out, " +
      "or use OneWayFleetTls at the same id",
  );
});

test("enrollCommand has one flag a line, and resets nothing", () => {
  const stack = synthStack((scope) => {
    const fleet = new MutualFleetTls(scope, "fleet", fleetProps());
    expect(fleet.fleetServer.enrollCommand).toMatch(/TOKEN/);
  });
  const install = command(stack).slice(1);
  const enroll = (stack.local("fleet_fleet-server_enroll-command") as string).split(" \\\n");
  expect(enroll).toEqual([
    "elastic-agent enroll --url=https://fleet.example.com:8220",
    ...install.slice(0, -1),
    "--force",
  ]);
});

test("a Fleet Server in a container has an env file", () => {
  const stack = oneWay({ container: true, port: 8443 });
  const { content } = stack.resource("fleet/fleet-server/files/container.env").attributes;
  expect(content.split("\n")).toEqual([
    "FLEET_SERVER_ENABLE=1",
    "FLEET_URL=https://fleet.example.com:8220",
    `FLEET_CA=${CERTS}/fleet-ca.pem`,
    "FLEET_SERVER_ELASTICSEARCH_HOST=https://es.example.com:9200",
    `FLEET_SERVER_ELASTICSEARCH_CA=${CERTS}/es-ca.pem`,
    `FLEET_SERVER_CERT=${CERTS}/fleet-cert.pem`,
    `FLEET_SERVER_CERT_KEY=${CERTS}/fleet-cert-key.pem`,
    `FLEET_SERVER_SERVICE_TOKEN_PATH=${CERTS}/service-token`,
    "FLEET_SERVER_POLICY_ID=fleet-server-policy",
    "FLEET_SERVER_PORT=8443",
    "",
  ]);
  expect(Object.keys(stack.outputs)).not.toContain("fleet-fleet-server-command");
});

test("all problems of a Fleet Server are reported at once, under the names of its props", () => {
  const lines = refusal({
    port: 0,
    names: ["a b"],
    hostDirectory: "/certs,more",
    serviceToken: ServiceToken.onHost("token"),
    elasticsearchCaTrustedFingerprint: "AB:CD",
    fleetServerTimeout: "soon",
    bindHost: "a b",
  }).split("\n");
  expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(
    [
      ...["names[0]", "hostDirectory", "serviceToken", "elasticsearchCaTrustedFingerprint", "port", "bindHost"],
      "fleetServerTimeout",
    ].map((prop) => `stack/fleet/fleet-server: ${prop}`),
  );
});
