import { Token } from "cdktf";

import type { CommandFlags, KnownFiles, Secret, Text } from "../../command/data/command";
import { givenFlags, Unknown } from "../../command/data/command";
import type { Flag } from "../../command/data/flags";
import type { ClientAuthentication } from "../../command/client-authentication";
import type { SecretSource } from "../../private/secret-source";
import { isKnown as hasNoToken } from "../../private/terraform/text";
import type { InstallFlags } from "../install-flags";

/** Flags as data for the rules: whatever contains a Terraform token becomes unknown. */
export function commandFlags(flags: InstallFlags): CommandFlags {
  return Object.fromEntries(givenFlags(flags).map((flag) => [flag.prop, valueOf(flag, flags[flag.prop])]));
}

/** Files as props have them. */
type Files = { readonly [list in keyof KnownFiles]?: string[] };

/** Files of a command as data for the rules. */
export function knownFiles({ fleetCas, agentCas, elasticsearchCas, encryptedKeys }: Files): KnownFiles {
  return {
    fleetCas: fleetCas?.map(textOf),
    agentCas: agentCas?.map(textOf),
    elasticsearchCas: elasticsearchCas?.map(textOf),
    encryptedKeys: encryptedKeys?.map(textOf),
  };
}

/** Text as data. */
export function textOf(text: string): Text {
  return hasNoToken(text) ? text : new Unknown();
}

function valueOf({ kind }: Flag, value: unknown): unknown {
  switch (kind) {
    case "path list":
    case "list":
    case "repeated":
      return Token.isUnresolved(value) ? new Unknown() : (value as string[]).map(textOf);
    case "headers":
      return Object.fromEntries(Object.entries(value as object).map(([name, text]) => [name, textOf(text as string)]));
    case "number":
      return Token.isUnresolved(value) ? new Unknown() : value;
    case "switch":
      return value;
    case "client authentication":
      return (value as ClientAuthentication).mode;
    case "secret":
      return secretOf((value as { readonly _source: SecretSource })._source);
    default:
      return textOf(value as string);
  }
}

function secretOf(source: SecretSource): Secret {
  switch (source.kind) {
    case "environment":
      return source;
    case "host":
      return { kind: "argument", value: textOf(source.path) };
    default:
      return { kind: "argument", value: new Unknown() };
  }
}
