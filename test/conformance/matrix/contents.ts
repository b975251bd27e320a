import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { TerraformOutput } from "cdktf";

import type { FleetBase, FleetOutput } from "../../../lib";
import type { TestStack } from "../../support/apps";

/** What a fleet that writes no files gives a secret store, by its path below the fleet's folder. */
export function addContents(stack: TestStack, fleet: FleetBase, outputs: FleetOutput[]): TerraformOutput {
  const hosts = fleet.hosts.flatMap(({ folder, files }) =>
    Object.entries({ ...files.publicContents(stack), ...files.sensitiveContents(stack) }).map(
      ([name, content]) => [`${folder}/${name}`, content] as const,
    ),
  );
  const settings = outputs.map(({ node, settings }) => [`outputs/${node.id}.yml`, settings] as const);
  return new TerraformOutput(stack, `contents-${fleet.node.id}`, {
    value: Object.fromEntries([...hosts, ...settings]),
    sensitive: true,
  });
}

/** Writes such contents as their hosts would, into a folder that only its owner may enter and that no deploy wrote. */
export function writeContents(folder: string, contents: unknown): void {
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, content] of Object.entries(contents as Record<string, string>)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: 0o600 });
  }
}
