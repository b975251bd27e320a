import { leafFacts } from "./certificate-facts";
import { commandBlock, factCells, isContainer, placeText, platformName, waitingCell } from "./host-sections";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { PageAgent, PageAgentGroup } from "../lib/fleet/page-data";
import type { Cell } from "./parts";
import { fileTable, table } from "./parts";

const READER = "the user that runs the agent: root, unless it is unprivileged";

/** Agents whose folders are alike: their files once, what differs in one table. */
export function agentGroup(group: PageAgentGroup, index: number): Html {
  const { members, platform, hostDirectory, files } = group;
  const id = `agents-${index + 1}`;
  const isOne = members.length === 1;
  const title = isOne ? (members[0]?.id ?? "") : `${members.length} agents on ${platformName(platform)}`;
  const reader = isContainer(group.commandFile) ? undefined : READER;
  return html`<article class="card long" aria-labelledby="${id}">
    <header>
      <h3 id="${id}">${title}</h3>
      <span class="tag">${platformName(platform)}${isContainer(group.commandFile) && ", container"}</span>
    </header>
    ${placeText(isOne ? `agents/${members[0]?.id}` : "agents/ID", hostDirectory, reader)}
    ${fileTable(`Files of ${title}`, files)}
    <h4>${isOne ? "Command" : "Commands"}</h4>
    ${commands(group, id)} ${agentTable(group, id, title)}
  </article>`;
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
    const folder = ids.length === 1 ? `agents/${ids[0]}` : "agents/ID";
    return [
      commandBlock(`${id}-command-${index + 1}`, whose, folder, { file: commandFile, text }),
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

/** Nothing where there is one agent without a certificate: all that it could say is said. */
function agentTable({ members }: PageAgentGroup, id: string, title: string): Content {
  const tableId = `${id}-table`;
  const hasCertificates = members.some(
    ({ certificate, inputCertificate }) => certificate !== undefined || inputCertificate !== undefined,
  );
  if (!hasCertificates && members.length === 1) {
    return undefined;
  }
  const row = (name: string, certificate: PageAgent["certificate"]): Cell[] => {
    const facts = certificate && leafFacts(certificate);
    const cells = facts
      ? factCells(facts)
      : [certificate ? waitingCell(3) : { content: "on the host already", span: 3 }];
    return [{ content: name, className: "mono nowrap" }, ...(hasCertificates ? cells : [])];
  };
  const columns = hasCertificates ? ["Agent", "Expires", "Renewed from", "SHA-256 fingerprint"] : ["Agent"];
  const rows = members.flatMap(({ id: agent, certificate, inputCertificate }): Cell[][] => [
    row(agent, certificate),
    ...(inputCertificate ? [row(`${agent}, inputs`, inputCertificate)] : []),
  ]);
  const heading = html`<h4>
    ${hasCertificates ? (members.length === 1 ? "Certificate" : "Certificates") : "Agents"}
  </h4>`;
  const whole = table(`${hasCertificates ? "Certificates" : "Agents"} of ${title}`, columns, rows, tableId);
  if (members.length < FILTER_FROM) {
    return [heading, whole];
  }
  return html`${heading}
    <details>
      <summary>All ${members.length} agents</summary>
      <p class="filter" hidden>
        <label for="${id}-filter">Show only ids with</label>
        <input id="${id}-filter" type="search" autocomplete="off" data-filters="${tableId}" />
      </p>
      ${whole}
    </details>`;
}
