import { bits, context, der, hex, integer, NULL, octets, oid, sequence, set, text } from "../../support/der";
import type { Parts, Signer } from "./certificate";
import { extension, time } from "./certificate";
import { EXTENSIONS } from "./extension-values";

/** One change to a certificate, whose signature is right all the same. */
export interface CertificateMutant {
  readonly name: string;
  readonly change: (parts: Parts, key: Signer) => Partial<Parts>;
}

const attribute = (value: Buffer, id = "2.5.4.3"): Buffer => sequence(set(sequence(oid(id), value)));
const both = (value: Buffer): Partial<Parts> => ({ subject: value, issuer: value });

/** Names: every string type, and values that the type does not allow. */
const NAMES: Record<string, Buffer> = {
  "no attribute": sequence(),
  "empty SET": sequence(set()),
  "empty value": attribute(text("")),
  teletex: attribute(text(hex("fcff41"), 0x14)),
  printable: attribute(text("A CA (1)", 0x13)),
  "printable with at sign": attribute(text("a@b", 0x13)),
  "printable with asterisk and ampersand": attribute(text("a*&b", 0x13)),
  "printable with underscore": attribute(text("a_b", 0x13)),
  "printable with control character": attribute(text("a\u0007b", 0x13)),
  "printable with high byte": attribute(text(hex("61ff"), 0x13)),
  numeric: attribute(text("12 3", 0x12)),
  "numeric with letters": attribute(text("12a", 0x12)),
  visible: attribute(text("abc", 0x1a)),
  universal: attribute(text(hex("0000004100000042"), 0x1c)),
  bmp: attribute(text(hex("00410042"), 0x1e)),
  "bmp, odd": attribute(text(hex("004100"), 0x1e)),
  "bmp, surrogate": attribute(text(hex("d83ddc00"), 0x1e)),
  "bmp, reserved": attribute(text(hex("0041fffe"), 0x1e)),
  "bmp, with terminator": attribute(text(hex("00410000"), 0x1e)),
  "bmp, noncharacter": attribute(text(hex("fdd0"), 0x1e)),
  "utf-8 with control character": attribute(text("a\u001bb")),
  "utf-8, broken": attribute(text(hex("c328"))),
  "utf-8, surrogate": attribute(text(hex("eda080"))),
  "utf-8, overlong": attribute(text(hex("c080"))),
  ia5: attribute(text("a@b", 0x16)),
  "ia5 with high byte": attribute(text(hex("80"), 0x16)),
  "ia5 with control character": attribute(text(hex("0161"), 0x16)),
  "integer as value": attribute(integer(5)),
  "sequence as value": attribute(sequence()),
  "graphic string": attribute(text("abc", 0x19)),
  "general string": attribute(text("abc", 0x1b)),
  "two values in one set": sequence(set(sequence(oid("2.5.4.3"), text("a")), sequence(oid("2.5.4.10"), text("b")))),
  "attribute with a third part": sequence(set(sequence(oid("2.5.4.3"), text("a"), NULL))),
  "attribute without a value": sequence(set(sequence(oid("2.5.4.3")))),
  "attribute without a type": sequence(set(sequence(text("a")))),
  "SEQUENCE where a SET is due": sequence(sequence(sequence(oid("2.5.4.3"), text("a")))),
  "oid without bytes": sequence(set(sequence(der(0x06), text("a")))),
  "oid cut short": sequence(set(sequence(der(0x06, hex("5504 83".replace(" ", ""))), text("a")))),
  "oid with leading zero": sequence(set(sequence(der(0x06, hex("55048003")), text("a")))),
  "oid with an arc of 40 bits": sequence(set(sequence(der(0x06, hex("5504ffffffffff7f")), text("a")))),
};

const TIMES: Record<string, Buffer> = {
  "without seconds": text("3001010000Z", 0x17),
  "with an offset": text("300101000000+0100", 0x17),
  "without zone": text("300101000000", 0x17),
  "with a fraction": text("20300101000000.5Z", 0x18),
  "generalized before 2050": text("20300101000000Z", 0x18),
  "generalized in 2060": text("20600101000000Z", 0x18),
  "generalized with an offset": text("20300101000000+0000", 0x18),
  "generalized in 9999": text("99991231235959Z", 0x18),
  "30 February": text("300230000000Z", 0x17),
  "24:00": text("300101240000Z", 0x17),
  "second 60": text("300101000060Z", 0x17),
  "month 0": text("300001000000Z", 0x17),
  letters: text("30010100000aZ", 0x17),
  empty: text("", 0x17),
  "as text": text("300101000000Z", 0x0c),
  "in 1950": text("500101000000Z", 0x17),
  "in 2049": text("491231235959Z", 0x17),
};

const before = time(new Date(Date.now() - 86_400_000));
const after = time(new Date(Date.now() + 864_000_000));

function ec(point: Buffer, parameters: Buffer = oid("1.2.840.10045.3.1.7")): Buffer {
  return sequence(sequence(oid("1.2.840.10045.2.1"), parameters), bits(point));
}

const point = (key: Signer): Buffer => key.spki.subarray(-65);

/** What replaces an extension of that number, or is added. */
function withExtension(id: string, value: Buffer, critical = false): CertificateMutant["change"] {
  return ({ extensions }) => ({
    extensions: [...extensions.filter((one) => !one.includes(oid(id))), extension(id, value, critical)],
  });
}

/** Every change that has a name. */
export const CERTIFICATE_MUTANTS: readonly CertificateMutant[] = [
  { name: "nothing", change: () => ({}) },
  { name: "version absent", change: () => ({ version: undefined }) },
  { name: "version 1 without extensions", change: () => ({ version: undefined, extensions: [] }) },
  { name: "version 1, explicit", change: () => ({ version: context(0, integer(0)), extensions: [] }) },
  { name: "version 2 with extensions", change: () => ({ version: context(0, integer(1)) }) },
  { name: "version 3 without extensions", change: () => ({ extensions: [] }) },
  { name: "version 4", change: () => ({ version: context(0, integer(3)) }) },
  { name: "version -1", change: () => ({ version: context(0, integer(-1)) }) },
  { name: "version not minimal", change: () => ({ version: context(0, hex("02020002")) }) },
  { name: "version of nine bytes", change: () => ({ version: context(0, integer(2n ** 64n + 2n)) }) },
  { name: "version with trailing", change: () => ({ version: context(0, Buffer.concat([integer(2), NULL])) }) },
  { name: "version no integer", change: () => ({ version: context(0, NULL) }) },
  { name: "version empty", change: () => ({ version: context(0, Buffer.alloc(0)) }) },
  { name: "serial 0", change: () => ({ serial: integer(0) }) },
  { name: "serial negative", change: () => ({ serial: integer(-5) }) },
  { name: "serial -128", change: () => ({ serial: hex("020180") }) },
  { name: "serial without a byte", change: () => ({ serial: der(0x02) }) },
  { name: "serial not minimal", change: () => ({ serial: hex("02020001") }) },
  { name: "serial negative, not minimal", change: () => ({ serial: hex("0202ff80") }) },
  { name: "serial of 21 bytes", change: () => ({ serial: der(0x02, Buffer.alloc(21, 0x11)) }) },
  { name: "serial of 300 bytes", change: () => ({ serial: der(0x02, Buffer.alloc(300, 0x11)) }) },
  { name: "serial no integer", change: () => ({ serial: octets(hex("01")) }) },
  {
    name: "algorithm with parameters inside",
    change: ({ algorithm }) => ({ algorithm: sequence(algorithm.subarray(2), NULL), outer: algorithm }),
  },
  {
    name: "algorithm with parameters outside",
    change: ({ algorithm }) => ({ outer: sequence(algorithm.subarray(2), NULL) }),
  },
  {
    name: "algorithm with parameters in both",
    change: ({ algorithm }) => ({
      algorithm: sequence(algorithm.subarray(2), NULL),
      outer: sequence(algorithm.subarray(2), NULL),
    }),
  },
  {
    name: "algorithm with two parameters",
    change: ({ algorithm }) => ({
      algorithm: sequence(algorithm.subarray(2), NULL, NULL),
      outer: sequence(algorithm.subarray(2), NULL, NULL),
    }),
  },
  {
    name: "algorithm with broken parameters",
    change: ({ algorithm }) => ({
      algorithm: sequence(algorithm.subarray(2), hex("0505")),
      outer: sequence(algorithm.subarray(2), hex("0505")),
    }),
  },
  {
    name: "algorithm another inside",
    change: ({ algorithm }) => ({ algorithm: sequence(oid("1.2.840.10045.4.3.3")), outer: algorithm }),
  },
  {
    name: "algorithm unknown",
    change: () => ({ algorithm: sequence(oid("1.2.3.4")), outer: sequence(oid("1.2.3.4")) }),
  },
  { name: "algorithm empty", change: () => ({ algorithm: sequence(), outer: sequence() }) },
  {
    name: "algorithm of another key",
    change: () => ({
      algorithm: sequence(oid("1.2.840.113549.1.1.11"), NULL),
      outer: sequence(oid("1.2.840.113549.1.1.11"), NULL),
    }),
  },
  { name: "validity reversed", change: () => ({ validity: sequence(after, before) }) },
  { name: "validity of one time", change: () => ({ validity: sequence(before) }) },
  { name: "validity with a third time", change: () => ({ validity: sequence(before, after, after) }) },
  { name: "validity ended", change: () => ({ validity: sequence(text("200101000000Z", 0x17), before) }) },
  { name: "validity not begun", change: () => ({ validity: sequence(after, text("490101000000Z", 0x17)) }) },
  { name: "issuer's unique identifier", change: () => ({ unique: context(1, hex("00aa"), false) }) },
  {
    name: "both unique identifiers",
    change: () => ({ unique: Buffer.concat([context(1, hex("00aa"), false), context(2, hex("00aa"), false)]) }),
  },
  {
    name: "unique identifiers in the wrong order",
    change: () => ({ unique: Buffer.concat([context(2, hex("00aa"), false), context(1, hex("00aa"), false)]) }),
  },
  { name: "unique identifier constructed", change: () => ({ unique: context(1, hex("030200aa")) }) },
  {
    name: "unique identifier in version 1",
    change: () => ({ version: undefined, extensions: [], unique: context(1, hex("00aa"), false) }),
  },
  { name: "trailing in the signed part", change: () => ({ after: NULL }) },
  { name: "trailing after the signature", change: () => ({ trailing: NULL }) },
  { name: "extensions: empty sequence", change: () => ({ wrapper: context(3, sequence()) }) },
  { name: "extensions: no sequence", change: () => ({ wrapper: context(3, set()) }) },
  { name: "extensions: nothing in the wrapper", change: () => ({ wrapper: context(3, Buffer.alloc(0)) }) },
  {
    name: "extensions: trailing in the wrapper",
    change: ({ extensions }) => ({ wrapper: context(3, Buffer.concat([sequence(...extensions), NULL])) }),
  },
  { name: "extensions: wrapper twice", change: ({ extensions }) => ({ after: context(3, sequence(...extensions)) }) },
  { name: "extension twice", change: ({ extensions }) => ({ extensions: [...extensions, extensions[0]!] }) },
  {
    name: "extension with explicit FALSE",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"), hex("010100"), octets(NULL))] }),
  },
  {
    name: "extension with boolean 1",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"), hex("010101"), octets(NULL))] }),
  },
  {
    name: "extension with boolean of no byte",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"), hex("0100"), octets(NULL))] }),
  },
  {
    name: "extension with trailing",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"), octets(NULL), NULL)] }),
  },
  {
    name: "extension without value",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"))] }),
  },
  {
    name: "extension without oid",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(octets(NULL))] }),
  },
  {
    name: "extension with a broken oid",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(hex("0602ff80"), octets(NULL))] }),
  },
  {
    name: "extension with a long oid",
    change: ({ extensions }) => ({
      extensions: [...extensions, sequence(der(0x06, Buffer.alloc(70, 0x2a)), octets(NULL))],
    }),
  },
  {
    name: "extension whose value is no octets",
    change: ({ extensions }) => ({ extensions: [...extensions, sequence(oid("1.2.3"), NULL)] }),
  },
  {
    name: "point compressed",
    change: (_, key) => ({
      spki: ec(Buffer.concat([Buffer.from([2 + (point(key)[64]! & 1)]), point(key).subarray(1, 33)])),
    }),
  },
  {
    name: "point hybrid",
    change: (_, key) => ({
      spki: ec(Buffer.concat([Buffer.from([6 + (point(key)[64]! & 1)]), point(key).subarray(1)])),
    }),
  },
  {
    name: "point off the curve",
    change: (_, key) => ({ spki: ec(Buffer.concat([point(key).subarray(0, 64), Buffer.from([point(key)[64]! ^ 1])])) }),
  },
  { name: "point at infinity", change: () => ({ spki: ec(hex("00")) }) },
  { name: "point cut short", change: (_, key) => ({ spki: ec(point(key).subarray(0, 60)) }) },
  { name: "point too long", change: (_, key) => ({ spki: ec(Buffer.concat([point(key), hex("00")])) }) },
  { name: "point empty", change: () => ({ spki: ec(Buffer.alloc(0)) }) },
  { name: "curve explicit", change: (_, key) => ({ spki: ec(point(key), sequence(integer(1))) }) },
  { name: "curve implicit", change: (_, key) => ({ spki: ec(point(key), NULL) }) },
  { name: "curve absent", change: (_, key) => ({ spki: ec(point(key), Buffer.alloc(0)) }) },
  { name: "curve another", change: (_, key) => ({ spki: ec(point(key), oid("1.3.132.0.34")) }) },
  { name: "curve unknown", change: (_, key) => ({ spki: ec(point(key), oid("1.2.3")) }) },
  {
    name: "curve with trailing",
    change: (_, key) => ({
      spki: sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"), NULL), bits(point(key))),
    }),
  },
  {
    name: "public key with trailing",
    change: (_, key) => ({
      spki: sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bits(point(key)), NULL),
    }),
  },
  {
    name: "public key with unused bits",
    change: (_, key) => ({
      spki: sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bits(point(key), 1)),
    }),
  },
  {
    name: "public key no bit string",
    change: (_, key) => ({
      spki: sequence(sequence(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), octets(point(key))),
    }),
  },
  {
    name: "public key of an unknown algorithm",
    change: (_, key) => ({ spki: sequence(sequence(oid("1.2.3")), bits(point(key))) }),
  },
  {
    name: "public key X25519",
    change: () => ({ spki: sequence(sequence(oid("1.3.101.110")), bits(Buffer.alloc(32, 9))) }),
  },
  {
    name: "public key X25519, short",
    change: () => ({ spki: sequence(sequence(oid("1.3.101.110")), bits(Buffer.alloc(31, 9))) }),
  },
  {
    name: "public key Ed25519, short",
    change: () => ({ spki: sequence(sequence(oid("1.3.101.112")), bits(Buffer.alloc(31, 9))) }),
  },
  {
    name: "public key Ed25519 with parameters",
    change: () => ({ spki: sequence(sequence(oid("1.3.101.112"), NULL), bits(Buffer.alloc(32, 9))) }),
  },
  {
    name: "public key Ed448",
    change: () => ({ spki: sequence(sequence(oid("1.3.101.113")), bits(Buffer.alloc(57, 9))) }),
  },
  {
    name: "public key DSA without parameters",
    change: () => ({ spki: sequence(sequence(oid("1.2.840.10040.4.1")), bits(integer(5))) }),
  },
  ...Object.entries(NAMES).flatMap(([what, value]) => [{ name: `name: ${what}`, change: () => both(value) }]),
  ...Object.entries(TIMES).flatMap(([what, value]) => [
    { name: `notAfter ${what}`, change: () => ({ validity: sequence(before, value) }) },
  ]),
  ...["generalized before 2050", "without seconds", "in 1950"].map((what) => ({
    name: `notBefore ${what}`,
    change: () => ({
      validity: sequence(what === "generalized before 2050" ? text("20200101000000Z", 0x18) : TIMES[what]!, after),
    }),
  })),
  ...EXTENSIONS.flatMap(([what, id, value]) => [
    { name: what, change: withExtension(id, value) },
    { name: `${what}, critical`, change: withExtension(id, value, true) },
  ]),
];

const RSA = "1.2.840.113549.1.1.1";

/** Changes to the key of a certificate with an RSA key. */
export function rsaMutants(key: Signer): readonly CertificateMutant[] {
  const content = key.spki.subarray(key.spki.indexOf(hex("3082010a0282")));
  const modulus = content.subarray(4, content.length - 5);
  const rsa =
    (parameters: Buffer, ...rest: Buffer[]): CertificateMutant["change"] =>
    () => ({ spki: sequence(sequence(oid(RSA), parameters), bits(sequence(modulus, ...rest))) });
  return [
    { name: "RSA", change: rsa(NULL, integer(65537)) },
    { name: "RSA without parameters", change: rsa(Buffer.alloc(0), integer(65537)) },
    { name: "RSA with other parameters", change: rsa(sequence(), integer(65537)) },
    { name: "RSA with exponent 0", change: rsa(NULL, integer(0)) },
    { name: "RSA with exponent 1", change: rsa(NULL, integer(1)) },
    { name: "RSA with exponent 2", change: rsa(NULL, integer(2)) },
    { name: "RSA with exponent 3", change: rsa(NULL, integer(3)) },
    { name: "RSA with an even exponent", change: rsa(NULL, integer(65536)) },
    { name: "RSA with a negative exponent", change: rsa(NULL, integer(-3)) },
    { name: "RSA with exponent 2^31 - 1", change: rsa(NULL, integer(2n ** 31n - 1n)) },
    { name: "RSA with exponent 2^31 + 1", change: rsa(NULL, integer(2n ** 31n + 1n)) },
    { name: "RSA with exponent 2^64 + 1", change: rsa(NULL, integer(2n ** 64n + 1n)) },
    { name: "RSA without exponent", change: rsa(NULL) },
    { name: "RSA with a third part", change: rsa(NULL, integer(65537), NULL) },
    {
      name: "RSA with modulus 0",
      change: () => ({ spki: sequence(sequence(oid(RSA), NULL), bits(sequence(integer(0), integer(65537)))) }),
    },
    {
      name: "RSA with a negative modulus",
      change: () => ({ spki: sequence(sequence(oid(RSA), NULL), bits(sequence(integer(-77), integer(65537)))) }),
    },
    {
      name: "RSA-PSS",
      change: () => ({
        spki: sequence(sequence(oid("1.2.840.113549.1.1.10")), bits(sequence(modulus, integer(65537)))),
      }),
    },
    {
      name: "RSA trailing after its sequence",
      change: () => ({
        spki: sequence(sequence(oid(RSA), NULL), bits(Buffer.concat([sequence(modulus, integer(65537)), NULL]))),
      }),
    },
  ];
}
