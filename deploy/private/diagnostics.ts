import type { Diagnostic } from "./messages";
import type { Stack } from "./stack";

/** A diagnostic as a person reads it: all of its words, and the construct that it is about. */
export function diagnosticText(stack: Stack, diagnostic: Diagnostic): string {
  const { severity, summary, detail, range, snippet } = diagnostic;
  const [, inContext] = /^(?:resource\.)?((?:data\.)?[\w-]+\.[\w-]+)/.exec(snippet?.context ?? "") ?? [];
  const address = diagnostic.address ?? inContext;
  const place = [
    ...(address === undefined ? [] : [stack.constructPath(address), address]),
    ...(range === undefined ? [] : [`${range.filename} line ${range.start.line}`]),
  ];
  // Values that Terraform would print for the expression are left out: they can be secrets.
  const lines = [`${stack.name}: ${severity}: ${summary}`, ...(detail?.trim() ? detail.trim().split("\n") : [])];
  if (place.length > 0) lines.push(`at ${[...new Set(place)].join(", ")}`);
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`.trimEnd())).join("\n");
}

/** Text of Terraform's that is no JSON, without what can be part of a key. */
export function withoutKeys(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "(private key)")
    .trimEnd();
}
