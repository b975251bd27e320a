import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { Pki } from "../support/pki";
import { changesOf } from "./changes";
import { FormerFleet } from "./outcome";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cdktf-fleet-tls-test-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A few rows of the table in docs/live-changes.md, one of each outcome. */
const SAMPLE: [string, string][] = [
  ["hostDirectory", "refused"],
  ["fleetServerUrl with formerUrls", "applied, named in the runbook"],
  ["executable", "applied, 0 failed"],
];

test.each(SAMPLE)("%s in one deploy is %s, never silent", async (name, verdict) => {
  const change = changesOf(new Pki(folder)).find((each) => each.name === name)!;
  const former = new FormerFleet(change.before);
  try {
    expect((await former.outcomeOf(change)).verdict).toBe(verdict);
  } finally {
    former.dispose();
  }
});
