/**
 * What every reader of PEM, DER, certificates and keys throws on bytes that it cannot read, and the only thing.
 */
export class EncodingError extends Error {
  public override readonly name = "EncodingError";
}

/** Identifier octets of the types that certificates and keys are made of (X.690, 8.1.2). */
export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  UTF8_STRING: 0x0c,
  NUMERIC_STRING: 0x12,
  PRINTABLE_STRING: 0x13,
  TELETEX_STRING: 0x14,
  IA5_STRING: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  VISIBLE_STRING: 0x1a,
  UNIVERSAL_STRING: 0x1c,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** The identifier octet of `[number]`, as in `[0] EXPLICIT` (constructed) or `[0] IMPLICIT OCTET STRING` (not). */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/** One tag, length and value. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole encoding, header included. */
  readonly raw: Buffer;
}

/** Reads the elements of one encoding in order; strict DER: definite, minimal lengths and low tag numbers only. */
export class DerReader {
  private offset = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly what: string,
  ) {}

  /** Whether everything has been read. */
  public get atEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  /** Reads the next element of any type. */
  public next(what: string): DerElement {
    const start = this.offset;
    const tag = this.byte(what);
    if ((tag & 0x1f) === 0x1f) {
      throw new EncodingError(`${what}: tag with a high number, which no certificate or key has`);
    }
    const length = this.length(what);
    const contentStart = this.offset;
    if (length > this.bytes.length - contentStart) {
      throw new EncodingError(`${what}: cut short, ${length} bytes expected, ${this.bytes.length - contentStart} left`);
    }
    this.offset = contentStart + length;
    return {
      tag,
      content: this.bytes.subarray(contentStart, this.offset),
      raw: this.bytes.subarray(start, this.offset),
    };
  }

  /** Reads the next element, which must have this tag. */
  public expect(tag: number, what: string): DerElement {
    const element = this.next(what);
    if (element.tag !== tag) {
      throw new EncodingError(`${what}: tag 0x${hex(element.tag)} where 0x${hex(tag)} is expected`);
    }
    return element;
  }

  /** Reads the next element if it has this tag. */
  public optional(tag: number, what: string): DerElement | undefined {
    return !this.atEnd && this.bytes[this.offset] === tag ? this.expect(tag, what) : undefined;
  }

  /** Reads the next element, which must be a SEQUENCE (or have the tag given), and answers a reader of its content. */
  public enter(what: string, tag: number = Tag.SEQUENCE): DerReader {
    return new DerReader(this.expect(tag, what).content, what);
  }

  /** Refuses anything that is left. */
  public end(): void {
    if (!this.atEnd) {
      throw new EncodingError(`${this.what}: ${this.bytes.length - this.offset} bytes after its end`);
    }
  }

  private byte(what: string): number {
    const value = this.bytes[this.offset];
    if (value === undefined) {
      throw new EncodingError(`${what}: missing, the encoding ends before it`);
    }
    this.offset += 1;
    return value;
  }

  private length(what: string): number {
    const first = this.byte(what);
    if (first < 0x80) {
      return first;
    }
    const count = first & 0x7f;
    // Four bytes of length are 4 GiB; 0x80 alone is the indefinite form of BER.
    if (count === 0 || count > 4) {
      throw new EncodingError(`${what}: length is not DER`);
    }
    let length = 0;
    for (let i = 0; i < count; i += 1) {
      length = length * 256 + this.byte(what);
    }
    if (length < 0x80 || length < 256 ** (count - 1)) {
      throw new EncodingError(`${what}: length is not in its shortest form, so this is not DER`);
    }
    return length;
  }
}

/** Reads exactly one SEQUENCE that fills all of the bytes, and answers a reader of its content. */
export function readSequence(bytes: Buffer, what: string): DerReader {
  const outer = new DerReader(bytes, what);
  const content = outer.enter(what);
  outer.end();
  return content;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, "0");
}
