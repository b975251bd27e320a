import { ALGORITHMS, AUTHORITIES, combinations, LEAVES, MODES, obstacle } from "./matrix/factors";
import { Deployment, named } from "./matrix/deployment";
import { pairwise } from "./matrix/pairwise";

test("the combinations cover every pair of values of two factors, and none is superfluous", () => {
  const { rows, pairs, impossible } = pairwise({ a: ["1", "2", "3"], b: ["1", "2"], c: ["1", "2"] }, () => true);
  const met = new Set(rows.flatMap(({ a, b, c }) => [`a${a}b${b}`, `a${a}c${c}`, `b${b}c${c}`]));
  expect(met.size).toBe(3 * 2 + 3 * 2 + 2 * 2);
  expect(pairs).toBe(met.size);
  expect(impossible).toEqual([]);
  // The two largest factors alone need as many.
  expect(rows).toHaveLength(3 * 2);
});

test("two values that may not be combined are excluded, and their other pairs are covered elsewhere", () => {
  const isPossible = ({ a, b }: Record<"a" | "b" | "c", string>): boolean => !(a === "1" && b === "1");
  const { rows, impossible } = pairwise({ a: ["1", "2"], b: ["1", "2"], c: ["1", "2"] }, isPossible);
  expect(impossible).toEqual([{ factors: ["a", "b"], values: ["1", "1"] }]);
  expect(rows.every(isPossible)).toBe(true);
  expect(new Set(rows.map(({ a, c }) => a + c)).size).toBe(4);
});

describe("the matrix of sources, algorithms and modes", () => {
  const { rows, impossible } = combinations();

  test("has every source, every algorithm of CAs and of leaves, and every mode", () => {
    const values = (factor: keyof (typeof rows)[number]): string[] =>
      [...new Set(rows.map((row) => row[factor]))].sort();
    expect(values("CAs")).toEqual(Object.keys(AUTHORITIES).sort());
    expect(values("leaves")).toEqual([...LEAVES].sort());
    expect(values("CA algorithm")).toEqual(Object.keys(ALGORITHMS).sort());
    expect(values("leaf algorithm")).toEqual(Object.keys(ALGORITHMS).sort());
    expect(values("mode")).toEqual([...MODES].sort());
  });

  // With one algorithm, since the keys of some take a second each.
  test("is accepted by the constructs: every source in every mode", () => {
    const inMode = new Map(
      rows.flatMap((row) => [[`${row.CAs} ${row.mode}`, row] as const, [`${row.leaves} ${row.mode}`, row] as const]),
    );
    const algorithms = { "CA algorithm": "ECDSA P-256", "leaf algorithm": "ECDSA P-256" };
    const fleets = [...new Set(inMode.values())].map((row) => ({ ...row, ...algorithms }));
    const deployment = Deployment.synthesised(named(fleets));
    expect(deployment.fleets).toHaveLength(fleets.length);
    deployment.dispose();
  });

  test("has every algorithm of a leaf below every one of a CA", () => {
    expect(new Set(rows.map((row) => `${row["CA algorithm"]} ${row["leaf algorithm"]}`)).size).toBe(7 * 7);
  });

  test("leaves out what there is a reason for, and nothing else", () => {
    expect(impossible.length).toBeGreaterThan(0);
    for (const { factors, values } of impossible) {
      const [one, other] = factors;
      expect([values, obstacle({ [one]: values[0], [other]: values[1] })]).toEqual([values, expect.any(String)]);
    }
    expect(rows.map(obstacle).filter((reason) => reason !== undefined)).toEqual([]);
  });
});
