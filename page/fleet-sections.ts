import { dueBy } from "./certificate-facts";
import { withCode } from "./host-sections";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { PageData, PageFleetServerHosts, PageKibanaObject, PageOutput, PagePolicy } from "../lib/fleet/page-data";
import type { Cell } from "./parts";
import { copyable, copyableValue, day, table } from "./parts";

/** Settings for Fleet in Kibana: the Fleet Server host, and the settings of the outputs. */
export function fleetSettings(data: PageData): Content {
  const { outputs, outputUrl, fleetServerHosts, isFleetDeclared } = data;
  return [
    isFleetDeclared
      ? html`<p>
          The settings for <code>kibana.yml</code> above declare all of this, and Kibana then shows it as read-only:
          there is nothing to enter by hand.
        </p>`
      : html`<p>
          Enter this in Kibana under <em>Fleet, Settings</em>. Leave every field for TLS empty, of the Fleet Server host
          and of the outputs: agents have what they need for Fleet Server from their commands.
        </p>`,
    fleetServerHosts.map(fleetServerCard),
    outputs.map((output, index) => outputCard(output, outputUrl, index + 1)),
    data.fleetProxies.map((one, index) => objectCard("Fleet proxy", "proxies", one, index)),
    data.downloadSources.map((one, index) =>
      objectCard("Agent binary download source", "agent_download_sources", one, index),
    ),
    data.policies.length > 0 && policyTable(data.policies),
  ];
}

/** One of Kibana's Fleet Server hosts; the first is the default one. */
function fleetServerCard({ name, urls, fleetProxy }: PageFleetServerHosts, index: number): Html {
  const id = index === 0 ? "fleet-server-url" : `fleet-server-url-${index + 1}`;
  return html`<div class="card">
    <h3>Fleet Server hosts ${name}${index === 0 && ", the default ones"}</h3>
    ${urls.map((url, number) =>
      copyableValue(
        number === 0 ? id : `${id}-${number + 1}`,
        "URL",
        url,
        `URL${urls.length === 1 ? "" : ` ${number + 1}`} of the Fleet Server hosts ${name}`,
      ),
    )}
    ${fleetProxy !== undefined && html`<p>Proxy: <em>${fleetProxy}</em></p>`}
  </div>`;
}

function objectCard(title: string, path: string, { name, file, text }: PageKibanaObject, index: number): Html {
  return html`<div class="card">
    <h3>${title} ${name}</h3>
    ${copyable(`${path}-${index + 1}`, `Body of POST /api/fleet/${path} for ${name}`, text)}
    <p class="muted">The same as a file: <code>${file}</code></p>
  </div>`;
}

/** What each policy names; what is empty is Kibana's default. */
function policyTable(policies: PagePolicy[]): Html {
  const columns = [
    "Policy",
    "Enrollment token",
    "Fleet Server hosts",
    "Output",
    "Monitoring",
    "Download source",
    "Agents",
  ];
  const cell = (text: string | undefined): Cell => ({ content: text ?? "default" });
  const rows = policies.map((policy): Cell[] => [
    { content: policy.name, className: "nowrap" },
    { content: withCode(policy.enrollmentToken) },
    {
      content: html`${policy.fleetServerHosts}${policy.proxyUrl !== undefined && html`, by <code>${policy.proxyUrl}</code>`}`,
    },
    cell(policy.dataOutput),
    cell(policy.monitoringOutput),
    cell(policy.downloadSource),
    { content: `${policy.hosts.join(", ")}${policy.moreHosts > 0 ? ` and ${policy.moreHosts} more` : ""}` },
  ]);
  return html`<div class="card">
    <h3>Agent policies</h3>
    ${table("Agent policies", columns, rows)}
  </div>`;
}

function outputCard({ title, file, hosts, moreHosts, text }: PageOutput, url: string, number: number): Html {
  const who = moreHosts > 0 ? `${hosts.join(", ")} and ${moreHosts} more` : hosts.join(", ");
  return html`<article class="card" aria-labelledby="output-title-${number}">
    <h3 id="output-title-${number}">${title}</h3>
    <p>For the policies of <span class="mono">${who}</span>.</p>
    ${copyableValue(`output-url-${number}`, "Hosts", url, `Hosts of ${title.replace(/^O/, "o")}`)}
    ${copyable(`output-${number}`, `Advanced YAML configuration of ${title.replace(/^O/, "o")}`, text)}
    ${file !== undefined && html`<p class="muted">The same as a file: <code>${file}</code></p>`}
  </article>`;
}

/** When something is due, and what to do then. */
export function renewal(data: PageData): Content {
  const moment = nextRenewal(data);
  const folder = data.outputDirectory;
  return html`<div class="card">
    <p>
      ${
        moment
          ? html`Due first, ${day(moment, "renewal")}: ${dueText(data, moment)}. The first deploy from that day on
            renews it, with the same key at the same path. Nothing happens without a deploy, so run one every month.`
          : "Nothing here is renewed by a deploy."
      }
    </p>
    <ol class="steps">
      <li>Deploy, and let it end: Terraform deletes a file before it writes its new content.</li>
      <li>
        Check the folders.
        ${copyable("verify-command", "Command that checks every folder", `npx fleet-tls verify ${quoted(folder)}`)}
      </li>
      <li>
        Copy what changed to its hosts, each file under another name first, then renamed into place. Which host needs a
        restart, and what to do while a CA is replaced, is in <a href="RUNBOOK.md">RUNBOOK.md</a>.
      </li>
    </ol>
    ${copyable("expiring-command", "For a pipeline: fails once something is due", `npx fleet-tls expiring ${quoted(folder)}`)}
  </div>`;
}

/** Time of the next renewal, as in the fleet's output. */
export function nextRenewal({ nextRenewal: moment }: PageData): Date | undefined {
  return moment === "" ? undefined : new Date(moment);
}

const MOST_DUE = 3;

function dueText(data: PageData, moment: Date): Content {
  const due = dueBy(data, moment);
  if (due.length === 0) {
    return "a certificate authority";
  }
  const some = due.slice(0, MOST_DUE).map(({ host, file }) => html`<code class="nowrap">${file}</code> of ${host}`);
  const rest = due.length - some.length;
  return [
    some.map((each, index) => [index > 0 && ", ", each]),
    rest > 0 && ` and ${rest} more ${rest === 1 ? "certificate" : "certificates"}`,
  ];
}

/** A folder as a shell takes it. */
function quoted(folder: string): string {
  return /^[\w./@:+-]+$/.test(folder) ? folder : `'${folder.replace(/'/g, `'\\''`)}'`;
}
