import { isNumberToken, isResolvable, OBJECT_MARK, TEXT_MARK } from "./token-marks";
import { UserError } from "./user-error";

/** One error in a user's code. */
export interface Problem {
  /** Place of the error: a construct path and a prop, or a context key. */
  readonly where: string;
  /** The error as a sentence without a subject, e.g. `is not an https URL`. */
  readonly what: string;
  /** The value that was got, safe to print. */
  readonly got?: string;
  /** The allowed values. */
  readonly allowed: string;
  /** The fix. */
  readonly fix: string;
}

/** Error that lists every problem of one construct, one per line. */
export class InputError extends UserError {
  // Private to the engine too, so that Node prints the message alone.
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    super(problems.map(describe).join("\n"));
    this.#problems = problems;
  }

  public get problems(): Problem[] {
    return this.#problems;
  }
}

/** Collects problems, so that a user sees all of them in one run. */
export class Problems {
  private readonly found: Problem[] = [];

  /** @param path the construct's path, put before each prop's name */
  constructor(private readonly path: string) {}

  public add(prop: string, problem: Omit<Problem, "where">): void {
    this.found.push({ ...problem, where: `${this.path}: ${prop}` });
  }

  /**
   * Runs `build` and keeps the problems that it throws; any other error passes through.
   *
   * @param propOf name of a prop here, for problems of something that is no construct of its own
   */
  public collect<T>(build: () => T, propOf?: (prop: string) => string): T | undefined {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof InputError)) {
        throw error;
      }
      for (const problem of error.problems) {
        const prop = problem.where.slice(problem.where.lastIndexOf(": ") + 2);
        this.found.push(propOf ? { ...problem, where: `${this.path}: ${propOf(prop)}` } : problem);
      }
      return undefined;
    }
  }

  /** Runs `build`, without which nothing more can be checked; if it throws problems, throws them with all others. */
  public collectOrThrow<T>(build: () => T): T {
    let built: { readonly value: T } | undefined;
    this.collect(() => {
      built = { value: build() };
    });
    if (built === undefined) {
      throw new InputError(this.found);
    }
    return built.value;
  }

  public throwIfAny(): void {
    if (this.found.length > 0) {
      throw new InputError(this.found);
    }
  }
}

const LONGEST_QUOTE = 120;

/** Control characters and ends of lines that JSON leaves as they are. */
const LINE_ENDS = /[\u007f-\u009f\u2028\u2029]/g;

/** A URL whose scheme is missing. */
const USER_AT_FRONT = /^"[^\s"/:@]+:/;

/** A token of cdktf's has a number, which means nothing to a reader. */
const A_TOKEN = "(a Terraform token)";

function asJson(value: unknown): string {
  // JSON has no infinity, and nothing but null for what is no number.
  if (typeof value === "number") return String(value);
  return JSON.stringify(value, (_, each: unknown) => (isNumberToken(each) ? A_TOKEN : each)) ?? String(value);
}

/** Without what can be the password of a URL in JSON, up to the last `@`: a password may have any character. */
function withoutPassword(json: string): string {
  const end = json.lastIndexOf("@");
  const start = json.indexOf("//") + 2;
  if (start > 1 && start < end) return `${json.slice(0, start)}(hidden)${json.slice(end)}`;
  return end > 0 && USER_AT_FRONT.test(json) ? `"(hidden)${json.slice(end)}` : json;
}

/** A value as an error shows it: quoted, on one line, cut when it is long, without the password of a URL. */
export function quoted(value: unknown): string {
  if (isResolvable(value) || isNumberToken(value)) {
    return A_TOKEN;
  }
  const json = asJson(value).replace(TEXT_MARK, A_TOKEN).replace(OBJECT_MARK, A_TOKEN);
  const text = withoutPassword(json).replace(
    LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

function describe(problem: Problem): string {
  const got = problem.got === undefined ? "" : `, got ${problem.got}`;
  return `${problem.where} ${problem.what}${got}; allowed: ${problem.allowed}; ${problem.fix}`;
}
