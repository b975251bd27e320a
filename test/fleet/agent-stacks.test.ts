import { createHash } from "node:crypto";

import { TerraformStack } from "cdktf";
import type { App } from "cdktf";

import type { AgentStacksAgentOptions, AgentStacksProps, MutualFleetTlsProps } from "../../lib";
import {
  Agent,
  AgentStacks,
  CertificateAuthoritySource,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import { wholeFleets } from "../../lib/fleet/whole-fleet";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { synthApp } from "../support/synth";

const stackFactory: AgentStacksProps["stackFactory"] = { createStack: (scope, id) => new TestStack(scope, id) };

interface Spread {
  readonly agents?: readonly (readonly [id: string, options?: AgentStacksAgentOptions])[];
  readonly stacks?: number;
  readonly fleet?: Partial<MutualFleetTlsProps>;
}

function spread({ agents = [], stacks = 4, fleet: props }: Spread): (app: App) => AgentStacks {
  return (app) => {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", { ...fleetProps(), ...props });
    const spreadAgents = new AgentStacks(app, "agents", { fleet, stacks, stackFactory });
    agents.forEach(([id, options]) => spreadAgents.addAgent(id, options));
    return spreadAgents;
  };
}

const texts = (of: Spread): Record<string, string> =>
  Object.fromEntries(Object.entries(synthApp(spread(of))).map(([name, stack]) => [name, stack.text]));

/** Names of the stacks that differ. */
function changed(before: Spread, after: Spread): string[] {
  const [one, other] = [texts(before), texts(after)];
  expect(Object.keys(one).sort()).toEqual(Object.keys(other).sort());
  return Object.keys(one).filter((name) => one[name] !== other[name]);
}

/** Which stack each is in, by the documented function; these must never change. */
const PLACES: Record<string, number> = { "web-1": 26, "web-2": 19, paris: 15, ä: 2 };

test("the stack of an agent is the documented function of its id or its group", () => {
  synthApp((app) => {
    const agents = spread({ stacks: 32 })(app);
    for (const [id, index] of Object.entries(PLACES)) {
      expect([id, agents.stackOf(id).node.id]).toEqual([id, `agents-${index}`]);
      expect(createHash("sha256").update(id).digest().readUIntBE(0, 6) % 32).toBe(index);
    }
    const agent = agents.addAgent("web-9", { stackGroup: "web-1" });
    expect(TerraformStack.of(agent)).toBe(agents.stackOf("web-1"));
  });
});

test.each<[string, Partial<MutualFleetTlsProps>]>([
  ["the CA's key in every stack", {}],
  ["an intermediate in every stack", { intermediatePerStack: true }],
  ["an operator page, pins and a rotation", { operatorPage: true, pinFleetCa: true, agentCa: rotating() }],
  ["an existing CA, and no outputs", { outputs: false, elasticsearchCa: CertificateAuthoritySource.system() }],
])("adding, renaming and removing an agent changes its stack alone: %s", (_, fleet) => {
  const none: Spread = { fleet };
  const one: Spread = { fleet, agents: [["web-1"]] };
  const two: Spread = { fleet, agents: [["web-1"], ["web-2", { platform: TargetPlatform.WINDOWS }]] };
  const renamed: Spread = { fleet, agents: [["www-1", { stackGroup: "web-1" }]] };
  expect(changed(none, one)).toEqual(["agents-2"]);
  expect(changed(one, two)).toEqual(["agents-3"]);
  expect(changed(two, one)).toEqual(["agents-3"]);
  expect(changed(one, renamed)).toEqual(["agents-2"]);
});

function rotating(): CertificateAuthoritySource {
  const generations = { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() };
  return CertificateAuthoritySource.rotating({ generations, issuing: "1", minimumOverlapHours: 48 });
}

test("what crosses is what an agent needs, sensitive; of the CAs' keys the agent CA's, or none", () => {
  const crossing = (fleet: Partial<MutualFleetTlsProps>): string[] => {
    const { home } = synthApp(spread({ fleet, agents: [["web-1"], ["web-2"]] }));
    const outputs = Object.entries(home!.outputs).filter(([name]) => name.startsWith("cross-stack-output-"));
    outputs.forEach(([name, { sensitive }]) => expect([name, sensitive]).toEqual([name, true]));
    return outputs.map(([, { value }]) => String(value).replace(/_[0-9A-F]{8}\}$/, "}")).sort();
  };
  expect(crossing({})).toMatchInlineSnapshot(`
   [
     "\${local.fleet_agent-ca_generation-1_issuer-anchor}",
     "\${local.fleet_agent-ca_generation-1_issuer-certificate}",
     "\${local.fleet_agent-ca_generation-1_issuer-key}",
     "\${local.fleet_elasticsearch-ca_trust-bundle}",
     "\${local.fleet_fleet-ca_trust-bundle}",
   ]
  `);
  expect(crossing({ intermediatePerStack: true }).filter((name) => name.includes("issuer-key"))).toMatchInlineSnapshot(`
   [
     "\${local.fleet_agent-ca_stack-agents-0_generation-1_issuer-key}",
     "\${local.fleet_agent-ca_stack-agents-1_generation-1_issuer-key}",
     "\${local.fleet_agent-ca_stack-agents-2_generation-1_issuer-key}",
     "\${local.fleet_agent-ca_stack-agents-3_generation-1_issuer-key}",
   ]
  `);
});

test("a one-way fleet passes no key on", () => {
  const { home } = synthApp((app) => {
    const fleet = new OneWayFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    new AgentStacks(app, "agents", { fleet, stacks: 2, stackFactory }).addAgent("web-1");
  });
  const crossing = Object.entries(home!.outputs).filter(([name]) => name.startsWith("cross-stack-output-"));
  expect(crossing.map(([, { value }]) => String(value).replace(/_[0-9A-F]{8}\}$/, "}")).sort()).toEqual([
    "${local.fleet_elasticsearch-ca_trust-bundle}",
    "${local.fleet_fleet-ca_trust-bundle}",
  ]);
});

test("each stack remembers how many there are, and refuses another number at plan", () => {
  const stacks = synthApp(spread({ stacks: 2 }));
  expect(Object.keys(stacks).sort()).toEqual(["agents-0", "agents-1", "home"]);
  for (const stack of Object.values(stacks)) {
    const memory = stack.resource("fleet-tls-stacks-agents").attributes;
    expect(memory).toMatchObject({ input: { stacks: 2 }, lifecycle: { ignore_changes: ["input"] } });
    const [precondition] = stack.resource("fleet-tls-stacks-agents-gate").attributes["lifecycle"].precondition;
    expect(precondition.condition).toMatch(/input\.stacks == 2\}$/);
  }
});

test("two AgentStacks are spread apart; an agent is in one of them alone", () => {
  const stacks = synthApp((app) => {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    new AgentStacks(app, "agents", { fleet, stacks: 2, stackFactory }).addAgent("web-1");
    const more = new AgentStacks(app, "more", { fleet, stacks: 3, stackFactory });
    more.addAgent("web-2");
    expect(() => more.addAgent("web-1")).toThrow(/agents\/web-1/);
  });
  expect(Object.keys(stacks)).toEqual(["agents-0", "agents-1", "home", "more-0", "more-1", "more-2"]);
});

test("the runbook of the fleet's stack names the stacks, whose hosts are in their parts", () => {
  const { home, "agents-2": part } = synthApp(spread({ agents: [["web-1"]], fleet: { operatorPage: true } }));
  const runbook = String(home!.resource("fleet/runbook/file").attributes["content"]);
  expect(runbook).toContain("Agents of the stacks `agents-0` to `agents-3` are not listed here");
  expect(runbook).not.toContain("web-1");
  const output = part!.outputs["fleet-tls-part-home-fleet"]!;
  expect(output).toMatchObject({ sensitive: true, value: expect.stringContaining("agents/web-1") });
  expect(output["value"]).not.toMatch(/private_key|issuer-key|passphrase/);
});

test("without outputs, those remain from which the whole fleet is put together, sensitive", () => {
  const stacks = synthApp(spread({ agents: [["web-1"]], fleet: { outputs: false } }));
  for (const { outputs } of Object.values(stacks)) {
    const own = Object.entries(outputs).filter(([name]) => !name.startsWith("cross-stack-output-"));
    for (const [name, { sensitive }] of own) {
      expect([name, sensitive]).toEqual([expect.stringMatching(/^fleet-tls-part-/), true]);
    }
    expect(own.length).toBeGreaterThan(0);
  }
});

test("a plain stack is the default, for an Aspect that adds the providers", () => {
  const stacks = synthApp((app) => {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    const { stacks } = new AgentStacks(app, "agents", { fleet, stacks: 1 });
    expect(stacks[0]!.constructor).toBe(TerraformStack);
  });
  expect(stacks["agents-0"]!.terraform["required_providers"]).toBeUndefined();
});

test.each<[string, Partial<AgentStacksProps>, RegExp]>([
  ["no stack", { stacks: 0 }, /^agents: stacks is no number of stacks, got 0; allowed: a whole number from 1 to 1000/],
  ["half a stack", { stacks: 2.5 }, /is no number of stacks, got 2\.5/],
  ["too many", { stacks: 1001 }, /is no number of stacks, got 1001/],
  [
    "another id",
    { stackFactory: { createStack: (scope) => new TestStack(scope, "other") } },
    /^agents: stackFactory returned no stack of the id that it was given, got "other"; allowed: a new TerraformStack with the id "agents-0"; fix: pass|pass both/,
  ],
])("is refused: %s", (_, props, message) => {
  const build = (stack: TestStack, app: App): void => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    new AgentStacks(app, "agents", { fleet, stacks: 1, stackFactory, ...props });
  };
  expect(refusalOf(build)).toMatch(message);
});

test("paths that differ in punctuation alone are refused: they would share names in a stack", () => {
  const refused = (build: (home: TestStack, app: App) => void): string => refusalOf((stack, app) => build(stack, app));
  const fleetIn = (stack: TestStack, id: string): MutualFleetTls => new MutualFleetTls(stack, id, fleetProps());

  const stacks = refused((home, app) => {
    const fleet = fleetIn(home, "fleet");
    for (const id of ["eu.web", "eu_web"]) new AgentStacks(app, id, { fleet, stacks: 1, stackFactory });
  });
  const fleets = refused((home, app) => {
    const other = new TestStack(app, "other");
    for (const id of ["eu.fleet", "eu_fleet"]) new Agent(other, id, { fleet: fleetIn(home, id) });
  });

  const refusal =
    /^(\S+): id differs from (\S+) in punctuation alone, and both have resources in the stack (\w+); allowed: paths/;
  expect(refusal.exec(stacks)?.slice(1)).toEqual(["eu_web", "eu.web", "stack"]);
  expect(refusal.exec(fleets)?.slice(1)).toEqual([
    expect.stringMatching(/^stack\/eu_fleet/),
    expect.stringMatching(/^stack\/eu\.fleet/),
    "other",
  ]);
});

test("a group that only Terraform knows is refused", () => {
  const build = (stack: TestStack, app: App): void => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const agents = new AgentStacks(app, "agents", { fleet, stacks: 1, stackFactory });
    agents.addAgent("web-1", { stackGroup: secretVariable(stack, "site") });
  };
  expect(refusalOf(build)).toMatch(/^agents: stackGroup is a Terraform token.*write the id or the group as text$/);
});

test("the fleet's own part gives the runbook, in whichever order the stacks were deployed", () => {
  const part = (stack: string, changes: string): string =>
    JSON.stringify({
      stack,
      fleet: "home/fleet",
      agents: [],
      runbook: {
        fleet: "home/fleet",
        stack,
        hosts: [],
        agentStacks: [],
        prerequisites: [],
        changes,
        pinsFleetCa: false,
        nextRenewal: "",
        authorities: [],
      },
    });
  const [home, agents] = [part("home", "- `fleet-ca.pem`: fleet-server"), part("agents-0", "")];
  for (const parts of [
    [home, agents],
    [agents, home],
  ]) {
    expect(wholeFleets(parts).map(({ runbook }) => runbook)).toEqual([
      expect.stringContaining("`fleet-ca.pem`: fleet-server"),
    ]);
  }
  expect(wholeFleets([agents])).toEqual([]);
});
