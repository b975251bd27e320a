import { gzipSync } from "node:zlib";

import { readPem, writePem } from "../../../lib/private/x509/pem";

/** A way to write a PEM file otherwise than its tool did; undefined for one that is not there. */
export interface FileMutant {
  readonly name: string;
  readonly bytes: Buffer | "directory" | "missing" | "dangling link";
}

/** What is written next to the text, or in its place. */
export interface Surroundings {
  /** The certificate of another CA. */
  readonly other: string;
  readonly ca: string;
  readonly key: string;
  readonly revocations: string;
  readonly request: string;
  readonly trusted: string;
  readonly described: string;
  readonly pkcs7: string;
  readonly pkcs12: Buffer;
}

/** Every way to write a file of one certificate that its readers may take otherwise. */
export function fileMutants(text: string, more: Surroundings): FileMutant[] {
  const { der, label } = readPem(text).blocks[0]!;
  const base64 = der.toString("base64");
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const armored = (body: string, from = begin, to = end): string => `${from}\n${body}\n${to}\n`;
  const lines = (length: number): string => armored(base64.match(new RegExp(`.{1,${length}}`, "g"))!.join("\n"));
  const texts: Readonly<Record<string, string>> = {
    "as it is": text,
    "byte order mark": `\ufeff${text}`,
    "byte order mark after a comment": `# a\n\ufeff${text}`,
    CRLF: text.replace(/\n/g, "\r\n"),
    "CR alone": text.replace(/\n/g, "\r"),
    "CR before the first line": `\r${text}`,
    "no newline at the end": text.trimEnd(),
    "blank lines around": `\n\n${text}\n\n`,
    "blank line in the body": text.replace("\n", "\n\n"),
    "blank lines between all lines": text.replace(/\n/g, "\n\n"),
    "trailing blanks": text.replace(/$/gm, "  "),
    "trailing blanks in the body": armored(base64.replace(/.{64}/g, "$& \n")),
    indented: text.replace(/^(?=.)/gm, "  "),
    "indented with tabs": text.replace(/^(?=.)/gm, "\t"),
    "body indented": text.replace(/\n(?=[^-])/g, "\n  "),
    "END indented": text.replace("-----END", " -----END"),
    quoted: text.replace(/^(?=.)/gm, '"').replace(/(?<=.)$/gm, '"'),
    "escaped newlines": text.replace(/\n/g, "\\n"),
    "one line": text.replace(/\n/g, " "),
    "armor lost": `${base64}\n`,
    "END lost": text.replace(end, ""),
    "BEGIN lost": text.replace(begin, ""),
    "END of another label": text.replace("END", "END X"),
    "END joined to the body": text.replace(`\n${end}`, end),
    "BEGIN joined to the body": text.replace(`${begin}\n`, begin),
    "BEGIN twice": `${begin}\n${text}`,
    "four dashes": text.replace(/-----/g, "----"),
    "six dashes": text.replace(/-----/g, "------"),
    "en dashes": text.replace(/-----/g, "–––––"),
    "label in lower case": armored(
      base64,
      begin.toLowerCase().replace("begin", "BEGIN"),
      end.toLowerCase().replace("end", "END"),
    ),
    "BEGIN in lower case": text.replace("BEGIN", "begin"),
    "a blank after BEGIN": text.replace(begin, `${begin} `),
    "text after BEGIN": text.replace(begin, `${begin} x`),
    "text after END": text.replace(end, `${end} x`),
    "text before BEGIN": `x ${text}`,
    "a comment": `# issued by the team\n${text}`,
    "a comment after": `${text}# issued by the team\n`,
    "bag attributes": `Bag Attributes\n    localKeyID: 01 02\nsubject=CN = a\n${text}`,
    "dashes in a comment": `-----\n${text}`,
    "a rule of dashes": `----------------------------\n${text}`,
    "a title of dashes": `----- ${label} -----\n${text}`,
    "BEGIN in a comment": `this is -----BEGIN ${label}-----\n${text}`,
    "rubbish after": `${text}rubbish\n`,
    "the beginning of another block after": `${text}${begin}\nMIIB`,
    "an empty block first": `${armored("")}${text}`,
    "an empty block after": `${text}${armored("")}`,
    "a damaged block first": `${armored("????")}${text}`,
    "a damaged block after": `${text}${armored("????")}`,
    "a block that is no certificate first": `${writePem(label, Buffer.from("3003020100", "hex"))}${text}`,
    "a block that is no certificate after": `${text}${writePem(label, Buffer.from("3003020100", "hex"))}`,
    header: text.replace("\n", "\nComment: a\n\n"),
    "header without a blank line": text.replace("\n", "\nComment: a\n"),
    "header that is continued": text.replace("\n", "\nComment: a\n b\n\n"),
    "headers, several": text.replace("\n", "\nA: a\nB: b\n\n"),
    "header without a name": text.replace("\n", "\n: a\n\n"),
    "Proc-Type alone": text.replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n"),
    "DEK-Info": text.replace(
      "\n",
      "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n",
    ),
    ...Object.fromEntries([1, 4, 63, 65, 76, 1000, 100_000].map((length) => [`lines of ${length}`, lines(length)])),
    "a character lost": armored(base64.slice(0, 20) + base64.slice(21)),
    "four characters lost": armored(base64.slice(0, 20) + base64.slice(24)),
    "a character that is not base64": armored(`${base64.slice(0, 20)}?${base64.slice(21)}`),
    "a character of another alphabet": armored(`${base64.slice(0, 20)}_${base64.slice(21)}`),
    "padding lost": armored(base64.replace(/=+$/, "")),
    "padding too much": armored(`${base64}====`),
    "padding in the middle": armored(`${base64.slice(0, 20)}=${base64.slice(20)}`),
    "DER cut short": writePem(label, der.subarray(0, der.length - 5)),
    "DER with bytes after its end": writePem(label, Buffer.concat([der, Buffer.from([5, 0])])),
    twice: `${text}${text}`,
    "joined without a newline": `${text.trimEnd()}${text}`,
    "another after": `${text}${more.other}`,
    "another first": `${more.other}${text}`,
    "its CA after": `${text}${more.ca}`,
    "its CA first": `${more.ca}${text}`,
    "its CA after, with a comment between": `${text}# CA\n${more.ca}`,
    "its CA after, joined without a newline": `${text.trimEnd()}${more.ca}`,
    "a key after": `${text}${more.key}`,
    "a key first": `${more.key}${text}`,
    "a key alone": more.key,
    "revocations after": `${text}${more.revocations}`,
    "revocations first": `${more.revocations}${text}`,
    "revocations alone": more.revocations,
    "a request first": `${more.request}${text}`,
    "a request alone": more.request,
    "parameters first": `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${text}`,
    ...Object.fromEntries(
      ["X509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL", "CERT", "NEW CERTIFICATE"].map(
        (other) => [`labelled ${other}`, writePem(other, der)],
      ),
    ),
    "openssl x509 -trustout": more.trusted,
    "openssl x509 -trustout after": `${text}${more.trusted}`,
    "openssl x509 -text": more.described,
    "PKCS#7": more.pkcs7,
    "PKCS#7 after": `${text}${more.pkcs7}`,
    empty: "",
    "blank lines alone": "\n\n",
    "a comment alone": "# certificate\n",
    "a page of a web server": "<!DOCTYPE html><html><body>404 Not Found</body></html>\n",
    "a file name": "/etc/elastic-agent/certs/fleet-ca.pem\n",
    YAML: `certificate: |\n${text.replace(/^(?=.)/gm, "  ")}`,
    "YAML without indentation": `certificate: |\n${text}`,
    JSON: JSON.stringify({ certificate: text }),
    "base64 of the PEM": `${Buffer.from(text).toString("base64")}\n`,
    "a here-document": `cat > cert.pem <<EOF\n${text}EOF\n`,
  };
  const utf16 = Buffer.from(text, "utf16le");
  const bytes: Readonly<Record<string, FileMutant["bytes"]>> = {
    DER: der,
    "UTF-16": Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    "UTF-16 without byte order mark": utf16,
    "UTF-16, big-endian": Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    "a comment in Latin-1": Buffer.concat([Buffer.from("# f\xfcr alle\n", "latin1"), Buffer.from(text)]),
    "NUL bytes after": Buffer.concat([Buffer.from(text), Buffer.alloc(8)]),
    "NUL bytes first": Buffer.concat([Buffer.alloc(8), Buffer.from(text)]),
    "Ctrl-Z after": Buffer.from(`${text}\x1a`),
    gzip: gzipSync(text),
    "PKCS#12": more.pkcs12,
    "PEM and then bytes": Buffer.concat([Buffer.from(text), der]),
    directory: "directory",
    missing: "missing",
    "dangling link": "dangling link",
  };
  return [
    ...Object.entries(texts).map(([name, content]) => ({ name, bytes: Buffer.from(content) })),
    ...Object.entries(bytes).map(([name, content]) => ({ name, bytes: content })),
  ];
}
