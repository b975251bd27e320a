import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
  readonly cycle?: readonly unknown[];
}

interface Summary {
  readonly violations: readonly Violation[];
  readonly totalCruised: number;
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

const root = resolve(__dirname, "..");
const folders = ["main.ts", "app", "bin", "deploy", "verify", "page", "lib"];

function cruise(directory: string): Summary {
  const options = ["--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json"];
  const output = execFileSync(
    process.execPath,
    [
      join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
      ...options,
      ...folders.filter((name) => existsSync(join(directory, name))),
    ],
    { cwd: directory, maxBuffer: 64 * 1024 * 1024, encoding: "utf8" },
  );
  return (JSON.parse(output) as { summary: Summary }).summary;
}

/** A circle is listed by its files: which of its imports has to go is the author's choice. */
function line({ rule, from, to, cycle }: Violation): string {
  return cycle === undefined
    ? `${rule.name}: ${from} -> ${to.replace(/^.*node_modules/, "node_modules")}`
    : `${rule.name}: ${from}`;
}

test("imports go down the layers only", () => {
  const { violations, totalCruised } = cruise(root);

  expect(totalCruised).toBeGreaterThan(150);
  expect([...new Set(violations.map(line))].sort()).toEqual([]);
});

test("each rule finds the import that breaks it", () => {
  const rooms = ["authority", "certificate", "command", "fleet", "host"];
  const files: Record<string, readonly string[]> = {
    "main.ts": ["./lib/programs/check", ...rooms.map((room) => `./lib/${room}/private/part`)],
    "app/app.ts": ["../lib/private/names"],
    "bin/bin.ts": ["../app/app"],
    "bin/verify.ts": ["node:child_process", "node:net"],
    "deploy/deploy.ts": ["../bin/bin"],
    "verify/verify.ts": ["../deploy/deploy"],
    "page/page.ts": ["../verify/verify"],
    "lib/index.ts": ["../page/page"],
    "lib/fleet/fleet.ts": ["../index"],
    "lib/host/host.ts": ["../fleet/fleet"],
    "lib/authority/authority.ts": ["../host/host"],
    "lib/certificate/certificate.ts": ["../authority/authority"],
    "lib/command/command.ts": ["../certificate/certificate", "cdktf"],
    "lib/private/names.ts": ["../command/command"],
    "lib/programs/check.ts": ["../host/host"],
    "lib/programs/render-page.ts": ["../fleet/fleet"],
    ...Object.fromEntries(rooms.map((room) => [`lib/${room}/private/part.ts`, []])),
  };
  const directory = mkdtempSync(join(tmpdir(), "layers-"));
  try {
    for (const [path, imported] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(
        join(directory, path),
        ["export {};", ...imported.map((from) => `import type {} from "${from}";`)].join("\n"),
      );
    }

    const { violations, ruleSetUsed } = cruise(directory);
    expect(new Set(violations.map(({ rule }) => rule.name))).toEqual(
      new Set(ruleSetUsed.forbidden.map(({ name }) => name)),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});
