import * as fs from "node:fs";
import * as path from "node:path";

import { cliPage } from "../../scripts/cli-page";
import { filesPage } from "../../scripts/files-page";
import { commandRulesPage } from "../../scripts/generate-docs";
import { propsPage } from "../../scripts/props-page";
import { verifyPage } from "../../scripts/verify-page";
import { topologies } from "../conformance/matrix/topologies";
import { TestStack } from "../support/apps";
import { synthApp } from "../support/synth";

test("the page of the rules is generated from the table", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "command-rules.md"), "utf8");
  expect(page).toBe(commandRulesPage());
});

test("the page of verify is generated from its checks", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "verify.md"), "utf8");
  expect(page).toBe(verifyPage());
});

test("the page of the program is its own help", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "cli.md"), "utf8");
  expect(page).toBe(cliPage());
});

test("the page of the files is what fleets write", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "files.md"), "utf8");
  expect(page).toBe(filesPage());
});

test("the page of the props is generated from the docstrings", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "props.md"), "utf8");
  expect(page).toBe(propsPage());
});

test("docs/files.md has every file that the fleets of the conformance tests write, with its mode", () => {
  const page = filesPage();
  const sections = new Map(
    page
      .split(/^## /m)
      .flatMap((section) =>
        [...(section.split("\n")[2] ?? "").matchAll(/`([\w-]+)(?:\/ID)?`/g)].map(
          ([, folder]) => [folder!, section] as const,
        ),
      ),
  );
  const written = topologies.flatMap(({ build }) =>
    Object.values(synthApp((app) => void build(new TestStack(app), app))).flatMap((stack) => [
      ...stack.resources("local_file"),
      ...stack.resources("local_sensitive_file"),
    ]),
  );
  const rows = new Set<string>();
  for (const { attributes } of written) {
    const [kind, folder, name] = (attributes["filename"] as string).split("/").slice(-3);
    const section = [kind!, folder!].find((one) => sections.has(one));
    if (section !== undefined) rows.add(`${section}: | \`${name}\` | ${attributes["file_permission"]} |`);
  }
  expect(rows.size).toBeGreaterThan(50);
  for (const row of rows) {
    const [folder, text] = row.split(": ") as [string, string];
    expect([row, sections.get(folder)!.includes(text)]).toEqual([row, true]);
  }
});
