import { createHash } from "node:crypto";

import { AUTHORITIES, nextRenewal } from "./certificate-facts";
import { diagram } from "./diagram";
import { agentGroup, authorityTable, elsewhere, hostCard } from "./host-sections";
import type { Content } from "./html";
import { Html, html } from "./html";
import type { HostKind, PageData } from "./page-data";
import { copyable, day, dot, sentence } from "./parts";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import { topologyOf } from "./topology";

interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

/** Renders the operator's page: the same bytes for the same data, and nothing that is fetched from anywhere. */
export function renderPage(data: PageData): string {
  const sections = sectionsOf(data).filter(({ content }) => content !== undefined);
  const mode = data.isMutual ? "Mutual TLS" : "One-way TLS";
  const title = `${mode} for Fleet: ${data.name}`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <title>${title}</title>
        ${element("style", STYLE)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <div class="page">
          <header>
            <h1>${title}</h1>
            <p class="muted">
              Written by the deploy that wrote the files beside it. It holds no secret; the folders that it names do.
            </p>
            ${facts(data)}
            <nav aria-label="Sections">
              <ul>
                ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
              </ul>
            </nav>
          </header>
          <main id="main">
            ${sections.map(
              ({ id, title, content }) =>
                html`<section aria-labelledby="${id}">
                  <h2 id="${id}">${title}</h2>
                  ${content}
                </section>`,
            )}
          </main>
          <footer>
            Terraform replaces a file by deleting and writing it, so copy from this directory only when no deploy runs.
          </footer>
        </div>
        <div id="status" class="visually-hidden" role="status" aria-live="polite"></div>
        ${element("script", SCRIPT)}
      </body>
    </html> `;
  return page.toString();
}

/** Its text has to stay as it is: the policy knows it by its hash. */
function element(name: "style" | "script", text: string): Html {
  return new Html(`<${name}>${text}</${name}>`);
}

/** Nothing but the page's own style and script runs, and nothing is loaded: a browser enforces it. */
function policy(): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;
}

function facts(data: PageData): Html {
  const renewal = nextRenewal(data);
  const agents = data.agents.reduce((sum, { members }) => sum + members.length, 0) + data.elsewhere.length;
  const servers = data.hosts.filter(({ kind }) => kind === "fleet-server").length;
  const asks = data.elasticsearchClientAuthentication;
  return html`<dl class="facts">
    <div>
      <dt>Fleet Server</dt>
      <dd>${data.fleetServerUrl}<br /><span class="muted">client certificates: ${data.clientAuthentication}</span></dd>
    </div>
    <div>
      <dt>Elasticsearch</dt>
      <dd>
        ${data.elasticsearchUrl}<br /><span class="muted"
          >${asks === undefined ? "exists elsewhere" : `client certificates: ${asks}`}</span
        >
      </dd>
    </div>
    <div>
      <dt>Hosts</dt>
      <dd>
        ${agents} ${agents === 1 ? "agent" : "agents"}<br /><span class="muted"
          >${servers} ${servers === 1 ? "Fleet Server" : "Fleet Servers"}</span
        >
      </dd>
    </div>
    <div>
      <dt>Next renewal</dt>
      <dd>
        ${renewal ? html`${day(renewal, "renewal")}<br /><span class="muted">by a deploy from that day on</span>` : "nothing to renew"}
      </dd>
    </div>
  </dl>`;
}

function sectionsOf(data: PageData): Section[] {
  const topology = topologyOf(data);
  const cards = (kind: HostKind): Content => {
    const hosts = data.hosts.filter((host) => host.kind === kind);
    return hosts.length === 0 ? undefined : hosts.map(hostCard);
  };
  return [
    {
      id: "trust",
      title: "Who trusts whom",
      content: html`<figure>
          <div class="scroll" tabindex="0" role="region" aria-label="Trust diagram">${diagram(topology)}</div>
          <figcaption>
            <ul class="legend">
              ${data.authorities.map(({ id }) => html`<li>${dot(id)} ${AUTHORITIES[id].name}</li>`)}
            </ul>
          </figcaption>
        </figure>
        <ol class="connections">
          ${topology.connections.map(({ text }) => html`<li>${sentence(text.join(" "))}</li>`)}
        </ol>`,
    },
    {
      id: "authorities",
      title: "Certificate authorities",
      content: html`<div class="card">${authorityTable(data.authorities)}</div>`,
    },
    { id: "elasticsearch", title: "Elasticsearch", content: cards("elasticsearch") },
    { id: "kibana", title: "Kibana", content: cards("kibana") },
    { id: "output", title: "Fleet output", content: outputs(data) },
    { id: "fleet-server", title: "Fleet Server", content: cards("fleet-server") },
    {
      id: "agents",
      title: "Agents",
      content:
        data.agents.length === 0 && data.elsewhere.length === 0
          ? undefined
          : [elsewhere(data), data.agents.map(agentGroup)],
    },
  ];
}

function outputs({ settings }: PageData): Content {
  return settings.length === 0
    ? undefined
    : [
        html`<p>
          What agents are told of TLS towards Elasticsearch. Where <code>kibana.yml</code> does not declare it, paste it
          into <em>Fleet, Settings, Outputs, Advanced YAML configuration</em>, and leave the fields for TLS empty there.
        </p>`,
        settings.map(
          ({ title, text, file }, index) =>
            html`<div class="card">${copyable(`output-${index + 1}`, `${title} (${file})`, text)}</div>`,
        ),
      ];
}
