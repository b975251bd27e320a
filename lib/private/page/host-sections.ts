import type { CertificateFacts } from "./certificate-facts";
import { AUTHORITIES, bundleFacts, leafFacts } from "./certificate-facts";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { PageAgentGroup, PageAuthority, PageCertificate, PageCommand, PageData, PageHost } from "./page-data";
import { copyable, day, dot, fileTable, table } from "./parts";

const CERTIFICATE_COLUMNS = ["Certificate", "Signed by", "Names", "Expires", "Renewed from", "SHA-256 fingerprint"];

/** One Fleet Server, Elasticsearch node or Kibana. */
export function hostCard(host: PageHost): Html {
  const id = `${host.kind}-${host.id}`;
  return html`<article class="card" aria-labelledby="${id}">
    <header>
      <h3 id="${id}">${host.id}</h3>
      <span class="muted">${host.platform}</span>
    </header>
    ${placeText(host.folder, host.hostDirectory)} ${fileTable(`Files of ${host.id}`, host.files)}
    ${
      host.certificates.length > 0 &&
      html`<h4>Certificates</h4>
        ${table(`Certificates of ${host.id}`, CERTIFICATE_COLUMNS, host.certificates.map(certificateRow))}`
    }
    ${
      host.settings &&
      html`<h4>Settings</h4>
        ${copyable(`${id}-settings`, host.settings.title, host.settings.text)}`
    }
    ${
      host.command &&
      html`<h4>Command</h4>
        ${commandBlock(`${id}-command`, `Install command of ${host.id}`, host.folder, host.command)}`
    }
  </article>`;
}

/** Agents whose folders are alike: their files once, what differs in one table. */
export function agentGroup(group: PageAgentGroup, index: number): Html {
  const { members, platform, hostDirectory, files } = group;
  const id = `agents-${index + 1}`;
  const title = members.length === 1 ? (members[0]?.id ?? "") : `${members.length} agents on ${platform}`;
  return html`<article class="card long" aria-labelledby="${id}">
    <header>
      <h3 id="${id}">${title}</h3>
      <span class="muted">${platform}</span>
    </header>
    ${placeText(members.length === 1 ? `agents/${members[0]?.id}` : "agents/ID", hostDirectory)}
    ${fileTable(`Files of ${title}`, files)}
    <h4>${members.length === 1 ? "Command" : "Commands"}</h4>
    ${commands(group, id)}
    <h4>${members.length === 1 ? "Agent" : "Agents"}</h4>
    ${agentTable(group, id, title)}
  </article>`;
}

/** The CAs: what hosts trust, and until when. */
export function authorityTable(authorities: PageAuthority[]): Html {
  const rows = authorities.flatMap((authority) => {
    const { name } = AUTHORITIES[authority.id];
    const head = html`<th scope="row" class="nowrap">${dot(authority.id)} ${name}</th>`;
    if (authority.pem === undefined) {
      const place =
        authority.hostPath === undefined ? "Trusted by the hosts' operating systems." : "On the hosts only:";
      return html`<tr>
        ${head}
        <td colspan="3">${place} ${authority.hostPath && html`<code>${authority.hostPath}</code>`}</td>
      </tr>`;
    }
    return bundleFacts(authority.pem).map(
      (facts) =>
        html`<tr>
          ${head}
          <td>${facts.names}</td>
          <td class="nowrap">${day(facts.notAfter, "expiry")}</td>
          <td class="mono fingerprint">${facts.fingerprint}</td>
        </tr>`,
    );
  });
  return table("Certificate authorities", ["CA", "Common name", "Expires", "SHA-256 fingerprint"], rows);
}

function placeText(folder: string, hostDirectory: string): Html {
  return html`<p>
    Copy the folder <code>${folder}/</code> to <code>${hostDirectory}</code>, each file under another name first, then
    renamed into place.
  </p>`;
}

function certificateRow(certificate: PageCertificate): Html {
  const facts = leafFacts(certificate);
  return html`<tr>
    <th scope="row" class="mono nowrap">${certificate.file}</th>
    <td class="nowrap">${dot(certificate.authority)} ${AUTHORITIES[certificate.authority].name}</td>
    ${
      facts
        ? html`<td>${facts.names.join(", ")}</td>
            ${factCells(facts)}`
        : waitingCell(4)
    }
  </tr>`;
}

function factCells({ notAfter, renewal, fingerprint }: CertificateFacts): Html {
  return html`<td class="nowrap">${day(notAfter, "expiry")}</td>
    <td class="nowrap">${renewal && day(renewal, "renewal")}</td>
    <td class="mono fingerprint">${fingerprint}</td>`;
}

function waitingCell(columns: number): Html {
  return html`<td colspan="${columns}">waits for the request that the host's script makes</td>`;
}

function commandBlock(id: string, name: string, folder: string, { file, text }: PageCommand): Content {
  const path = `${folder}/${file}`;
  return text === undefined
    ? html`<p>It holds a secret, so it is only in <code>${path}</code>, which nobody but its owner may read.</p>`
    : [copyable(id, name, text, true), html`<p class="muted">The same as a script: <code>${path}</code></p>`];
}

/** Most agents' commands are the same word for word: their files have the same names and paths. */
function commands({ members, commandFile }: PageAgentGroup, id: string): Content {
  const byText = new Map<string | undefined, string[]>();
  for (const member of members) {
    byText.set(member.command, [...(byText.get(member.command) ?? []), member.id]);
  }
  return [...byText].map(([text, ids], index) => {
    const isSame = ids.length === members.length;
    const whose = ids.length === 1 ? `of ${ids[0]}` : isSame ? "of every agent here" : `of ${ids.length} agents`;
    return [
      commandBlock(
        `${id}-command-${index + 1}`,
        `Install command ${whose}`,
        ids.length === 1 ? `agents/${ids[0]}` : "agents/ID",
        { file: commandFile, text },
      ),
      !isSame &&
        ids.length > 1 &&
        html`<details>
          <summary>Which ${ids.length} agents</summary>
          <p class="mono">${ids.join(", ")}</p>
        </details>`,
    ];
  });
}

const FILTER_FROM = 12;

function agentTable({ members }: PageAgentGroup, id: string, title: string): Content {
  const tableId = `${id}-table`;
  const hasCertificates = members.some(({ certificate }) => certificate !== undefined);
  const head = hasCertificates ? ["Agent", "Expires", "Renewed from", "SHA-256 fingerprint"] : ["Agent"];
  const rows = members.map(({ id: agent, certificate }) => {
    const facts = certificate && leafFacts(certificate);
    const cells = facts
      ? factCells(facts)
      : certificate
        ? waitingCell(3)
        : html`<td colspan="3">on the host already</td>`;
    return html`<tr>
      <th scope="row" class="mono nowrap">${agent}</th>
      ${hasCertificates ? cells : ""}
    </tr>`;
  });
  const whole = table(`Certificates of ${title}`, head, rows, tableId);
  if (members.length < FILTER_FROM) {
    return whole;
  }
  return html`<details>
    <summary>All ${members.length} agents</summary>
    <p class="filter" hidden>
      <label for="${id}-filter">Show only ids with</label>
      <input id="${id}-filter" type="search" autocomplete="off" data-filters="${tableId}" />
    </p>
    ${whole}
  </details>`;
}

/** What of the agents this stack cannot know. */
export function elsewhere({ elsewhere: paths }: PageData): Content {
  return (
    paths.length > 0 &&
    html`<p>
      ${paths.length} more ${paths.length === 1 ? "agent is" : "agents are"} in other stacks, whose values this page
      cannot read; their folders and commands are in the same output directory:
      <span class="mono">${paths.join(", ")}</span>
    </p>`
  );
}
