import * as fs from "node:fs";
import * as path from "node:path";

import { Pki } from "../support/pki";
import { unusedFiles } from "../support/unused-files";
import { Example, ExampleProject } from "./example";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "deployment-models.md"), "utf8");

interface Model {
  readonly name: string;
  readonly diagram: string;
  readonly code: string;
  readonly folder: string;
}

const sections = PAGE.split(/^## /m).slice(1);
const models = sections.flatMap((section): Model[] => {
  const [, name] = /\(\.\.\/examples\/([a-z-]+)\/main\.ts\)/.exec(section) ?? [];
  const [, diagram] = /```text\n([^]*?)```/.exec(section) ?? [];
  const [, code] = /```ts\n([^]*?)```/.exec(section) ?? [];
  const [, folder] = /```text folder\n([^]*?)```/.exec(section) ?? [];
  return name === undefined ? [] : [{ name, diagram: diagram!, code: code!, folder: folder! }];
});

/** CAs that exist before the deploy, in the folder pki. */
const EXISTING: Readonly<Record<string, string>> = {
  "fleet-proxy": "proxy-ca",
  "other-teams-fleet-server": "their-ca",
  "several-fleets": "es-ca",
};

const project = new ExampleProject();
afterAll(() => project.dispose());

test("the page shows thirteen models, each with an example", () => {
  expect(sections).toHaveLength(13);
  expect(models).toHaveLength(13);
});

describe.each(models)("$name", ({ name, diagram, code, folder }) => {
  const example = new Example(project, name);

  test("the page shows a diagram, the example's code and its list", () => {
    expect(diagram).toMatch(/[─═]+(m?TLS[─═]*)?▶/);
    expect(example.read("main.ts")).toContain(`\n\n${code}\napp.synth();\n`);
    expect(folder).toBe(example.list.replace(/^RUNBOOK\.md\n/, ""));
  });

  test("its README leads to the files that it lists, and every host has a use for each of them", async () => {
    if (name in EXISTING) new Pki(example.path("pki")).authority(EXISTING[name]!);
    expect(await example.follow()).not.toContain("PRIVATE KEY");
    const contents = name === "without-files" ? contentsOfOutputs(example) : example.contents;
    expect(Object.keys(contents).sort()).toEqual(example.listed);
    expect(unusedFiles(contents)).toEqual([]);
  });
});

/** What a store would take: the content of each file, by its path. */
function contentsOfOutputs(example: Example): Record<string, string> {
  const { outputs } = JSON.parse(example.read("terraform.without-files.tfstate")) as {
    outputs: Record<string, { value: Record<string, Record<string, string>>; sensitive?: boolean }>;
  };
  expect([outputs["public-files"]!.sensitive ?? false, outputs["secret-files"]!.sensitive]).toEqual([false, true]);
  const files = ["public-files", "secret-files"].flatMap((output) =>
    Object.entries(outputs[output]!.value).flatMap(([folder, contents]) =>
      Object.entries(contents).map(([file, text]) => [`${folder}/${file}`, text] as const),
    ),
  );
  return Object.fromEntries(files);
}
