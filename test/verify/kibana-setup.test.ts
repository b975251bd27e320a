import { chmodSync } from "node:fs";

import { SERVER } from "../support/pki";
import { FleetFixture, KIBANA_SETTINGS, verifyJson } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

const certs = "/etc/elastic-agent/certs";

/** An agent's container that prepares Fleet, and a Kibana that serves HTTPS with a certificate of the fleet CA. */
async function findings(...setup: string[]): Promise<string[]> {
  pki.certificate("kibana-server", {
    issuer: "fleet-ca",
    extensions: [...SERVER, "subjectAltName=DNS:kibana.example.com"],
  });
  const t = fixture.topology();
  t.write("kibana/kibana/kibana-cert.pem", pki.text("kibana-server"));
  t.write("kibana/kibana/kibana-cert-key.pem", pki.text("kibana-server-key"));
  chmodSync(t.path("kibana/kibana/kibana-cert-key.pem"), 0o600);
  const server = [
    "server.ssl.enabled: true",
    "server.ssl.certificate: /etc/kibana/certs/kibana-cert.pem",
    "server.ssl.key: /etc/kibana/certs/kibana-cert-key.pem",
  ];
  t.write("kibana/kibana/kibana.tls.yml", `${KIBANA_SETTINGS}${server.join("\n")}\n`);
  t.remove("agents/web-1/install-command.sh");
  t.remove("agents/web-1/agent-cert-key-passphrase");
  t.write("agents/web-1/agent-cert-key.pem", pki.text("web-1-key"));
  const variables = [
    "FLEET_ENROLL=1",
    "FLEET_URL=https://fleet.example.com:8220",
    "FLEET_ENROLLMENT_TOKEN",
    `FLEET_CA=${certs}/fleet-ca.pem`,
    `ELASTIC_AGENT_CERT=${certs}/agent-cert.pem`,
    `ELASTIC_AGENT_CERT_KEY=${certs}/agent-cert-key.pem`,
    "KIBANA_FLEET_SETUP=1",
    ...setup,
  ];
  t.write("agents/web-1/container.env", `${variables.join("\n")}\n`);
  chmodSync(t.path("agents/web-1/container.env"), 0o600);
  const { lines } = await verifyJson(t);
  return lines.filter((line) => /KIBANA|[Kk]ibana/.test(line));
}

const host = "KIBANA_FLEET_HOST=https://kibana.example.com:5601";

test("a container that trusts Kibana's certificate has no finding", async () => {
  expect(await findings(host, `KIBANA_FLEET_CA=${certs}/fleet-ca.pem`)).toEqual([]);
});

test("a container that trusts another CA is an error", async () => {
  expect(await findings(host, `KIBANA_FLEET_CA=${certs}/es-ca.pem`)).toEqual([
    expect.stringContaining("error kibana/kibana/kibana-cert.pem: is refused by agents/web-1's es-ca.pem"),
  ]);
});

test("a container without a CA for Kibana is an error", async () => {
  expect(await findings(host)).toEqual([
    expect.stringContaining("error agents/web-1/container.env: has no KIBANA_FLEET_CA"),
  ]);
});

test("a container that uses another name than Kibana's is an error", async () => {
  expect(await findings("KIBANA_FLEET_HOST=https://other.example.com:5601")).toEqual([
    expect.stringContaining("prepares Fleet in Kibana by other.example.com, which no Kibana cert here has"),
  ]);
});

test("a CA file that is not in the folder is an error", async () => {
  expect(await findings(host, `KIBANA_FLEET_CA=${certs}/kibana-ca.pem`)).toEqual([
    expect.stringContaining("names kibana-ca.pem by KIBANA_FLEET_CA, which is not in the folder"),
  ]);
});
