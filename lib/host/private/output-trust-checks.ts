import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { InputError, Problems } from "../../private/problems";
import type { FleetOutputProps } from "../fleet-output-options";
import { OutputTrust } from "../output-trust";
import type { OutputType } from "../output-type";

/** An output, as far as it is judged by what it trusts. */
interface TrustingOutput {
  readonly path: string;
  readonly type: OutputType;
  /** CAs of the servers. */
  readonly authorities: ICertificateAuthority[];
}

/** A fingerprint that matches one CA of two cuts off every agent when the other one signs. */
export function checkedFingerprint({ path, authorities }: TrustingOutput): string {
  const { fingerprintSha256, spkiPinsSha256 } = authorities[0] as ICertificateAuthority;
  if (spkiPinsSha256.length !== 1) {
    throw new InputError([
      {
        where: `${path}: trust`,
        what: "is a fingerprint, which cannot overlap while the Elasticsearch CA rotates",
        got: `${spkiPinsSha256.length} generations`,
        allowed: "OutputTrust.INLINE or OutputTrust.HOST_FILE while there is more than one generation",
        fix: "go over to OutputTrust.INLINE, deploy, and only then rotate",
      },
    ]);
  }
  return fingerprintSha256;
}

/** Throws if the output cannot use its Fleet proxy. */
export function checkFleetProxy(output: TrustingOutput, { fleet, fleetProxy, trust }: FleetOutputProps): void {
  const problems = new Problems(output.path);
  if (fleetProxy && !output.type.isElasticsearch) {
    problems.add("fleetProxy", {
      what: `is given for an output of type ${output.type.type}, which does not use CONNECT`,
      allowed: "an output to Elasticsearch",
      fix: "leave it out, and let the hosts of the output reach the servers without a proxy",
    });
  } else if (fleetProxy?.ca && trust === OutputTrust.FINGERPRINT) {
    problems.add("fleetProxy", {
      what: "has a CA, and trust is a fingerprint: the proxy's CA would be the output's only one",
      allowed: "OutputTrust.INLINE or OutputTrust.HOST_FILE",
      fix: "use OutputTrust.INLINE",
    });
  }
  fleetProxy?._checkUse(problems, fleet, "Elasticsearch", output.authorities);
  problems.throwIfAny();
}
