import * as assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";

import type { FleetTls } from "../../lib";
import { CertificateAuthority, CertificateAuthoritySource, KeyAlgorithm, MutualFleetTls, Validity } from "../../lib";
import type { Edge } from "../conformance/matrix/edges";
import { hasPartialTrust } from "../conformance/matrix/edges";
import type { Given } from "../conformance/matrix/given";
import { pemsOf } from "../conformance/matrix/signer";
import { onDemandNames, validatorNames } from "../conformance/programs";
import type { Validator, Validators } from "../conformance/validators";
import { startValidators } from "../conformance/validators";
import type { Outcome, Scenario } from "../faults/scenario";
import type { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { NearEnd } from "./near-end";
import { bringNearEnd } from "./near-end";
import type { FleetsBuilder } from "./pairs-fleet";
import { PairFleet } from "./pairs-fleet";
import type { Pair } from "./pairs-handshakes";
import { shakeHands } from "./pairs-handshakes";
import type { Step } from "./small-rotation";
import { DEFAULT, INTRODUCED, RETIRED, sourceOf, SWITCHED } from "./small-rotation";

const Source = CertificateAuthoritySource;

/** Hosts of which one has its files already and the other has not, in every TLS stack. */
export const PAIRS: Scenario[] = [
  {
    name: "pairs",
    title: "an old and a new host, for every two states next to each other and every TLS stack at both ends",
    run: adjacentStates,
  },
  {
    name: "pairs-renewed-authority",
    title: "a CA near its end is renewed with the same key and name: old leaves, new CA, and the other way round",
    run: renewedAuthorities,
  },
];

/** The table, three times on end: from a generated CA to one of another algorithm, to one in files, to a generated one. */
const STATES: readonly Step[] = [
  DEFAULT,
  INTRODUCED,
  SWITCHED,
  RETIRED,
  { generations: ["2", "3"], issuing: "2" },
  { generations: ["2", "3"], issuing: "3" },
  { generations: ["3"], issuing: "3" },
  { generations: ["3", "4"], issuing: "3" },
  { generations: ["3", "4"], issuing: "4" },
  { generations: ["4"], issuing: "4" },
];

async function adjacentStates(): Promise<Outcome> {
  return withFleet(async (fleet, { validators }) => {
    const edges: Edge[][] = [];
    for (const step of STATES) edges.push((await fleet.deploy(rotating(step)))["fleet"]!);
    const distance = (far: number): Pair[] =>
      STATES.flatMap((_, here) => (here + far < STATES.length ? bothWays(edges, here, here + far) : []));
    const adjacent = distance(1);
    assert.ok(adjacent.every(({ fits }) => fits));
    const near = await shakeHands(validators, adjacent);
    // Hosts that are two states apart tell whether these could fail at all.
    const far = await shakeHands(validators, distance(2));
    assert.deepEqual([...near.wrong, ...far.wrong], []);
    assert.ok(far.refused > 0);
    return {
      detail:
        `${STATES.length} states, ${STATES.length - 1} pairs both ways on ${edges[0]!.length} connections, ` +
        `${namesOf(validators)}: ${near.handshakes} handshakes, **${near.handshakes - near.accepted} refused**; control, ` +
        `hosts two states apart: ${far.refused} of ${far.handshakes} refused, exactly those whose generations do not meet`,
    };
  });
}

async function renewedAuthorities(): Promise<Outcome> {
  return withFleet(async (fleet, { validators }) => {
    const states = [await fleet.deploy(renewable)];
    const renewals: NearEnd[][] = [["roots"], ["intermediates"]];
    for (const which of renewals) {
      bringNearEnd(fleet.stateFile, which);
      states.push(await fleet.deploy(renewable));
    }
    let authorities = 0;
    const totals = { handshakes: 0, accepted: 0, verified: 0, wrong: [] as string[] };
    for (const name of Object.keys(states[0]!)) {
      const edges = states.map((state) => state[name]!);
      for (let later = 1; later < edges.length; later++) {
        authorities += renewedIn(name, edges[later - 1]!, edges[later]!);
        const pairs = sides(edges, later - 1, later).map((pair) => ({ ...pair, fits: true }));
        const result = await shakeHands(validators, pairs);
        totals.handshakes += result.handshakes;
        totals.accepted += result.accepted;
        totals.wrong.push(...result.wrong.map((each) => `${name}: ${each}`));
        for (const pair of pairs) totals.verified += await verifyPaths(validators, pair, totals.wrong);
      }
    }
    assert.deepEqual(totals.wrong, []);
    return {
      detail:
        `${Object.keys(states[0]!).join(", ")}: ${authorities} files of CAs renewed, keys and names the same; ` +
        `${namesOf(validators)}: ${totals.handshakes} handshakes between hosts before and after, ` +
        `**${totals.handshakes - totals.accepted} refused**; ${totals.verified} paths validated without a connection`,
    };
  });
}

/** A fleet whose three CAs are all in the same state. */
function rotating(step: Step): FleetsBuilder {
  return (stack, given) => {
    const sources = (own: CertificateAuthoritySource): Step["sources"] => ({
      "2": Source.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 }),
      "3": own,
      "4": Source.generated({ keyAlgorithm: KeyAlgorithm.ECDSA_P384 }),
    });
    const source = (own: CertificateAuthoritySource) => sourceOf({ ...step, sources: sources(own) });
    const fleetCa = source(ownIntermediate(given, "company-fleet", true));
    const agentCa = source(ownIntermediate(given, "company-agents", false));
    const isGiven = step.generations?.includes("3") ?? false;
    const fleet = mutual(stack, "fleet", {
      // A CA in files lives for a month here, and must outlive what it signs by far.
      validity: Validity.days(7),
      fleetCa,
      agentCa,
      elasticsearchCa: source(
        Source.fromFiles({ certificate: given.path("theirs-ca.pem"), privateKey: given.path("theirs-ca-key.pem") }),
      ),
      ...(isGiven && { acceptAnyClientOf: [fleetCa, agentCa] }),
    });
    return { fleet };
  };
}

function ownIntermediate(given: Given, name: string, anchor: boolean): CertificateAuthoritySource {
  return Source.fromFiles({
    certificate: given.path(`${name}.pem`),
    privateKey: given.path(`${name}-key.pem`),
    chain: given.path("company.pem"),
    anchor,
  });
}

/** Every kind of CA that deploys renew. */
function renewable(stack: TestStack): Record<string, FleetTls> {
  const below = (id: string, anchor: boolean) => {
    const issuer = new CertificateAuthority(stack, `${id}-root`, {
      source: Source.generated(),
      commonName: `${id} root`,
      keyAlgorithm: KeyAlgorithm.RSA_2048,
    });
    const source = () => Source.intermediate({ issuer, anchor });
    const [fleetCa, agentCa, elasticsearchCa] = [source(), source(), source()];
    // The root's other clients are none.
    return mutual(stack, id, {
      fleetCa,
      agentCa,
      elasticsearchCa,
      acceptAnyClientOf: [fleetCa, agentCa, elasticsearchCa],
    });
  };
  return {
    roots: mutual(stack, "roots"),
    "roots-rsa": mutual(stack, "roots-rsa", { keyAlgorithm: KeyAlgorithm.RSA_2048 }),
    intermediates: below("intermediates", false),
    anchors: below("anchors", true),
  };
}

function mutual(
  stack: TestStack,
  id: string,
  props: Partial<ConstructorParameters<typeof MutualFleetTls>[2]> = {},
): FleetTls {
  const fleet = new MutualFleetTls(stack, id, { ...fleetProps({ outputDirectory: `fleet-tls/${id}` }), ...props });
  fleet.addAgent("web-1");
  return fleet;
}

/** Servers of one state with clients of the other, and the other way round; each connection has its place in the list. */
function sides(states: readonly Edge[][], one: number, other: number): Omit<Pair, "fits">[] {
  return states[one]!.flatMap((edge, index) => {
    const counterpart = states[other]![index]!;
    return [
      { name: `server ${one}, client ${other}`, server: edge, client: counterpart },
      { name: `server ${other}, client ${one}`, server: counterpart, client: edge },
    ];
  });
}

function bothWays(states: readonly Edge[][], one: number, other: number): Pair[] {
  const meet = (a: Step, b: Step) => (b.generations ?? ["1"]).includes(a.issuing ?? "1");
  const [first, second] = [STATES[one]!, STATES[other]!];
  const fits = meet(first, second) && meet(second, first);
  return sides(states, one, other).map((pair) => ({ ...pair, fits }));
}

/** Compares what hosts trust before and after; answers how many files of CAs have been renewed. */
function renewedIn(name: string, before: readonly Edge[], after: readonly Edge[]): number {
  const trusted = (edges: readonly Edge[]) => [
    ...new Set(edges.flatMap(({ client, server }) => [...client.cas, ...server.clientCas])),
  ];
  const [old, fresh] = [trusted(before), trusted(after)];
  let renewed = 0;
  for (const [index, file] of old.entries()) {
    const [was, is] = [file, fresh[index]!].map((each) => pemsOf(each).map((pem) => new X509Certificate(pem)));
    assert.equal(was!.length, is!.length, `${name}: ${file} has other CAs`);
    for (const [place, ca] of was!.entries()) assert.deepEqual(identity(is![place]!), identity(ca), `${name}: ${file}`);
    renewed += fs.readFileSync(file, "utf8") === fs.readFileSync(fresh[index]!, "utf8") ? 0 : 1;
  }
  return renewed;
}

/** What a renewal keeps: everything by which a leaf finds its CA. */
function identity({ subject, publicKey }: X509Certificate): [string, string] {
  return [subject, publicKey.export({ format: "der", type: "spki" }).toString("base64")];
}

/** The leaf of each side at what the other side trusts, for those who validate paths by themselves. */
async function verifyPaths(validators: readonly Validator[], pair: Pair, wrong: string[]): Promise<number> {
  const paths = [
    { purpose: "server", chain: pair.server.server.pair.certificate, cas: pair.client.client.cas },
    { purpose: "client", chain: pair.client.client.pair!.certificate, cas: pair.server.server.clientCas },
  ] as const;
  let verified = 0;
  for (const validator of validators.filter((each) => each.can("verify"))) {
    for (const path of paths) {
      const answer = await validator.request({ op: "verify", ...path, partialChain: hasPartialTrust(path.cas) });
      if (answer.ok) verified++;
      else wrong.push(`${pair.name}, ${validator.name} at ${path.chain}: ${answer.error}`);
    }
  }
  return verified;
}

function namesOf(validators: readonly Validator[]): string {
  return `${validators.length} TLS stacks (${validators.map(({ name }) => name).join(", ")})`;
}

/** Deploys and validators, both gone in the end. */
async function withFleet(use: (fleet: PairFleet, all: Validators) => Promise<Outcome>): Promise<Outcome> {
  const fleet = new PairFleet();
  try {
    const onDemand = process.env["CONFORMANCE_ON_DEMAND"] ? onDemandNames : [];
    const all = await startValidators([...validatorNames, ...onDemand]);
    try {
      const { detail } = await use(fleet, all);
      const skipped = all.skipped.map(({ name, reason }) => `; skipped: ${name}: ${reason}`).join("");
      return { detail: `${detail}${skipped}` };
    } finally {
      await all.close();
    }
  } finally {
    fleet.dispose();
  }
}
