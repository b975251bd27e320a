import type { InstallFlags } from "../../lib";
import { ClientAuthentication } from "../../lib";
import { FLAGS } from "../../lib/command/data/flags";

/** Reads arguments back into flags as `elastic-agent install` does: with its parser, and that of the enroll it starts. */
export function parsedFlags(args: string[], rounds: number): InstallFlags {
  const flags: Record<string, unknown> = {};
  for (const arg of args) {
    const [name, value] = split(arg);
    const flag = FLAGS.find((each) => each.name === name);
    if (!flag) {
      throw new Error(`unknown flag: ${arg}`);
    }
    if (flag.kind === "headers" || flag.kind === "repeated") {
      const text = goCsv(value as string, rounds);
      const [header, ...rest] = text.split("=");
      flags[flag.prop] =
        flag.kind === "headers"
          ? { ...(flags[flag.prop] as object), [header as string]: rest.join("=") }
          : [...((flags[flag.prop] as string[] | undefined) ?? []), text];
    } else if (flags[flag.prop] !== undefined) {
      throw new Error(`twice: ${arg}`);
    } else {
      flags[flag.prop] = valueOf(flag.kind, value);
    }
  }
  return flags;
}

function split(arg: string): [string, string | undefined] {
  const at = arg.indexOf("=");
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

function valueOf(kind: string, value: string | undefined): unknown {
  switch (kind) {
    case "switch":
      return true;
    case "number":
      return Number(value);
    case "path list":
    case "list":
      return value?.split(",");
    case "client authentication":
      return [ClientAuthentication.NONE, ClientAuthentication.OPTIONAL, ClientAuthentication.REQUIRED].find(
        ({ mode }) => mode === value,
      );
    default:
      return value;
  }
}

/** Go's encoding/csv, for a value that is to be one field. */
function goCsv(value: string, rounds: number): string {
  let text = value;
  for (let round = 0; round < rounds; round++) {
    const quoted = /^"((?:[^"]|"")*)"$/s.exec(text);
    if (!quoted && /[",]/.test(text)) {
      throw new Error(`several fields, or a bare quote: ${text}`);
    }
    text = quoted ? (quoted[1] as string).replaceAll('""', '"') : text;
  }
  return text;
}
