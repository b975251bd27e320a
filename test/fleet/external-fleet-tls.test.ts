import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";
import { parse } from "yaml";

import type { ConfirmedStack, ExternalFleetTlsProps } from "../../lib";
import {
  Agent,
  CertificateAuthoritySource,
  ClientAuthentication,
  ExternalFleetTls,
  KeyPassphrase,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import type { JsonReport } from "../verify/fleet-fixture";
import { findingLines, fleetTls } from "../verify/fleet-fixture";
import { refusalOf, TestStack } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { externalProps, fleetProps } from "../support/fleets";
import { verify } from "../support/openssl";
import { Pki } from "../support/pki";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";

const pki = new Pki();
const [theirs, theirNext] = ["Their CA 1", "Their CA 2"].map((name) => {
  pki.authority(name);
  return pki.text(name);
}) as [string, string];
afterAll(() => pki.dispose());

const { generated, system, trustOnly, existing, rotating } = CertificateAuthoritySource;

describe("agents of Elastic Cloud", () => {
  const stack = synthStack((scope) => {
    const fleet = new ExternalFleetTls(scope, "fleet", externalProps({ operatorPage: true }));
    fleet.addAgent("web-1");
    fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS });
    fleet.addAgent("pod", { container: true });
    void fleet.outputSettings;
  });
  const written = (): string[] =>
    ["local_file", "local_sensitive_file"]
      .flatMap((type) => stack.resources(type))
      .map(({ attributes }) => String(attributes["filename"]).replace(/^.*fleet-tls\/stack\/fleet\//, ""))
      .sort();

  test("get a command or an environment and nothing else: their operating systems trust the public CAs", () => {
    expect(written()).toEqual([
      "RUNBOOK.md",
      "agents/desk-1/install-command.ps1",
      "agents/pod/container.env",
      "agents/web-1/install-command.sh",
      "index.html",
      "outputs/default.yml",
    ]);
  });

  test("have the URL and the token in their commands, and no TLS flag", () => {
    const command = stack.local("fleet_agents_web-1_command") as string;
    expect(command.replace(/:\?[^}]*/, "")).toBe(
      'elastic-agent install --url=https://0123.fleet.eu-1.elastic.cloud:443 --enrollment-token="$${FLEET_ENROLLMENT_TOKEN}" --non-interactive',
    );
  });

  test("no key, no certificate, no Fleet Server and no Elasticsearch host exists", () => {
    expect(stack.resources().filter(({ type }) => type.startsWith("tls_"))).toEqual([]);
    expect(stack.addresses.filter((address) => /fleet-server|fleet_elasticsearch_/.test(address))).toEqual([]);
  });

  test("the output names no TLS setting, so that Fleet Server keeps checking Elasticsearch's name", () => {
    expect(parse(stack.local("fleet_outputs_default_settings") as string)).toEqual({});
  });
});

describe("fleetCa", () => {
  test.each<[string, (stack: TestStack) => CertificateAuthoritySource]>([
    ["generated()", () => generated()],
    ["intermediate()", (stack) => CertificateAuthoritySource.intermediate({ issuer: testAuthority(stack) })],
    ["a rotation into generated()", () => rotating({ generations: { "1": generated() }, issuing: "1" })],
  ])("%s is refused: no certificate is issued for a Fleet Server elsewhere", (_, source) => {
    expect(
      refusalOf((stack) => new ExternalFleetTls(stack, "fleet", externalProps({ fleetCa: source(stack) }))),
    ).toMatch(
      /^stack\/fleet: fleetCa is a CA that issues certificates, but Fleet Server runs elsewhere .*trustOnly\(\{ file \}\)/,
    );
  });

  test("an existing CA that can issue is trusted, as another fleet's", () => {
    const stack = synthStack((scope) => {
      const theirs = new OneWayFleetTls(scope, "theirs", fleetProps());
      const fleetCa = existing(theirs.fleetCa);
      new ExternalFleetTls(scope, "ours", externalProps({ fleetCa })).addAgent("web-1");
    });
    expect(stack.local("ours_agents_web-1_command")).toContain(
      "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem ",
    );
  });

  test("a trusted CA can rotate, and be pinned", () => {
    const stack = synthStack((scope) => {
      const generations = { "1": trustOnly({ pem: theirs }), "2": trustOnly({ pem: theirNext }) };
      const fleetCa = rotating({ generations, issuing: "1" });
      new ExternalFleetTls(scope, "fleet", externalProps({ fleetCa, pinFleetCa: true })).addAgent("web-1");
    });
    expect(stack.local("fleet_agents_web-1_command")).toMatch(/--certificate-authorities=.*--ca-sha256=/);
  });
});

describe("options that would have no effect are refused, with a fix that works:", () => {
  const passphrase = KeyPassphrase.generated();
  test.each<[string, Partial<ExternalFleetTlsProps>]>([
    ["agentKeyPassphrase", { agentKeyPassphrase: passphrase }],
    ["intermediatePerStack", { intermediatePerStack: true }],
    ["acceptAnyClientOf", { acceptAnyClientOf: [generated()] }],
    ["elasticsearchClientCertificates", { elasticsearchClientCertificates: true }],
  ])("%s without an agentCa", (prop, props) => {
    expect(refusalOf((stack) => new ExternalFleetTls(stack, "fleet", externalProps(props)))).toMatch(
      new RegExp(`${prop} is given without an agentCa`),
    );
    const withCas = { agentCa: generated(), elasticsearchCa: generated() };
    synthStack((stack) => void new ExternalFleetTls(stack, "fleet", externalProps({ ...props, ...withCas })));
  });

  test("client certificates for Elasticsearch in Elastic Cloud", () => {
    const props = externalProps({ agentCa: generated(), elasticsearchClientCertificates: true });
    expect(refusalOf((stack) => new ExternalFleetTls(stack, "fleet", props))).toContain(
      "elasticsearchClientCertificates is given, but elasticsearchCa is system()",
    );
  });

  test("an agentCa that also issues to others", () => {
    const props = externalProps({ agentCa: trustOnly({ pem: theirs }) });
    expect(refusalOf((stack) => new ExternalFleetTls(stack, "fleet", props))).toMatch(/agentCa also issues/);
    expect(refusalOf((stack) => new ExternalFleetTls(stack, "two", externalProps({ agentCa: system() })))).toMatch(
      /agentCa is the operating system's trust store/,
    );
  });

  test("Elasticsearch that asks for client certificates which no host has", () => {
    const build = (stack: TestStack) =>
      new ExternalFleetTls(
        stack,
        "fleet",
        externalProps({ agentCa: generated(), elasticsearchCa: generated() }),
      ).addElasticsearchNode("es-1", { clientAuthentication: ClientAuthentication.OPTIONAL });
    expect(refusalOf(build)).toMatch(
      /clientAuthentication asks for client certificates, but no host of this fleet has/,
    );
  });
});

/** Another team's Fleet Server and Elasticsearch, agents with client certificates in two stacks, their CA rotated. */
describe("agents with client certificates, applied", () => {
  const project = new TerraformProject();
  const elsewhere = "home/fleet/elsewhere";
  const synth = (ids: string[], issuing: string, confirmedStacks: ConfirmedStack[] = []): void =>
    project.synth((app: App) => {
      const home = new TestStack(app, "home");
      const generations = Object.fromEntries(ids.map((id) => [id, generated()]));
      const agentCa =
        ids.length === 1 && issuing === "1"
          ? generated()
          : rotating({ generations, issuing, minimumOverlapHours: 0, confirmedStacks });
      const fleet = new ExternalFleetTls(home, "fleet", {
        ...externalProps({ agentCa, operatorPage: true, agentKeyPassphrase: KeyPassphrase.generated() }),
        fleetCa: trustOnly({ pem: theirs, dedicated: true }),
        elasticsearchCa: trustOnly({ pem: theirNext, dedicated: true }),
        outputDirectory: "fleet-tls/home/fleet",
      });
      fleet.addAgent("web-1");
      new Agent(home, "win-1", { fleet, platform: TargetPlatform.WINDOWS });
      fleet.addOutput("linux", { platform: TargetPlatform.LINUX });
      fleet.addOutput("windows", { platform: TargetPlatform.WINDOWS });
    });
  const folder = project.path("fleet-tls/home/fleet");
  const filesOf = (host: string): string[] => fs.readdirSync(path.join(folder, host)).sort();

  beforeAll(async () => {
    synth(["1"], "1");
    await project.apply("home");
  });
  afterAll(() => project.dispose());

  test("the folders have what each agent needs and nothing else", () => {
    expect(fs.readdirSync(folder).sort()).toEqual(["RUNBOOK.md", "agents", "index.html", "outputs"]);
    const common = ["agent-cert-key-passphrase", "agent-cert-key.pem", "agent-cert.pem", "es-ca.pem", "fleet-ca.pem"];
    expect(filesOf("agents/web-1")).toEqual([...common, "install-command.sh"]);
    expect(filesOf("agents/win-1")).toEqual([...common, "install-command.ps1"]);
  });

  test("the agents' CA is an output for the program that verifies agents, and verifies their certificates", async () => {
    const { value } = (await project.outputs("home"))["fleet-agent-ca-certificates"]!;
    fs.writeFileSync(project.path("agent-ca.pem"), value as string);
    const certificate = path.join(folder, "agents/web-1/agent-cert.pem");
    expect(await verify(certificate, { trust: project.path("agent-ca.pem"), purpose: "sslclient" })).toBe("OK");
  });

  test("verify finds nothing wrong", async () => {
    const { code, out } = await fleetTls(["verify", "--json", folder]);
    expect([findingLines(JSON.parse(out) as JsonReport, folder), code]).toEqual([[], 0]);
  });

  test("the outputs name no client certificate, which Elasticsearch elsewhere does not ask for", () => {
    const { ssl } = parse(project.read("fleet-tls/home/fleet/outputs/linux.yml"));
    expect(Object.keys(ssl)).toEqual(["certificate_authorities"]);
  });

  test("the page shows a Fleet Server that runs elsewhere", () => {
    const page = project.read("fleet-tls/home/fleet/index.html");
    expect(page).toContain("runs elsewhere");
    expect(page).not.toMatch(/Fleet Server dials|fleet-cert\.pem|PRIVATE KEY/);
  });

  test("a second plan changes nothing", async () => {
    expect((await project.plan("home")).text).toContain("No changes.");
  });

  test("the agent CA rotates only as far as a person has confirmed for the Fleet Server elsewhere", async () => {
    synth(["1", "2"], "1");
    await project.apply("home");
    const runbook = project.read("fleet-tls/home/fleet/RUNBOOK.md");
    const confirmed = `{ stack: "${elsewhere}", generations: ["1", "2"], issuing: "1" }`;
    expect(runbook).toContain(`\`${confirmed}\``);
    expect(runbook).not.toContain("Restart every Fleet Server");

    synth(["1", "2"], "2");
    expect(await project.refusal("home")).toContain(`once they are trusted there, add ${confirmed} to confirmedStacks`);

    const confirmation: ConfirmedStack = { stack: elsewhere, generations: ["1", "2"], issuing: "1" };
    synth(["1", "2"], "2", [confirmation]);
    await project.apply("home");
    synth(["2"], "2", [confirmation]);
    await project.apply("home");
    const { value } = (await project.outputs("home"))["fleet-agent-ca-certificates"]!;
    fs.writeFileSync(project.path("agent-ca.pem"), value as string);
    const certificate = path.join(folder, "agents/web-1/agent-cert.pem");
    expect(await verify(certificate, { trust: project.path("agent-ca.pem"), purpose: "sslclient" })).toBe("OK");
  });
});

test("with Elasticsearch of your own, agents present their certificates to it", () => {
  const stack = synthStack((scope) => {
    const fleet = new ExternalFleetTls(
      scope,
      "fleet",
      externalProps({ agentCa: generated(), elasticsearchCa: generated(), elasticsearchClientCertificates: true }),
    );
    fleet.addElasticsearchNode("es-1");
    fleet.addAgent("web-1");
    void fleet.outputSettings;
  });
  expect(stack.local("fleet_outputs_default_settings")).toContain("/etc/elastic-agent/certs/agent-cert.pem");
  expect(stack.addresses).toContainEqual(expect.stringContaining("es-client-ca"));
});
