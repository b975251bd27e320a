import { KeyPassphrase, MutualFleetTls } from "../../lib";
import { refusalOf } from "../support/apps";
import type { TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function fleetWith(passphrase: (stack: TestStack) => KeyPassphrase | undefined): SynthesizedStack {
  return synthStack((stack) => {
    const props = { ...fleetProps(), agentKeyPassphrase: passphrase(stack) };
    new MutualFleetTls(stack, "fleet", props).addAgent("web-1");
  });
}

const HOSTS = ["fleet/fleet-server", "fleet/agents/web-1"];

test.each(HOSTS)("a generated passphrase of %s is the digest of a key that serves no other purpose", (host) => {
  const stack = fleetWith(() => KeyPassphrase.generated());
  expect(stack.resource(`${host}/agent-cert/encrypted-key/entropy`).attributes).toEqual({ algorithm: "ED25519" });
  const file = stack.resource(`${host}/files/agent-cert-key-passphrase`);
  expect(file.attributes["content"]).toMatch(/^\$\{sha256\(tls_private_key\..*entropy.*private_key_pem_pkcs8\)\}$/);
});

test.each(HOSTS)("the passphrase and the key of %s are closed to others", (host) => {
  const stack = fleetWith(() => KeyPassphrase.generated());
  for (const name of ["agent-cert-key-passphrase", "agent-cert-key.pem"]) {
    const { type, attributes } = stack.resource(`${host}/files/${name}`);
    expect([type, attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
  }
});

test("the command names the passphrase's file", () => {
  const flag = "--elastic-agent-cert-key-passphrase=/etc/elastic-agent/certs/agent-cert-key-passphrase ";
  const stack = fleetWith(() => KeyPassphrase.generated());
  expect(String(stack.local("fleet_fleet-server_command")).replace("\\\n", "")).toContain(flag);
  expect(stack.local("fleet_agents_web-1_command")).toContain(flag);
});

test("the key that Fleet Server shows to Elasticsearch stays plain, since no flag takes a passphrase for it", () => {
  const stack = fleetWith(() => KeyPassphrase.generated());
  const { attributes } = stack.resource("fleet/fleet-server/files/fleet-es-cert-key.pem");
  expect(attributes["content"]).toMatch(/^\$\{tls_private_key\..*\.private_key_pem_pkcs8\}$/);
});

test("key and passphrase reach the program on its standard input alone", () => {
  const stack = fleetWith(() => KeyPassphrase.generated());
  const { type, attributes } = stack.dataSource("fleet/agents/web-1/agent-cert/encrypted-key/encrypt");
  expect(type).toBe("local_command");
  expect(attributes["command"]).toBe("node");
  expect(attributes["arguments"]).toEqual([expect.stringMatching(/^\$\{path\.module\}\/assets\/.*\/encrypt-key\.js$/)]);
  expect(attributes["stdin"]).toMatch(/^\$\{jsonencode\(.*privateKey.*passphrase.*rounds/);
});

test("what the program answers is referred to by a sensitive local alone", () => {
  const stack = fleetWith(() => KeyPassphrase.generated());
  const uses = stack.text.match(/data\.local_command\.[^}]*stdout/g)!;
  expect(uses).toHaveLength(HOSTS.length);
  expect(stack.text.match(/sensitive\(data\.local_command\.[^}]*stdout\)/g)).toHaveLength(uses.length);
});

test("256 random bits are stretched by 1,000 rounds, what a person chose by 600,000: a contract", () => {
  const rounds = (passphrase: (stack: TestStack) => KeyPassphrase): string =>
    fleetWith(passphrase).dataSource("fleet/agents/web-1/agent-cert/encrypted-key/encrypt").attributes["stdin"];
  expect(rounds(() => KeyPassphrase.generated())).toMatch(/"rounds"?\s*[=:]\s*1000\b/);
  expect(rounds((stack) => KeyPassphrase.fromVariable(secretVariable(stack, "p")))).toMatch(
    /"rounds"?\s*[=:]\s*600000\b/,
  );
});

test("a passphrase from a variable goes through a sensitive local and is written unchanged", () => {
  const stack = fleetWith((stack) => KeyPassphrase.fromVariable(secretVariable(stack, "passphrase")));
  expect(stack.local("fleet_agents_web-1_agent-cert_encrypted-key_passphrase")).toBe("${sensitive(var.passphrase)}");
  const file = stack.resource("fleet/agents/web-1/files/agent-cert-key-passphrase");
  expect(file.attributes["content"]).toMatch(
    /^\$\{local\.fleet_agents_web-1_agent-cert_encrypted-key_passphrase_\w+\}$/,
  );
});

test("an agent's own passphrase comes before the fleet's", () => {
  const stack = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("plain");
    fleet.addAgent("encrypted", { keyPassphrase: KeyPassphrase.generated() });
  });
  expect(stack.dataSources().map(({ path }) => path)).toEqual([
    "stack/fleet/agents/encrypted/agent-cert/encrypted-key/encrypt",
  ]);
});

test("without a passphrase there is no program, no passphrase file and no flag", () => {
  const stack = fleetWith(() => undefined);
  expect(stack.dataSources()).toEqual([]);
  const files = [...stack.resources("local_file"), ...stack.resources("local_sensitive_file")];
  const ofHosts = files.filter(({ path }) => !path.includes("runbook"));
  expect(JSON.stringify(ofHosts.map(({ attributes }) => attributes))).not.toContain("passphrase");
});

test("a literal is refused, and not shown", () => {
  const message = refusalOf(() => KeyPassphrase.fromVariable("correct horse"));
  expect(message).toContain(
    'KeyPassphrase.fromVariable: the secret is a literal, got "…"; allowed: a Terraform token;',
  );
  expect(message).toContain("sensitive: true");
  expect(message).not.toContain("correct horse");
});
