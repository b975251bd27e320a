import { DerReader, Tag } from "./der";
import { oidValue, textValue } from "./der-values";

/** A distinguished name. */
export interface DistinguishedName {
  /** Its encoding, by which verifiers compare names byte for byte. */
  readonly rawHex: string;
  /** For people: as in RFC 4514, most specific part first. */
  readonly text: string;
  readonly commonName?: string;
  /** Every attribute: the names of the parts, `CN` and so on, or dotted. */
  readonly attributes: readonly string[];
}

const COMMON_NAME = "2.5.4.3";

/** RFC 4514, section 3, and two more that OpenSSL and Go spell out. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  [COMMON_NAME]: "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** Reads a Name (RFC 5280, 4.1.2.4). */
export function readName(reader: DerReader, what: string): DistinguishedName {
  const element = reader.expect(Tag.SEQUENCE, what);
  const parts: string[] = [];
  const names: string[] = [];
  let commonName: string | undefined;
  for (const sets = new DerReader(element.content, what); !sets.atEnd;) {
    const attributes: string[] = [];
    for (const set = sets.enter(what, Tag.SET); !set.atEnd;) {
      const attribute = set.enter(what);
      const oid = oidValue(attribute.expect(Tag.OID, what), what);
      const value = attribute.next(what);
      attribute.end();
      const text = textValue(value, what);
      if (oid === COMMON_NAME) {
        commonName = text;
      }
      names.push(SHORT_NAMES[oid] ?? oid);
      attributes.push(`${SHORT_NAMES[oid] ?? oid}=${escape(text)}`);
    }
    parts.unshift(attributes.join("+"));
  }
  return { rawHex: element.raw.toString("hex"), text: parts.join(","), commonName, attributes: names };
}

/** RFC 4514, 2.4; control characters too, so that a name cannot steer the terminal that shows it. */
function escape(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, "\\$&")
    .replace(/^[ #]| $/g, "\\$&")
    .replace(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, (character) =>
      Buffer.from(character).toString("hex").replace(/../g, "\\$&"),
    );
}
