import type { TextSource } from "./conversion";
import { binaryProblem } from "./conversion";

/** One block of a PEM text. */
export interface PemBlock {
  /** The label after BEGIN, such as `CERTIFICATE`. */
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly der: Buffer;
  /** The line of its BEGIN, counted from 1. */
  readonly line: number;
}

/** Error of a PEM text; `what` and `fix` never quote it, because it may contain a key. */
export interface PemProblem {
  readonly kind:
    | "empty"
    | "binary"
    | "utf-16"
    | "byte order mark"
    | "no block"
    | "indented"
    | "too many blocks"
    | "truncated block"
    | "mismatched end"
    | "bad base64";
  readonly what: string;
  readonly fix: string;
}

/** A PEM text taken apart. */
export interface Pem {
  readonly blocks: readonly PemBlock[];
  readonly problems: readonly PemProblem[];
  /** Lines outside of blocks that are not blank: comments, `openssl x509 -text`, bag attributes. */
  readonly outside: readonly string[];
}

/** Far more than any bundle of public roots has; each costs a signature's worth of time. */
const MOST_BLOCKS = 1000;

const BEGIN = /^-----BEGIN ([^\r\n]*?)-----$/;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Takes a PEM text apart as Go's `encoding/pem` does (text outside of blocks and CRLF are fine), but names what Go
 * passes over in silence: a damaged block is skipped by Go, so that a CA or an intermediate is missing later on.
 * Never throws.
 */
export function readPem(input: string | Uint8Array, source?: TextSource): Pem {
  const bytes = typeof input === "string" ? Buffer.from(input, "utf8") : Buffer.from(input);
  const whole = wholeTextProblem(bytes, source);
  if (whole !== undefined) {
    return { blocks: [], problems: [whole], outside: [] };
  }
  const problems: PemProblem[] = [];
  let text = bytes.toString("utf8");
  if (text.startsWith(BYTE_ORDER_MARK)) {
    text = text.slice(1);
    problems.push({
      kind: "byte order mark",
      // Go finds BEGIN only at the start of a line, and the mark stands before it.
      what: "starts with a byte order mark, behind which the agent does not see the first block",
      fix: "save it as UTF-8 without a byte order mark",
    });
  }
  const found = readLines(text.split("\n"));
  for (const problem of found.problems) {
    problems.push(problem);
  }
  if (found.blocks.length === 0 && found.problems.length === 0) {
    problems.push({
      kind: "no block",
      what: "is not PEM: no line is -----BEGIN …-----",
      fix: "give PEM text, as openssl writes it",
    });
  }
  return { blocks: found.blocks, problems, outside: found.outside };
}

/** The text of one block, as OpenSSL and Go write it. */
export function writePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function wholeTextProblem(bytes: Buffer, source: TextSource | undefined): PemProblem | undefined {
  if (bytes.length === 0) {
    return { kind: "empty", what: "is empty", fix: "write it again: an interrupted copy leaves an empty file" };
  }
  if (isUtf16(bytes)) {
    return {
      kind: "utf-16",
      what: "is UTF-16 text, which the agent does not read as PEM",
      fix: "write it with Set-Content -Encoding ascii: Windows PowerShell's > writes UTF-16",
    };
  }
  const binary = binaryProblem(bytes, source);
  return binary && { kind: "binary", ...binary };
}

function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.length >= 2 && (bytes.readUInt16LE(0) === 0xfeff || bytes.readUInt16LE(0) === 0xfffe);
  return mark || bytes.subarray(0, 8).toString("utf16le").startsWith("----");
}

function readLines(lines: readonly string[]): Pem {
  const blocks: PemBlock[] = [];
  const problems: PemProblem[] = [];
  const outside: string[] = [];
  for (let at = 0; at < lines.length;) {
    if (blocks.length + problems.length >= MOST_BLOCKS) {
      const what = `has more than ${MOST_BLOCKS} blocks, of which no more is read`;
      problems.push({ kind: "too many blocks", what, fix: "leave the CAs in it that are needed, each once" });
      break;
    }
    const line = trimEnd(lines[at]!);
    const label = BEGIN.exec(line)?.[1];
    if (label === undefined) {
      if (line.includes("-----BEGIN ") && !BEGIN.test(trimEnd(lines[at + 1] ?? ""))) {
        problems.push({
          kind: "indented",
          what: `line ${at + 1}: -----BEGIN does not start the line or does not end in -----, so the block is not seen`,
          fix: "let -----BEGIN …----- be a line of its own, without indentation",
        });
      } else if (line.trim() !== "") {
        outside.push(line);
      }
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < lines.length && !lines[end]!.startsWith("-----")) {
      end += 1;
    }
    const block = readBlock(label, at + 1, lines.slice(at + 1, end), trimEnd(lines[end] ?? ""));
    if ("der" in block) {
      blocks.push(block);
    } else {
      problems.push(block);
    }
    // A BEGIN inside of a block starts the next one.
    at = BEGIN.test(trimEnd(lines[end] ?? "")) ? end : end + 1;
  }
  return { blocks, problems, outside };
}

function readBlock(label: string, line: number, body: readonly string[], end: string): PemBlock | PemProblem {
  const headers: Record<string, string> = {};
  let first = 0;
  for (; first < body.length; first += 1) {
    const colon = body[first]!.indexOf(":");
    if (colon < 0) {
      break;
    }
    headers[body[first]!.slice(0, colon).trim()] = body[first]!.slice(colon + 1).trim();
  }
  if (!end.startsWith("-----END ")) {
    return {
      kind: "truncated block",
      what: `line ${line}: the block has no end`,
      fix: "write it again: the file was cut short, or two files were joined without a newline between them",
    };
  }
  if (end !== `-----END ${label}-----`) {
    return {
      kind: "mismatched end",
      what: `line ${line}: the END line does not match the block's BEGIN`,
      fix: "write it again: blocks were joined in their middle",
    };
  }
  const base64 = body
    .slice(first)
    .join("")
    .replace(/[ \t\r]/g, "");
  if (base64 === "" || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    return {
      kind: "bad base64",
      what: `line ${line}: the block's body is not base64`,
      fix: "write it again: the block was damaged in an editor or in a copy",
    };
  }
  return { label, headers, der: Buffer.from(base64, "base64"), line };
}

// A loop, since the regular expression for it takes quadratic time on a long run of blanks.
function trimEnd(line: string): string {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line[end - 1]!)) {
    end -= 1;
  }
  return line.slice(0, end);
}
