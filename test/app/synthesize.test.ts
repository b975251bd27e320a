import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const { context: CONTEXT } = JSON.parse(fs.readFileSync(path.join(ROOT, "cdktf.json"), "utf8")) as {
  context: Record<string, unknown>;
};

/** What main.ts prints with a context. */
function main(context: Record<string, unknown>): { status: number | null; stderr: string } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-synthesize-"));
  try {
    const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(context), CDKTF_OUTDIR: outdir };
    return spawnSync(process.execPath, ["-r", "tsx/cjs", "main.ts"], { cwd: ROOT, env, encoding: "utf8" });
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

test("an app that is right prints nothing", () => {
  expect(main(CONTEXT)).toMatchObject({ status: 0, stderr: "" });
});

test.each([
  ["the context", { agents: "web-1" }, /^cdktf\.json: context\.agents is not usable, .*\n$/],
  ["a construct", { fleetServerUrl: "http://fleet" }, /^one-way\/fleet: fleetServerUrl .*\n$/],
  ["an id", { agents: ["a/b"] }, /^one-way\/fleet\/agents: id .*\n$/],
])("an error of %s is printed once, without a stack trace", (_, wrong, message) => {
  const { status, stderr } = main({ ...CONTEXT, ...wrong });
  expect(status).toBe(1);
  expect(stderr).toMatch(message);
});
