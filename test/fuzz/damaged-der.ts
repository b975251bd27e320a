import fc from "fast-check";

import { damaged } from "./damage";

/** One element, with the elements in it where its content is such. */
interface Node {
  readonly tag: number;
  /** What stands before the elements: the count of unused bits in a BIT STRING. */
  readonly prefix: Buffer;
  readonly content: Buffer | readonly Node[];
}

type Edit = (node: Node) => readonly Node[];

const EDITS: fc.Arbitrary<Edit> = fc.oneof(
  fc.nat(255).map((tag): Edit => (node) => [{ ...node, tag: (tag & 0x1f) === 0x1f ? 0x30 : tag }]),
  fc.uint8Array({ maxLength: 40 }).map((bytes): Edit => (node) => [{ ...node, content: Buffer.from(bytes) }]),
  fc.nat(0xffff).map((place): Edit => (node) => {
    if (!Buffer.isBuffer(node.content) || node.content.length === 0) return [];
    const content = Buffer.from(node.content);
    content[place % content.length]! ^= 1 << (place % 8);
    return [{ ...node, content }];
  }),
  fc.constant<Edit>(() => []),
  fc.constant<Edit>((node) => [node, node]),
  fc.constant<Edit>((node) => [{ tag: node.tag, prefix: node.prefix, content: [node] }]),
  fc.constant<Edit>((node) => (Buffer.isBuffer(node.content) ? [node] : node.content)),
);

/**
 * Real DER with some of its elements changed, lost, doubled, wrapped or unwrapped, its lengths right all the same, so
 * that what is wrong is met deep inside; or with its bytes damaged anywhere.
 */
export function damagedDer(samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const edits = fc.array(fc.tuple(fc.nat(0xffff), EDITS), { minLength: 1, maxLength: 3 });
  const edited = fc.tuple(fc.constantFrom(...samples), edits).map(([sample, changes]) => {
    return changes.reduce((bytes, [place, edit]) => {
      const nodes = parse(bytes);
      return nodes === undefined ? bytes : encode(editOne(nodes, place % count(nodes), edit).nodes);
    }, sample);
  });
  return fc.oneof(edited, damaged(samples));
}

/** The elements that fill the bytes; undefined when they do not. */
function parse(bytes: Buffer): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? NaN;
    let start = at + 2;
    if (length > 0x80) {
      const octets = length & 0x7f;
      if (octets > 3 || start + octets > bytes.length) return undefined;
      length = octets === 0 ? NaN : bytes.readUIntBE(start, octets);
      start += octets;
    }
    if (!(start + length <= bytes.length)) return undefined;
    nodes.push(node(tag, bytes.subarray(start, start + length)));
    at = start + length;
  }
  return nodes;
}

function node(tag: number, content: Buffer): Node {
  // Extensions and keys are DER in an OCTET STRING or a BIT STRING.
  const wraps = (tag & 0x20) !== 0 || tag === 0x04 || tag === 0x03;
  const prefix = tag === 0x03 ? content.subarray(0, 1) : Buffer.alloc(0);
  const inner = wraps && content.length > prefix.length ? parse(content.subarray(prefix.length)) : undefined;
  return inner === undefined ? { tag, prefix: Buffer.alloc(0), content } : { tag, prefix, content: inner };
}

function encode(nodes: readonly Node[]): Buffer {
  return Buffer.concat(
    nodes.map(({ tag, prefix, content }) => {
      const body = Buffer.concat([prefix, Buffer.isBuffer(content) ? content : encode(content as readonly Node[])]);
      return Buffer.concat([Buffer.from([tag]), encodeLength(body.length), body]);
    }),
  );
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = Buffer.from(length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
}

function count(nodes: readonly Node[]): number {
  return nodes.reduce((sum, { content }) => sum + 1 + (Buffer.isBuffer(content) ? 0 : count(content as Node[])), 0);
}

/** Changes the element of a number, counted from the outside in; answers how many numbers are left over. */
function editOne(nodes: readonly Node[], number: number, edit: Edit): { nodes: Node[]; left: number } {
  let left = number;
  const changed = nodes.flatMap((one): readonly Node[] => {
    if (left < 0) return [one];
    if (left === 0) {
      left = -1;
      return edit(one);
    }
    left -= 1;
    if (Buffer.isBuffer(one.content)) return [one];
    const inner = editOne(one.content as Node[], left, edit);
    left = inner.left;
    return [{ ...one, content: inner.nodes }];
  });
  return { nodes: changed, left };
}
