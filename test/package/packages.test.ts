import * as fs from "node:fs";
import { builtinModules } from "node:module";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { inTemporaryFolder } from "../support/apps";
import { execute } from "../support/execute";
import { contentsBelow, filesBelow } from "../support/files";
import { builtPackages } from "./packages";

const ROOT = path.join(__dirname, "..", "..");
const { cdktf, cdktn } = builtPackages();
const manifest = (folder: string): Record<string, unknown> =>
  JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as Record<string, unknown>;

describe.each([
  ["cdktf-fleet-tls", cdktf],
  ["cdktn-fleet-tls", cdktn],
])("%s", (name, folder) => {
  const files = filesBelow(folder);

  test("contains the library, its programs and the command line", () => {
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "dist/bin/fleet-tls.js",
        "dist/lib/index.js",
        "dist/lib/index.d.ts",
        "dist/lib/programs/encrypt-key.js",
        "dist/lib/programs/render-page.js",
      ]),
    );
  });

  test("contains every page of docs/ that the README links to", () => {
    const links = [...fs.readFileSync(path.join(ROOT, "README.md"), "utf8").matchAll(/\]\((docs\/[\w-]+\.md)/g)];
    expect(links.length).toBeGreaterThan(5);
    expect(files).toEqual(expect.arrayContaining(links.map(([, link]) => link!)));
  });

  test("contains nothing of tests, sources, examples or scripts, and typings of the library alone", () => {
    const unexpected = files.filter(
      (file) =>
        !/^(dist\/|docs\/[\w-]+\.md$|docs\/verify\.schema\.json$|[A-Z]+(\.md)?$|package\.json$|\.jsii$)/.test(file),
    );
    expect(unexpected).toEqual([]);
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.map$|\btest\b|fixture/.test(file))).toEqual([]);
    expect(files.filter((file) => /\.d\.ts$/.test(file) && !file.startsWith("dist/lib/"))).toEqual([]);
  });

  test("exports its public entry and package.json, as CommonJS", () => {
    const { exports, type, main, types } = manifest(folder);
    expect({ exports, type, main, types }).toEqual({
      exports: {
        ".": { types: "./dist/lib/index.d.ts", default: "./dist/lib/index.js" },
        "./package.json": "./package.json",
      },
      type: "commonjs",
      main: "dist/lib/index.js",
      types: "dist/lib/index.d.ts",
    });
  });

  test("typings need no file that the package lacks", () => {
    const missing = files
      .filter((file) => file.endsWith(".d.ts"))
      .flatMap((file) => {
        const text = fs.readFileSync(path.join(folder, file), "utf8");
        return [...text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, to]) =>
          path.join(path.dirname(file), `${to!}.d.ts`),
        );
      })
      .filter((file) => !files.includes(file));
    expect(missing).toEqual([]);
  });

  test("passes npm publish --dry-run, at most 1 MB packed", async () => {
    await inTemporaryFolder(async (scratch) => {
      expect(fs.statSync(pack(folder, scratch)).size).toBeLessThan(1_000_000);
    });
    const { code, stderr } = await execute("npm", ["publish", "--dry-run", "--access", "public"], {
      cwd: folder,
      env: process.env,
    });
    expect(stderr).toContain(`name: ${name}`);
    expect(code).toBe(0);
  });
});

describe("package.json", () => {
  const { keywords, homepage, bugs, repository, peerDependencies } = manifest(cdktf);

  test("has keywords by which the package is found", () => {
    expect(keywords).toEqual(
      expect.arrayContaining(["cdk", "cdktf", "cdktn", "terraform", "opentofu", "elasticsearch"]),
    );
  });

  test("has the repository's address, with which the one other place agrees: the page that verify links to", async () => {
    const address = (repository as { url: string }).url.replace(/^git\+|\.git$/g, "");
    expect([homepage, bugs]).toEqual([`${address}#readme`, { url: `${address}/issues` }]);
    const { stdout } = await execute("git", ["grep", "-n", "github\\.com/[a-z-]*/cdktf-fleet-tls\\b[^-]"], {
      cwd: ROOT,
    });
    const lines = stdout.trim().split("\n");
    const elsewhere = lines.filter((line) => !line.startsWith("package.json:") && !line.startsWith("test/"));
    expect(elsewhere.map((line) => line.split(":")[0])).toEqual(["verify/checks.ts"]);
    expect(lines.filter((line) => !line.includes(`${address}`))).toEqual([]);
  });

  test("accepts every release of the frameworks from the lowest one that is tested", () => {
    expect(peerDependencies).toEqual({
      "@cdktf/provider-local": "^11.1.1",
      "@cdktf/provider-tls": "^11.0.1",
      cdktf: ">=0.21.0 <1",
      constructs: "^10.4.2",
    });
  });
});

describe("the assembly, from which the code of other languages is generated", () => {
  const text = fs.readFileSync(path.join(cdktf, ".jsii"), "utf8");

  test("documents nothing with a backslash before a u, which Java takes for a character", () => {
    expect(text).not.toMatch(/\\\\u/);
  });

  test("names no property after a package of Java's, which its generated code could not reach any more", () => {
    const { types } = JSON.parse(text) as { types: Record<string, { properties?: { name: string }[] }> };
    const names = Object.values(types).flatMap(({ properties = [] }) => properties.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((name) => ["com", "io", "java", "javax", "org", "software"].includes(name))).toEqual([]);
  });
});

describe("cdktn-fleet-tls", () => {
  const { optionalDependencies = {} } = manifest(cdktf);

  test("imports cdktn and its bindings only, and cdktf-fleet-tls imports cdktf and its bindings only", () => {
    const imports = (folder: string): string[] => {
      const code = Object.entries(contentsBelow(path.join(folder, "dist"))).filter(([file]) =>
        /\.(js|d\.ts)$/.test(file),
      );
      const names = code.flatMap(([, text]) => [...text.matchAll(/(?:require\(|from |import\()"(@?[a-z][^"]*)"/g)]);
      const packages = names.map(([, name]) => name!.match(/^(@[^/]+\/)?[^/]+/)![0]);
      return [...new Set(packages.filter((name) => !name.startsWith("node:")))].sort();
    };
    const optional = Object.keys(optionalDependencies as object);
    const builtIn = [...builtinModules, ...optional];
    expect(imports(cdktf).filter((name) => !builtIn.includes(name))).toEqual([
      "@cdktf/provider-local",
      "@cdktf/provider-tls",
      "cdktf",
      "constructs",
    ]);
    expect(imports(cdktn).filter((name) => !builtIn.includes(name))).toEqual([
      "@cdktn/provider-local",
      "@cdktn/provider-tls",
      "cdktn",
      "constructs",
    ]);
  });

  test("has the same files otherwise, and no jsii assembly", () => {
    const both = filesBelow(cdktf).filter((file) => file !== ".jsii");
    expect(filesBelow(cdktn)).toEqual(both);
    const differing = both.filter(
      (file) => fs.readFileSync(path.join(cdktf, file), "utf8") !== fs.readFileSync(path.join(cdktn, file), "utf8"),
    );
    expect(differing.filter((file) => !/^dist\/lib\/.*\.(js|d\.ts)$/.test(file))).toEqual([
      "README.md",
      "package.json",
    ]);
  });
});
