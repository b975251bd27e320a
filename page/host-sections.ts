import type { CertificateFacts } from "./certificate-facts";
import { AUTHORITIES, leafFacts } from "./certificate-facts";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { PageCertificate, PageCommand, PageHost } from "../lib/fleet/page-data";
import type { Cell } from "./parts";
import { copyable, day, dot, fileTable, table } from "./parts";

const CERTIFICATE_COLUMNS = ["Certificate", "Signed by", "Names", "Expires", "Renewed from", "SHA-256 fingerprint"];

/** A host of any kind but agents. */
export function hostCard(host: PageHost): Html {
  const id = `${host.kind}-${host.id}`;
  return html`<article class="card" aria-labelledby="${id}">
    <header>
      <h3 id="${id}">${host.id}</h3>
      <span class="tag">${platformName(host.platform)}</span>
    </header>
    ${placeText(host.folder, host.hostDirectory, host.reader)} ${fileTable(`Files of ${host.id}`, host.files)}
    ${
      host.certificates.length > 0 &&
      html`<h4>Certificates</h4>
        ${table(`Certificates of ${host.id}`, CERTIFICATE_COLUMNS, host.certificates.map(certificateRow))}`
    }
    ${host.settings.length > 0 && html`<h4>Settings</h4>`}
    ${host.settings.map(
      ({ title, file, text, hint }, index) =>
        html`<p>${withCode(hint)}</p>
          ${copyable(`${id}-settings${index === 0 ? "" : `-${index + 1}`}`, title, text)}
          <p class="muted">The same as a file: <code>${host.folder}/${file}</code></p>`,
    )}
    ${
      host.command &&
      html`<h4>Command</h4>
        ${commandBlock(`${id}-command`, `of ${host.id}`, host.folder, host.command)}`
    }
  </article>`;
}

/** Parts of the fleet in other stacks, of which this one knows no more. */
export function elsewhere(paths: string[], one: string, many: string): Content {
  return (
    paths.length > 0 &&
    html`<p>
      ${paths.length} more ${paths.length === 1 ? `${one} is` : `${many} are`} in other stacks, whose values this page
      cannot read; their folders are in the same output directory: <span class="mono">${paths.join(", ")}</span>
    </p>`
  );
}

/** Agents that another page shows. */
export function spread(stacks: string[]): Content {
  return (
    stacks.length > 0 &&
    html`<p>
      Agents of the stacks ${withCode(stacks.join(", "))} are in <code>whole-fleet.html</code> in this folder, which a
      complete deploy with <code>fleet-tls</code> writes.
    </p>`
  );
}

/** Text whose code is between backticks. */
export function withCode(text: string): Content {
  return text.split("`").map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`));
}

export function platformName(platform: string): string {
  return { linux: "Linux", macos: "macOS", windows: "Windows" }[platform] ?? platform;
}

export const isContainer = (commandFile: string): boolean => commandFile.endsWith(".env");

export function placeText(folder: string, hostDirectory: string, reader: string | undefined): Html {
  return html`<p>
    ${
      reader === undefined
        ? html`Mount the files of <code>${folder}/</code> at <code>${hostDirectory}</code>, readable by the container's
            user.`
        : html`Copy the files of <code>${folder}/</code> to <code>${hostDirectory}</code>, each under another name
            first, then renamed into place. What is marked <em>owner only</em> belongs to ${reader}.`
    }
  </p>`;
}

function certificateRow(certificate: PageCertificate): Cell[] {
  const facts = leafFacts(certificate);
  return [
    { content: certificate.file, className: "mono nowrap" },
    {
      content: certificate.authority
        ? html`${dot(certificate.authority)}
          ${AUTHORITIES[certificate.authority].name}${
            facts?.intermediate && html`<span class="note">by ${facts.intermediate}</span>`
          }`
        : facts?.issuer,
      className: "nowrap",
    },
    ...(facts ? [{ content: namesOf(facts) }, ...factCells(facts)] : [waitingCell(4)]),
  ];
}

/** Names do not break at their hyphens. */
function namesOf({ names }: CertificateFacts): Content {
  return names.map((name, index) => html`<span class="nowrap">${name}${index < names.length - 1 && ","}</span>${" "}`);
}

export function factCells({ notAfter, renewal, fingerprint }: CertificateFacts): Cell[] {
  return [
    { content: day(notAfter, "expiry"), className: "nowrap" },
    { content: renewal ? day(renewal, "renewal") : "by its owner", className: "nowrap" },
    { content: fingerprint, className: "mono fingerprint" },
  ];
}

export function waitingCell(span: number): Cell {
  return { content: "waits for the request that the host's script makes", span };
}

export function commandBlock(id: string, whose: string, folder: string, { file, text }: PageCommand): Content {
  const path = `${folder}/${file}`;
  if (text === undefined) {
    return html`<p>It contains a secret, so it is only in <code>${path}</code>, which only its owner may read.</p>`;
  }
  return isContainer(file)
    ? [
        copyable(id, `Environment ${whose}`, text),
        html`<p class="muted">The same for <code>--env-file</code>: <code>${path}</code></p>`,
      ]
    : [
        copyable(id, `Install command ${whose}`, text, true),
        html`<p class="muted">The same as a script: <code>${path}</code></p>`,
      ];
}
