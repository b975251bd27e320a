import * as fs from "node:fs";
import { createInterface } from "node:readline/promises";
import { WriteStream } from "node:tty";

import type { Progress } from "./progress";

/** Questions to the person at the terminal, one at a time. */
export class Questions {
  private last: Promise<unknown> = Promise.resolve();
  private yesToAll: boolean;

  /** @param yes answer every question with yes */
  constructor(yes: boolean) {
    // Without a terminal no question is asked: a pipeline that runs this has decided already.
    this.yesToAll = yes || !process.stdin.isTTY;
  }

  /** Whether somebody would be asked. */
  public get areAsked(): boolean {
    return !this.yesToAll;
  }

  /** Shows a text and asks for a yes. */
  public confirm(progress: Progress, text: string): Promise<boolean> {
    return this.inTurn(async () => {
      if (this.yesToAll) return true;
      const answer = await progress.paused(() => ask(`${text}\nyes, no, or all for every stack: `));
      this.yesToAll ||= /^(a|all)$/i.test(answer);
      return this.yesToAll || /^(y|yes)$/i.test(answer);
    });
  }

  /** Shows a text and asks for a name, to be typed out. */
  public confirmName(progress: Progress, text: string, name: string): Promise<boolean> {
    return this.inTurn(async () => {
      if (this.yesToAll) return true;
      return (await progress.paused(() => ask(`${text}\ntype ${name} to go on: `))) === name;
    });
  }

  private inTurn<T>(question: () => Promise<T>): Promise<T> {
    const turn = this.last.then(question, question);
    this.last = turn;
    return turn;
  }
}

async function ask(question: string): Promise<string> {
  // Where stderr goes to a file, the question is shown to the person all the same.
  const own = process.stderr.isTTY ? undefined : new WriteStream(fs.openSync("/dev/tty", "w"));
  const terminal = createInterface({ input: process.stdin, output: own ?? process.stderr });
  // At the end of the input, or by an interrupt, the answer is no.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  terminal.once("SIGINT", () => {
    // At once: a signal to this process would arrive after the answer has ended the command.
    process.emit("SIGINT");
    terminal.close();
  });
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  own?.destroy();
  return answer.trim();
}
