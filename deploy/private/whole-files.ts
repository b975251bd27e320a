import { partsAmong, wholeFleets } from "../../lib/fleet/whole-fleet";
import { renderPage } from "../../page/render-page";

/** A file that spans the stacks of a fleet. */
export interface WholeFile {
  readonly directory: string;
  readonly name: string;
  readonly text: string;
}

type Outputs = Readonly<Record<string, { readonly value: unknown }>>;

/** The files of each fleet whose agents are spread over stacks, from the outputs of all stacks. */
export function wholeFiles(stacks: readonly Outputs[]): WholeFile[] {
  return wholeFleets(stacks.flatMap(partsAmong)).flatMap(({ outputDirectory, runbook, inventory, page }) => {
    const file = (ending: string, text: string): WholeFile[] =>
      outputDirectory === undefined ? [] : [{ directory: outputDirectory, name: `whole-fleet.${ending}`, text }];
    return [
      ...file("md", runbook),
      ...file("json", `${JSON.stringify(inventory, null, 2)}\n`),
      ...(page === undefined ? [] : file("html", renderPage(page))),
    ];
  });
}
