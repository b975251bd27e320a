import type { Connection, Role, Topology } from "./topology";

/** Position of a role's box. */
export interface Box {
  readonly role: Role;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

/** A connection's line, and where on it stand its number and its label. */
export interface Route {
  readonly path: string;
  readonly number: Point;
  readonly label: Point & { readonly anchor: "middle" | "start"; readonly isUpright?: boolean };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A picture of a topology: boxes, and lines between them. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: Box[];
  route(connection: Connection): Route;
}

export const BOX_WIDTH = 312;
export const HEADER = 62;
export const SECTION = 26;
export const ROW = 27;
const MARGIN = 4;
const CORNER = 14;
/** Space of an arrowhead between a box and the end of its line. */
const TIP = 2;

/** Number of a section's rows: at least one, which says that there is nothing. */
export function rowsOf(chips: readonly unknown[]): number {
  return Math.max(chips.length, 1);
}

/** In a row: agents, Fleet Server, Elasticsearch; Kibana below Fleet Server. What agents ship passes between the two. */
export function wideLayout({ roles }: Topology): Layout {
  const gap = 112;
  const lane = 92;
  // How far below the row the line of what agents ship runs: its label stands above it.
  const laneLine = 58;
  const upper = roles.filter(({ kind }) => kind !== "kibana");
  const rowHeight = Math.max(...upper.map(contentHeight));
  const column = (index: number): number => MARGIN + index * (BOX_WIDTH + gap);
  const boxes = roles.map((role) =>
    role.kind === "kibana"
      ? { role, x: column(1), y: MARGIN + rowHeight + lane, height: contentHeight(role) }
      : { role, x: column(upper.indexOf(role)), y: MARGIN, height: rowHeight },
  );
  const route = ({ from, to }: Connection): Route => {
    const [start, end] = [boxOf(boxes, from), boxOf(boxes, to)];
    const bottom = end.y + end.height + TIP;
    if (from === "kibana") {
      const [x, y, right] = [center(end) + 48, start.y + 78, start.x + BOX_WIDTH + TIP];
      const path = `M${right} ${y}H${x - CORNER}q${CORNER} 0 ${CORNER} -${CORNER}V${bottom}`;
      return across(path, right + gap / 2, y);
    }
    if (from === "agents" && to === "elasticsearch") {
      const [left, right, y] = [center(start), center(end) - 48, bottom + laneLine];
      const path =
        `M${left} ${bottom}V${y - CORNER}q0 ${CORNER} ${CORNER} ${CORNER}` +
        `H${right - CORNER}q${CORNER} 0 ${CORNER} -${CORNER}V${bottom}`;
      return across(path, column(1) + BOX_WIDTH / 2, y);
    }
    const [left, right, y] = [start.x + BOX_WIDTH + TIP, end.x - TIP, start.y + 92];
    return across(`M${left} ${y}H${right}`, (left + right) / 2, y);
  };
  const laneBottom = MARGIN + rowHeight + laneLine + 20;
  return { width: column(3) - gap + MARGIN, height: Math.max(lowest(boxes), laneBottom) + MARGIN, boxes, route };
}

/** One below the other, for a narrow screen. What agents ship passes by Fleet Server on the right. */
export function tallLayout({ roles }: Topology): Layout {
  const gap = 60;
  const rail = 44;
  const boxes: Box[] = [];
  for (const role of roles) {
    const last = boxes.at(-1);
    boxes.push({ role, x: MARGIN, y: last ? last.y + last.height + gap : MARGIN, height: contentHeight(role) });
  }
  const route = ({ from, to }: Connection): Route => {
    const [start, end] = [boxOf(boxes, from), boxOf(boxes, to)];
    const x = MARGIN + 42;
    if (from === "agents" && to === "elasticsearch") {
      const right = MARGIN + BOX_WIDTH + TIP;
      const [line, top, bottom] = [right + rail - 16, start.y + 40, end.y + 40];
      const path =
        `M${right} ${top}H${line - CORNER}q${CORNER} 0 ${CORNER} ${CORNER}` +
        `V${bottom - CORNER}q0 ${CORNER} -${CORNER} ${CORNER}H${right}`;
      const y = (top + bottom) / 2;
      return { path, number: { x: line, y }, label: { x: line - 14, y: y - 74, anchor: "middle", isUpright: true } };
    }
    const [upper, lower] = start.y < end.y ? [start, end] : [end, start];
    const [above, below] = [upper.y + upper.height + TIP, lower.y - TIP];
    const y = (above + below) / 2;
    const path = start === upper ? `M${x} ${above}V${below}` : `M${x} ${below}V${above}`;
    return { path, number: { x, y }, label: { x: x + 24, y: y + 4.5, anchor: "start" } };
  };
  return { width: MARGIN + BOX_WIDTH + rail + MARGIN, height: lowest(boxes) + MARGIN, boxes, route };
}

function across(path: string, x: number, y: number): Route {
  return { path, number: { x, y }, label: { x, y: y - 22, anchor: "middle" } };
}

function contentHeight({ presents, trusts }: Role): number {
  return HEADER + 2 * SECTION + (rowsOf(presents) + rowsOf(trusts)) * ROW + 14;
}

function boxOf(boxes: Box[], kind: Role["kind"]): Box {
  return boxes.find(({ role }) => role.kind === kind) as Box;
}

const center = ({ x }: Box): number => x + BOX_WIDTH / 2;

const lowest = (boxes: Box[]): number => Math.max(...boxes.map(({ y, height }) => y + height));
