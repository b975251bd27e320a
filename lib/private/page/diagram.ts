import { AUTHORITIES } from "./certificate-facts";
import type { Html } from "./html";
import { html } from "./html";
import type { AuthorityId } from "./page-data";
import type { Chip, Connection, Role, Topology } from "./topology";
import { chipText } from "./topology";

const BOX_WIDTH = 296;
const GAP = 136;
const MARGIN = 4;
const HEADER = 62;
const SECTION = 26;
const ROW = 27;
const LANE = 92;
/** How far below the upper row the line of what agents ship runs: its label stands above it. */
const LANE_LINE = 58;

interface Box {
  readonly role: Role;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/**
 * The trust diagram, laid out by rule: agents, Fleet Server and Elasticsearch in a row, Kibana below Fleet Server. What
 * agents ship passes between the two.
 */
export function diagram(topology: Topology): Html {
  const boxes = layOut(topology.roles);
  const width = 3 * BOX_WIDTH + 2 * GAP + 2 * MARGIN;
  const height =
    Math.max(...boxes.map((each) => each.y + each.height), (boxes[0]?.height ?? 0) + LANE_LINE + 20) + MARGIN;
  const summary = topology.connections.map(({ number, text }) => `${number}. ${text.join(" ")}`).join(" ");
  return html`<svg
    class="diagram"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="diagram-title diagram-description"
    font-size="14"
  >
    <title id="diagram-title">Who presents which certificate, and who trusts which authority</title>
    <desc id="diagram-description">${summary}</desc>
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="8"
        markerHeight="8"
        orient="auto-start-reverse"
      >
        <path class="arrowhead" d="M0 0 10 5 0 10z" />
      </marker>
    </defs>
    ${topology.connections.map((connection) => arrow(connection, boxes))} ${boxes.map(box)}
  </svg>`;
}

function layOut(roles: Role[]): Box[] {
  const upper = roles.filter(({ kind }) => kind !== "kibana");
  const height = Math.max(...upper.map(contentHeight));
  const column = (index: number): number => MARGIN + index * (BOX_WIDTH + GAP);
  return roles.map((role) =>
    role.kind === "kibana"
      ? { role, x: column(1), y: MARGIN + height + LANE, height: contentHeight(role) }
      : { role, x: column(upper.indexOf(role)), y: MARGIN, height },
  );
}

function contentHeight({ presents, trusts }: Role): number {
  const section = (chips: Chip[]): number => SECTION + Math.max(chips.length, 1) * ROW;
  return HEADER + section(presents) + section(trusts) + 14;
}

function box({ role, x, y, height }: Box): Html {
  const trustsY = HEADER + SECTION + Math.max(role.presents.length, 1) * ROW;
  return html`<g transform="translate(${x} ${y})">
    <rect class="box" width="${BOX_WIDTH}" height="${height}" rx="10" />
    <text class="role" x="18" y="30" font-size="18" font-weight="650">${role.title}</text>
    <text class="muted" x="18" y="50" font-size="13">${role.subtitle}</text>
    ${section("Presents", role.presents, HEADER)} ${section("Trusts", role.trusts, trustsY)}
  </g>`;
}

function section(title: string, chips: Chip[], y: number): Html {
  return html`<text class="heading" x="18" y="${y + 16}" font-size="11.5" font-weight="650" letter-spacing="0.6">
      ${title.toUpperCase()}
    </text>
    ${chips.length === 0 ? html`<text class="muted" x="18" y="${y + SECTION + 13}" font-size="13">nothing</text>` : ""}
    ${chips.map((chip, index) => chipRow(chip, y + SECTION + index * ROW))}`;
}

function chipRow(chip: Chip, y: number): Html {
  const textX = 18 + chip.authorities.length * 24 + 4;
  return html`<g>
    <title>${chipText(chip)}</title>
    ${chip.authorities.map((id, index) => badge(id, 28 + index * 24, y + 9))}
    <text class="file" x="${textX}" y="${y + 14}" font-size="13.5">${chip.label}</text>
    ${
      chip.note !== undefined
        ? html`<text class="muted" x="${BOX_WIDTH - 16}" y="${y + 14}" font-size="12" text-anchor="end"
            >${chip.note}</text
          >`
        : ""
    }
  </g>`;
}

/** The letter says what the colour says. */
function badge(id: AuthorityId, x: number, y: number): Html {
  return html`<circle class="ca ca-${id}" cx="${x}" cy="${y}" r="10" />
    <text class="ca-letter" x="${x}" y="${y + 4.2}" font-size="12" font-weight="700" text-anchor="middle">
      ${AUTHORITIES[id].letter}
    </text>`;
}

/** A line's way, and where on it the number stands. */
interface Route {
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

const CORNER = 14;

function routeOf({ from, to }: Connection, boxes: Box[]): Route {
  const find = (kind: Role["kind"]): Box => boxes.find(({ role }) => role.kind === kind) as Box;
  const [start, end] = [find(from), find(to)];
  const bottom = end.y + end.height + 2;
  const center = ({ x }: Box): number => x + BOX_WIDTH / 2;
  if (from === "kibana") {
    const [x, y] = [center(end) + 48, start.y + 78];
    const right = start.x + BOX_WIDTH + 2;
    const path = `M${right} ${y}H${x - CORNER}q${CORNER} 0 ${CORNER} -${CORNER}V${bottom}`;
    return { path, x: right + GAP / 2, y };
  }
  if (from === "agents" && to === "elasticsearch") {
    const [left, right, y] = [center(start), center(end) - 48, bottom + LANE_LINE];
    const path =
      `M${left} ${bottom}V${y - CORNER}q0 ${CORNER} ${CORNER} ${CORNER}` +
      `H${right - CORNER}q${CORNER} 0 ${CORNER} -${CORNER}V${bottom}`;
    return { path, x: MARGIN + 1.5 * BOX_WIDTH + GAP, y };
  }
  const [left, right, y] = [start.x + BOX_WIDTH + 2, end.x - 2, start.y + 92];
  return { path: `M${left} ${y}H${right}`, x: (left + right) / 2, y };
}

function arrow(connection: Connection, boxes: Box[]): Html {
  const { path, x, y } = routeOf(connection, boxes);
  return html`<g>
    <path
      class="edge"
      d="${path}"
      marker-end="url(#arrow)"
      ${connection.isMutual ? html`marker-start="url(#arrow)"` : ""}
    />
    <circle class="number" cx="${x}" cy="${y}" r="13" />
    <text class="number-text" x="${x}" y="${y + 4.8}" font-size="13.5" font-weight="700" text-anchor="middle">
      ${connection.number}
    </text>
    <text class="edge-label" x="${x}" y="${y - 22}" font-size="12.5" text-anchor="middle">${connection.label}</text>
  </g>`;
}
