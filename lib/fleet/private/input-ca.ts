import type { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import { authorityRecord } from "../../authority/records";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { IFleetTls } from "../../host/ifleet-tls";
import { InputError } from "../../private/problems";
import { INPUT_CA } from "./authority-role";
import type { FleetAuthorities } from "./authorities";
import type { FleetOutputs } from "./outputs";

/**
 * Creates the CA of what inputs on agents' hosts present. It is a CA of its own: applications trust it, and would trust
 * Fleet Server's or Elasticsearch's CA for every name otherwise.
 *
 * @throws if the source cannot issue
 */
export function createInputCa(
  fleet: IFleetTls,
  authorities: FleetAuthorities,
  outputs: FleetOutputs,
  source: CertificateAuthoritySource | undefined,
): IIssuingCertificateAuthority {
  const ca = authorities.create(INPUT_CA, source);
  if (!ca.canIssue) {
    throw new InputError([
      {
        where: `${fleet.node.path}: inputCa`,
        what: "cannot issue certificates",
        allowed: "a CA that can issue",
        fix: "use CertificateAuthoritySource.generated(), intermediate() or a source with a key, or leave it out",
      },
    ]);
  }
  authorityRecord(ca).addVerifierElsewhere({
    name: `${fleet.node.path}/input-clients`,
    title: "the clients of the inputs on agents' hosts",
    output: "input-ca-certificates",
    reload: "Most clients need a restart for it.",
  });
  outputs.add(fleet, "input-ca-certificates", ca.trustBundlePem, {
    description: "CA certificates by which clients verify inputs on agents' hosts, such as APM Server",
  });
  return ca;
}
