import * as fs from "node:fs";
import * as path from "node:path";

import { cliPage } from "../../scripts/cli-page";
import { filesPage } from "../../scripts/files-page";
import { commandRulesPage } from "../../scripts/generate-docs";
import { propsPage } from "../../scripts/props-page";
import { verifyPage } from "../../scripts/verify-page";

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
