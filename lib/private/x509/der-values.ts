import type { DerElement } from "./der";
import { EncodingError, Tag } from "./der";

/** BOOLEAN: DER knows only 0x00 and 0xff. */
export function booleanValue(element: DerElement, what: string): boolean {
  const [value] = element.content;
  if (element.content.length !== 1 || (value !== 0x00 && value !== 0xff)) {
    throw new EncodingError(`${what}: not a DER boolean`);
  }
  return value === 0xff;
}

/** INTEGER as a number of any size; DER allows no superfluous leading byte. */
export function integerValue(element: DerElement, what: string): bigint {
  const [first, second] = element.content;
  if (first === undefined) {
    throw new EncodingError(`${what}: integer without a byte`);
  }
  if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw new EncodingError(`${what}: integer is not in its shortest form, so this is not DER`);
  }
  return BigInt.asIntN(element.content.length * 8, BigInt(`0x${element.content.toString("hex")}`));
}

/** INTEGER that is a small count, such as a version, a path length or an iteration count. */
export function countValue(element: DerElement, what: string): number {
  const value = integerValue(element, what);
  if (value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new EncodingError(`${what}: not a count`);
  }
  return Number(value);
}

/** BIT STRING as its bytes, the unused bits of the last one being zero. */
export function bitsValue(element: DerElement, what: string): Buffer {
  const [unused] = element.content;
  const bytes = element.content.subarray(1);
  if (unused === undefined || unused > 7 || (bytes.length === 0 && unused > 0)) {
    throw new EncodingError(`${what}: not a bit string`);
  }
  if (bytes.length > 0 && (bytes[bytes.length - 1]! & ((1 << unused) - 1)) !== 0) {
    throw new EncodingError(`${what}: unused bits are set, so this is not DER`);
  }
  return bytes;
}

/** BIT STRING that is a whole number of bytes, as every key and signature is. */
export function octetBitsValue(element: DerElement, what: string): Buffer {
  const bytes = bitsValue(element, what);
  if (element.content[0] !== 0) {
    throw new EncodingError(`${what}: not a whole number of bytes`);
  }
  return bytes;
}

/** OBJECT IDENTIFIER as dotted decimal, each number below 2^31 as Go allows. */
export function oidValue(element: DerElement, what: string): string {
  const dotted = longOidValue(element, what);
  if (dotted.split(".").some((arc) => BigInt(arc) >= 2n ** 31n)) {
    throw new EncodingError(`${what}: object identifier with a number of 2^31 or more, which Go refuses`);
  }
  return dotted;
}

/** OBJECT IDENTIFIER with numbers of any size, such as a policy's that is made of a UUID. */
export function longOidValue(element: DerElement, what: string): string {
  // 64 bytes are far more than any registered identifier needs.
  if (element.content.length > 64) {
    throw new EncodingError(`${what}: object identifier of ${element.content.length} bytes`);
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let started = false;
  for (const byte of element.content) {
    if (!started && byte === 0x80) {
      throw new EncodingError(`${what}: object identifier is not in its shortest form`);
    }
    started = true;
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
      started = false;
    }
  }
  const [first, ...rest] = arcs;
  if (first === undefined || started) {
    throw new EncodingError(`${what}: not an object identifier`);
  }
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...rest].join(".");
}

/** Text of any of the string types of names that Go reads. */
export function textValue(element: DerElement, what: string): string {
  switch (element.tag) {
    case Tag.UTF8_STRING:
      return utf8Text(element.content, what);
    case Tag.PRINTABLE_STRING:
      return matching(element.content, /^[A-Za-z0-9 '()+,\-./:=?*&]*$/, `${what}: not a PrintableString`);
    case Tag.NUMERIC_STRING:
      return matching(element.content, /^[0-9 ]*$/, `${what}: not a NumericString`);
    case Tag.IA5_STRING:
      return matching(element.content, /^\p{ASCII}*$/u, `${what}: not an IA5String`);
    case Tag.TELETEX_STRING:
      return element.content.toString("latin1");
    case Tag.BMP_STRING:
      if (element.content.length % 2 !== 0) {
        throw new EncodingError(`${what}: half a character at the end`);
      }
      return ucs2Text(element.content, what);
    default:
      throw new EncodingError(`${what}: text of a type that Go does not read, tag 0x${element.tag.toString(16)}`);
  }
}

function matching(content: Buffer, allowed: RegExp, problem: string): string {
  const text = content.toString("latin1");
  if (!allowed.test(text)) {
    throw new EncodingError(problem);
  }
  return text;
}

/** BMPString: no surrogates and no reserved characters, as in Go; a terminator is dropped. */
function ucs2Text(content: Buffer, what: string): string {
  const text = Buffer.from(content).swap16().toString("utf16le").replace(/\0$/, "");
  if (/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(text)) {
    throw new EncodingError(`${what}: not a BMPString`);
  }
  return text;
}

/** Text that must be printable ASCII, such as a DNS name. */
export function asciiText(content: Buffer, what: string): string {
  // Control characters would steer the terminal that shows the name.
  if (content.some((byte) => byte < 0x20 || byte >= 0x7f)) {
    throw new EncodingError(`${what}: not printable ASCII`);
  }
  return content.toString("latin1");
}

/** UTCTime or GeneralizedTime in the only form that RFC 5280 (4.1.2.5) allows: to the second, in UTC. */
export function timeValue(element: DerElement, what: string): Date {
  const text = element.content.toString("latin1");
  const short = element.tag === Tag.UTC_TIME;
  const parts = (
    short ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/
  )
    .exec(text)
    ?.slice(1)
    .map(Number);
  if (parts === undefined || (!short && element.tag !== Tag.GENERALIZED_TIME)) {
    throw new EncodingError(`${what}: not a time of the form YYMMDDhhmmssZ or YYYYMMDDhhmmssZ`);
  }
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  const fullYear = short ? (year >= 50 ? 1900 + year : 2000 + year) : year;
  const iso = [fullYear, month, day].map((part, i) => String(part).padStart(i === 0 ? 4 : 2, "0")).join("-");
  const time = [hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":");
  const date = new Date(`${iso}T${time}.000Z`);
  // Date rolls 30 February over into March, and 24:00 into the next day.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(`${iso}T${time}`)) {
    throw new EncodingError(`${what}: no such date`);
  }
  return date;
}

function utf8Text(content: Buffer, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new EncodingError(`${what}: not UTF-8`);
  }
}
