import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { createsIssuer } from "../../authority/create-authority";
import type { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import type { IFleetTls } from "../../host/ifleet-tls";
import { ProxyTarget } from "../../host/proxy-target";
import { ReverseProxy } from "../../host/reverse-proxy";
import { InputError } from "../../private/problems";
import { groupIn } from "../../private/terraform/group";
import type { ProxyOptions } from "../proxy-options";
import type { FleetAuthorities } from "./authorities";
import { proxyCaRole, upstreamCaRole } from "./authority-role";

/** Creates a proxy; its CA is the fleet's for that server if it can issue and no other is asked for. */
export function addProxy(
  fleet: IFleetTls,
  authorities: FleetAuthorities,
  id: string,
  options: ProxyOptions,
): ReverseProxy {
  const { ca: source, upstreamCa: upstreamSource, ...rest } = options;
  const { target = ProxyTarget.FLEET_SERVER } = options;
  checkUpstreamCa(fleet, id, upstreamSource);
  const upstreamCa = upstreamSource && authorities.create(upstreamCaRole(id), upstreamSource);
  const ofFleet = target === ProxyTarget.FLEET_SERVER ? fleet.fleetServerTrust : fleet.elasticsearchCa;
  const ca =
    source === undefined && (ofFleet.canIssue || target === ProxyTarget.ELASTICSEARCH)
      ? (ofFleet as IIssuingCertificateAuthority)
      : authorities.create(proxyCaRole(id), source);
  return new ReverseProxy(groupIn(fleet, "proxies"), id, { ...rest, fleet, ca, upstreamCa });
}

/** No certificate is issued here for the server behind a proxy, unless it is part of the fleet. */
function checkUpstreamCa({ node }: IFleetTls, id: string, source: CertificateAuthoritySource | undefined): void {
  if (source !== undefined && createsIssuer(source)) {
    throw new InputError([
      {
        where: `${node.path}/proxies/${id}: upstreamCa`,
        what: "is a CA that issues certificates, but the server behind the proxy gets none from it",
        allowed: "CertificateAuthoritySource.system(), trustOnly({ file }), existing(ca), or a rotation of those",
        fix: "give the CA of the certificate that the server already has by trustOnly({ file }), or leave upstreamCa out",
      },
    ]);
  }
}
