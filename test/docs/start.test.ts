import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { terraformEnvironment } from "../support/execute";
import { filesBelow } from "../support/files";
import { followStart } from "./follow";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "start-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

test("from an empty folder to verified files, word for word", async () => {
  const printed = followStart(folder, await terraformEnvironment());
  expect(printed).toContain("elastic-agent install --url=https://fleet.example.com:8220");
  expect(printed).toMatch(/\b0 errors/);
  expect(filesBelow(path.join(folder, "app/fleet-tls/fleet/fleet"))).toContain("agents/web-1/install-command.sh");
});
