import type { Precondition } from "cdktf";
import { Fn } from "cdktf";
import type { Construct } from "constructs";

import type { CommandFlags } from "../../command/data/command";
import type { Flag } from "../../command/data/flags";
import { FLAGS } from "../../command/data/flags";
import type { Text } from "../../command/data/text";
import { isKnown } from "../../command/data/text";
import { secretOf, textOf, textsOf } from "../../command/render/words";
import { headersOf } from "../../command/rules/rule";
import type { HostLocation } from "./directory";
import { isAbsoluteCondition } from "./directory";
import { hiddenCondition } from "../../private/terraform/hidden-condition";
import { rawText } from "./terraform-text";
import { expression, literalArgument } from "../../private/terraform/text";

/** One line that is not empty, for RE2. */
const ONE_LINE = "^[^\\r\\n]+$";

/** 1 to 65535. */
const PORT = "^(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$";

/** A token: not empty, no blank and no control character, which no header can carry. */
const TOKEN_RULE = { pattern: "^[!-~]+$", allowed: "the token, not empty and without blanks and newlines" };

/** Text on one line, whose only control character is the tab. */
const TEXT = "^(?:[^\\p{Cc}]|\\t)+$";

/** A header's value, which may be empty. */
const HEADER = "^(?:[^\\p{Cc}]|\\t)*$";

/**
 * Preconditions for what the rules cannot check at synth, because only Terraform knows the value. Conditions on values
 * that may be a secret read a sensitive local, since Terraform prints what a failed condition reads. The URLs of the
 * fleet and the folder of the files have conditions of their own.
 *
 * @param scope the host
 */
export function commandPreconditions(scope: Construct, flags: CommandFlags, host: HostLocation): Precondition[] {
  const where = scope.node.path;
  return FLAGS.flatMap((flag) => {
    const secrets = secretTexts(flag, flags);
    if (secrets) {
      return secrets.map((secret) => precondition(scope, secret));
    }
    return unknownTexts(flag, flags, host.hostDirectory).map((text) => ({
      condition: flag.kind.endsWith("path") ? isAbsoluteCondition(text, host.platform) : hasShape(flag, text),
      errorMessage: `${where}: ${flag.prop} is not usable; write ${allowed(flag, host)}`,
    }));
  });
}

/** Precondition for a token that only Terraform knows. */
export function tokenPrecondition(scope: Construct, name: string, token: string): Precondition {
  return precondition(scope, { name, text: token, ...TOKEN_RULE });
}

function precondition(scope: Construct, { name, id, text, pattern, allowed }: SecretText): Precondition {
  return {
    condition: hiddenCondition(scope, `${id ?? name}-checked`, text, pattern),
    errorMessage: `${scope.node.path}: ${name} is not usable; write ${allowed}`,
  };
}

/** A value that may be a secret and that only Terraform knows. */
interface SecretText {
  /** Its name in messages. */
  readonly name: string;
  /** Its name among the ids of locals, where that differs. */
  readonly id?: string;
  readonly text: string;
  readonly pattern: string;
  readonly allowed: string;
}

/** The values of a flag that may be secrets, or nothing if the flag has none. */
function secretTexts(flag: Flag, flags: CommandFlags): SecretText[] | undefined {
  const { prop, kind, shape } = flag;
  if (kind === "secret") {
    const source = secretOf(flag, flags);
    const rule =
      prop === "password" ? { pattern: TEXT, allowed: "the password, not empty and on one line" } : TOKEN_RULE;
    return source?.kind === "argument" ? [{ name: prop, text: rawText(source.value), ...rule }] : [];
  }
  if (prop === "proxyUrl" && shape) {
    const text = flags.proxyUrl;
    return text === undefined || isKnown(text)
      ? []
      : [{ name: prop, text: rawText(text), pattern: shape.pattern, allowed: shape.allowed }];
  }
  return kind === "headers"
    ? headersOf(flags, prop as "headers")
        .filter(([, text]) => !isKnown(text))
        .map(([header, text], index) => ({
          name: `${prop}.${header}`,
          id: `${prop}-${index}`,
          text: rawText(text),
          pattern: HEADER,
          allowed: "a value on one line, without control characters",
        }))
    : undefined;
}

function unknownTexts(flag: Flag, flags: CommandFlags, hostDirectory: string): string[] {
  if (flag.kind === "url" || flag.kind === "path list") {
    return [];
  }
  const text = textOf(flag, flags);
  const texts: Text[] = text !== undefined ? [text] : flag.kind === "repeated" ? textsOf(flag, flags) : [];
  return texts
    .filter((each) => !isKnown(each))
    .map(rawText)
    .filter((each) => !(flag.kind.endsWith("path") && each.startsWith(hostDirectory)));
}

function hasShape(flag: Flag, text: string): unknown {
  const pattern = flag.kind === "number" ? PORT : (flag.shape?.pattern ?? ONE_LINE);
  return Fn.can(Fn.regex(literalArgument(pattern), expression(text)));
}

function allowed(flag: Flag, { platform }: HostLocation): string {
  const path = `an absolute ${platform.name} path`;
  const text = flag.kind === "number" ? "a whole number from 1 to 65535" : (flag.shape?.allowed ?? "text on one line");
  return flag.kind.endsWith("path") ? path : text.replaceAll('"', "'");
}
