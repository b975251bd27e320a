import type { Construct } from "constructs";

import type { CertificateProps } from "../../certificate/certificate";
import type { OnHostCertificateOptions } from "../../certificate/certificate-source";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { LEAF_USAGES } from "../../private/x509/leaf";
import { textExpression } from "../../private/terraform/given-text";
import { InputError } from "../../private/problems";
import { runLocalProgram } from "../../private/local-program";
import { expression, isKnown } from "../../private/terraform/text";
import { readLeaf } from "../../private/given/read-leaf";
import { authorityRecord } from "../../authority/records";

/**
 * Checks the copy of a certificate that lies on its host: at synth where all of it is known, else by a program at plan.
 *
 * @param admittedBy the CAs of which one has to vouch for it
 */
export function checkOnHost(
  host: Construct,
  role: string,
  onHost: OnHostCertificateOptions,
  { usage, names = [] }: CertificateProps,
  admittedBy: readonly ICertificateAuthority[],
): void {
  const { pem, file } = onHost;
  const what = `${host.node.path}: the copy of ${role}${file === undefined ? "" : ` (${file})`}`;
  const usages = LEAF_USAGES.filter((each) => usage.extendedKeyUsages.includes(each));
  const known = together(admittedBy.map((ca) => authorityRecord(ca).trustPem));
  if (pem !== undefined && [pem, known ?? "", ...names].every(isKnown)) {
    const problems = readLeaf({ pem, usages, names, trust: known }, new Date());
    if (problems.length > 0) {
      const allowed = "a certificate that the other side takes";
      throw new InputError(problems.map((problem) => ({ ...problem, where: what, allowed })));
    }
    return;
  }
  const trust = together(admittedBy.map(({ trustBundlePem }) => trustBundlePem));
  runLocalProgram(host, `check-${role}`, "check-leaf", {
    what: expression(what),
    pem: textExpression(onHost),
    usages,
    names: names.map(expression),
    ...(trust !== undefined && { trust: expression(trust) }),
  });
}

/** Several bundles as one; nothing where only the hosts have one of them, which may be the one that vouches. */
function together(bundles: readonly (string | undefined)[]): string | undefined {
  return bundles.every((bundle) => bundle !== undefined) ? [...new Set(bundles)].join("") : undefined;
}
