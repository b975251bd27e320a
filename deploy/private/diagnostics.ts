import type { Diagnostic } from "./messages";
import type { Stack } from "./stack";
import { withoutSecrets } from "./without-secrets";

/** A diagnostic as a person reads it: all of its words, and the construct that it is about. */
export function diagnosticText(stack: Stack, diagnostic: Diagnostic): string {
  const { severity, range, snippet } = diagnostic;
  const { summary, detail } = programRefusal(diagnostic) ?? diagnostic;
  const [, inContext] = /^(?:resource\.)?((?:data\.)?[\w-]+\.[\w-]+)/.exec(snippet?.context ?? "") ?? [];
  const address = diagnostic.address ?? inContext;
  const place = [
    ...(address === undefined ? [] : [stack.constructPath(address), address]),
    ...(range === undefined ? [] : [`${range.filename} line ${range.start.line}`]),
  ];
  const hint = hintFor(diagnostic);
  // Values that Terraform would print for the expression are left out: they can be secrets.
  const words = withoutSecrets(detail ?? "");
  const lines = [`${stack.name}: ${severity}: ${withoutSecrets(summary)}`, ...(words === "" ? [] : words.split("\n"))];
  if (hint !== undefined) lines.push(hint);
  if (place.length > 0) lines.push(`at ${[...new Set(place)].join(", ")}`);
  return lines.map((line, index) => (index === 0 ? line : `  ${line}`.trimEnd())).join("\n");
}

/**
 * What a program of this package says that refused at plan. The words that the local provider puts around it advise on
 * `allow_non_zero_exit_code`, which is no way out.
 */
function programRefusal({ summary, detail = "" }: Diagnostic): Pick<Diagnostic, "summary" | "detail"> | undefined {
  if (summary !== "Command Execution Failed" || !detail.includes("/fleet-tls-program-")) return undefined;
  const [, program, reason] = /^Command Error: ([a-z-]+): (.+)$/m.exec(detail) ?? [];
  return reason === undefined ? undefined : { summary: `refused by ${program}`, detail: reason };
}

/** How `fleet-tls` does what Terraform advises to do with options of its own. */
function hintFor({ summary, detail = "" }: Diagnostic): string | undefined {
  if (summary !== "No value for required variable") return undefined;
  const [, name = "NAME"] = /input variable "([^"]+)"/.exec(detail) ?? [];
  return `with fleet-tls: --var ${name}=VALUE, or the environment variable TF_VAR_${name}`;
}

/** What to do where `terraform init` failed; nothing where its own words say it. */
export function initHint(stderr: string, terraform: string): string | undefined {
  const text = stderr.replace(/\s+/g, " ");
  if (/could not (?:connect to|query provider) registry|failed to request discovery document/i.test(text)) {
    return "the provider registry does not answer; docs/air-gapped.md says how to use a mirror of it";
  }
  if (/locked provider .* does not match configured version/.test(text)) {
    return `another version of a provider is required than before: run ${terraform} init -upgrade, then fleet-tls diff (docs/upgrade.md)`;
  }
  return undefined;
}
