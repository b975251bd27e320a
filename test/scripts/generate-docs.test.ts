import * as fs from "node:fs";
import * as path from "node:path";

import { commandRulesPage } from "../../scripts/generate-docs";

test("the page of the rules is what its table says", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "command-rules.md"), "utf8");
  expect(page).toBe(commandRulesPage());
});
