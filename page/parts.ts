import { AUTHORITIES } from "./certificate-facts";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { AuthorityId, PageFile } from "../lib/fleet/page-data";

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
      <span class="name">${name}</span>
      <button type="button" hidden data-copies="${id}" data-name="${name}" aria-label="Copy ${name}">Copy</button>
    </div>
    <pre id="${id}" ${wraps && html`class="wraps"`} role="group" aria-label="${name}">${text}</pre>
  </div>`;
}

/** A short value to copy, such as a URL, on the line of its label; `name` says of what it is. */
export function copyableValue(id: string, label: string, value: string, name: string): Html {
  return html`<div class="value">
    <span class="name">${label}</span>
    <code id="${id}">${value}</code>
    <button type="button" hidden data-copies="${id}" data-name="${name}" aria-label="Copy ${name}">Copy</button>
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

/** A cell of a table. */
export interface Cell {
  readonly content: Content;
  readonly className?: string;
  /** Number of columns. */
  readonly span?: number;
}

/**
 * A table whose rows become cards on a narrow screen, each cell with its column's name. The roles say what it is: a
 * browser forgets it of a table that is displayed as something else.
 */
export function table(caption: string, columns: string[], rows: Cell[][], id?: string): Html {
  return html`<div class="scroll" role="group" aria-label="${caption}">
    <table role="table" ${id !== undefined && html`id="${id}"`}>
      <caption class="visually-hidden">
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (cells) =>
            html`<tr role="row">
              ${cells.map((cell, index) => tableCell(cell, columns[index] ?? "", index === 0))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function tableCell({ content, className, span }: Cell, column: string, isHead: boolean): Html {
  const more = html`${className !== undefined && html` class="${className}"`}${span !== undefined && html` colspan="${span}"`}`;
  return isHead
    ? html`<th role="rowheader" scope="row" ${more}>${content}</th>`
    : html`<td role="cell" data-column="${span === undefined ? column : ""}" ${more}><div>${content}</div></td>`;
}

/** The files of a folder. */
export function fileTable(caption: string, files: PageFile[]): Html {
  const rows = files.map(({ name, mode }): Cell[] => [
    { content: name, className: "mono nowrap" },
    { content: purposeOf(name) },
    {
      content: html`<span class="mono">${mode}</span>${
          mode.endsWith("00") && html` <span class="secret">owner only</span>`
        }`,
      className: "nowrap",
    },
  ]);
  return table(caption, ["File", "What it is", "Mode"], rows);
}

/** Purpose of a file in a host's folder. */
function purposeOf(name: string): Content {
  const known = PURPOSES.find(([pattern]) => pattern.test(name));
  return known ? known[1] : "";
}

const PURPOSES: readonly (readonly [RegExp, string])[] = [
  [/^fleet-ca\.pem$/, "verifies Fleet Server's certificate"],
  [/^es-ca\.pem$/, "verifies Elasticsearch's certificate"],
  [/^agent-ca\.pem$/, "verifies agents' certificates"],
  [/^es-client-ca\.pem$/, "verifies what clients present to Elasticsearch"],
  [/^proxy-ca\.pem$/, "verifies the proxy's certificate"],
  [/-key-passphrase$/, "passphrase of the private key in the same folder; no newline at its end"],
  [/-key\.pem$/, "a private key"],
  [/^fleet-cert\.pem$/, "what Fleet Server presents to agents"],
  [/^fleet-es-cert\.pem$/, "what Fleet Server presents to Elasticsearch"],
  [/^es-cert\.pem$/, "what Elasticsearch presents, and its CA"],
  [/^kibana-es-cert\.pem$/, "what Kibana presents to Elasticsearch"],
  [/^agent-cert\.pem$/, "what the agent presents"],
  [/^input-cert\.pem$/, "what inputs that listen on the host present"],
  [/^service-token$/, "Fleet Server's service token; no newline at its end"],
  [/^elasticsearch\.tls\.yml$/, "settings for elasticsearch.yml"],
  [/^kibana\.tls\.yml$/, "settings for kibana.yml"],
  [/-command\.(sh|ps1)$/, "the command as a script"],
  [/^container\.env$/, "the settings of the agent's container"],
  [/-request\.(sh|ps1)$/, "makes a key and a certificate request on the host"],
];
