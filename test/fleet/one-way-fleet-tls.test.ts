import { CertificateAuthoritySource, OneWayFleetTls } from "../../lib";
import type { FleetTlsProps } from "../../lib";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function synth(more: Partial<FleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps(more)).addAgent("web-1");
  });
}

test("a one-way fleet is two CAs, two certificates, and a folder for every host", () => {
  const { resource, locals, output } = synth().json;
  expect({ resource, locals, output }).toMatchSnapshot();
});

test("its hosts have these files and no other", () => {
  const files = synth()
    .resources()
    .filter(({ type }) => type.startsWith("local_"))
    .map(({ path }) => path.replace("stack/fleet/", "").replace("/files", ""));
  expect(files.sort()).toEqual([
    "agents/web-1/es-ca.pem",
    "agents/web-1/fleet-ca.pem",
    "agents/web-1/install-command.sh",
    "elasticsearch/elasticsearch.tls.yml",
    "elasticsearch/es-ca.pem",
    "elasticsearch/es-cert-key.pem",
    "elasticsearch/es-cert.pem",
    "fleet-server/es-ca.pem",
    "fleet-server/fleet-ca.pem",
    "fleet-server/fleet-cert-key.pem",
    "fleet-server/fleet-cert.pem",
    "fleet-server/install-command.sh",
    "runbook/file",
  ]);
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

test("no host presents a client certificate", () => {
  const uses = synth()
    .resources("tls_locally_signed_cert")
    .map(({ attributes }) => attributes["allowed_uses"]);
  expect(uses).toEqual([
    ["digital_signature", "server_auth"],
    ["digital_signature", "server_auth"],
  ]);
  // The runbook tells of what a fleet may become.
  const withoutRunbook = JSON.stringify(JSON.parse(synth().text), (key, value: unknown) =>
    key === "//" || key.startsWith("fleet_runbook_") ? undefined : value,
  );
  expect(withoutRunbook).toContain("fleet-cert");
  expect(withoutRunbook).not.toMatch(/agent-ca|agent-cert|client-auth|fleet-es-cert/);
});

test("with an existing Elasticsearch no certificate is issued for it, and hosts trust the given CA", () => {
  const stack = synth({ elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "es.pem" }) });
  expect(stack.resources().filter(({ path }) => path.includes("/elasticsearch/"))).toEqual([]);
  expect(stack.resources("tls_locally_signed_cert")).toHaveLength(1);
  for (const host of ["fleet-server", "agents/web-1"]) {
    const { attributes } = stack.resource(`fleet/${host}/files/es-ca.pem`);
    expect(attributes["content"]).toMatch(/^\$\{local\.fleet_elasticsearch-ca_trust-bundle_\w+\}$/);
  }
});

test("it has no client side", () => {
  synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    expect(fleet.clientTls).toBeUndefined();
    expect(fleet.fleetServer.agentCertificate).toBeUndefined();
  });
});
