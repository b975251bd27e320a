import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { FleetTls, FleetTlsProps } from "../../lib";
import { Agent, CertificateAuthoritySource, KeyAlgorithm, MutualFleetTls, OneWayFleetTls, Validity } from "../../lib";
import { TestStack, withStack } from "../support/apps";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { synthApp, synthStack } from "../support/synth";

const MODES = [
  ["one-way", OneWayFleetTls],
  ["mutual", MutualFleetTls],
] as const;

describe.each(MODES)("a %s fleet", (_mode, Fleet) => {
  function synth(more: Partial<FleetTlsProps> = {}, grow: (fleet: FleetTls) => void = () => undefined) {
    return synthStack((stack) => grow(new Fleet(stack, "fleet", fleetProps(more))));
  }

  test("knows its hosts", () => {
    withStack((stack) => {
      const fleet = new Fleet(stack, "fleet", fleetProps());
      const second = fleet.addFleetServer("fleet-b");
      const agents = [fleet.addAgent("web-1"), fleet.addAgent("web-2")];
      const elsewhere = new Agent(stack, "web-3", { fleet });
      expect(fleet.fleetServers).toEqual([fleet.fleetServer, second]);
      expect(fleet.agents).toEqual([...agents, elsewhere]);
      expect(fleet.elasticsearch!.node.path).toBe("stack/fleet/elasticsearch");
    });
  });

  test("is written below its own path, so that no two topologies share a folder", () => {
    const stack = synthStack((stack) => {
      new Fleet(new Construct(stack, "europe"), "fleet", fleetProps());
      new Fleet(new Construct(stack, "america"), "fleet", fleetProps());
    });
    for (const part of ["europe", "america"]) {
      expect(stack.resource(`${part}/fleet/fleet-server/files/fleet-ca.pem`).attributes["filename"]).toBe(
        `\${path.module}/../../../fleet-tls/stack/${part}/fleet/fleet-server/fleet-ca.pem`,
      );
    }
  });

  test("is written elsewhere without an address that changes", () => {
    const moved = synth({ outputDirectory: "somewhere/else/" });
    expect(moved.addresses).toEqual(synth().addresses);
    expect(moved.resource("fleet/fleet-server/files/fleet-ca.pem").attributes["filename"]).toBe(
      "${path.module}/../../../somewhere/else/fleet-server/fleet-ca.pem",
    );
  });

  test("has the host of its URL and every local name in Fleet Server's certificate", () => {
    const { attributes } = synth().resource("fleet/fleet-server/fleet-cert/request");
    expect(attributes).toMatchObject({
      dns_names: ["fleet.example.com", "localhost"],
      ip_addresses: ["127.0.0.1", "::1"],
    });
  });

  test("has several Fleet Servers, each with the shared name and its own", () => {
    const stack = synth({ fleetServer: { names: ["fleet-a.internal"] } }, (fleet) => {
      fleet.addFleetServer("fleet-b", { names: ["fleet-b.internal"] });
    });
    const names = (host: string) => stack.resource(`fleet/${host}/fleet-cert/request`).attributes["dns_names"];
    expect(names("fleet-server")).toEqual(["fleet.example.com", "fleet-a.internal", "localhost"]);
    expect(names("fleet-servers/fleet-b")).toEqual(["fleet.example.com", "fleet-b.internal", "localhost"]);
  });

  test("prints the first Fleet Server's command by itself, those of the others and of agents in maps", () => {
    const { outputs } = synth({}, (fleet) => {
      fleet.addFleetServer("fleet-b");
      fleet.addFleetServer("fleet-c");
      fleet.addAgent("web-1");
    });
    expect(Object.keys(outputs).sort()).toEqual([
      "fleet-agent-commands",
      "fleet-fleet-server-command",
      "fleet-fleet-server-commands",
      "fleet-next-renewal",
    ]);
    expect(Object.keys(outputs["fleet-fleet-server-commands"]!["value"])).toEqual(["fleet-b", "fleet-c"]);
    for (const { description } of Object.values(outputs)) expect(description).toMatch(/command|deploy/);
  });

  test("prints nothing where outputs are switched off, and changes no address by it", () => {
    const grow = (fleet: FleetTls) => void fleet.addAgent("web-1");
    const silent = synth({ outputs: false }, grow);
    expect(silent.outputs).toEqual({});
    expect(silent.addresses).toEqual(synth({}, grow).addresses);
  });

  test("asks for a Terraform that it was tried with, unless the stack asks for one itself", () => {
    expect(synth().terraform["required_version"]).toBe(">= 1.5.7");
    const own = synthStack((stack) => {
      stack.addOverride("terraform.required_version", "~> 1.11");
      new Fleet(stack, "fleet", fleetProps());
    });
    expect(own.terraform["required_version"]).toBe("~> 1.11");
  });

  test("instantiates no provider", () => {
    withStack((stack) => {
      const before = providersOf(stack);
      new Fleet(stack, "fleet", fleetProps());
      expect(providersOf(stack)).toEqual(before);
    });
  });

  test("creates nothing before it destroys something, since that would delete files that were just written", () => {
    expect(synth().text).not.toContain("create_before_destroy");
  });

  test("hands its key algorithm and its validity to every host and CA that has none of its own", () => {
    const stack = synth({ keyAlgorithm: KeyAlgorithm.RSA_2048, validity: Validity.days(90) }, (fleet) => {
      fleet.addAgent("web-1");
      fleet.addFleetServer("fleet-b", { keyAlgorithm: KeyAlgorithm.ECDSA_P384 });
    });
    for (const { path, attributes } of stack.resources("tls_private_key")) {
      expect([path, attributes["algorithm"]]).toEqual([path, path.includes("fleet-b") ? "ECDSA" : "RSA"]);
    }
    for (const { attributes } of stack.resources("tls_locally_signed_cert")) {
      expect(attributes["validity_period_hours"]).toBe(90 * 24);
    }
    for (const { attributes } of stack.resources("tls_self_signed_cert")) {
      expect(attributes["early_renewal_hours"]).toBe(2 * 90 * 24);
    }
  });

  test("moves no address when a CA's source is named", () => {
    const fleetCa = CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.ECDSA_P384 });
    expect(synth({ fleetCa, elasticsearchCa: CertificateAuthoritySource.generated() }).addresses).toEqual(
      synth().addresses,
    );
  });

  test("takes tokens for its URLs, its policy and its directories", () => {
    const stack = synthStack((stack) => {
      const fleet = new Fleet(
        stack,
        "fleet",
        fleetProps({
          fleetServerUrl: variable(stack, "url"),
          elasticsearchUrl: variable(stack, "es"),
          fleetServerPolicy: secretVariable(stack, "policy"),
          outputDirectory: variable(stack, "out"),
          hostDirectory: variable(stack, "directory"),
        }),
      );
      fleet.addAgent("web-1");
    });
    const command = String(stack.local("fleet_fleet-server_command"));
    for (const name of ["url", "es", "policy", "directory"]) expect(command).toContain(`var.${name}`);
    const { attributes } = stack.resource("fleet/fleet-server/fleet-cert/request");
    expect(attributes["dns_names"]).toContain("var.url");
    expect(attributes["ip_addresses"]).toContain("var.url");
    const script = stack.resource("fleet/fleet-server/files/install-command.sh").attributes;
    expect(script["filename"]).toContain("var.out");
    const messages = script["lifecycle"].precondition.map((each: { error_message: string }) => each.error_message);
    expect(messages).toEqual(
      expect.arrayContaining([
        expect.stringContaining("fleetServerUrl is not usable"),
        expect.stringContaining("elasticsearchUrl is not usable"),
        expect.stringContaining("hostDirectory is no absolute linux path"),
      ]),
    );
  });
});

test("agents of several stacks have one map of commands in each", () => {
  const { home, away } = synthApp((app) => {
    const fleet = new OneWayFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    fleet.addAgent("web-1");
    const away = new TestStack(app, "away");
    new Agent(away, "web-2", { fleet });
    new Agent(new Construct(away, "more"), "web-3", { fleet });
  });
  expect(Object.keys(home!.outputs["fleet-agent-commands"]!["value"])).toEqual(["web-1"]);
  expect(Object.keys(away!.outputs["fleet-agent-commands"]!["value"])).toEqual(["web-2", "web-3"]);
});

test("two fleets of one stack have outputs of their own", () => {
  const { outputs } = synthStack((stack) => {
    for (const id of ["blue", "green"]) new OneWayFleetTls(stack, id, fleetProps()).addAgent("web-1");
  });
  expect(Object.keys(outputs).sort()).toEqual([
    "blue-agent-commands",
    "blue-fleet-server-command",
    "blue-next-renewal",
    "green-agent-commands",
    "green-fleet-server-command",
    "green-next-renewal",
  ]);
});

function providersOf(stack: TerraformStack): string[] {
  return stack.node
    .findAll()
    .filter((construct) => construct.constructor.name.endsWith("Provider"))
    .map(({ node }) => node.path);
}
