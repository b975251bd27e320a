import { AUTHORITIES, bundleFacts } from "./certificate-facts";
import type { Html } from "./html";
import { html } from "./html";
import type { PageAuthority } from "../lib/fleet/page-data";
import type { Cell } from "./parts";
import { day, dot, table } from "./parts";

/** The CAs: what hosts trust, and until when. */
export function authorityTable(authorities: PageAuthority[]): Html {
  const rows = authorities.flatMap((authority): Cell[][] => {
    const head: Cell = {
      content: html`${dot(authority.id)} ${AUTHORITIES[authority.id].name}`,
      className: "nowrap",
    };
    if (authority.pem === undefined) {
      const place =
        authority.hostPath === undefined ? "Trusted by the hosts' operating systems." : "On the hosts only:";
      return [
        [head, { content: html`${place} ${authority.hostPath && html`<code>${authority.hostPath}</code>`}`, span: 3 }],
      ];
    }
    return bundleFacts(authority.pem).map((facts) => [
      head,
      { content: facts.names },
      { content: day(facts.notAfter, "expiry"), className: "nowrap" },
      { content: facts.fingerprint, className: "mono fingerprint" },
    ]);
  });
  return table("Certificate authorities", ["CA", "Common name", "Expires", "SHA-256 fingerprint"], rows);
}
