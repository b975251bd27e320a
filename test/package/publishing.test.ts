import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { pack } from "../../packaging/packages";
import { releaseNotes } from "../../packaging/release-notes";
import { TerraformProject } from "../support/terraform";
import { actionlint } from "./pipeline-tools";
import { succeed } from "./lane";
import { builtPackages } from "./packages";

const ROOT = path.join(__dirname, "..", "..");
const GITHUB = path.join(ROOT, ".github");

describe.each(Object.entries(builtPackages()))("the %s package", (_framework, folder) => {
  const scratch = new TerraformProject();
  afterAll(() => scratch.dispose());

  test("is approved by publint", async () => {
    const publint = path.join(ROOT, "node_modules", "publint", "src", "cli.js");
    expect(await succeed(process.execPath, [publint, "run", folder, "--strict", "--pack", "false"], ROOT)).toContain(
      "All good!",
    );
  });

  test("has typings that every module system finds, by @arethetypeswrong/cli", async () => {
    const tarball = pack(folder, scratch.folder);
    const attw = path.join(ROOT, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
    expect(await succeed(process.execPath, [attw, tarball, "--no-color", "--no-emoji"], ROOT)).toContain(
      "No problems found",
    );
  });
});

test("the workflows are clean by actionlint", async () => {
  const workflows = fs.readdirSync(path.join(GITHUB, "workflows")).map((file) => `.github/workflows/${file}`);
  expect(workflows).toHaveLength(2);
  await succeed(await actionlint(), ["-no-color", "-shellcheck=", "-pyflakes=", ...workflows], ROOT);
});

test("every npm script that a workflow runs exists", () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object };
  const text = fs.readFileSync(path.join(GITHUB, "workflows", "release.yml"), "utf8");
  const run = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script!);
  expect(run).toEqual(["package", "package:python", "release-notes"]);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(run));
});

test("the issue forms have a name, a description and labelled fields", () => {
  for (const file of ["bug.yml", "feature.yml"]) {
    const form = parse(fs.readFileSync(path.join(GITHUB, "ISSUE_TEMPLATE", file), "utf8")) as Form;
    expect([typeof form.name, typeof form.description]).toEqual(["string", "string"]);
    const fields = form.body.filter(({ type }) => type !== "markdown");
    expect(fields.every(({ id, attributes }) => id !== undefined && attributes.label !== undefined)).toBe(true);
  }
});

test("release notes list what users notice, breaking changes first", () => {
  const subjects = [
    "feat(proxy): accept a proxy",
    "docs: typo",
    "fix!: refuse an empty policy",
    "fix: close a file",
    "Merge",
  ];
  expect(releaseNotes(subjects)).toBe(
    "## Breaking changes\n\n- refuse an empty policy\n\n## Features\n\n- **proxy**: accept a proxy\n\n## Fixes\n\n- close a file\n",
  );
});

test("the SBOM names what the package is built with", async () => {
  const sbom = JSON.parse(
    await succeed("npm", ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"], ROOT),
  ) as { bomFormat: string; components: { name: string; group?: string }[] };
  expect(sbom.bomFormat).toBe("CycloneDX");
  const names = sbom.components.map(({ group, name }) => (group ? `${group}/${name}` : name));
  expect(names).toEqual(
    expect.arrayContaining(["cdktf", "constructs", "@cdktf/provider-tls", "@cdktf/provider-local"]),
  );
});

interface Form {
  readonly name: string;
  readonly description: string;
  readonly body: { readonly type: string; readonly id?: string; readonly attributes: { readonly label?: string } }[];
}
