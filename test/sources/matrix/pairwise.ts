/** What a combination has of each factor, by the factor's name. */
export type Row<F extends string = string> = Readonly<Record<F, string>>;

/** Two values of two factors. */
export interface Pair<F extends string> {
  readonly factors: readonly [F, F];
  readonly values: readonly [string, string];
}

/** Combinations that contain every possible pair of values. */
export interface Covering<F extends string> {
  readonly rows: Row<F>[];
  /** How many pairs of values there are that some combination may have. */
  readonly pairs: number;
  /** The pairs that none may have. */
  readonly impossible: Pair<F>[];
}

/**
 * A small set of combinations in which every pair of values of two factors occurs: by far most defects need no more than
 * two things to meet. Greedy, and the same each time.
 *
 * @param isPossible whether there may be such a combination at all
 */
export function pairwise<F extends string>(
  factors: Readonly<Record<F, readonly string[]>>,
  isPossible: (row: Row<F>) => boolean,
): Covering<F> {
  const all = product(factors).filter(isPossible);
  const pairsOfRow = all.map((row) => pairsOf(factors, row));
  const possible = new Set(pairsOfRow.flat());
  const open = new Set(possible);
  const rows: Row<F>[] = [];
  while (open.size > 0) {
    let best = 0;
    let most = -1;
    pairsOfRow.forEach((pairs, index) => {
      const count = pairs.reduce((sum, pair) => sum + Number(open.has(pair)), 0);
      if (count > most) [best, most] = [index, count];
    });
    rows.push(all[best]!);
    pairsOfRow[best]!.forEach((pair) => open.delete(pair));
  }
  const every = new Set(product(factors).flatMap((row) => pairsOf(factors, row)));
  const impossible = [...every].filter((pair) => !possible.has(pair)).map((pair) => pairOf<F>(pair));
  return { rows, pairs: possible.size, impossible };
}

function product<F extends string>(factors: Readonly<Record<F, readonly string[]>>): Row<F>[] {
  return (Object.keys(factors) as F[]).reduce<Row<F>[]>(
    (rows, factor) => rows.flatMap((row) => factors[factor].map((value) => ({ ...row, [factor]: value }))),
    [{} as Row<F>],
  );
}

function pairsOf<F extends string>(factors: Readonly<Record<F, readonly string[]>>, row: Row<F>): string[] {
  const names = Object.keys(factors) as F[];
  return names.flatMap((one, index) =>
    names.slice(index + 1).map((other) => JSON.stringify([one, row[one], other, row[other]])),
  );
}

function pairOf<F extends string>(text: string): Pair<F> {
  const [one, value, other, otherValue] = JSON.parse(text) as [F, string, F, string];
  return { factors: [one, other], values: [value, otherValue] };
}
