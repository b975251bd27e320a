import { Fn, Token } from "cdktf";

import type { CommandFlags, KnownFiles, Secret } from "../../command/data/command";
import { givenFlags } from "../../command/data/command";
import type { Flag } from "../../command/data/flags";
import type { ClientAuthentication } from "../../command/client-authentication";
import type { SecretSource } from "../../private/secret-source";
import { terraformText, tokenText } from "./terraform-text";
import type { InstallFlags } from "../install-flags";

/** Flags as data: everything that contains a Terraform token is unknown. */
export function commandFlags(flags: InstallFlags): CommandFlags {
  return Object.fromEntries(givenFlags(flags).map((flag) => [flag.prop, valueOf(flag, flags[flag.prop])]));
}

/** Files as props have them. */
type Files = { readonly [list in keyof KnownFiles]?: string[] };

/** Files of a command as data. */
export function knownFiles({ fleetCas, agentCas, elasticsearchCas, encryptedKeys }: Files): KnownFiles {
  return {
    fleetCas: fleetCas?.map(terraformText),
    agentCas: agentCas?.map(terraformText),
    elasticsearchCas: elasticsearchCas?.map(terraformText),
    encryptedKeys: encryptedKeys?.map(terraformText),
  };
}

function valueOf({ kind }: Flag, value: unknown): unknown {
  switch (kind) {
    case "path list":
    case "list":
    case "repeated":
      return Token.isUnresolved(value)
        ? tokenText(Fn.join(",", value as string[]))
        : (value as string[]).map(terraformText);
    case "headers":
      return Object.fromEntries(
        Object.entries(value as object).map(([name, text]) => [name, terraformText(text as string)]),
      );
    case "number":
      return Token.isUnresolved(value) ? tokenText(value) : value;
    case "switch":
      return value;
    case "client authentication":
      return (value as ClientAuthentication).mode;
    case "secret":
      return secretOf((value as { readonly _source: SecretSource })._source);
    default:
      return terraformText(value as string);
  }
}

function secretOf(source: SecretSource): Secret {
  switch (source.kind) {
    case "environment":
      return source;
    case "host":
      return { kind: "argument", value: terraformText(source.path) };
    default:
      return { kind: "argument", value: terraformText(source.value) };
  }
}
