import type { Precondition } from "cdktf";
import { Fn, Op } from "cdktf";

import type { InstallFlags } from "../install-flags";
import type { Flag } from "../../command/data/flags";
import { FLAGS } from "../../command/data/flags";
import { secretOf, textOf, textsOf } from "./render/values";
import type { HostLocation } from "./directory";
import { isAbsoluteCondition } from "./directory";
import { expression, isKnown, literalArgument } from "../../private/terraform/text";

/** One line that is not empty, for RE2. */
const ONE_LINE = "^[^\\r\\n]+$";

/** 1 to 65535. */
const PORT = "^(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$";

/**
 * What the rules cannot check at synth, since only Terraform knows the value: that it has its shape, and that no
 * secret is empty. A condition that fails prints what it reads, so no other condition reads a secret. The URLs and the
 * folder of the files have conditions of their own.
 *
 * @param where the host's path, for the messages
 */
export function commandPreconditions(where: string, flags: InstallFlags, host: HostLocation): Precondition[] {
  return FLAGS.flatMap((flag) => {
    const secret = secretOf(flag, flags);
    if (secret) {
      return secret.kind === "argument" ? [notEmpty(where, flag, secret.value)] : [];
    }
    return unknownTexts(flag, flags, host.hostDirectory).map((text) => ({
      condition: flag.kind.endsWith("path") ? isAbsoluteCondition(text, host.platform) : hasShape(flag, text),
      errorMessage: `${where}: ${flag.prop} is not usable; write ${allowed(flag, host)}`,
    }));
  });
}

function unknownTexts(flag: Flag, flags: InstallFlags, hostDirectory: string): string[] {
  if (flag.kind === "url" || flag.kind === "path list") {
    return [];
  }
  const text = textOf(flag, flags);
  const texts = text !== undefined ? [text] : flag.kind === "repeated" ? textsOf(flag, flags) : [];
  return texts.filter((value) => !isKnown(value) && !(flag.kind.endsWith("path") && value.startsWith(hostDirectory)));
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

function notEmpty(where: string, flag: Flag, value: string): Precondition {
  return {
    condition: Op.neq(Fn.trimspace(expression(value)), Fn.rawString("")),
    errorMessage: `${where}: ${flag.prop} is empty, and the agent takes that for none; pass the secret`,
  };
}
