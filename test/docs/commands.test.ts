import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { SUBCOMMANDS } from "../../scripts/cli-page";

const ROOT = path.join(__dirname, "..", "..");
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");

const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT })
  .toString()
  .trim()
  .split("\n")
  .filter((page) => page !== "API.md" && fs.existsSync(path.join(ROOT, page)));

const SCRIPTS = Object.keys((JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts);

/** Code of a page: its blocks and what is in backticks. */
function code(page: string): string[] {
  const text = read(page);
  const blocks = [...text.matchAll(/^ *```\w*\n([^]*?)^ *```/gm)].map(([, block]) => block!);
  const inline = [...text.replace(/^ *```[^]*?^ *```$/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  return [...blocks, ...inline];
}

test.each(PAGES)("%s: each fleet-tls command has its subcommand and options", (page) => {
  const wrong = code(page).flatMap((text) =>
    [
      ...text
        .replaceAll("\\\n", " ")
        .matchAll(/(?<![\w./"'`-])(?:npx |--silent )?fleet-tls (?:-- )?([a-z]+)\b([^\n|;&)#]*)/g),
    ].flatMap(([command, name, rest]) => {
      const known = SUBCOMMANDS[name!];
      if (known === undefined) return /^(?:npx |--silent )/.test(command!) ? [command] : [];
      const options = [...rest!.matchAll(/ --([a-z-]+)/g)].map(([, option]) => option!);
      return options.some((option) => !known.help.includes(`--${option}`) && option !== "help") ? [command] : [];
    }),
  );
  expect(wrong).toEqual([]);
});

test.each(PAGES)("%s: each npm script exists", (page) => {
  const named = code(page).flatMap((text) => [...text.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g)]);
  expect(named.map(([, script]) => script!).filter((script) => !SCRIPTS.includes(script))).toEqual([]);
});

test.each(PAGES)("%s: each path of this repository exists", (page) => {
  const named = code(page).flatMap((text) =>
    [
      ...text.matchAll(
        /(?<![\w/.-])(?:lib|test|scripts|examples|docs|bin|deploy|verify|page|bench|packaging|providers)\/[\w./-]+\w/g,
      ),
    ].map(([file]) => file),
  );
  expect(named.filter((file) => !fs.existsSync(path.join(ROOT, file)))).toEqual([]);
});

/** Everything that the library, its programs and the providers are written with. */
const SOURCES = execFileSync("git", ["ls-files", "*.ts", "*.json", "*.py", "*.mjs"], { cwd: ROOT, maxBuffer: 1 << 26 })
  .toString()
  .trim()
  .split("\n")
  .filter((file) => !/^(?:test|package-lock)/.test(file))
  .map(read)
  .join("\n");
/** Names of Kubernetes and TypeScript. */
const OTHERS = ["fsGroup", "exactOptionalPropertyTypes"];
const WORDS = new Set(SOURCES.match(/[A-Za-z_$][\w$]*/g));

// The changelog also names what there was.
test.each(PAGES.filter((page) => page !== "CHANGELOG.md"))("%s: each name in camel case exists in the code", (page) => {
  const names = code(page)
    .filter((text) => !text.includes("\n") && /^[\w.()]+$/.test(text))
    .flatMap((text) => text.match(/\b[a-z]+(?:[A-Z][a-z0-9]+)+\b/g) ?? []);
  expect([...new Set(names)].filter((name) => !WORDS.has(name) && !OTHERS.includes(name))).toEqual([]);
});
