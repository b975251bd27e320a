import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { Agent } from "../../host/agent";
import { DownloadSource } from "../../host/download-source";
import { FleetProxy } from "../../host/fleet-proxy";
import type { IFleetTls } from "../../host/ifleet-tls";
import { ReverseProxy } from "../../host/reverse-proxy";
import type { AuthorityRole } from "./authority-role";
import {
  AGENT_CA,
  downloadCaRole,
  ELASTICSEARCH_CA,
  FLEET_CA,
  FLEET_ES_CA,
  fleetProxyCaRole,
  INPUT_CA,
  proxyCaRole,
  receiverRole,
} from "./authority-role";
import { serverCaOf } from "./server-ca";

/** A CA that hosts trust, and its role. */
export interface TrustedCa {
  readonly role: AuthorityRole;
  readonly ca: ICertificateAuthority;
}

/** The CAs of a fleet, each once. */
export function trustedCas(fleet: IFleetTls): TrustedCa[] {
  const known = fleetCas(fleet);
  const others = [
    ...fleet.hosts.map((host) => ({ ca: serverCaOf(host), role: () => receiverRole(host) })),
    ...DownloadSource.of(fleet).map(({ ca, node }) => ({ ca, role: () => downloadCaRole(node.id) })),
    ...FleetProxy.of(fleet).map(({ ca, node }) => ({ ca, role: () => fleetProxyCaRole(node.id) })),
  ];
  for (const { ca, role } of others) {
    if (ca && !known.some((each) => each.ca === ca)) {
      known.push({ role: role(), ca });
    }
  }
  return known;
}

function fleetCas({ fleetServerTrust, elasticsearchCa, clientTls, hosts }: IFleetTls): TrustedCa[] {
  const known: TrustedCa[] = [
    { role: FLEET_CA, ca: fleetServerTrust },
    { role: ELASTICSEARCH_CA, ca: elasticsearchCa },
    ...(clientTls ? [{ role: AGENT_CA, ca: clientTls.agentCa }] : []),
  ];
  const inputs = hosts.flatMap((host) => (host instanceof Agent ? (host.serverCertificate?.issuer ?? []) : []));
  known.push(...[...new Set(inputs)].map((ca) => ({ role: INPUT_CA, ca })));
  const fleetEs = clientTls?.elasticsearchClientIssuer;
  if (fleetEs && !known.some(({ ca }) => ca === fleetEs)) {
    known.push({ role: FLEET_ES_CA, ca: fleetEs });
  }
  for (const host of hosts) {
    if (host instanceof ReverseProxy && !known.some(({ ca }) => ca === host.ca)) {
      known.push({ role: proxyCaRole(host.id), ca: host.ca });
    }
  }
  return known;
}

/** The role of a CA. One that is not of the fleet can only have been passed in for client certificates. */
export function roleOf(ca: ICertificateAuthority, cas: TrustedCa[]): AuthorityRole {
  return cas.find((each) => each.ca === ca)?.role ?? FLEET_ES_CA;
}
