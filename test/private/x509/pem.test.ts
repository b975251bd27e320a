import { readPem, writePem } from "../../../lib/private/x509/pem";
import { cpuMilliseconds } from "../../support/cpu-time";

const BODY = Buffer.from("some bytes that stand in for a certificate, more than one line of them");
const BLOCK = writePem("CERTIFICATE", BODY);
const kinds = (input: string | Uint8Array) => readPem(input).problems.map(({ kind }) => kind);

test("reads blocks with their labels, bytes and lines", () => {
  const { blocks, problems } = readPem(BLOCK + writePem("PRIVATE KEY", Buffer.from("key")));
  expect(blocks.map(({ label, line }) => [label, line])).toEqual([
    ["CERTIFICATE", 1],
    ["PRIVATE KEY", 5],
  ]);
  expect(blocks[0]!.der).toEqual(BODY);
  expect(problems).toEqual([]);
});

test("keeps comments apart and tolerates CRLF, as Go does", () => {
  const { blocks, problems, outside } = readPem(`# our root\r\n\r\n${BLOCK.replace(/\n/g, "\r\n")}Bag Attributes\r\n`);
  expect(blocks).toHaveLength(1);
  expect(blocks[0]!.der).toEqual(BODY);
  expect(problems).toEqual([]);
  expect(outside).toEqual(["# our root", "Bag Attributes"]);
});

test("reads the headers of a legacy encrypted key", () => {
  const text = BLOCK.replace(/CERTIFICATE/g, "RSA PRIVATE KEY").replace(
    "-----\n",
    "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233\n\n",
  );
  const [block] = readPem(text).blocks;
  expect(block!.headers).toEqual({ "Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00112233" });
  expect(block!.der).toEqual(BODY);
});

test("reads a file without a newline at its end", () => {
  expect(readPem(BLOCK.trimEnd())).toMatchObject({ blocks: [{ label: "CERTIFICATE" }], problems: [] });
});

test.each<[string, string, string | Uint8Array]>([
  ["an empty file", "empty", ""],
  ["text without a block", "no block", "not a certificate\n"],
  ["DER", "binary", Buffer.from("3082019930820140a003020102", "hex")],
  ["a byte order mark", "byte order mark", `\ufeff${BLOCK}`],
  ["UTF-16 with its mark", "utf-16", Buffer.from(`\ufeff${BLOCK}`, "utf16le")],
  ["UTF-16 without its mark", "utf-16", Buffer.from(BLOCK, "utf16le")],
  ["an indented block", "indented", BLOCK.replace(/^/gm, "  ")],
  ["two blocks without a newline between", "mismatched end", BLOCK.trimEnd() + BLOCK],
  ["a block that was cut off", "truncated block", BLOCK.slice(0, 60)],
  ["a block that another begins in", "truncated block", BLOCK.slice(0, 60) + "\n" + BLOCK],
  ["an END of another label", "mismatched end", BLOCK.replace("END CERTIFICATE", "END PRIVATE KEY")],
  ["characters that are not base64", "bad base64", BLOCK.replace("c29t", "c2*t")],
  ["base64 of the wrong length", "bad base64", BLOCK.replace("c29t", "c29")],
  ["a block without a body", "bad base64", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
])("names %s", (_, kind, input) => {
  expect(kinds(input)).toContain(kind);
});

test("goes on after a damaged block", () => {
  expect(readPem(BLOCK.replace("c29t", "c2*t") + BLOCK).blocks).toHaveLength(1);
});

test("never quotes the text in an error", () => {
  const { problems } = readPem("-----BEGIN PRIVATE KEY-----\nhunter2 hunter2\n-----END PRIVATE KEY-----\n");
  expect(problems).toHaveLength(1);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("takes linear time on long runs of blanks and dashes", () => {
  const text = `${" ".repeat(1_000_000)}x\n-----BEGIN ${"-".repeat(1_000_000)}x\n`;
  expect(cpuMilliseconds(() => readPem(text))).toBeLessThan(2_000);
});

test.each([
  ["whole blocks", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"],
  ["blocks without an end", "-----BEGIN CERTIFICATE-----\n"],
  ["damaged blocks", "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----\n"],
])("300,000 %s are answered with one more problem than is read", (_, block) => {
  const { blocks, problems } = readPem(block.repeat(300_000));
  expect(blocks.length + problems.length).toBe(1001);
  expect(problems.at(-1)).toMatchObject({ kind: "too many blocks", what: expect.stringContaining("more than 1000") });
});
