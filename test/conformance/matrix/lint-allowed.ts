import type { Finding, LinterName, LintReport } from "../lint";

/** A finding that stays, with the reason. */
export interface Allowed {
  linter: LinterName;
  code: string;
  reason: string;
}

const allowed: Allowed[] = [
  {
    linter: "pkilint",
    code: "pkix.invalid_domain_name_syntax",
    reason: "it wants a dot in every DNS name; a Fleet Server's own agent dials localhost (elastic-agent#12917)",
  },
  {
    linter: "zlint",
    code: "n_san_iana_pub_suffix_empty",
    reason: "it takes localhost for a bare public suffix; a Fleet Server's own agent dials it",
  },
  {
    linter: "pkilint",
    code: "pkix.subject_key_identifier_method_1_identified",
    reason: "it tells how the key identifier was computed, which is RFC 5280's first way",
  },
  {
    linter: "pkilint",
    code: "pkix.unknown_subject_key_identifier_calculation_method",
    reason:
      "the tls provider has a way of its own for Ed25519 keys; RFC 5280 4.2.1.2 leaves it open, and issuers agree",
  },
];

export interface LintVerdict {
  /** Findings that are neither fixed nor allowed. */
  unexpected: Finding[];
  /** What is allowed and no longer found. */
  stale: Allowed[];
  /** How often each allowed finding was met. */
  counts: { allowed: Allowed; count: number }[];
}

/** Errors of zlint are never allowed: its sources here are RFC 5280 and what applies to any PKI. */
export function judge({ findings, skipped }: LintReport): LintVerdict {
  const matches = (finding: Finding, { linter, code }: Allowed) => finding.linter === linter && finding.code === code;
  const isGrave = ({ linter, severity }: Finding) => linter === "zlint" && /error|fatal/.test(severity);
  const counts = allowed.map((each) => ({
    allowed: each,
    count: findings.filter((finding) => matches(finding, each)).length,
  }));
  const skippedNames = skipped.map(({ name }) => name);
  return {
    unexpected: findings.filter((finding) => isGrave(finding) || !allowed.some((each) => matches(finding, each))),
    stale: counts
      .filter(({ allowed: { linter }, count }) => count === 0 && !skippedNames.includes(linter))
      .map((each) => each.allowed),
    counts,
  };
}
