import type { Outcome } from "./outcome";
import { faults } from "./refusals";

export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  return `${[line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")}\n`;
}

/** What was tried, by connection; `!` before how many failed. */
export function cellTable(outcomes: Outcome[]): string {
  const names = distinct(outcomes, ({ edge }) => edge);
  const kinds: Outcome["kind"][] = ["good", ...faults];
  return table(
    ["tried", ...names],
    kinds
      .filter((kind) => outcomes.some((outcome) => outcome.kind === kind))
      .map((kind) => [
        kind,
        ...names.map((edge) => cell(outcomes.filter((each) => each.kind === kind && each.edge === edge))),
      ]),
  );
}

/** What came of it, by connection and by what the server asks of its clients. */
export function authenticationTable(outcomes: Outcome[]): string {
  const keyOf = ({ edge, clientAuth }: Outcome) => `${edge} | ${clientAuth}`;
  return table(
    ["connection", "client authentication", "good", "refused", "treated as anonymous", "known gap"],
    distinct(outcomes, keyOf)
      .sort()
      .map((key) => {
        const own = outcomes.filter((outcome) => keyOf(outcome) === key);
        const count = (is: (outcome: Outcome) => boolean) => cell(own.filter(is));
        const isBad = ({ expected }: Outcome) => expected === "refused" || expected === "unproven";
        return [
          key,
          count(({ expected }) => expected === "verified" || expected === "anonymous"),
          count((each) => isBad(each) && each.got === "refused"),
          count((each) => isBad(each) && each.got !== "refused"),
          count(({ expected }) => expected === "gap"),
        ];
      }),
  );
}

/** How often each server met each client: good handshakes, and the others. */
export function pairTable(outcomes: Outcome[]): string {
  const clients = distinct(outcomes, ({ client }) => client);
  const isGood = ({ expected }: Outcome) => expected === "verified" || expected === "anonymous";
  return table(
    ["server \\ client", ...clients],
    distinct(outcomes, ({ server }) => server).map((server) => [
      server,
      ...clients.map((client) => {
        const own = outcomes.filter((each) => each.server === server && each.client === client);
        return `${cell(own.filter(isGood))} / ${cell(own.filter((each) => !isGood(each)))}`;
      }),
    ]),
  );
}

function cell(outcomes: Outcome[]): string {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  return `${outcomes.length - failed}${failed > 0 ? ` !${failed}` : ""}`;
}

function distinct(outcomes: Outcome[], keyOf: (outcome: Outcome) => string): string[] {
  return [...new Set(outcomes.map(keyOf))];
}
