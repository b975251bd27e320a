import { ClientAuthentication } from "../../command/client-authentication";
import type { ClientTls } from "../../host/client-tls";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { Faults } from "../../private/faults";
import type { MutualFleetTlsProps } from "../mutual-fleet-tls-props";
import type { FleetAuthorities } from "./authorities";
import { AGENT_CA, FLEET_ES_CA } from "./authority-role";
import { authorityRecord } from "../../authority/records";

/** The CAs of a fleet's server certificates. */
interface ServerCas {
  readonly fleetCa: IIssuingCertificateAuthority;
  readonly elasticsearchCa: IIssuingCertificateAuthority;
}

/** Creates the agent CA of a mutual fleet, and decides which CAs issue and accept client certificates. */
export function createClientTls(
  faults: Faults,
  authorities: FleetAuthorities,
  { fleetCa, elasticsearchCa }: ServerCas,
  props: MutualFleetTlsProps,
): ClientTls {
  checkFleetCa(faults, fleetCa, props);
  if (props.clientAuthentication === ClientAuthentication.NONE) {
    faults.add("clientAuthentication", {
      what: "asks agents for no certificate, and then no client certificate has an effect",
      got: "ClientAuthentication.NONE",
      allowed: "ClientAuthentication.REQUIRED, or OPTIONAL while agents move over",
      fix: "leave it out, or use OneWayFleetTls at the same id",
    });
  }
  const agentCa = authorities.create(AGENT_CA, props.agentCa, props.intermediatePerStack);
  checkIssuers(faults, agentCa, props);
  if (props.fleetEsIssuer) {
    authorities.add(FLEET_ES_CA, props.fleetEsIssuer);
  }
  const elasticsearchClientIssuer =
    props.fleetEsIssuer ??
    (props.oneCertificatePerFleetServer ? fleetCa : elasticsearchCa.canIssue ? elasticsearchCa : agentCa);
  return {
    agentCa,
    agentKeyPassphrase: props.agentKeyPassphrase,
    elasticsearchClientIssuer,
    // Agents' outputs present their agent certificate, so its CA is there in any case.
    elasticsearchClientCas: [...new Set([elasticsearchClientIssuer, agentCa])],
  };
}

/** One list of CAs has two jobs: what the host's agent trusts, and whose clients Fleet Server accepts. */
function checkFleetCa(
  faults: Faults,
  ca: IIssuingCertificateAuthority,
  { fleetCa, acceptAnyClientOf }: MutualFleetTlsProps,
): void {
  if (ca.trustBundlePem === undefined && ca.trustHostPath === undefined) {
    faults.add("fleetCa", {
      what: "is the operating system's trust store, so any public CA could issue accepted agent certificates",
      allowed: "in mutual mode a CA of your own",
      fix: "give the CA that signs fleet-cert, best one for this purpose alone",
    });
  } else if (authorityRecord(ca).signsForOthers && !(fleetCa && acceptAnyClientOf?.includes(fleetCa))) {
    faults.add("fleetCa", {
      what: "signs for others too, so every client certificate that it ever signed would be admitted as an agent",
      allowed: "a generated CA, or an intermediate for this purpose alone as the anchor",
      fix:
        "use CertificateAuthoritySource.intermediate({ issuer, anchor: true }) below it, " +
        "or list the source in acceptAnyClientOf",
    });
  }
}

function checkIssuers(
  faults: Faults,
  ca: IIssuingCertificateAuthority,
  { agentCa, fleetEsIssuer, oneCertificatePerFleetServer }: MutualFleetTlsProps,
): void {
  if (fleetEsIssuer && oneCertificatePerFleetServer) {
    faults.add("fleetEsIssuer", {
      what: "is given, where the fleet CA signs each Fleet Server's one certificate",
      allowed: "either fleetEsIssuer or oneCertificatePerFleetServer",
      fix: "leave one of them out",
    });
  }
  if (agentCa && ca.trustBundlePem === undefined && ca.trustHostPath === undefined) {
    faults.add("agentCa", {
      what: "is the operating system's trust store, so any public CA could issue accepted agent certificates",
      allowed: "in mutual mode a CA of your own",
      fix: "give the CA that issues the agents' client certificates, best one for this purpose alone",
    });
  }
}
