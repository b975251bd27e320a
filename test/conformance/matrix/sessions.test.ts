import type { Capabilities } from "../protocol";
import type { Validator } from "../validators";
import { coverageOf } from "./coverage";
import type { Edge } from "./edges";
import type { Outcome } from "./outcome";
import type { Attempts } from "./sessions";
import { sessionsOf, Turns } from "./sessions";
import type { Pair } from "./signer";
import { fromJavaScript } from "../../support/javascript";

const pair: Pair = { certificate: "cert.pem", key: "key.pem", passphrase: null };
const bad = { kind: "expired" as const, pair };
const attempts: Attempts = { servers: [bad], clients: [bad] };

/** Nobody of these starts: only who meets whom is planned. */
function player(name: string, ops: Capabilities["ops"], more: Partial<Capabilities> = {}): Validator {
  const capabilities = { oldest: "TLSv1", ops, ...more } as Capabilities;
  const can = (op: string) => ops.some((each) => each === op);
  return fromJavaScript<Validator>({ name, capabilities, can });
}

const both = (name: string) => player(name, ["serve", "connect"]);

function edge(topology: string, more: Partial<Edge> = {}): Edge {
  return {
    ...{ topology, name: "agent-to-fleet", names: ["a.example.com"], everyPair: false, showsBadServers: true },
    server: { pair, clientCas: [], clientAuth: "required" },
    client: { pair, cas: [] },
    ...more,
  };
}

/** What a run of these edges would try. */
function planned(validators: Validator[], edges: Edge[]): Outcome[] {
  const turns = new Turns(validators);
  return edges.flatMap((each) =>
    sessionsOf(each, attempts).flatMap((session) =>
      turns.meetings(session).flatMap(({ server, clients, trials }) =>
        clients.flatMap((client) =>
          trials.map(
            ({ kind, judge }) =>
              ({
                ...{ topology: each.topology, edge: each.name, clientAuth: each.server.clientAuth, kind, judge },
                ...{ server: server.name, client: client.name },
              }) as Outcome,
          ),
        ),
      ),
    ),
  );
}

test.each([
  [["a", "b", "c", "d", "e", "f"].map(both)],
  [[...["a", "b", "c", "d", "e"].map(both), player("listener", ["serve"])]],
  [[...["a", "b", "c"].map(both), player("dialler", ["connect"]), player("other", ["connect"])]],
])("whoever does not meet in one topology does in another (%#)", (validators) => {
  const topologies = Array.from({ length: 24 }, (_, index) => edge(`topology-${index}`));
  expect(coverageOf(planned(validators, topologies)).neverMet).toEqual([]);
  // One topology alone does not do.
  expect(coverageOf(planned(validators, topologies.slice(0, 1))).neverMet).not.toEqual([]);
});

test("where every pair meets, one topology does", () => {
  const validators = ["a", "b", "c", "d"].map(both);
  const { met, neverMet } = coverageOf(planned(validators, [edge("topology", { everyPair: true })]));
  expect(neverMet).toEqual([]);
  // Good, without a certificate, expired on either side, old TLS on either side, wrong name and wrong address.
  expect(met).toBe(8 * validators.length ** 2);
});

test("bad servers are presented on the edges that list them, bad clients where the server asks for certificates", () => {
  const kinds = (more: Partial<Edge>) => [
    ...new Set(
      planned(["a", "b"].map(both), [edge("t", { everyPair: true, ...more })]).map(
        (each) => `${each.judge}: ${each.kind}`,
      ),
    ),
  ];
  const none = { pair, clientCas: [], clientAuth: "none" as const };
  expect(kinds({ showsBadServers: false, server: none })).toEqual(["server: good", "server: TLS below 1.2"]);
  expect(kinds({ showsBadServers: false })).toEqual([
    ...["server: good", "server: TLS below 1.2", "server: no client certificate", "server: expired"],
  ]);
  expect(kinds({ server: none })).not.toContain("server: expired");
  expect(kinds({ server: none })).toContain("client: expired");
});

test("who cannot speak old TLS does not listen with it, and elasticsearch's own reading plays nothing else", () => {
  const validators = [
    both("a"),
    player("new", ["serve", "connect"], { oldest: "TLSv1.2" }),
    player("es", ["serve"], { settings: true }),
  ];
  const outcomes = planned(validators, [edge("t", { everyPair: true })]);
  const serversOf = (wanted: Partial<Outcome>) => [
    ...new Set(
      outcomes.filter(({ kind, judge }) => kind === wanted.kind && judge === wanted.judge).map(({ server }) => server),
    ),
  ];
  expect(serversOf({ kind: "TLS below 1.2", judge: "client" })).toEqual(["a"]);
  expect(serversOf({ kind: "good", judge: "server" })).toEqual(["a", "new"]);
});
