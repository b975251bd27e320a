import { stripVTControlCharacters } from "node:util";

const TAIL_LINES = 40;
const COUNT_EVERY = 25;
// cdktf redraws these many times a second.
const REDRAWN = /^([\u2800-\u28ff] |\d+ Stacks? \w+ {2,}\d+ Stacks? done)/;
const RESULT = /^(Plan:|No changes\.|Apply complete!|Destroy complete!)/;
const ANNOTATION = /^(WARN|ERROR|INFO) \[/;
const DONE = /: (Creation|Modifications|Destruction) complete after /;
// True of every mirror, and of no consequence: the lock file is git-ignored with the rest of cdktf's output.
const EXPECTED_WARNING = "Incomplete lock file information for providers";

// Terraform prints the whole state, private keys included, when it can save it nowhere.
const STATE_DUMP = /^"terraform_version": "/;
const JSON_LINE = /^(["{}[\]]|(null|true|false|-?\d+),?$)/;
const DUMPED =
  "Error: Terraform could save its state nowhere, as on a full disk, and printed it: it holds private keys and is not shown";

/** Lets through what a person wants of cdktf's output: plans in one line, results, warnings and errors in full. */
export class Progress {
  private partial = "";
  private stack = "";
  private readonly boxes = new Map<string, string[]>();
  private readonly done = new Map<string, number>();
  private readonly hidden: { readonly line: string; readonly own: boolean }[] = [];
  private annotating = false;
  private errorShown = false;
  private dumped = false;
  private readonly boxesShown = new Set<string>();

  constructor(private readonly show: (line: string) => void) {}

  /** Takes the next piece of output, which may end within a line. */
  public push(piece: string): void {
    const lines = (this.partial + piece).split("\n");
    this.partial = lines.pop()!;
    for (const line of lines) this.line(stripVTControlCharacters(line).trimEnd());
  }

  /** The last lines that were not shown: what a failure is understood by, when no box told it. */
  public tail(): string[] {
    this.push("\n");
    return this.hidden.filter(({ own }) => !own || !this.errorShown).map(({ line }) => line);
  }

  private line(line: string): void {
    const annotating = this.annotating && !REDRAWN.test(line);
    this.annotating = false;
    if (line.trim() === "" || REDRAWN.test(line)) return;
    // "one-way  text", then lines of the same stack indented to where the text began.
    const prefixed = /^([^\s:]+)(?: {2}(.*))?$/.exec(line);
    if (prefixed) this.stack = prefixed[1]!;
    const text = (prefixed ? (prefixed[2] ?? "") : line).trimStart();
    const own = prefixed !== null || /^\s/.test(line);
    if (own && this.box(text)) return;
    if (own && DONE.test(text)) {
      this.count();
    } else if (own && RESULT.test(text)) {
      this.show(`${this.stack}  ${text}`);
    } else if (STATE_DUMP.test(text)) {
      if (!this.dumped) this.show(`${this.stack}  ${DUMPED}`);
      this.dumped = true;
    } else if (text.includes("PRIVATE KEY") || (this.dumped && JSON_LINE.test(text))) {
      // Not even kept for the tail.
    } else if (ANNOTATION.test(line) || (annotating && !own)) {
      this.annotating = true;
      this.show(line);
    } else if (!this.hidden.some((hidden) => hidden.line.trim() === line.trim())) {
      if (this.hidden.push({ line, own }) > TAIL_LINES) this.hidden.shift();
    }
  }

  // Terraform draws a box round each warning and error: it is shown whole, or not at all.
  private box(text: string): boolean {
    const open = this.boxes.get(this.stack);
    if (text.startsWith("╷")) {
      this.boxes.set(this.stack, []);
    } else if (open && text.startsWith("╵")) {
      this.boxes.delete(this.stack);
      const whole = `${this.stack}${open.join("")}`;
      if (!this.boxesShown.has(whole) && !open.some((line) => line.includes(EXPECTED_WARNING))) {
        // An interrupted Terraform says the same once a resource.
        this.boxesShown.add(whole);
        this.errorShown ||= open.some((line) => line.startsWith("│ Error"));
        for (const line of open) this.show(`${this.stack}  ${line}`);
      }
    } else if (open && text.startsWith("│")) {
      if (text !== "│") open.push(text);
    } else {
      return false;
    }
    return true;
  }

  private count(): void {
    const done = (this.done.get(this.stack) ?? 0) + 1;
    this.done.set(this.stack, done);
    if (done % COUNT_EVERY === 0) this.show(`${this.stack}  ${done} resources done`);
  }
}
