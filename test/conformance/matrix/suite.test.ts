import { missing } from "../programs";
import type { ValidatorName } from "../programs";
import type { SuiteResult } from "./suite";
import { runSuite } from "./suite";
import type { Topology } from "./topologies";
import { topologies } from "./topologies";

const mutual = topologies.find(({ name }) => name === "mutual")!;
const names: ValidatorName[] = ["elastic-v0.46.3", "openssl"];

/** A small part of what `npm run test:conformance` does. */
function run(topology: Topology, validators: ValidatorName[]): Promise<SuiteResult> {
  return runSuite({
    topologies: [topology],
    validators,
    kinds: ["control", "impostor of the authority", "swapped usage"],
    edges: ({ name, server }) =>
      name === "agent-to-fleet" || (name === "agent-to-elasticsearch" && server.clientAuth === "required"),
    lints: false,
    log: () => undefined,
  });
}

test("a mutual fleet's agents reach Fleet Server and Elasticsearch, and impostors do not", async () => {
  const { outcomes, properties, skipped, versions } = await run(mutual, names);
  expect(skipped.map(({ name }) => name)).toEqual(names.filter((name) => missing(name) !== undefined));
  expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
  expect(properties.filter(({ holds }) => !holds)).toEqual([]);
  expect(properties.length).toBeGreaterThan(40);
  for (const client of Object.keys(versions)) {
    for (const edge of ["agent-to-fleet", "agent-to-elasticsearch"]) {
      for (const [kind, got] of [
        ["good", "verified"],
        ["impostor of the authority", "refused"],
        ["swapped usage", "refused"],
        ["no client certificate", "refused"],
        ["wrong name", "refused"],
      ]) {
        expect(outcomes).toContainEqual(expect.objectContaining({ client, edge, kind, got }));
      }
    }
  }
});

test("a name that no certificate has, and a validity that was not asked for, are found out", async () => {
  const { outcomes, properties } = await run(
    { ...mutual, everyPair: [], dialled: { "fleet-server": ["elsewhere.example.com"] }, days: 90 },
    ["openssl"],
  );
  const failed = outcomes.filter(({ passed }) => !passed);
  expect(failed).toContainEqual(
    expect.objectContaining({ kind: "good", name: "elsewhere.example.com", got: "refused" }),
  );
  expect(failed.filter(({ name }) => name === "localhost")).toEqual([]);
  const broken = properties.filter(({ holds }) => !holds).map(({ property }) => property);
  expect(broken).toContain("is valid for as long as was asked");
  expect(broken).toContain("has the names that are dialled and no other");
});
