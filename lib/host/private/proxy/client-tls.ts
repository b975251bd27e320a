import type {
  ICertificateAuthority,
  IIssuingCertificateAuthority,
} from "../../../certificate/issuing-certificate-authority";
import type { IFleetTls, ISelfManagedFleetTls } from "../../ifleet-tls";
import { ProxyTarget } from "../../proxy-target";

/** CAs of the clients that dial a proxy. */
export function clientCasOf({ clientTls }: IFleetTls, target: ProxyTarget): ICertificateAuthority[] {
  if (clientTls === undefined) {
    return [];
  }
  return target === ProxyTarget.FLEET_SERVER ? [clientTls.agentCa] : clientTls.elasticsearchClientCas;
}

/** CA of the proxy's own client certificate: the server behind it takes one if it is part of this fleet. */
export function upstreamIssuer(fleet: IFleetTls, target: ProxyTarget): IIssuingCertificateAuthority | undefined {
  if (target === ProxyTarget.ELASTICSEARCH) {
    return fleet.clientTls?.elasticsearchClientIssuer;
  }
  const isSelfManaged = (fleet as Partial<ISelfManagedFleetTls>).fleetServerPolicy !== undefined;
  return isSelfManaged ? fleet.clientTls?.agentCa : undefined;
}
