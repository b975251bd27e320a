import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: ROOT })
  .toString()
  .trim()
  .split("\n")
  .filter((page) => page !== "API.md" && fs.existsSync(path.join(ROOT, page)));

/** Text of a page without its code. */
function prose(page: string): string {
  return fs.readFileSync(path.join(ROOT, page), "utf8").replace(/^ *```[^]*?^ *```$/gm, "");
}

/** The anchors of a page, as GitHub makes them from its headings. */
function anchors(page: string): Set<string> {
  const headings = [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  const named = [...prose(page).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id!);
  return new Set([...headings, ...named]);
}

test.each(PAGES)("%s links to pages and headings that exist", (page) => {
  const links = [...prose(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)]+))?\)/g)];
  const missing = links.filter(([, target, anchor]) => {
    const file = target === "" ? page : path.join(path.dirname(page), target!);
    if (!fs.existsSync(path.join(ROOT, file))) return true;
    return anchor !== undefined && file.endsWith(".md") && file !== "API.md" && !anchors(file).has(anchor);
  });
  expect(missing.map(([link]) => link)).toEqual([]);
});

test("every page of docs is in the index", () => {
  const index = fs.readFileSync(path.join(ROOT, "docs", "README.md"), "utf8");
  const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page) && page !== "docs/README.md");
  expect(pages.filter((page) => !index.includes(`(${path.basename(page)}`))).toEqual([]);
});
