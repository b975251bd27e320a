import { Fn } from "cdktf";

import { expression } from "../private/terraform/text";

/** End of a given CA, which only its owner can renew, and the warnings about it. */
export interface GivenEnding {
  /** Its name in messages: the CA and the file. */
  readonly what: string;
  /** RFC 3339; a token where the text is. */
  readonly until: string;
  /** Warnings: sentences, or a token of a list of them. */
  readonly warnings: string[] | string;
  /** Hours before the end from which to warn of it; 0 if it signs nothing. */
  readonly noticeHours: () => number;
}

/** The warnings of several given CAs, as one list in Terraform. */
export function givenWarnings(given: readonly GivenEnding[]): string[] {
  return Fn.flatten(
    given.map(({ warnings }) => (typeof warnings === "string" ? warnings : warnings.map(expression))),
  ) as unknown as string[];
}
