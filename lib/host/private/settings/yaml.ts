import { Fn } from "cdktf";

import { expression, literalArgument } from "../../../private/terraform/text";

/** Content of a YAML document. Strings may be Terraform tokens; undefined values are left out. */
export type YamlValue = string | boolean | number | YamlValue[] | YamlMap | YamlExpression;

/** A value that only Terraform can compute. */
export class YamlExpression {
  constructor(public readonly value: unknown) {}
}

export interface YamlMap {
  readonly [key: string]: YamlValue | undefined;
}

/** Terraform quotes every key; ours, of letters, underscores and dots, need none, and people read and paste them. */
const QUOTED_KEY = '/(?m)^([ -]*)"([A-Za-z][A-Za-z_.]*)":/';

/** A YAML document, written by Terraform: it quotes what needs quotes, for any value of a token. */
export function yamlDocument(map: YamlMap | YamlExpression): string {
  return Fn.replace(Fn.yamlencode(yamlArgument(map)), literalArgument(QUOTED_KEY), "$1$2:");
}

/** The same as JSON. */
export function jsonDocument(map: YamlMap): string {
  return Fn.jsonencode(yamlArgument(map));
}

/** A value as an argument of Terraform's functions. */
export function yamlArgument(value: YamlValue): unknown {
  if (value instanceof YamlExpression) {
    return value.value;
  }
  if (typeof value === "string") {
    return expression(value);
  }
  if (Array.isArray(value)) {
    return value.map(yamlArgument);
  }
  if (typeof value !== "object") {
    return value;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [literalArgument(key), yamlArgument(item as YamlValue)]));
}
