import type { CertificateSource } from "../../../certificate/certificate-source";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import { ClientAuthentication } from "../../../command/client-authentication";
import type { Problems } from "../../../private/problems";
import { quoted } from "../../../private/problems";
import type { IFleetTls } from "../../ifleet-tls";
import { ProxySoftware } from "../../proxy-software";
import { ProxyTarget } from "../../proxy-target";

/** Refuses a key that stays on the host where the program reads it from a file of its own name. */
export function checkSource(problems: Problems, software: ProxySoftware, source: CertificateSource | undefined): void {
  if (software === ProxySoftware.HAPROXY && (source?._onHost ?? source?._request)) {
    problems.add("certificate", {
      what: "has a key that stays on the host, but HAProxy reads the key of proxy-cert.pem from proxy-cert.pem.key",
      allowed: "CertificateSource.generated() with HAProxy",
      fix: "leave it out, or use ProxySoftware.NGINX or ENVOY",
    });
  }
}

/** Hosts connect to a proxy of Elasticsearch at `elasticsearchUrl` and verify its certificate with `elasticsearchCa`. */
export function checkIssuer(
  problems: Problems,
  { elasticsearchCa }: IFleetTls,
  target: ProxyTarget,
  ca: ICertificateAuthority,
): void {
  if (target === ProxyTarget.ELASTICSEARCH && (ca !== elasticsearchCa || !elasticsearchCa.canIssue)) {
    problems.add("ca", {
      what: "is no CA with which hosts verify Elasticsearch: they verify the proxy at elasticsearchUrl with elasticsearchCa",
      got: quoted(ca.node.path),
      allowed: "an elasticsearchCa that can issue, for the proxy, and upstreamCa for the Elasticsearch behind it",
      fix: "leave ca out, and give the fleet an elasticsearchCa such as CertificateAuthoritySource.generated()",
    });
  }
}

/** Client certificates that the proxy asks for: by default required if hosts of the fleet have some. */
export function checkClients(
  problems: Problems,
  clientCas: ICertificateAuthority[],
  chosen: ClientAuthentication | undefined,
): ClientAuthentication {
  const hasClients = clientCas.length > 0;
  if (!hasClients && chosen !== undefined && chosen !== ClientAuthentication.NONE) {
    problems.add("clientAuthentication", {
      what: "asks for client certificates, but no host of this fleet has one for this server",
      got: chosen.mode,
      allowed: "ClientAuthentication.NONE",
      fix: "leave it out, or give the fleet an agentCa",
    });
  }
  return chosen ?? (hasClients ? ClientAuthentication.REQUIRED : ClientAuthentication.NONE);
}
