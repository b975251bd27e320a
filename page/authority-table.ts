import { AUTHORITIES, bundleFacts, intermediateFacts } from "./certificate-facts";
import type { Html } from "./html";
import { html } from "./html";
import type { PageData } from "../lib/fleet/page-data";
import type { Cell } from "./parts";
import { day, dot, table } from "./parts";

/** The CAs: what hosts trust, and until when. */
export function authorityTable(data: PageData): Html {
  const rows = data.authorities.flatMap((authority): Cell[][] => {
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
    const trusted = bundleFacts(authority.pem);
    const intermediates = intermediateFacts(data, authority.id, trusted);
    return [...trusted, ...intermediates].map((facts, index) => [
      head,
      {
        content: html`${facts.names}${index >= trusted.length && html`<span class="note">intermediate, presented with each certificate</span>`}`,
      },
      { content: day(facts.notAfter, "expiry"), className: "nowrap" },
      { content: facts.fingerprint, className: "mono fingerprint" },
    ]);
  });
  return table("Certificate authorities", ["CA", "Common name", "Expires", "SHA-256 fingerprint"], rows);
}
