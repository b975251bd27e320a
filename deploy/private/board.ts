/** The part of the package log-update that is used. */
interface LogUpdate {
  (text: string): void;
  clear(): void;
  done(): void;
}

const REDRAW_MS = 100;

/** The lines at the bottom of a terminal that are redrawn in place. */
export class Board {
  /** Nothing where stderr is no terminal, or where npm left out the optional package that redraws. */
  public static async onTerminal(): Promise<Board | undefined> {
    if (!process.stderr.isTTY || process.env["TERM"] === "dumb") return undefined;
    try {
      const { createLogUpdate } = await import("log-update");
      return new Board(createLogUpdate(process.stderr, { showCursor: true }));
    } catch {
      return undefined;
    }
  }

  private lines: readonly string[] = [];
  private drawnAt = 0;
  private isPaused = false;

  private constructor(private readonly terminal: LogUpdate) {}

  public draw(lines: readonly string[]): void {
    this.lines = lines;
    if (this.isPaused || Date.now() - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = Date.now();
    // As many as fit: the terminal cannot redraw what has scrolled away.
    this.terminal(lines.slice(0, Math.max(1, (process.stderr.rows || 24) - 2)).join("\n"));
  }

  /** Writes text above the board that stays. */
  public above(text: string): void {
    this.terminal.clear();
    process.stderr.write(`${text}\n`);
    this.drawnAt = 0;
    this.draw(this.lines);
  }

  public pause(): void {
    this.isPaused = true;
    this.terminal.clear();
  }

  public resume(): void {
    this.isPaused = false;
    this.drawnAt = 0;
    this.draw(this.lines);
  }

  public close(): void {
    this.terminal.clear();
    this.terminal.done();
  }
}
