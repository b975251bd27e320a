import { Fn } from "cdktf";

import { expression, literalArgument } from "../../../private/terraform/text";

/** What a YAML document is made of. Strings may be Terraform tokens; what is undefined is left out. */
export type YamlValue = string | boolean | number | YamlValue[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: YamlValue | undefined;
}

/** Terraform quotes every key; ours, of letters, underscores and dots, need none, and people read and paste them. */
const QUOTED_KEY = '/(?m)^([ -]*)"([A-Za-z][A-Za-z_.]*)":/';

/** A YAML document, written by Terraform: it quotes what needs quotes, whatever a token turns out to be. */
export function yamlDocument(map: YamlMap): string {
  return Fn.replace(Fn.yamlencode(argument(map)), literalArgument(QUOTED_KEY), "$1$2:");
}

function argument(value: YamlValue): unknown {
  if (typeof value === "string") {
    return expression(value);
  }
  if (Array.isArray(value)) {
    return value.map(argument);
  }
  if (typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [literalArgument(key), argument(item as YamlValue)]));
}
