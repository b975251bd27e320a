import type { Board } from "./board";

const LINE_EVERY = 25;

interface Row {
  phase: string;
  done: number;
  total: number;
}

/** Progress of each stack: lines on stderr, and a board below them on a terminal. */
export class Progress {
  private readonly rows = new Map<string, Row>();
  private stacks = 0;
  private finished = 0;
  private readonly startedAt = Date.now();

  constructor(private readonly board?: Board) {}

  /** So many stacks are to be done. */
  public begin(stacks: number): void {
    [this.stacks, this.finished] = [stacks, 0];
  }

  /** Prints lines that stay. */
  public line(text: string): void {
    if (this.board) this.board.above(text);
    else process.stderr.write(`${text}\n`);
  }

  /** Takes the board away while something else, such as a question, is on the terminal. */
  public async paused<T>(work: () => Promise<T>): Promise<T> {
    this.board?.pause();
    try {
      return await work();
    } finally {
      this.board?.resume();
    }
  }

  /** A stack begins something: initialising, planning, applying so many resources. */
  public phase(stack: string, phase: string, total = 0): void {
    this.rows.set(stack, { phase, done: 0, total });
    if (!this.board) this.line(`${stack}: ${phase}${total > 0 ? ` ${count(total, "resource")}` : ""}`);
    this.draw();
  }

  /** One resource of a stack is done. */
  public resource(stack: string): void {
    const row = this.rows.get(stack);
    if (!row) return;
    row.done += 1;
    if (!this.board && row.done % LINE_EVERY === 0 && row.done < row.total) {
      this.line(`${stack}: ${row.done} of ${row.total} resources`);
    }
    this.draw();
  }

  /** A stack is done, one way or the other. */
  public end(stack: string, text?: string): void {
    this.rows.delete(stack);
    this.finished += 1;
    if (text !== undefined) this.line(`${stack}: ${text}`);
    this.draw();
  }

  public close(): void {
    this.board?.close();
  }

  private draw(): void {
    const parts = [...this.rows.values()].map(({ done, total }) => (total > 0 ? done / total : 0));
    const share = (this.finished + parts.reduce((sum, part) => sum + part, 0)) / this.stacks;
    const resources = [...this.rows].map(
      ([stack, { phase, done, total }]) => `  ${stack}  ${phase}${total > 0 ? ` ${done} of ${total}` : ""}`,
    );
    const left = timeLeft(share, Date.now() - this.startedAt);
    this.board?.draw([`${this.finished} of ${count(this.stacks, "stack")} done${left}`, ...resources]);
  }
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString("en-US")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Estimate from the pace so far, once there is enough of it. */
export function timeLeft(share: number, elapsedMs: number): string {
  if (share <= 0.05 || share >= 1 || elapsedMs < 3000) return "";
  const seconds = Math.ceil((elapsedMs / 1000) * (1 / share - 1));
  return seconds < 90 ? `, about ${seconds} s left` : `, about ${Math.ceil(seconds / 60)} min left`;
}
