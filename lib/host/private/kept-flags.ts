import type { CommandFlags } from "../../command/data/command";
import { givenFlags } from "../../command/data/command";
import type { Flag } from "../../command/data/flags";
import { isKnown } from "../../command/data/text";
import { textOf, textsOf } from "../../command/render/words";
import { rawText } from "./terraform-text";

/** Flags that a running host does not keep, or that the record of URLs and client authentication covers. */
const LEFT_OUT: readonly (keyof CommandFlags)[] = [
  "url",
  "fleetServerEs",
  "fleetServerClientAuth",
  "nonInteractive",
  "force",
  "delayEnroll",
];

/**
 * Flags of a command that a running host keeps until it enrolls again, as text without a secret: of headers the names, of a
 * proxy's URL that it is there, and nothing of a value that only Terraform knows, except public keys.
 */
export function keptFlags(flags: CommandFlags): string {
  return givenFlags(flags)
    .filter(({ kind, prop }) => kind !== "secret" && !LEFT_OUT.includes(prop))
    .map((flag) => `${flag.name}=${keptText(flag, flags)}`)
    .join(" ");
}

function keptText(flag: Flag, flags: CommandFlags): string {
  const texts = [textOf(flag, flags), ...textsOf(flag, flags)].filter((text) => text !== undefined);
  switch (flag.prop) {
    case "proxyUrl":
      return "";
    case "headers":
    case "proxyHeaders":
      return Object.keys(flags[flag.prop] ?? {}).join(",");
    case "caSha256":
      return texts.map(rawText).join(",");
    default:
      return flag.kind === "switch" ? String(flags[flag.prop]) : texts.filter(isKnown).join(",");
  }
}
