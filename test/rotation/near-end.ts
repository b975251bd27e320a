import * as fs from "node:fs";

/** Which CAs. */
export type NearEnd = "roots" | "intermediates";

/**
 * Makes Terraform believe that CAs end in an hour. When to renew is what the tls provider works out from its state on
 * every plan, and libfaketime does not reach Go programs.
 */
export function bringNearEnd(stateFile: string, which: readonly NearEnd[]): void {
  const state = JSON.parse(fs.readFileSync(stateFile, "utf8")) as { resources: StateResource[] };
  const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
  const types: string[] = which.map((each) => (each === "roots" ? "tls_self_signed_cert" : "tls_locally_signed_cert"));
  const certificates = state.resources.filter(({ type }) => types.includes(type));
  const authorities = certificates
    .flatMap(({ instances }) => instances)
    .filter(({ attributes }) => attributes["is_ca_certificate"] === true);
  if (authorities.length === 0) throw new Error(`no ${which.join(" and ")} in ${stateFile}`);
  for (const { attributes } of authorities) attributes["validity_end_time"] = soon;
  fs.writeFileSync(stateFile, JSON.stringify(state));
}

interface StateResource {
  readonly type: string;
  readonly instances: { readonly attributes: Record<string, unknown> }[];
}
