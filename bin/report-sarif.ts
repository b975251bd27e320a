import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";

import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from "node-sarif-builder";

import { CHECKS, CHECKS_PAGE } from "../verify/checks";
import type { Entry, Place } from "../verify/report";
import { packageIdentity } from "./package-identity";
import type { Printed } from "./report-text";
import { placeOf, sorted } from "./report-text";

/** A report in SARIF 2.1.0, which pipelines such as GitHub's code scanning read; accepted findings are suppressed. */
export function reportSarif({ open, accepted }: Printed): string {
  const run = new SarifRunBuilder().initSimple({
    toolDriverName: "fleet-tls verify",
    toolDriverVersion: packageIdentity().version,
    url: CHECKS_PAGE,
  });
  for (const [check, { text }] of Object.entries(CHECKS)) {
    const url = `${CHECKS_PAGE}#check-${check}`;
    run.addRule(
      new SarifRuleBuilder().initSimple({ ruleId: ruleId(Number(check)), shortDescriptionText: text, helpUri: url }),
    );
  }
  for (const entry of [...sorted(open), ...sorted(accepted)]) {
    run.addResult(resultOf(entry));
  }
  const builder = new SarifBuilder();
  builder.addRun(run);
  return `${builder.buildSarifJsonString({ indent: true })}\n`;
}

/** One result with every place; a finding of several checks is of the first one. */
function resultOf(entry: Entry): SarifResultBuilder {
  const { severity, checks, what, fix, places } = entry;
  const result = new SarifResultBuilder().initSimple({
    level: severity,
    messageText: `${what}; ${fix}`,
    // A text that cannot be read is of check 63.
    ruleId: ruleId(checks[0] ?? 63),
  });
  result.result.locations = places.map((place) => ({ physicalLocation: { artifactLocation: { uri: uriOf(place) } } }));
  if (entry.accepted !== undefined) {
    result.result.suppressions = [{ kind: "external", justification: entry.accepted }];
  }
  return result;
}

function ruleId(check: number): string {
  return `check-${check}`;
}

/** A place as a URI, relative if it was given so. */
function uriOf(place: Place): string {
  const path = placeOf(place);
  return isAbsolute(path) ? pathToFileURL(path).href : path.split(/[/\\]/).map(encodeURIComponent).join("/");
}
