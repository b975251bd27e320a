import * as fs from "node:fs";
import * as path from "node:path";

import {
  Agent,
  AgentStacks,
  CertificateAuthoritySource,
  CommandSecret,
  ExternalFleetTls,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import { errorsPage } from "../../scripts/errors-page";
import { TestStack } from "../support/apps";
import { notOnErrorsPage } from "../support/errors-page";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { synthApp, synthStack } from "../support/synth";

const ROOT = path.join(__dirname, "..", "..");
const PAGE = fs.readFileSync(path.join(ROOT, "docs", "errors.md"), "utf8");

test("the page is what the source code says; npx tsx scripts/generate-docs.ts writes it", () => {
  expect(PAGE).toBe(errorsPage());
});

/** A CA in its second step, of which nothing says how long it overlaps or which stacks have its files. */
const rotating = CertificateAuthoritySource.rotating({
  generations: { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() },
  issuing: "2",
  minimumOverlapHours: 24,
});

test("every precondition that these fleets have is on the page, with its fix", () => {
  const stacks = synthApp((app) => {
    const stack = new TestStack(app);
    const fleet = new MutualFleetTls(stack, "fleet", {
      ...fleetProps({
        fleetServerUrl: variable(stack, "fleet-server-url"),
        elasticsearchUrl: variable(stack, "elasticsearch-url"),
        hostDirectory: variable(stack, "host-directory"),
        fleetCa: rotating,
      }),
      agentCa: rotating,
      agentKeyPassphrase: KeyPassphrase.fromVariable(secretVariable(stack, "passphrase")),
      fleetServer: { names: [variable(stack, "name")] },
    });
    fleet.addAgent("web-1", { proxyUrl: variable(stack, "proxy") });
    fleet.addFleetServerHosts("site", { urls: [variable(stack, "site")] });
    fleet.addProxy("edge", { url: variable(stack, "edge") });
    new Agent(new TestStack(app, "away"), "web-2", { fleet });
    const spread = new MutualFleetTls(new TestStack(app, "spread"), "spread", fleetProps());
    new AgentStacks(spread, "agents", {
      fleet: spread,
      stacks: 2,
      stackFactory: { createStack: (scope, id) => new TestStack(scope, id) },
    });
    new ExternalFleetTls(new TestStack(app, "cloud"), "cloud", {
      fleetServerUrl: "https://fleet.example.org:443",
      elasticsearchUrl: "https://es.example.org:443",
      agentCa: rotating,
    });
  });
  const messages = Object.values(stacks).flatMap((stack) =>
    stack
      .resources()
      .flatMap(({ attributes }) =>
        ((attributes["lifecycle"] as { precondition?: { error_message: string }[] })?.precondition ?? []).map(
          ({ error_message: message }) => message,
        ),
      ),
  );
  expect(notOnErrorsPage(messages)).toEqual([]);
  // Each kind of gate is among them.
  for (const part of [
    "more than one step",
    "has to wait",
    "another CA",
    "confirmedStacks",
    "formerUrls",
    "lost",
    "stacks is",
  ]) {
    expect(messages.join("\n")).toContain(part);
  }
});

test("a message that the code does not have is not on the page", () => {
  expect(
    notOnErrorsPage(["stack/fleet: url is not a pear, got 1; allowed: pears; eat it", "it is not an error"]),
  ).toHaveLength(2);
});

test("what the scripts say on hosts is on the page", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addAgent("desk-1", {
      platform: TargetPlatform.WINDOWS,
      user: "DOMAIN\\agent",
      password: CommandSecret.fromEnvironment("AGENT_PASSWORD"),
      unprivileged: true,
    });
  });
  const files = stack.resources("local_file").map(({ attributes }) => attributes["content"]);
  const locals = Object.values((stack.json["locals"] ?? {}) as Record<string, unknown>);
  const scripts = [...files, ...locals].map(String).join("\n");
  const thrown = [...scripts.matchAll(/throw '((?:[^']|'')*)'|:\?([^}]*)\}/g)].map(([, ps, sh]) => ps ?? sh!);
  expect(new Set(thrown).size).toBeGreaterThanOrEqual(4);
  expect(notOnErrorsPage(thrown)).toEqual([]);
});
