import { coverageOf } from "./coverage";
import type { Outcome } from "./outcome";
import { passes } from "./outcome";
import { verdictOf } from "./report";
import type { SuiteResult } from "./suite";

const GOOD: Outcome = {
  ...{ topology: "mutual", edge: "agent-to-fleet", clientAuth: "required", kind: "good", judge: "server" },
  ...{ server: "java", client: "node", name: "localhost", expected: "verified", got: "verified", passed: true },
};
const BAD: Outcome = {
  ...GOOD,
  ...{ kind: "expired", judge: "client", expected: "refused", got: "refused", error: "certificate has expired" },
};

test.each<[string, Outcome, boolean]>([
  ["a good one that is let in", GOOD, true],
  ["a good one that is let in without its certificate", { ...GOOD, got: "anonymous" }, false],
  ["a good one that is refused", { ...GOOD, got: "refused", error: "remote error: tls: bad certificate" }, false],
  ["a bad one that is refused for what is wrong", BAD, true],
  ["a bad one that is let in", { ...BAD, got: "verified", error: undefined }, false],
  ["a bad one that is refused for something else", { ...BAD, error: "unable to get local issuer certificate" }, false],
  ["a bad one that got no answer in time", { ...BAD, error: "openssl: no end within 20000 ms" }, false],
  ["a bad one whose file is not there", { ...BAD, error: "open expired.pem: no such file" }, false],
  [
    "a bad client that gets an alert",
    { ...BAD, judge: "server", error: "Received fatal alert: bad_certificate" },
    true,
  ],
  ["a bad client whose connection ends", { ...BAD, judge: "server", error: "socket hang up" }, true],
  [
    "a bad client whose connection is reset",
    { ...BAD, judge: "server", error: "verify return:1; read:errno=104" },
    true,
  ],
  ["a bad client that fails by itself", { ...BAD, judge: "server", error: "panic: nil pointer" }, false],
  [
    "an unverified client that is admitted as anonymous",
    { ...BAD, expected: "unproven", got: "anonymous", error: undefined },
    true,
  ],
  [
    "an unverified client that is admitted as a user",
    { ...BAD, expected: "unproven", got: "verified", error: undefined },
    false,
  ],
  ["a known gap", { ...BAD, kind: "wrong name", expected: "gap", got: "verified", error: undefined }, true],
  ["a known gap that was closed", { ...BAD, kind: "wrong name", expected: "gap", error: "not valid for other" }, false],
])("%s: passes is right", (_, outcome, expected) => {
  expect(passes(outcome)).toBe(expected);
});

test("two validators that never met are missed, on each connection and for each thing that was tried", () => {
  const between = (server: string, client: string, more: Partial<Outcome> = {}): Outcome => ({
    ...GOOD,
    server,
    client,
    ...more,
  });
  const all = [between("java", "node"), between("java", "java"), between("node", "node"), between("node", "java")];
  expect(coverageOf(all)).toEqual({ met: 4, neverMet: [] });
  expect(coverageOf(all.slice(1)).neverMet).toEqual(["agent-to-fleet (required), good: node and java never met"]);
  // Elsewhere a meeting does not count.
  const elsewhere = [between("java", "node", { clientAuth: "optional" }), ...all.slice(1)];
  expect(coverageOf(elsewhere).neverMet).toHaveLength(1);
  // What clients judge does not depend on what they are asked for.
  const judged = all.map(
    (each, index) => ({ ...each, ...{ judge: "client", clientAuth: index % 2 ? "none" : "optional" } }) as Outcome,
  );
  expect(coverageOf(judged)).toEqual({ met: 4, neverMet: [] });
});

test("a connection of a topology that one program did not test is reported as missing", () => {
  const own = [GOOD, { ...GOOD, server: "node" }];
  expect(coverageOf([...own, { ...GOOD, topology: "optional" }]).neverMet).toEqual([
    "optional, agent-to-fleet: node was never the server",
  ]);
});

test("the verdict counts the passed cases and names the failed ones", () => {
  const result: SuiteResult = {
    ...{ topologies: [], versions: { java: "17", node: "20" }, skipped: [], edges: [], seconds: 1 },
    outcomes: [GOOD, BAD, { ...BAD, got: "anonymous", error: undefined, passed: false }],
    properties: [
      { file: "/tmp/x/fleet-tls/mutual/agents/web-1/agent-cert.pem", property: "is valid now", holds: false },
    ],
    lint: {
      certificates: 2,
      skipped: [],
      findings: [
        {
          linter: "zlint",
          file: "a.pem",
          index: 0,
          subject: "CN=a",
          severity: "error",
          code: "n_san_iana_pub_suffix_empty",
          details: "",
        },
        {
          linter: "pkilint",
          file: "a.pem",
          index: 0,
          subject: "CN=a",
          severity: "error",
          code: "pkix.invalid_domain_name_syntax",
          details: "",
        },
      ],
    },
  };
  const { figures, failures } = verdictOf(result, false);
  expect(figures).toMatchObject({
    validators: 2,
    handshakes: 3,
    good: 1,
    refused: 1,
    linted: 2,
    properties: 0,
    failed: 3,
  });
  expect(failures).toEqual([
    "mutual, agent-to-fleet (required), expired, node → java as localhost: expected refused, got anonymous",
    "mutual/agents/web-1/agent-cert.pem: is valid now: does not hold",
    // What zlint calls an error is allowed under no name; pkilint's is listed with its reason.
    expect.stringMatching(/^zlint: error n_san_iana_pub_suffix_empty on CN=a/),
  ]);
  // A full run has to meet what is allowed, and to have everybody meet.
  expect(verdictOf(result, true).failures.join("\n")).toMatch(
    /pkilint: pkix\.subject_key\S+ is allowed, and no longer found/,
  );
});
