/** One element of DER: tag, length in its shortest form, and contents. */
export function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

export const sequence = (...contents: Buffer[]): Buffer => der(0x30, ...contents);
export const set = (...contents: Buffer[]): Buffer => der(0x31, ...contents);
export const octets = (content: Buffer): Buffer => der(0x04, content);
export const bits = (content: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);
export const hex = (text: string): Buffer => Buffer.from(text, "hex");
export const NULL = hex("0500");
export const TRUE = hex("0101ff");

/** A context-specific element, constructed unless said otherwise. */
export const context = (number: number, content: Buffer, constructed = true): Buffer =>
  der(0x80 | (constructed ? 0x20 : 0) | number, content);

export function integer(value: number | bigint): Buffer {
  let text = BigInt.asUintN(64, BigInt(value)).toString(16);
  if (value >= 0) {
    text = BigInt(value).toString(16);
    text = text.length % 2 === 0 ? text : `0${text}`;
    return der(0x02, hex(parseInt(text.slice(0, 2), 16) >= 0x80 ? `00${text}` : text));
  }
  while (text.startsWith("ff") && parseInt(text.slice(2, 4), 16) >= 0x80) text = text.slice(2);
  return der(0x02, hex(text));
}

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split(".").map(BigInt) as [bigint, bigint, ...bigint[]];
  const bytes = [first * 40n + second, ...rest].flatMap((arc) => {
    const groups = [Number(arc & 0x7fn)];
    for (let left = arc >> 7n; left > 0n; left >>= 7n) groups.unshift(Number(left & 0x7fn) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

/** Text of a string type: UTF8String unless another tag is given. */
export const text = (value: string | Buffer, tag = 0x0c): Buffer => der(tag, Buffer.from(value));
