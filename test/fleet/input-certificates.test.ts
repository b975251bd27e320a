import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import type { AgentOptions, ConfirmedStack, FleetTlsProps } from "../../lib";
import {
  Agent,
  CertificateAuthoritySource,
  CertificateSource,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
  Validity,
} from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { Server, verify } from "../support/openssl";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import type { JsonReport } from "../verify/fleet-fixture";
import { findingLines, fleetTls } from "../verify/fleet-fixture";

const { generated, rotating, system } = CertificateAuthoritySource;
const NAMES = ["apm.example.com", "10.1.2.3"];

const oneWay = (options: AgentOptions, more: Partial<FleetTlsProps> = {}) =>
  synthStack((stack) => new OneWayFleetTls(stack, "fleet", fleetProps(more)).addAgent("apm-1", options));
const refusal = (options: AgentOptions, more: Partial<FleetTlsProps> = {}): string =>
  refusalOf((stack) => new OneWayFleetTls(stack, "fleet", fleetProps(more)).addAgent("apm-1", options));

test("an agent with serverNames has a server certificate with these names, of a CA of its own kind", () => {
  const stack = oneWay({ serverNames: NAMES });
  const { attributes } = stack.resource("fleet/agents/apm-1/input-cert/certificate");
  expect(attributes["allowed_uses"]).toEqual(["digital_signature", "server_auth"]);
  expect(attributes["ca_private_key_pem"]).toMatch(/fleet_input-ca_generation-1_key_\w+\.private_key_pem/);
  const request = stack.resource("fleet/agents/apm-1/input-cert/request").attributes;
  expect([request["dns_names"], request["ip_addresses"]]).toEqual([["apm.example.com"], ["10.1.2.3"]]);
});

test("its key is closed to others, and no flag names the pair", () => {
  const stack = oneWay({ serverNames: NAMES });
  const { type, attributes } = stack.resource("fleet/agents/apm-1/files/input-cert-key.pem");
  expect([type, attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
  expect(stack.local("fleet_agents_apm-1_command")).not.toContain("input-");
});

test("without serverNames there is neither a certificate nor a CA for it", () => {
  expect(oneWay({}).addresses.filter((address) => address.includes("input-"))).toEqual([]);
});

test("an inputCa that is given is created in any case", () => {
  expect(oneWay({}, { inputCa: generated() }).addresses).toContainEqual(expect.stringContaining("input-ca"));
});

test("its validity has a kind of its own", () => {
  const stack = oneWay({ serverNames: NAMES, validityOf: { inputCert: Validity.days(30) } });
  expect(stack.resource("fleet/agents/apm-1/input-cert/certificate").attributes["validity_period_hours"]).toBe(720);
});

test("a name that only Terraform knows is checked at plan", () => {
  const stack = synthStack((stack) => {
    const serverNames = [variable(stack, "name")];
    new OneWayFleetTls(stack, "fleet", fleetProps()).addAgent("apm-1", { serverNames });
  });
  expect(JSON.stringify(stack.resources())).toContain("apm-1: serverNames contains an entry that is no DNS name");
});

test("an unprivileged agent can read the pair, and no other account can read the key", () => {
  const stack = oneWay({ serverNames: NAMES, unprivileged: true, user: "fleet" });
  const script = stack.resolved(stack.resource("fleet/agents/apm-1/files/hand-over.sh").attributes["content"]);
  expect(script).toMatch(/^chown fleet .*\/input-cert-key\.pem .*\/input-cert\.pem/m);
  expect(script).toMatch(/^chmod 0600 .*\/input-cert-key\.pem$/m);
});

describe("is refused", () => {
  test("an empty list of names", () => {
    expect(refusal({ serverNames: [] })).toContain("stack/fleet/agents/apm-1: serverNames is empty");
  });

  test("a name that no client can dial", () => {
    expect(refusal({ serverNames: ["apm example"] })).toContain("serverNames[0]");
  });

  test("a source without names", () => {
    expect(refusal({ serverCertificate: CertificateSource.generated() })).toContain(
      "serverCertificate is given without serverNames",
    );
  });

  test("a CA that cannot issue", () => {
    expect(refusal({}, { inputCa: system() })).toContain("stack/fleet: inputCa cannot issue certificates");
  });
});

describe("applied", () => {
  const project = new TerraformProject();
  const clients = "home/fleet/input-clients";
  const synth = (ids: string[], issuing: string, confirmedStacks: ConfirmedStack[] = []): void =>
    project.synth((app: App) => {
      const home = new TestStack(app, "home");
      const generations = Object.fromEntries(ids.map((id) => [id, generated()]));
      const fleet = new MutualFleetTls(home, "fleet", {
        ...fleetProps({ outputDirectory: "fleet-tls/home/fleet", operatorPage: true }),
        agentKeyPassphrase: KeyPassphrase.generated(),
        inputCa: rotating({ generations, issuing, minimumOverlapHours: 0, confirmedStacks }),
      });
      fleet.addAgent("apm-1", { serverNames: NAMES });
      fleet.addAgent("web-1");
      if (ids.length > 1) return;
      const other = new TestStack(app, "other");
      other.addDependency(home);
      new Agent(other, "apm-2", { fleet, serverNames: ["apm-2.example.com"], platform: TargetPlatform.WINDOWS });
    });
  const folder = project.path("fleet-tls/home/fleet");
  const trust = project.path("clients-ca.pem");
  const pairOf = (agent: string) => ({
    certificate: path.join(folder, `agents/${agent}/input-cert.pem`),
    key: path.join(folder, `agents/${agent}/input-cert-key.pem`),
  });
  const readTrust = async (): Promise<void> => {
    const { value } = (await project.outputs("home"))["fleet-input-ca-certificates"]!;
    fs.writeFileSync(trust, value as string);
  };

  beforeAll(async () => {
    synth(["1"], "1");
    await project.apply("home");
    await project.apply("other");
    await readTrust();
  });
  afterAll(() => project.dispose());

  test("clients with the CA of the output accept the input by its names, and by no other", async () => {
    const server = await Server.start(pairOf("apm-1"));
    try {
      expect((await server.dial({ trust, name: "apm.example.com" })).accepted).toBe(true);
      expect((await server.dial({ trust, name: "fleet.example.com" })).accepted).toBe(false);
      const fleetCa = path.join(folder, "agents/apm-1/fleet-ca.pem");
      expect((await server.dial({ trust: fleetCa, name: "apm.example.com" })).accepted).toBe(false);
    } finally {
      await server.close();
    }
  });

  test("an agent of another stack has one of the same CA", async () => {
    const { certificate } = pairOf("apm-2");
    expect(await verify(certificate, { trust, purpose: "sslserver", name: "apm-2.example.com" })).toBe("OK");
  });

  test("no host of the fleet has the CA: it is for the clients alone", () => {
    expect(fs.readdirSync(path.join(folder, "agents/apm-1")).sort()).toEqual([
      ...["agent-cert-key-passphrase", "agent-cert-key.pem", "agent-cert.pem", "es-ca.pem", "fleet-ca.pem"],
      ...["input-cert-key.pem", "input-cert.pem", "install-command.sh"],
    ]);
    expect(fs.readdirSync(path.join(folder, "agents/web-1"))).not.toContain("input-cert.pem");
  });

  test("the page shows its expiry and its CA", () => {
    const page = project.read("fleet-tls/home/fleet/index.html");
    expect(page).toContain("apm-1, inputs");
    expect(page).toContain("Input CA");
  });

  test("verify finds nothing wrong", async () => {
    const { code, out } = await fleetTls(["verify", "--json", folder]);
    expect([findingLines(JSON.parse(out) as JsonReport, folder), code]).toEqual([[], 0]);
  });

  test("the CA rotates only as far as a person has confirmed for the clients", async () => {
    synth(["1", "2"], "1");
    await project.apply("home");
    const confirmed = `{ stack: "${clients}", generations: ["1", "2"], issuing: "1" }`;
    expect(project.read("fleet-tls/home/fleet/RUNBOOK.md")).toContain(`\`${confirmed}\``);

    synth(["1", "2"], "2");
    expect(await project.refusal("home")).toContain(`add ${confirmed} to confirmedStacks`);

    await readTrust();
    synth(["1", "2"], "2", [{ stack: clients, generations: ["1", "2"], issuing: "1" }]);
    await project.apply("home");
    const { certificate } = pairOf("apm-1");
    expect(await verify(certificate, { trust, purpose: "sslserver", name: "apm.example.com" })).toBe("OK");
  });
});
