import { isSystemTrust } from "../../../authority/records";
import type {
  ICertificateAuthority,
  IIssuingCertificateAuthority,
} from "../../../certificate/issuing-certificate-authority";
import type { IFleetTls } from "../../ifleet-tls";
import { isSelfManaged } from "../../self-managed";
import { ProxyTarget } from "../../proxy-target";

/** CAs of the clients that dial a proxy. */
export function clientCasOf({ clientTls }: IFleetTls, target: ProxyTarget): ICertificateAuthority[] {
  if (clientTls === undefined) {
    return [];
  }
  return target === ProxyTarget.FLEET_SERVER ? [clientTls.agentCa] : clientTls.elasticsearchClientCas;
}

/**
 * CA of the proxy's own client certificate: the server behind it takes one if it is part of this fleet. The edge of Elastic
 * Cloud takes none.
 */
export function upstreamIssuer(
  fleet: IFleetTls,
  target: ProxyTarget,
  upstreamCa: ICertificateAuthority,
): IIssuingCertificateAuthority | undefined {
  if (isSystemTrust(upstreamCa)) {
    return undefined;
  }
  if (target === ProxyTarget.ELASTICSEARCH) {
    return fleet.clientTls?.elasticsearchClientIssuer;
  }
  return isSelfManaged(fleet) ? fleet.clientTls?.agentCa : undefined;
}
