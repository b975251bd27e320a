import type { IPostProcessor, IResolvable, IResolveContext } from "cdktf";
import { Token } from "cdktf";

import { isResolvable } from "../token-marks";

/** Where a part that cdktf has to resolve is missing from a value. */
class Gap {
  constructor(public readonly index: number) {}
}

/** Text in which cdktf looks for a token: its markers, its escapes, and the exponent that a number's token has. */
const MARKED = /[$#&]\{|[\d.+|-]e/;
/** The texts that cdktf reads as a whole map's token. */
const MAP_VALUES: readonly string[] = [Token.STRING_MAP_TOKEN_VALUE, Token.ANY_MAP_TOKEN_VALUE];

/** A value of which cdktf resolves only the parts that can be tokens. */
class PartlyPlain implements IResolvable {
  public readonly creationStack: string[] = [];
  /** By their numbers, since a list would close up where one resolves to nothing. */
  private readonly parts: { [index: string]: unknown } = {};
  private readonly plain: unknown;
  private count = 0;

  constructor(value: unknown) {
    this.plain = this.withGaps(value);
  }

  public resolve(context: IResolveContext): unknown {
    context.registerPostProcessor(this.filler());
    return this.parts;
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): string {
    return "<unresolved-token>";
  }

  private withGaps(value: unknown): unknown {
    if (isPlain(value)) return value;
    if (!isDictionary(value) || Object.keys(value).some((key) => !isPlain(key))) {
      this.count += 1;
      this.parts[this.count] = value;
      return new Gap(this.count);
    }
    const result: { [key: string]: unknown } = {};
    for (const key of Object.keys(value)) {
      if (value[key] !== undefined) result[key] = this.withGaps(value[key]);
    }
    return result;
  }

  private filler(): IPostProcessor {
    return {
      postProcess: (resolved: unknown) => filled(this.plain, resolved as { readonly [index: string]: unknown }),
    };
  }
}

/** The value as a token that resolves to what the value itself resolves to. */
export function partlyPlain(value: unknown): IResolvable {
  return new PartlyPlain(value);
}

function filled(plain: unknown, parts: { readonly [index: string]: unknown }): unknown {
  if (plain instanceof Gap) return parts[plain.index];
  if (!isDictionary(plain)) return plain;
  const result: { [key: string]: unknown } = {};
  for (const key of Object.keys(plain)) {
    const value = filled(plain[key], parts);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case "string":
      return !MARKED.test(value) && !MAP_VALUES.includes(value);
    case "number":
      return !Token.isUnresolved(value) && value !== Token.NUMBER_MAP_TOKEN_VALUE;
    case "boolean":
      return true;
    default:
      return value === null;
  }
}

function isDictionary(value: unknown): value is { readonly [key: string]: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !isResolvable(value)
  );
}
