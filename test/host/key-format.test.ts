import { CertificateSource, KeyAlgorithm, KeyFormat, KeyPassphrase, MutualFleetTls } from "../../lib";
import type { AgentOptions, MutualFleetTlsProps } from "../../lib";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

/** A mutual fleet with one agent. */
function synth(fleet: Partial<MutualFleetTlsProps>, agent: AgentOptions = {}): SynthesizedStack {
  return synthStack(
    (stack) => void new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...fleet }).addAgent("web-1", agent),
  );
}

/** The attribute of its key that each key file consists of. */
function keyFiles(stack: SynthesizedStack): Record<string, string | undefined> {
  const files = stack.resources("local_sensitive_file").filter(({ path }) => path.endsWith("-key.pem"));
  return Object.fromEntries(
    files.map(({ path, attributes }) => [
      path.replace("stack/fleet/", "").replace("files/", ""),
      /^\$\{tls_private_key\..*\.(private_key_pem\w*)\}$/.exec(attributes["content"])?.[1],
    ]),
  );
}

const ALL = [
  "agents/web-1/agent-cert-key.pem",
  "elasticsearch/es-cert-key.pem",
  "fleet-server/agent-cert-key.pem",
  "fleet-server/fleet-cert-key.pem",
  "fleet-server/fleet-es-cert-key.pem",
];

test("every plain key is PKCS#8 by default", () => {
  expect(keyFiles(synth({}))).toEqual(Object.fromEntries(ALL.map((file) => [file, "private_key_pem_pkcs8"])));
});

test("a fleet keeps SEC1 or PKCS#1 for all of its hosts", () => {
  const stack = synth({ keyFormat: KeyFormat.TRADITIONAL });
  expect(keyFiles(stack)).toEqual(Object.fromEntries(ALL.map((file) => [file, "private_key_pem"])));
});

test("a format changes key files and nothing else", () => {
  const without = (stack: SynthesizedStack): unknown =>
    stack.resources().filter(({ path }) => !path.endsWith("-key.pem"));
  expect(without(synth({ keyFormat: KeyFormat.TRADITIONAL }))).toEqual(without(synth({})));
  expect(synth({ keyFormat: KeyFormat.TRADITIONAL }).addresses).toEqual(synth({}).addresses);
});

test("a host keeps its own format", () => {
  const files = keyFiles(synth({}, { keyFormat: KeyFormat.TRADITIONAL }));
  expect(files["agents/web-1/agent-cert-key.pem"]).toBe("private_key_pem");
  expect(files["fleet-server/agent-cert-key.pem"]).toBe("private_key_pem_pkcs8");
});

test("ECDSA keys that Elastic Defend reads are SEC1, unless a format is chosen", () => {
  const agent = (options: AgentOptions): string | undefined =>
    keyFiles(synth({}, { elasticDefend: true, ...options }))["agents/web-1/agent-cert-key.pem"];
  expect(agent({})).toBe("private_key_pem");
  expect(agent({ keyFormat: KeyFormat.PKCS8 })).toBe("private_key_pem_pkcs8");
  expect(agent({ keyAlgorithm: KeyAlgorithm.RSA_2048 })).toBe("private_key_pem_pkcs8");
});

test("Elastic Defend on Fleet Servers changes their agent's key alone", () => {
  expect(keyFiles(synth({ elasticDefend: true }))).toEqual({
    ...Object.fromEntries(ALL.map((file) => [file, "private_key_pem_pkcs8"])),
    "agents/web-1/agent-cert-key.pem": "private_key_pem",
    "fleet-server/agent-cert-key.pem": "private_key_pem",
  });
});

test("a shared certificate's key is written in the format of each host", () => {
  const stack = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const sharedCertificate = fleet.addAgentCertificate("shared");
    fleet.addAgent("web-1", { sharedCertificate });
    fleet.addAgent("web-2", { sharedCertificate, keyFormat: KeyFormat.TRADITIONAL });
  });
  expect(keyFiles(stack)["agents/web-1/agent-cert-key.pem"]).toBe("private_key_pem_pkcs8");
  expect(keyFiles(stack)["agents/web-2/agent-cert-key.pem"]).toBe("private_key_pem");
});

test("a key with a passphrase is PKCS#8 in every format", () => {
  const encrypted = (keyFormat: KeyFormat): string =>
    synth({ keyFormat, agentKeyPassphrase: KeyPassphrase.generated() }).resource(
      "fleet/agents/web-1/files/agent-cert-key.pem",
    ).attributes["content"];
  expect(encrypted(KeyFormat.TRADITIONAL)).toBe(encrypted(KeyFormat.PKCS8));
});

test("the script that makes a key on its host writes the format", () => {
  const script = (keyFormat: KeyFormat): string =>
    synth(
      {},
      { keyFormat, certificate: CertificateSource.fromCertificateRequest({ file: "requests/web-1.csr" }) },
    ).resource("fleet/agents/web-1/files/request-agent-cert.sh").attributes["content"];
  expect(script(KeyFormat.TRADITIONAL)).toContain("-traditional");
  expect(script(KeyFormat.PKCS8)).not.toContain("-traditional");
});
