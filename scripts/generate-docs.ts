import * as fs from "node:fs";
import * as path from "node:path";

import { FLAGS } from "../lib/command/data/flags";
import { RULES } from "../lib/command/rules/rules";
import { sinceText } from "../lib/command/data/stack-features";
import { errorsPage } from "./errors-page";
import { cliPage } from "./cli-page";
import { filesPage } from "./files-page";
import { propsPage } from "./props-page";
import { verifyPage } from "./verify-page";

/** The page of the rules, from the table that checks them. */
export function commandRulesPage(): string {
  const rules = RULES.map(({ id, statement, reason, source }) => row([id, statement, reason, code(source)]));
  const flags = FLAGS.map(({ name, prop, kind, since, installOnly, variable }) =>
    row([
      `\`${name}\``,
      `\`${prop}\``,
      kind,
      since === undefined ? "" : sinceText(since),
      installOnly === true ? "install" : "install, enroll",
      variable === undefined ? "" : `\`${variable}\``,
    ]),
  );
  return `# What a command must be

Generated from \`lib/command/rules/rules.ts\` and \`lib/command/data/flags.ts\` by \`npx tsx scripts/generate-docs.ts\`.

Every command that this library emits follows all of these rules. A configuration that breaks any of them is refused, and
the error lists each one. Values that only Terraform knows pass at synth; where it matters, a precondition checks them at plan.

## Rules

A number is also the number of the check in [verify.md](verify.md#what-it-checks); the other rules have names.

| rule | requirement | otherwise | source |
| --- | --- | --- | --- |
${rules.join("\n")}

## Flags

In the order in which commands have them. A flag without a version is as old as the oldest version that is allowed. A
flag without a variable cannot be given to a container, and is refused there.

| flag | prop | value | since | subcommand | container |
| --- | --- | --- | --- | --- | --- |
${flags.join("\n")}
`;
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Sources name files and symbols: as code, so that no underscore or bracket of theirs is taken for a mark. */
function code(source: string): string {
  return source === "here" ? source : `\`${source}\``;
}

if (require.main === module) {
  const docs = path.join(__dirname, "..", "docs");
  fs.writeFileSync(path.join(docs, "command-rules.md"), commandRulesPage());
  fs.writeFileSync(path.join(docs, "props.md"), propsPage());
  fs.writeFileSync(path.join(docs, "verify.md"), verifyPage());
  fs.writeFileSync(path.join(docs, "errors.md"), errorsPage());
  fs.writeFileSync(path.join(docs, "cli.md"), cliPage());
  fs.writeFileSync(path.join(docs, "files.md"), filesPage());
}
