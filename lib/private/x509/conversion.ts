import { Tag } from "./der";

/** A text's origin, as far as it is known, for the command that converts it. */
export interface TextSource {
  /** The file as the user wrote it. */
  readonly file?: string;
  /** The part that is read: the certificate of a CA that signs, those above it, every certificate, or a key. */
  readonly part?: "certificate" | "chain" | "certificates" | "key";
}

/** A binary file in place of PEM. */
export interface BinaryProblem {
  readonly what: string;
  readonly fix: string;
}

/** Binary encodings that certificates and keys are stored in. */
type BinaryKind =
  "PKCS#12" | "PKCS#7" | "JKS" | "JCEKS" | "certificate" | "key" | "encrypted key" | "request" | "unknown";

const NAMES: Readonly<Record<BinaryKind, string>> = {
  "PKCS#12": "is a PKCS#12 store, binary",
  "PKCS#7": "is a PKCS#7 file, binary",
  JKS: "is a Java keystore, binary",
  JCEKS: "is a Java keystore (JCEKS), binary",
  certificate: "is DER, binary",
  key: "is DER, binary",
  "encrypted key": "is DER, binary",
  request: "is DER, binary",
  unknown: "is DER, binary",
};

/** The names of what is written, by what is read. */
const ENDINGS = { certificate: ".pem", chain: "-chain.pem", certificates: ".pem", key: "-key.pem" } as const;

/** Answers what a binary file is and the command that converts it; undefined for text. */
export function binaryProblem(bytes: Uint8Array, source: TextSource = {}): BinaryProblem | undefined {
  const buffer = Buffer.from(bytes);
  const kind = binaryKind(buffer);
  if (kind === undefined) {
    return undefined;
  }
  const command = commandFor(kind, buffer, source);
  return {
    what: `${NAMES[kind]}, where PEM is read`,
    fix: command === undefined ? "export it as PEM" : `convert it and use the result: ${command}`,
  };
}

/** The commands for a store: the one for its certificates, then the one for its key, if it can have one. */
export function storeCommands(bytes: Uint8Array, file: string): string[] {
  const buffer = Buffer.from(bytes);
  const kind = binaryKind(buffer);
  const parts = kind === "PKCS#12" || kind === "JKS" || kind === "JCEKS" ? (["certificates", "key"] as const) : [];
  if (kind === undefined) {
    return buffer.includes("-----BEGIN PKCS7-----") ? [pkcs7Command({ file })] : [];
  }
  return kind === "PKCS#7"
    ? [pkcs7Command({ file }, true)]
    : parts.map((part) => commandFor(kind, buffer, { file, part }) as string);
}

/** The command that writes the certificates of a PKCS#7 file, which has no key. */
export function pkcs7Command(source: TextSource, isDer = false): string {
  const { from, to } = conversionNames(source);
  return `openssl pkcs7 -print_certs${isDer ? " -inform der" : ""} -in ${from} -out ${to}`;
}

function commandFor(kind: BinaryKind, bytes: Buffer, source: TextSource): string | undefined {
  const { from, to } = conversionNames(source);
  switch (kind) {
    case "PKCS#12":
      return pkcs12Command(from, to, source.part, usesOldCiphers(bytes));
    case "PKCS#7":
      return pkcs7Command(source, true);
    case "JKS":
    case "JCEKS":
      return keystoreCommand(kind, from, to, source);
    case "certificate":
      return `openssl x509 -inform der -in ${from} -out ${to}`;
    case "key":
      return `openssl pkey -inform der -in ${from} -out ${conversionNames({ ...source, part: "key" }).to}`;
    case "encrypted key":
      return `openssl pkey -inform der -in ${from} -aes-256-cbc -out ${conversionNames({ ...source, part: "key" }).to}`;
    case "request":
      return `openssl req -inform der -in ${from} -out ${to}`;
    case "unknown":
      return undefined;
  }
}

/** `-nodes` and not `-noenc`, which OpenSSL before 3 does not know. */
function pkcs12Command(from: string, to: string, part: TextSource["part"], isOld: boolean): string {
  const what = {
    certificate: "-nokeys -clcerts",
    chain: "-nokeys -cacerts",
    certificates: "-nokeys",
    key: "-nocerts -nodes",
  }[part ?? "certificates"];
  return `openssl pkcs12${isOld ? " -legacy" : ""} -in ${from} ${what} -out ${to}`;
}

/** `keytool` writes certificates as PEM itself, but no key. */
function keystoreCommand(kind: "JKS" | "JCEKS", from: string, to: string, source: TextSource): string {
  if (source.part !== "key") {
    return `keytool -list -rfc -keystore ${from} -storetype ${kind} > ${to}`;
  }
  const store = quoted(`${withoutEnding(source.file ?? "FILE")}-converted.p12`);
  return (
    `keytool -importkeystore -srckeystore ${from} -srcstoretype ${kind} -destkeystore ${store} -deststoretype PKCS12 && ` +
    pkcs12Command(store, to, "key", false)
  );
}

/** The names of a file and of what it is converted to, as arguments of a command. */
export function conversionNames({ file, part = "certificates" }: TextSource): { from: string; to: string } {
  if (file === undefined) {
    return { from: "FILE", to: "NEW" };
  }
  const base = withoutEnding(file);
  const to = part === "key" && base.endsWith("-key") ? `${base}.pem` : `${base}${ENDINGS[part]}`;
  return { from: quoted(file), to: quoted(to === file ? `${base}-converted.pem` : to) };
}

function withoutEnding(file: string): string {
  return file.replace(/\.[A-Za-z0-9]+$/, "");
}

/** A file name as an argument that sh and PowerShell read alike. */
function quoted(file: string): string {
  return /^[\w./:\\-]+$/.test(file) ? file : `'${file.replace(/'/g, "'\\''")}'`;
}

const JKS_MAGIC = 0xfeedfeed;
const JCEKS_MAGIC = 0xcececece;

/** Object identifiers of PKCS#7 `data` and `signedData`, whole. */
const DATA = Buffer.from("06092a864886f70d010701", "hex");
const SIGNED_DATA = Buffer.from("06092a864886f70d010702", "hex");

/** The ciphers of PKCS#12 (RFC 7292, C) without the number of the cipher. */
const PKCS12_CIPHERS = Buffer.from("060a2a864886f70d010c01", "hex");

/** RC4 and RC2, which OpenSSL 3 has in its legacy provider alone. */
const OLD_CIPHERS = new Set([1, 2, 5, 6]);

function usesOldCiphers(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(PKCS12_CIPHERS); at >= 0; at = bytes.indexOf(PKCS12_CIPHERS, at + 1)) {
    if (OLD_CIPHERS.has(bytes[at + PKCS12_CIPHERS.length] ?? 0)) {
      return true;
    }
  }
  return false;
}

function binaryKind(bytes: Buffer): BinaryKind | undefined {
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0;
  if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) {
    return magic === JKS_MAGIC ? "JKS" : "JCEKS";
  }
  const [tag, length = 0] = bytes;
  // A SEQUENCE whose length has bytes of its own, or none (BER), or a short key: no text begins so.
  const isShortKey = length === bytes.length - 2 && bytes[2] === 0x02 && bytes[3] === 0x01;
  if (tag !== 0x30 || ((length < 0x80 || length > 0x84) && !isShortKey)) {
    return undefined;
  }
  const first = bytes.subarray(headerLength(bytes));
  const starts = (hex: string): boolean => first.subarray(0, hex.length / 2).toString("hex") === hex;
  if (starts("020103") && first.subarray(3, 3 + MOST_HEADER + DATA.length).includes(DATA)) {
    return "PKCS#12";
  }
  if (first.subarray(0, SIGNED_DATA.length).equals(SIGNED_DATA)) {
    return "PKCS#7";
  }
  // The version of PKCS#1 and PKCS#8; that of SEC1, before the key as an OCTET STRING.
  if (starts("020100") || starts("02010104")) {
    return "key";
  }
  if (first[0] !== 0x30) {
    return "unknown";
  }
  const second = first.subarray(headerLength(first));
  if (second[0] === Tag.OID) {
    return "encrypted key";
  }
  return second.subarray(0, 4).toString("hex") === "02010030" ? "request" : "certificate";
}

/** Identifier and length of two structures, each of up to four bytes. */
const MOST_HEADER = 12;

function headerLength(bytes: Buffer): number {
  const length = bytes[1] ?? 0;
  return 2 + (length > 0x80 ? length - 0x80 : 0);
}
