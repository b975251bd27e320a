import type { AuthorityMaker } from "./material";

/** A CA whose certificate lies on the hosts already, and nowhere that Terraform could read it. */
export function authorityOnHost(path: string): AuthorityMaker {
  return { canIssue: false, create: () => ({ trustHostPath: path, signsForOthers: true }) };
}

/** The CAs that the host's operating system trusts: no file, no flag. */
export function systemAuthorities(): AuthorityMaker {
  return { canIssue: false, create: () => ({ signsForOthers: true }) };
}
