import * as fs from "node:fs";
import * as path from "node:path";

import { OneWayFleetTls, TargetPlatform } from "../../lib";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "windows.md"), "utf8");

const stack = synthStack((stack) => {
  const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
  fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS });
  const account = { platform: TargetPlatform.WINDOWS, unprivileged: true, group: "agents" };
  fleet.addAgent("desk-2", account);
});

/** The content of a host's file. */
function content(file: string): string {
  const found = stack.resources("local_file").filter(({ attributes }) => String(attributes["filename"]).endsWith(file));
  expect(found).toHaveLength(1);
  return String(found[0]!.attributes["content"]);
}

test("the page copies to the default directory, sets the variable of the token, and names the script and the program", () => {
  const script = content("agents/desk-1/install-command.ps1");
  const [, directory] = /^\$directory = '([^']*)'/m.exec(script)!;
  const [, variable] = /set (\w+) to the token/.exec(script)!;
  expect(PAGE).toContain(`${directory}\\install-command.ps1`);
  expect(PAGE).toContain(`$env:${variable} = `);
  expect(script).toMatch(/^\.\\elastic-agent\.exe install/m);
  expect(script).toContain("icacls $directory /inheritance:r");
  expect(script).toMatch(/^exit \$LASTEXITCODE$/m);
});

test("an unprivileged host has the script that the page names, for the account that it names", () => {
  expect(PAGE).toContain("`hand-over.ps1`");
  expect(content("agents/desk-2/hand-over.ps1")).toContain("agents");
});

test("the restart that the page shows is the runbook's", () => {
  const [, command] = /`(& 'C:[^`]*restart)`/.exec(PAGE)!;
  expect(content("fleet/RUNBOOK.md")).toContain(command);
});
