import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import type { Tried } from "./fuzz";

const ROOT = path.join(__dirname, "..", "..");
const PAGE = path.join(ROOT, "docs", "fuzz.md");
const RUNS = process.env["FUZZ_RUNS"] ?? "100000";
const SEED = process.env["FUZZ_SEED"] ?? String(Math.floor(Math.random() * 2 ** 31));

/** Runs every fuzz test with many cases and a seed of its own, and writes what came of it into the docs. */
function main(): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-fuzz-"));
  const report = path.join(folder, "tried");
  fs.writeFileSync(report, "");
  process.stdout.write(`FUZZ_RUNS=${RUNS} FUZZ_SEED=${SEED}\n`);
  const started = Date.now();
  try {
    const jest = [
      require.resolve("jest/bin/jest"),
      "--ci",
      "--maxWorkers=100%",
      "--testNamePattern",
      "^fuzz: ",
      "test/fuzz",
    ];
    const env = { ...process.env, FUZZ_RUNS: RUNS, FUZZ_SEED: SEED, FUZZ_REPORT: report };
    const { status } = spawnSync(process.execPath, jest, { cwd: ROOT, env, stdio: "inherit" });
    const tried = fs.readFileSync(report, "utf8").split("\n").filter(Boolean);
    fs.writeFileSync(PAGE, page(tried.map((line) => JSON.parse(line) as Tried).sort(byName), Date.now() - started));
    return status ?? 1;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function byName(one: Tried, other: Tried): number {
  return one.target < other.target ? -1 : 1;
}

function page(tried: readonly Tried[], milliseconds: number): string {
  const sum = (of: (one: Tried) => number): number => tried.reduce((all, one) => all + of(one), 0);
  const rows = tried.map(({ target, cases, regressions, failed }) => {
    return `| ${target} | ${cases.toLocaleString("en")} | ${regressions} | ${failed ? "FAILED" : "passed"} |`;
  });
  return `# Bad input

Written by \`npm run test:fuzz\`. Each target is given random input and damaged real input: bytes flipped, dropped, doubled or inserted, DER with changed elements and correct lengths, scripts and settings with characters replaced, inserted and deleted. A reader may throw only its documented errors, and no error may quote a secret. OpenSSL, \`sh\`, the URL parser or YAML's own reader must read the same in every input that is accepted, and no damaged certificate may be trusted. \`npm test\` tries about 2,000 cases, the same ones every time; an input that ever failed is kept in \`test/fuzz/regressions/\` and tried first.

Last run: ${new Date().toISOString().slice(0, 10)}, \`FUZZ_SEED=${SEED} FUZZ_RUNS=${RUNS}\`, ${Math.ceil(milliseconds / 60_000)} minutes. **${sum(({ cases }) => cases).toLocaleString("en")} inputs tried** on ${tried.length} targets, ${sum(({ failed }) => Number(failed))} of them failed.

| target | inputs | kept failures | |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

process.exitCode = main();
