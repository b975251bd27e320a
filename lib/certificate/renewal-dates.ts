import { Lazy, TerraformLocal, Token } from "cdktf";
import type { Construct } from "constructs";

/** A certificate that deploys renew: when it ends, and how long before that it is due. */
export interface Renewable {
  /** The end of its validity, RFC 3339; null as long as there is no certificate. A Terraform token. */
  readonly end: string;
  /** In hours; a number that may be a token. */
  readonly beforeHours: number;
}

/** When the first of some certificates is due for renewal, worked out by Terraform from its own attributes. */
export class RenewalDates {
  /** RFC 3339 in UTC, as in `2027-03-01T12:00:00Z`; empty where there is nothing to renew. A Terraform token. */
  public readonly next: string;

  constructor(scope: Construct, id: string, renewables: () => Renewable[]) {
    const all = new TerraformLocal(
      scope,
      id,
      Lazy.anyValue({
        produce: () => renewables().map(({ end, beforeHours }) => ({ end, before_hours: beforeHours })),
      }),
    );
    const dates = `[for one in local.${all.friendlyUniqueId} : timeadd(one.end, "-\${one.before_hours}h") if one.end != null]`;
    // The provider writes the time zone of the machine that signed, `timeadd` keeps it, and only times of one zone sort.
    const offset = 'formatdate("ZZZZ", due)';
    const toUtc = `\${substr(${offset}, 0, 1) == "+" ? "-" : ""}\${substr(${offset}, 1, 2)}h\${substr(${offset}, 3, 2)}m`;
    const inUtc = `formatdate("YYYY-MM-DD'T'hh:mm:ss'Z'", timeadd(due, "${toUtc}"))`;
    // Of a local: an expression this long would be repeated wherever it is read.
    const next = new TerraformLocal(
      scope,
      `${id}-next`,
      Token.asAny(`\${try(sort([for due in ${dates} : ${inUtc}])[0], "")}`),
    );
    this.next = next.asString;
  }
}
