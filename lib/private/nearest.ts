const MOST_CHANGES = 3;

/** The word that was probably meant: the nearest one, unless more than a third of its letters differ, or more than three. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [first] = words
    .map((one) => ({ one, changes: distance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, changes }) => changes <= Math.min(MOST_CHANGES, Math.ceil(one.length / 3)))
    .sort((a, b) => a.changes - b.changes);
  return first?.one;
}

/** The fewest letters to insert, remove or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
