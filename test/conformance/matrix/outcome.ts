import type { ClientAuth } from "../protocol";
import type { EdgeName } from "./edges";
import type { FaultKind } from "./refusals";

/** What has to come of a handshake and the request after it. */
export type Expected =
  /** Let in, and taken for who the certificate says. */
  | "verified"
  /** Let in without a certificate. */
  | "anonymous"
  | "refused"
  /** Refused, or let in like one without a certificate: what `optional` promises. */
  | "unproven"
  /** Let in although it should not be: what Elastic's own code is known to do. */
  | "gap";

export interface Outcome {
  topology: string;
  edge: EdgeName;
  clientAuth: ClientAuth;
  kind: FaultKind | "good";
  server: string;
  client: string;
  name: string;
  expected: Expected;
  got: "verified" | "anonymous" | "refused";
  error?: string;
  passed: boolean;
}

/** What proves nothing about TLS, however welcome a refusal is. */
const NOT_TLS =
  /no end within|no answer|ECONNREFUSED|i\/o timeout|deadline|timed out|Timeout|no such file|ENOENT|EMFILE|unknown op/i;

export function provesNothing(error: string | undefined): boolean {
  return error !== undefined && NOT_TLS.test(error);
}

export function passes({ expected, got, error }: Pick<Outcome, "expected" | "got" | "error">): boolean {
  if (provesNothing(error)) {
    return false;
  }
  switch (expected) {
    case "unproven":
      return got !== "verified";
    case "gap":
      return got !== "refused";
    default:
      return got === expected;
  }
}
