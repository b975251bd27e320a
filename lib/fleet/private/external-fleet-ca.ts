import type { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import { createsIssuer } from "../../authority/create-authority";
import type { Problems } from "../../private/problems";

/** Refuses a CA that this fleet would create or sign with: no certificate is issued here for Fleet Server. */
export function checkExternalFleetCa(problems: Problems, source: CertificateAuthoritySource): void {
  if (createsIssuer(source)) {
    problems.add("fleetCa", {
      what: "is a CA that issues certificates, but Fleet Server runs elsewhere and gets none from here",
      allowed:
        "CertificateAuthoritySource.system(), trustOnly({ file }), existing(ca), or a rotation of those, as the CA of the " +
        "certificate that Fleet Server already has",
      fix:
        "give that CA's certificate by trustOnly({ file }), leave fleetCa out for a public CA, or use OneWayFleetTls or " +
        "MutualFleetTls for a Fleet Server of your own",
    });
  }
}
