import { AUTHORITIES } from "./certificate-facts";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { AuthorityId, PageFile } from "./page-data";

/** A day as people write it, with the moment in the markup. */
export function day(date: Date, counts?: "expiry" | "renewal"): Html {
  const iso = date.toISOString();
  return html`<time datetime="${iso}" ${counts === undefined ? "" : html`data-counts="${counts}"`}
    >${iso.slice(0, 10)}</time
  >`;
}

/** Text to copy, with its button. The button shows once the script can do its work. */
export function copyable(id: string, name: string, text: string, wraps = false): Html {
  return html`<div class="block">
    <div class="bar">
      <span class="muted">${name}</span>
      <button type="button" hidden data-copies="${id}" data-name="${name}" aria-label="Copy ${name}">Copy</button>
    </div>
    <pre id="${id}" ${wraps && html`class="wraps"`} tabindex="0" role="region" aria-label="${name}">${text}</pre>
  </div>`;
}

/** A sentence whose file names look like file names, and do not break at their hyphens. */
export function sentence(text: string): Content {
  return text.split(/(\S+\.pem)/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

/** A CA's letter, as in the diagram. */
export function dot(id: AuthorityId): Html {
  return html`<span class="dot dot-${id}" aria-hidden="true">${AUTHORITIES[id].letter}</span>`;
}

/** A table that scrolls by itself where the page is narrow. */
export function table(caption: string, head: string[], rows: Html[], id?: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: ${caption}">
    <table ${id === undefined ? "" : html`id="${id}"`}>
      <caption class="visually-hidden">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The files of a folder. */
export function fileTable(caption: string, files: PageFile[]): Html {
  const rows = files.map(
    ({ name, mode }) =>
      html`<tr>
        <th scope="row" class="mono nowrap">${name}</th>
        <td>${purposeOf(name)}</td>
        <td class="mono nowrap">${mode}${mode.endsWith("00") ? html` <span class="muted">owner only</span>` : ""}</td>
      </tr>`,
  );
  return table(caption, ["File", "What it is", "Mode"], rows);
}

/** What a file of a host's folder is for. */
export function purposeOf(name: string): Content {
  const known = PURPOSES.find(([pattern]) => pattern.test(name));
  return known ? known[1] : "";
}

const PURPOSES: readonly (readonly [RegExp, string])[] = [
  [/^fleet-ca\.pem$/, "verifies Fleet Server's certificate"],
  [/^es-ca\.pem$/, "verifies Elasticsearch's certificate"],
  [/^agent-ca\.pem$/, "verifies agents' certificates"],
  [/^es-client-ca\.pem$/, "verifies what clients present to Elasticsearch"],
  [/^proxy-ca\.pem$/, "verifies the proxy's certificate"],
  [/-key-passphrase$/, "opens the private key beside it; no newline at its end"],
  [/-key\.pem$/, "a private key"],
  [/^fleet-cert\.pem$/, "what Fleet Server presents to agents"],
  [/^fleet-es-cert\.pem$/, "what Fleet Server presents to Elasticsearch"],
  [/^es-cert\.pem$/, "what Elasticsearch presents, and its CA"],
  [/^kibana-es-cert\.pem$/, "what Kibana presents to Elasticsearch"],
  [/^agent-cert\.pem$/, "what the agent presents"],
  [/^service-token$/, "Fleet Server's service token; no newline at its end"],
  [/^elasticsearch\.tls\.yml$/, "settings for elasticsearch.yml"],
  [/^kibana\.tls\.yml$/, "settings for kibana.yml"],
  [/-command\.(sh|ps1)$/, "the command as a script"],
  [/^container\.env$/, "the settings of the agent's container"],
  [/-request\.(sh|ps1)$/, "makes a key and a certificate request on the host"],
];
