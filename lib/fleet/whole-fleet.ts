import type { PageData } from "./page-data";
import { isPartOutput } from "./part-output";
import { runbookText } from "./private/runbook/text";
import type { FleetPart } from "./private/stacks/fleet-part";
import { inventory, wholePage, wholeRunbook } from "./private/stacks/fleet-part";

/** What spans the stacks of a fleet, put together from the part of each. */
export interface WholeFleet {
  /** The fleet's path. */
  readonly name: string;
  /** Folder of the fleet's files, relative to the project or absolute; absent if the fleet writes no files. */
  readonly outputDirectory?: string;
  readonly runbook: string;
  /** Every host: an object for JSON. */
  readonly inventory: object;
  /** Data of the page, if the fleet has one. */
  readonly page?: PageData;
}

/** The parts among the outputs of a stack, by their names: JSON. */
export function partsAmong(outputs: Readonly<Record<string, { readonly value: unknown }>>): string[] {
  return Object.entries(outputs).flatMap(([name, { value }]) => (isPartOutput(name) ? [String(value)] : []));
}

/** The fleets of some parts, each with the stacks whose parts are not among them; undefined is its own stack. */
export function missingParts(parts: readonly string[]): { fleet: string; stacks: (string | undefined)[] }[] {
  return [...partsByFleet(parts)].flatMap(([fleet, all]) => {
    const home = homeAmong(all);
    const present = new Set(all.map(({ stack }) => stack));
    const stacks = home ? home.runbook.agentStacks.flat().filter((stack) => !present.has(stack)) : [undefined];
    return stacks.length > 0 ? [{ fleet, stacks }] : [];
  });
}

/** The fleets of some parts; one whose own stack is not among them is left out. */
export function wholeFleets(parts: readonly string[]): WholeFleet[] {
  return [...partsByFleet(parts)].flatMap(([name, all]) => {
    const home = homeAmong(all);
    if (home === undefined) return [];
    // The order of the app's stacks is not that of their deploys.
    const others = all.filter((part) => part !== home).sort((one, other) => compareNatural(one.stack, other.stack));
    const model = wholeRunbook([home, ...others]);
    const { outputDirectory } = home;
    const page = wholePage([home, ...others]);
    return [
      {
        name,
        ...(outputDirectory !== undefined && { outputDirectory }),
        runbook: runbookText(model),
        inventory: inventory(model),
        ...(page !== undefined && { page }),
      },
    ];
  });
}

function partsByFleet(parts: readonly string[]): Map<string, FleetPart[]> {
  const fleets = new Map<string, FleetPart[]>();
  for (const part of parts.map((text) => JSON.parse(text) as FleetPart)) {
    fleets.set(part.fleet, [...(fleets.get(part.fleet) ?? []), part]);
  }
  return fleets;
}

function homeAmong(parts: readonly FleetPart[]): FleetPart | undefined {
  return parts.find(({ stack, fleet }) => fleet.startsWith(`${stack}/`));
}

function compareNatural(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
