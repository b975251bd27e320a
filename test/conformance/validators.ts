import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { Missing } from "./builds";
import { programOf, validatorNames } from "./programs";
import type { Program, ValidatorName } from "./programs";
import type { Answer, Capabilities, Op, Request } from "./protocol";

/** A validator answers within a bound of its own; a busy machine gets more before the request is given up. */
const PATIENCE = 600_000;

/** One validator's process, which answers any number of requests, out of order. */
export class Validator {
  /** Starts the process and asks what it can do. */
  public static async start(name: string, program: Program, env: Record<string, string> = {}): Promise<Validator> {
    const child = spawn(program.command, program.words, { env: { ...process.env, ...env } });
    const waiting = new Map<number, Waiting>();
    const validator = new Validator(name, child, waiting);
    const answer = await validator.request({ op: "capabilities" }).catch((cause: unknown) => {
      // Nobody would ever close it.
      child.kill("SIGKILL");
      throw cause;
    });
    if (!answer.ok) {
      throw new Error(`${name}: ${answer.error}`);
    }
    validator.known = answer;
    return validator;
  }

  private known?: Capabilities;
  private last = 0;
  private complaints = "";
  private ended?: string;

  private constructor(
    public readonly name: string,
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly waiting: Map<number, Waiting>,
  ) {
    createInterface({ input: child.stdout }).on("line", (line) => this.settle(line));
    child.stderr.on("data", (chunk: Buffer) => (this.complaints = (this.complaints + chunk.toString()).slice(-4000)));
    child.stdin.on("error", () => undefined);
    child.on("error", (cause) => this.fail(cause.message));
    child.on("close", (code) => this.fail(`ended with code ${code}: ${this.complaints.trim()}`));
  }

  public get capabilities(): Capabilities {
    return this.known!;
  }

  /** A refusal is an answer; only a process that does not answer at all rejects. */
  public request<R extends Request>(request: R): Promise<Answer<R["op"]>> {
    const id = ++this.last;
    if (this.ended !== undefined) {
      return Promise.reject(new Error(`${this.name}: ${this.ended}`));
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`${this.name}: no answer to ${request.op} within ${PATIENCE} ms`));
      }, PATIENCE);
      this.waiting.set(id, { resolve: resolve as (answer: Answer) => void, reject, timer });
      this.child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    });
  }

  public can(op: Op): boolean {
    return this.capabilities.ops.includes(op);
  }

  public async close(): Promise<void> {
    if (this.ended !== undefined) {
      return;
    }
    await new Promise((resolve) => {
      this.child.once("close", resolve).stdin.end();
      // What keeps running has nothing left to say.
      setTimeout(() => this.child.kill("SIGKILL"), 1000).unref();
    });
  }

  private settle(line: string): void {
    let answer: Answer;
    try {
      answer = JSON.parse(line) as Answer;
    } catch {
      this.fail(`said ${JSON.stringify(line)}`);
      return;
    }
    const waiting = this.waiting.get(answer.id);
    if (waiting !== undefined) {
      clearTimeout(waiting.timer);
      this.waiting.delete(answer.id);
      waiting.resolve(answer);
    }
  }

  private fail(reason: string): void {
    this.ended ??= reason;
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error(`${this.name}: ${reason}`));
    }
    this.waiting.clear();
  }
}

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (cause: Error) => void;
  timer: NodeJS.Timeout;
}

export interface Skipped {
  name: ValidatorName;
  reason: string;
}

export interface Validators {
  validators: Validator[];
  /** Never silently: whoever prints a result prints these too. */
  skipped: Skipped[];
  close(): Promise<void>;
}

/**
 * Builds what is not built yet and starts the validators; one without its toolchain is skipped by name.
 *
 * @param env variables that are added to this process's environment
 */
export async function startValidators(
  names: ValidatorName[] = validatorNames,
  env: Record<string, string> = {},
): Promise<Validators> {
  const validators: Validator[] = [];
  const skipped: Skipped[] = [];
  // Building blocks this process, so all of it comes before the first question that waits for an answer.
  const programs = names.flatMap((name) => {
    try {
      return [{ name, program: programOf(name) }];
    } catch (cause) {
      if (!(cause instanceof Missing)) {
        throw cause;
      }
      skipped.push({ name, reason: cause.message });
      return [];
    }
  });
  const started = await Promise.allSettled(
    programs.map(async ({ name, program }) => validators.push(await Validator.start(name, program, env))),
  );
  const failure = started.find((each) => each.status === "rejected");
  if (failure !== undefined) {
    await Promise.all(validators.map((validator) => validator.close()));
    throw failure.reason;
  }
  validators.sort((a, b) => names.indexOf(a.name as ValidatorName) - names.indexOf(b.name as ValidatorName));
  const close = async () => void (await Promise.all(validators.map((validator) => validator.close())));
  return { validators, skipped, close };
}
