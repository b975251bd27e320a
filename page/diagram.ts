import { AUTHORITIES } from "./certificate-facts";
import type { Box, Layout, Route } from "./diagram-layout";
import { BOX_WIDTH, HEADER, ROW, rowsOf, SECTION, tallLayout, wideLayout } from "./diagram-layout";
import type { Content, Html } from "./html";
import { html } from "./html";
import type { AuthorityId } from "../lib/fleet/page-data";
import type { Chip, Connection, Topology } from "./topology";
import { chipText } from "./topology";

/** The trust diagram, laid out by rule, twice: wide, and tall for a narrow screen. The page shows one of them. */
export function diagram(topology: Topology): Content {
  return [picture("wide", wideLayout(topology), topology), picture("tall", tallLayout(topology), topology)];
}

function picture(form: "wide" | "tall", layout: Layout, { connections }: Topology): Html {
  const { width, height, boxes } = layout;
  const id = `diagram-${form}`;
  const summary = connections.map(({ number, text }) => `${number}. ${text.join(" ")}`).join(" ");
  return html`<svg
    class="diagram diagram-${form}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="${id}-title"
    aria-describedby="${id}-description"
    font-size="14"
  >
    <title id="${id}-title">Who presents which certificate, and who trusts which authority</title>
    <desc id="${id}-description">${summary}</desc>
    <defs>
      <marker
        id="${id}-arrow"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="7"
        markerHeight="7"
        orient="auto-start-reverse"
      >
        <path class="arrowhead" d="M0 0 10 5 0 10z" />
      </marker>
    </defs>
    ${connections.map((connection) => arrow(connection, layout.route(connection), `${id}-arrow`))} ${boxes.map(box)}
  </svg>`;
}

function box({ role, x, y, height }: Box): Html {
  const trustsY = HEADER + SECTION + rowsOf(role.presents) * ROW;
  return html`<g class="role-${role.kind}" transform="translate(${x} ${y})">
    <rect class="box" width="${BOX_WIDTH}" height="${height}" rx="12" />
    <text class="role" x="18" y="31" font-size="18" font-weight="650">${role.title}</text>
    ${clipped(role.subtitle, 34, { x: 18, y: 51, size: 13, className: "muted" })}
    ${section("Presents", role.presents, HEADER)} ${section("Trusts", role.trusts, trustsY)}
  </g>`;
}

function section(title: string, chips: Chip[], y: number): Html {
  return html`<text class="heading" x="18" y="${y + 16}" font-size="11.5" font-weight="650" letter-spacing="0.6">
      ${title.toUpperCase()}
    </text>
    ${chips.length === 0 && html`<text class="muted" x="18" y="${y + SECTION + 13}" font-size="13">nothing</text>`}
    ${chips.map((chip, index) => chipRow(chip, y + SECTION + index * ROW))}`;
}

/** Longest file name that fits, without and with a note. */
const LONGEST_LABEL = { alone: 26, withNote: 18 };

function chipRow(chip: Chip, y: number): Html {
  const x = 18 + chip.authorities.length * 24 + 4;
  const longest = chip.note === undefined ? LONGEST_LABEL.alone : LONGEST_LABEL.withNote;
  return html`<g>
    <title>${chipText(chip)}</title>
    ${chip.authorities.map((id, index) => badge(id, 28 + index * 24, y + 9))}
    ${clipped(chip.label, longest, { x, y: y + 14, size: 13.5, className: "file" })}
    ${
      chip.note !== undefined &&
      html`<text class="muted" x="${BOX_WIDTH - 16}" y="${y + 14}" font-size="12" text-anchor="end">
        ${chip.note}
      </text>`
    }
  </g>`;
}

/** Text that has to stay in its box; the whole of it is the element's title. */
function clipped(
  text: string,
  longest: number,
  { x, y, size, className }: { x: number; y: number; size: number; className: string },
): Html {
  const isLong = text.length > longest;
  return html`<text class="${className}" x="${x}" y="${y}" font-size="${size}"
    >${isLong ? `${text.slice(0, longest - 1)}…` : text}${isLong && html`<title>${text}</title>`}</text
  >`;
}

/** The letter says what the colour says. */
function badge(id: AuthorityId, x: number, y: number): Html {
  return html`<circle class="ca ca-${id}" cx="${x}" cy="${y}" r="10" />
    <text class="ca-letter" x="${x}" y="${y + 4.2}" font-size="12" font-weight="700" text-anchor="middle">
      ${AUTHORITIES[id].letter}
    </text>`;
}

function arrow({ number, label, isMutual }: Connection, route: Route, marker: string): Html {
  const at = route.number;
  const { x, y, anchor, isUpright } = route.label;
  return html`<g>
    <path
      class="edge"
      d="${route.path}"
      marker-end="url(#${marker})"
      ${isMutual && html`marker-start="url(#${marker})"`}
    />
    <circle class="number" cx="${at.x}" cy="${at.y}" r="13" />
    <text class="number-text" x="${at.x}" y="${at.y + 4.8}" font-size="13.5" font-weight="700" text-anchor="middle">
      ${number}
    </text>
    <text
      class="edge-label"
      x="${x}"
      y="${y}"
      font-size="12.5"
      text-anchor="${anchor}"
      ${isUpright === true && html`transform="rotate(-90 ${x} ${y}) translate(0 4)"`}
    >
      ${label}
    </text>
  </g>`;
}
