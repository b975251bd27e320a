import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import * as lib from "../../lib";
import { synthStack } from "../support/synth";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "deployment-models.md"), "utf8");

const models = PAGE.split(/^## /m)
  .slice(1)
  .map((section): [string, string, string] => [
    section.split("\n")[0]!,
    /```ts\n([\s\S]*?)```/.exec(section)![1]!,
    /```text folder\n([\s\S]*?)```/.exec(section)![1]!,
  ]);

/** Folders of the hosts, one a line, as the page prints them. */
function foldersOf(code: string): string {
  const script = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
  const synthesized = synthStack(
    (stack) => void new Function("stack", ...Object.keys(lib), script)(stack, ...Object.values(lib)),
  );
  const folders = new Map<string, string[]>();
  for (const type of ["local_file", "local_sensitive_file"]) {
    for (const { attributes } of synthesized.resources(type)) {
      const [, folder, name] = /fleet-tls\/stack\/fleet\/(.*)\/([^/]+)$/.exec(String(attributes["filename"])) ?? [];
      if (folder !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), name!]);
    }
  }
  return [...folders.keys()]
    .sort()
    .map((folder) => `${folder}: ${folders.get(folder)!.sort().join(" ")}\n`)
    .join("");
}

test("the page has six models", () => {
  expect(models).toHaveLength(6);
});

test.each(models)("%s: the hosts have the files of the page and no other", (_, code, folders) => {
  expect(foldersOf(code)).toBe(folders);
});
