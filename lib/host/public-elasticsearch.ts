import { isSystemTrust } from "../authority/records";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { Problems } from "../private/problems";

/**
 * Refuses props that would become TLS settings towards an Elasticsearch with a public certificate. With any TLS setting,
 * Fleet Server checks the chain but not the name (fleet-server internal/pkg/config/output.go, ToConfig), so everybody
 * with a certificate of a public CA could receive its service token; and the edge of Elastic Cloud takes no client
 * certificate.
 *
 * @param props the values by their names
 */
export function checkPublicElasticsearch(
  problems: Problems,
  elasticsearchCa: ICertificateAuthority,
  props: Record<string, unknown>,
): void {
  if (!isSystemTrust(elasticsearchCa)) {
    return;
  }
  for (const prop of Object.keys(props).filter((name) => props[name] !== undefined && props[name] !== false)) {
    problems.add(prop, {
      what: "is given, but elasticsearchCa is system(), with which nothing about TLS towards Elasticsearch may be set",
      allowed: "no TLS setting towards an Elasticsearch with a public certificate: its name would not be checked",
      fix: `remove ${prop}, or give elasticsearchCa the CA of an Elasticsearch of your own, as by trustOnly({ file, dedicated: true })`,
    });
  }
}
