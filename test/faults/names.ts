import * as assert from "node:assert/strict";
import * as fs from "node:fs";

import { OneWayFleetTls } from "../../lib";
import { refusalOf } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { STACK } from "./fleet";
import { withProject } from "./project";
import type { Outcome, Scenario } from "./scenario";
import { unsound } from "./soundness";

/** Longest name that file systems take, in bytes. */
const LONG = "x".repeat(200);

const FOLDERS = ["with blanks  in it", "ünïcödé 証明書 🔐", LONG, `${LONG}/${LONG}`, 'it\'s "quoted" $HOME %s #1'];

export const NAMES: Scenario[] = [
  { name: "paths", title: "blanks, Unicode, quotes and 200 characters in the paths of project and output", run: paths },
  { name: "ignored-case", title: "two hosts whose ids differ only by case", run: ignoredCase },
];

async function paths(): Promise<Outcome> {
  for (const folder of FOLDERS) {
    const shape = { outputDirectory: `out/${folder}` };
    await withProject(
      shape,
      async (project) => {
        await project.apply(STACK);
        assert.deepEqual(await unsound(project, shape.outputDirectory), []);
        assert.equal(await project.planChanges(STACK), false);
        const written = contentsBelow(project.path("out", folder));
        fs.rmSync(project.path("out"), { recursive: true });
        await project.apply(STACK);
        assert.deepEqual(contentsBelow(project.path("out", folder)), written);
      },
      { name: folder.split("/")[0]! },
    );
  }
  return { detail: `${FOLDERS.length} kinds: right, no second change, and the same bytes when written again` };
}

async function ignoredCase(): Promise<Outcome> {
  const message = refusalOf((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addAgent("WEB-1");
  });
  assert.match(message, /agents: id differs from "web-1" in upper and lower case alone/);
  return { detail: "refused at synth, before a file system that ignores case could mix them" };
}
