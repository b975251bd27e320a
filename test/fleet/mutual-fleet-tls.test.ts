import { CertificateAuthoritySource, MutualFleetTls } from "../../lib";
import type { MutualFleetTlsProps } from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function synth(more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more }).addAgent("web-1");
  });
}

const EXISTING = { elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "es.pem" }) };

test("a mutual fleet is three CAs, a certificate for every role, and a folder for every host", () => {
  const { resource, locals, output } = synth().json;
  expect({ resource, locals, output }).toMatchSnapshot();
});

test("its hosts have these files and no other", () => {
  const files = synth()
    .resources()
    .filter(({ type }) => type.startsWith("local_"))
    .map(({ path }) => path.replace("stack/fleet/", "").replace("/files", ""));
  expect(files.sort()).toEqual([
    "agents/web-1/agent-cert-key.pem",
    "agents/web-1/agent-cert.pem",
    "agents/web-1/es-ca.pem",
    "agents/web-1/fleet-ca.pem",
    "agents/web-1/install-command.sh",
    "elasticsearch/elasticsearch.tls.yml",
    "elasticsearch/es-ca.pem",
    "elasticsearch/es-cert-key.pem",
    "elasticsearch/es-cert.pem",
    "elasticsearch/es-client-ca.pem",
    "fleet-server/agent-ca.pem",
    "fleet-server/agent-cert-key.pem",
    "fleet-server/agent-cert.pem",
    "fleet-server/es-ca.pem",
    "fleet-server/fleet-ca.pem",
    "fleet-server/fleet-cert-key.pem",
    "fleet-server/fleet-cert.pem",
    "fleet-server/fleet-es-cert-key.pem",
    "fleet-server/fleet-es-cert.pem",
    "fleet-server/install-command.sh",
    "runbook/file",
  ]);
});

test.each([
  ["fleet-server/fleet-cert", "fleet-ca", "server_auth", "fleet-server"],
  ["elasticsearch/es-cert", "elasticsearch-ca", "server_auth", "elasticsearch"],
  ["fleet-server/agent-cert", "agent-ca", "client_auth", "fleet-server"],
  ["agents/web-1/agent-cert", "agent-ca", "client_auth", "web-1"],
  ["fleet-server/fleet-es-cert", "elasticsearch-ca", "client_auth", "fleet-server"],
])("%s is signed by the %s, for %s, with the common name %s", (certificate, authority, usage, commonName) => {
  const stack = synth();
  const signed = stack.resource(`fleet/${certificate}/certificate`).attributes;
  expect(signed["ca_private_key_pem"]).toContain(`tls_private_key.fleet_${authority}_generation-1_key_`);
  expect(signed["ca_cert_pem"]).toContain(`tls_self_signed_cert.fleet_${authority}_generation-1_certificate_`);
  expect(signed["allowed_uses"]).toEqual(["digital_signature", usage]);
  expect(stack.resource(`fleet/${certificate}/request`).attributes["subject"]).toEqual([{ common_name: commonName }]);
});

test("every key is a sensitive file, and every sensitive file a key, closed to others", () => {
  for (const { path, attributes } of synth().resources("local_sensitive_file")) {
    expect(path).toMatch(/-cert-key\.pem$/);
    expect(attributes).toMatchObject({ file_permission: "0600", directory_permission: "0700" });
  }
  for (const { path, attributes } of synth().resources("local_file")) {
    expect(path).not.toMatch(/key|passphrase|token/);
    expect(attributes).toMatchObject({ file_permission: "0644", directory_permission: "0700" });
    expect(attributes["content"]).not.toMatch(/private_key/);
  }
});

test("no host has the key of a CA", () => {
  for (const { path, attributes } of synth().resources()) {
    if (path.includes("/files/")) expect(attributes["content"]).not.toMatch(/-ca_generation-\d+_key/);
  }
});

test("Fleet Server's list of CAs is the fleet CA and the agent CA, in one argument; an agent's is the fleet CA alone", () => {
  const stack = synth();
  expect(stack.local("fleet_fleet-server_command")).toContain(
    "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem,/etc/elastic-agent/certs/agent-ca.pem ",
  );
  expect(stack.local("fleet_agents_web-1_command")).toContain(
    "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem ",
  );
});

test("client certificates are required", () => {
  expect(synth().local("fleet_fleet-server_command")).toContain("--fleet-server-client-auth=required");
});

test("with an existing Elasticsearch, the agent CA signs Fleet Server's client certificate", () => {
  const signed = synth(EXISTING).resource("fleet/fleet-server/fleet-es-cert/certificate").attributes;
  expect(signed["ca_private_key_pem"]).toContain("tls_private_key.fleet_agent-ca_generation-1_key_");
  expect(signed["allowed_uses"]).toEqual(["digital_signature", "client_auth"]);
});

test("the agent CA may come from elsewhere, and its addresses stay", () => {
  const stack = synth({ agentCa: CertificateAuthoritySource.generated({ commonName: "Our Agents" }) });
  expect(stack.addresses).toEqual(synth().addresses);
  expect(stack.resource("fleet/agent-ca/generation-1/certificate").attributes["subject"]).toMatchObject([
    { common_name: "Our Agents" },
  ]);
});

test("an agent CA without a key is refused, since every agent needs a certificate of it", () => {
  const message = refusalOf((stack) => {
    const agentCa = CertificateAuthoritySource.trustOnly({ file: "agents.pem", dedicated: true });
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), agentCa });
  });
  expect(message).toContain("cannot be issued by the CA stack/fleet/agent-ca, which has no private key here");
});
