import { Fn, Token } from "cdktf";

import type { Text } from "../../command/data/text";
import { isKnown, Unknown } from "../../command/data/text";
import { expression, isKnown as hasNoToken, literalArgument, plainText } from "../../private/terraform/text";

/** Text of a command with Terraform tokens: what is made from it is an expression of Terraform's functions. */
class TerraformText extends Unknown {
  constructor(public readonly raw: string) {
    super();
  }

  public override concat(parts: readonly Text[]): Unknown {
    return new TerraformText(parts.map(rawText).join(""));
  }

  public override wrap(before: string, after: string): Unknown {
    return tokenText(Fn.join("", [literalArgument(before), expression(this.raw), literalArgument(after)]));
  }

  public override replace(pattern: string, by: string): Unknown {
    return tokenText(Fn.replace(expression(this.raw), literalArgument(pattern), literalArgument(by)));
  }

  public override ifMatches(pattern: string, otherwise: Unknown): Unknown {
    const whole = expression(this.raw);
    return tokenText(
      Fn.conditional(Fn.can(Fn.regex(literalArgument(pattern), whole)), whole, expression(rawText(otherwise))),
    );
  }

  public override toJSON(): string {
    return this.raw;
  }
}

/** A value with tokens as text of a command. */
export function terraformText(value: string): Text {
  return hasNoToken(value) ? value : new TerraformText(value);
}

/** A list or a number that is a token as text of a command. */
export function tokenText(value: unknown): Unknown {
  return new TerraformText(Token.asString(value));
}

/** Text of a command as a string with tokens, whose literal parts may contain `${`. */
export function rawText(text: Text): string {
  return isKnown(text) ? text : (text as TerraformText).raw;
}

/** Text of a command as a plain attribute or an output. */
export function plain(text: Text): string {
  return plainText(rawText(text));
}
