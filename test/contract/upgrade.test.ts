import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { execute } from "../support/execute";
import { TerraformProject } from "../support/terraform";

/** The last commit with the addresses of the first 0.1.0. */
const EARLIER = "7d175ab8c48b4f10345002e81a98e27038b53acc";
const ROOT = path.join(__dirname, "..", "..");

const hasHistory = spawnSync("git", ["cat-file", "-e", EARLIER], { cwd: ROOT }).status === 0;

const project = new TerraformProject();
afterAll(() => project.dispose());

/** Synthesizes main.ts with the code of the earlier commit. */
async function synthEarlier(): Promise<void> {
  const folder = project.path("earlier");
  fs.mkdirSync(folder);
  const archive = execFileSync("git", ["archive", EARLIER], { cwd: ROOT, maxBuffer: 1 << 28 });
  execFileSync("tar", ["x", "-C", folder], { input: archive });
  fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  const { context } = JSON.parse(fs.readFileSync(path.join(folder, "cdktf.json"), "utf8"));
  const env = { ...process.env, CDKTF_OUTDIR: project.outputFolder, CDKTF_CONTEXT_JSON: JSON.stringify(context) };
  for (const program of [["scripts/bundle-programs.mjs"], ["--import", "tsx", "main.ts"]]) {
    const { code, stderr } = await execute(process.execPath, program, { cwd: folder, env });
    if (code !== 0) throw new Error(stderr);
  }
}

(hasHistory ? test : test.skip)(
  `a state written at ${EARLIER.slice(0, 7)} is planned without a new key or certificate (needs the Git history)`,
  async () => {
    await synthEarlier();
    await project.apply("mutual");
    await project.synthMain();
    const changes = (await project.plan("mutual")).json.resource_changes ?? [];
    const of = (type: RegExp) => changes.filter((change) => type.test(change.type));
    expect(of(/^tls_/).length).toBeGreaterThan(0);
    for (const { address, change } of [...of(/^tls_/), ...of(/^terraform_data$/)]) {
      // What hosts trust, and their settings, were not remembered before.
      const isNewMemory =
        /_rotation_(anchor|number|set|signer|generation-1-key-guard)_|\.fleet_(live|fleet-es-issuer|runbook)_/.test(
          address,
        );
      expect({ address, actions: change.actions }).toEqual({ address, actions: [isNewMemory ? "create" : "no-op"] });
    }
    const moved = of(/^terraform_data$/).flatMap((change) => change.previous_address ?? []);
    expect(moved).toHaveLength(3);
    expect(moved.every((address) => /_rotation_began_/.test(address))).toBe(true);

    await project.apply("mutual");
    expect((await project.plan("mutual")).text).toContain("No changes.");
  },
);
