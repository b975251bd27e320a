import { contextTag, DerReader, EncodingError, readSequence, Tag } from "../../../lib/private/x509/der";
import {
  bitsValue,
  booleanValue,
  countValue,
  integerValue,
  oidValue,
  textValue,
  timeValue,
} from "../../../lib/private/x509/der-values";

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/ /g, ""), "hex");
const element = (hex: string) => new DerReader(bytes(hex), "test").next("value");

describe("the reader", () => {
  test("reads the elements of a sequence in order", () => {
    const content = readSequence(bytes("30 06 020105 0101ff"), "outer");
    expect(integerValue(content.expect(Tag.INTEGER, "number"), "number")).toBe(5n);
    expect(content.optional(Tag.NULL, "nothing")).toBeUndefined();
    expect(booleanValue(content.expect(Tag.BOOLEAN, "flag"), "flag")).toBe(true);
    content.end();
  });

  test.each([
    ["an indefinite length", "30 80 0000", /length is not DER/],
    ["a length that could be shorter", "04 81 01 00", /shortest form/],
    ["a long length with a leading zero", "04 82 0001 00", /shortest form/],
    ["more content than there is", "04 05 00", /cut short, 5 bytes expected, 1 left/],
    ["a high tag number", "1f 81 01 00", /high number/],
    ["a length of five bytes", "04 85 0000000001 00", /length is not DER/],
    ["nothing at all", "", /missing/],
  ])("refuses %s", (_, hex, message) => {
    expect(() => element(hex)).toThrow(message);
  });

  test("refuses another tag than the one expected, and what follows the end", () => {
    expect(() => readSequence(bytes("02 01 05"), "outer")).toThrow("outer: tag 0x02 where 0x30 is expected");
    expect(() => readSequence(bytes("30 00 00"), "outer")).toThrow("outer: 1 bytes after its end");
  });

  test("knows context tags", () => {
    expect(contextTag(0, true)).toBe(0xa0);
    expect(contextTag(2, false)).toBe(0x82);
  });
});

describe("values", () => {
  test("read as RFC 5280 writes them", () => {
    expect(oidValue(element("06 03 551d13"), "oid")).toBe("2.5.29.19");
    expect(oidValue(element("06 09 2a864886f70d01010b"), "oid")).toBe("1.2.840.113549.1.1.11");
    expect(integerValue(element("02 02 ff7f"), "integer")).toBe(-129n);
    expect(integerValue(element("02 02 0080"), "integer")).toBe(128n);
    expect(bitsValue(element("03 02 07 80"), "bits")).toEqual(bytes("80"));
    expect(textValue(element("1e 04 00480069"), "text")).toBe("Hi");
    expect(textValue(element("0c 02 c3a9"), "text")).toBe("é");
    expect(textValue(element("14 01 e9"), "text")).toBe("é");
  });

  test("read times in both forms, with the century of a short year", () => {
    expect(timeValue(utc("491231235959Z"), "time")).toEqual(new Date("2049-12-31T23:59:59Z"));
    expect(timeValue(utc("500101000000Z"), "time")).toEqual(new Date("1950-01-01T00:00:00Z"));
    expect(timeValue(generalized("99991231235959Z"), "time")).toEqual(new Date("9999-12-31T23:59:59Z"));
  });

  test.each(["260230000000Z", "261301000000Z", "260101240000Z", "2601010000Z", "260101000000+0100", "26010100000aZ"])(
    "refuse the time %s",
    (text) => {
      expect(() => timeValue(utc(text), "time")).toThrow(EncodingError);
    },
  );

  test.each<[string, () => unknown]>([
    ["text that is no text", () => textValue(element("05 00"), "value")],
    ["text with characters that its type has not", () => textValue(element("13 01 40"), "value")],
    ["a boolean of 1", () => booleanValue(element("01 01 01"), "value")],
    ["an integer with a superfluous byte", () => integerValue(element("02 02 0001"), "value")],
    ["an integer without a byte", () => integerValue(element("02 00"), "value")],
    ["a negative count", () => countValue(element("02 01 ff"), "value")],
    ["a bit string without its first byte", () => bitsValue(element("03 00"), "value")],
    ["unused bits that are set", () => bitsValue(element("03 02 07 81"), "value")],
    ["an object identifier that ends in its middle", () => oidValue(element("06 02 2a86"), "value")],
    ["an object identifier of 65 bytes", () => oidValue(element(`06 41 ${"2a".repeat(65)}`), "value")],
    ["UTF-8 that is none", () => textValue(element("0c 01 ff"), "value")],
    ["a control character in a name", () => textValue(element("13 02 1b5b"), "value")],
    ["half a UTF-16 character", () => textValue(element("1e 03 004800"), "value")],
  ])("refuse %s", (_, read) => {
    expect(read).toThrow(EncodingError);
  });
});

function utc(text: string) {
  return element(`17 ${text.length.toString(16).padStart(2, "0")} ${Buffer.from(text).toString("hex")}`);
}

function generalized(text: string) {
  return element(`18 ${text.length.toString(16).padStart(2, "0")} ${Buffer.from(text).toString("hex")}`);
}
