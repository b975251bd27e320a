import fc from "fast-check";

/** One change to some bytes; positions are taken modulo the length, so that each change fits every sample. */
type Change = (bytes: Buffer) => Buffer;

const at = fc.nat(0xffff);

const CHANGES = fc.oneof<fc.Arbitrary<Change>[]>(
  fc.tuple(at, fc.nat(255)).map(([place, value]): Change => {
    return (bytes) => replaced(bytes, place, 1, Buffer.from([value]));
  }),
  fc.tuple(at, fc.nat(7)).map(([place, bit]): Change => {
    return (bytes) => replaced(bytes, place, 1, Buffer.from([bytes[place % bytes.length]! ^ (1 << bit)]));
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 100 })).map(([place, length]): Change => {
    return (bytes) => replaced(bytes, place, length, Buffer.alloc(0));
  }),
  fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 20 })).map(([place, more]): Change => {
    return (bytes) => replaced(bytes, place, 0, Buffer.from(more));
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 100 })).map(([place, length]): Change => {
    return (bytes) => {
      const start = place % bytes.length;
      return replaced(bytes, start, 0, bytes.subarray(start, start + length));
    };
  }),
  // An interrupted copy.
  at.map(
    (place): Change =>
      (bytes) =>
        bytes.subarray(0, place % bytes.length),
  ),
);

/** Real bytes with some changes: flipped bits, lost, doubled and foreign bytes, a lost end. */
export function damaged(samples: readonly (Buffer | string)[]): fc.Arbitrary<Buffer> {
  const originals = samples.map((one) => Buffer.from(one as Buffer));
  return fc
    .tuple(fc.constantFrom(...originals), fc.array(CHANGES, { minLength: 1, maxLength: 4 }))
    .map(([original, changes]) =>
      changes.reduce<Buffer>((bytes, change) => (bytes.length > 0 ? change(bytes) : bytes), original),
    );
}

/** The same as text, for what reads text. */
export function damagedText(samples: readonly string[], characters: string): fc.Arbitrary<string> {
  const change = fc.tuple(at, fc.constantFrom(...characters), fc.constantFrom("set", "insert", "delete"));
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 5 }))
    .map(([sample, changes]) => {
      const text = [...sample];
      for (const [place, character, how] of changes) {
        text.splice(place % (text.length + 1), how === "insert" ? 0 : 1, ...(how === "delete" ? [] : [character]));
      }
      return text.join("");
    });
}

function replaced(bytes: Buffer, place: number, length: number, by: Buffer): Buffer {
  const start = place % bytes.length;
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + length)]);
}
