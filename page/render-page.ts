import { createHash } from "node:crypto";

import { agentGroup } from "./agent-sections";
import { authorityTable } from "./authority-table";
import { AUTHORITIES } from "./certificate-facts";
import { diagram } from "./diagram";
import { fleetSettings, nextRenewal, renewal } from "./fleet-sections";
import { elsewhere, hostCard, spread, withCode } from "./host-sections";
import type { Content } from "./html";
import { Html, html } from "./html";
import type { PageData } from "../lib/fleet/page-data";
import { prerequisiteLine } from "../lib/fleet/prerequisite";
import { day, dot, sentence } from "./parts";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import { agentCount, topologyOf } from "./topology";

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
          <header class="top">
            <h1>${MARK} ${title}</h1>
            <p class="lead">
              Written by the same deploy as the files in this folder. Set up Elasticsearch first, then Kibana, Fleet
              Server and the agents, in the order of this page. This page contains no secret; the folders that it names
              do.
            </p>
            ${facts(data)}
          </header>
          <nav aria-label="Sections">
            <ul>
              ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
            </ul>
          </nav>
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

/** A closed lock: what the page is about. */
const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M7 10V7a5 5 0 0 1 10 0v3" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
  <rect x="4.5" y="10" width="15" height="11" rx="2.5" fill="currentColor" />
</svg>`;

/** A URL that breaks before its port, not within it. */
function breakable(url: string): Content {
  const [, start = url, port = ""] = /^(.*?)(:\d+.*)?$/.exec(url) ?? [];
  return html`${start}<wbr />${port}`;
}

function facts(data: PageData): Html {
  const moment = nextRenewal(data);
  const agents = agentCount(data);
  const count = (kind: string): number => data.hosts.filter((host) => host.kind === kind).length;
  const servers = count("fleet-server");
  const asks = data.elasticsearchClientAuthentication;
  const fact = (name: string, value: Content, note: Content): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}<span class="note">${note}</span></dd>
    </div>`;
  return html`<dl class="facts">
    ${fact(
      "Fleet Server",
      breakable(data.fleetServerHosts[0]?.urls[0] ?? ""),
      data.isExternal ? "runs elsewhere" : `client certificates: ${data.clientAuthentication}`,
    )}
    ${fact(
      "Elasticsearch",
      breakable(data.elasticsearchUrl),
      asks === undefined ? "exists elsewhere" : `client certificates: ${asks}`,
    )}
    ${fact(
      "Hosts",
      `${agents} ${agents === 1 ? "agent" : "agents"}`,
      data.isExternal ? "no Fleet Server" : `${servers} ${servers === 1 ? "Fleet Server" : "Fleet Servers"}`,
    )}
    ${fact(
      "Next renewal",
      moment ? day(moment, "renewal") : "none",
      moment ? "by a deploy from that day on" : "nothing is renewed by a deploy",
    )}
  </dl>`;
}

function sectionsOf(data: PageData): Section[] {
  const topology = topologyOf(data);
  const cards = (kind: string): Content => {
    const hosts = data.hosts.filter((host) => host.kind === kind);
    return hosts.length === 0 ? undefined : hosts.map(hostCard);
  };
  const others = [...new Map(data.hosts.map(({ kind, title }) => [kind, title]))].filter(
    ([kind]) => !["elasticsearch", "kibana", "fleet-server"].includes(kind),
  );
  return [
    {
      id: "trust",
      title: "Who trusts whom",
      content: html`<figure>
          <div class="scroll" role="group" aria-label="Trust diagram">${diagram(topology)}</div>
          <figcaption>
            <ul class="legend">
              ${data.authorities.map(({ id }) => html`<li>${dot(id)} ${AUTHORITIES[id].name}</li>`)}
            </ul>
          </figcaption>
        </figure>
        <ol class="connections">
          ${topology.connections.map(({ text }) => html`<li>${sentence(text.join(" "))}</li>`)}
        </ol>
        ${elsewhere(data.hostsElsewhere, "host", "hosts")}`,
    },
    {
      id: "authorities",
      title: "Certificate authorities",
      content: html`<div class="card">${authorityTable(data)}</div>`,
    },
    { id: "before", title: "Before a host is installed", content: toProvide(data) },
    { id: "elasticsearch", title: "Elasticsearch", content: cards("elasticsearch") ?? existing(data) },
    { id: "kibana", title: "Kibana", content: cards("kibana") },
    { id: "fleet", title: "Fleet in Kibana", content: fleetSettings(data) },
    { id: "fleet-server", title: "Fleet Server", content: cards("fleet-server") },
    ...others.map(([id, title]) => ({ id, title, content: cards(id) })),
    {
      id: "agents",
      title: "Agents",
      content:
        agentCount(data) === 0 && !data.agentStacks?.length
          ? undefined
          : [
              spread(data.agentStacks ?? []),
              elsewhere(data.agentsElsewhere, "agent", "agents"),
              data.agents.map(agentGroup),
            ],
    },
    { id: "renewal", title: "Renewal", content: renewal(data) },
  ];
}

function toProvide({ prerequisites }: PageData): Content {
  return prerequisites.length === 0
    ? undefined
    : html`<p>Provide:</p>
        <ul>
          ${prerequisites.map((one) => html`<li>${withCode(prerequisiteLine(one))}</li>`)}
        </ul>`;
}

/** Of an Elasticsearch that needs no file of the fleet's. */
function existing({ elasticsearchUrl }: PageData): Html {
  return html`<p>
    It exists elsewhere and needs nothing from here. What it presents at <code>${elasticsearchUrl}</code> has to be
    signed by the Elasticsearch CA above, and to have the host of that URL among its names.
  </p>`;
}
