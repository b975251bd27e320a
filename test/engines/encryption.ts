/**
 * `npm run test:encryption`: a small app whose states OpenTofu encrypts, through a migration, a loss and a recovery.
 * Writes docs/encrypted-state.md. Exits with 1 when anything failed.
 */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

import { deployProject } from "../deploy/project";
import { execute } from "../support/execute";
import type { TerraformProject } from "../support/terraform";
import { newestTofu } from "./builds";

const PAGE = path.join(__dirname, "..", "..", "docs", "encrypted-state.md");
const STACKS = ["one-way", "mutual"];

/** The settings of docs/state.md; a state that is not encrypted yet is read with a fallback. */
function encryption(passphrase = "a passphrase of the test", fallback = false): string {
  const method = "method = method.aes_gcm.fleet";
  const former = fallback ? "fallback { method = method.unencrypted.former }" : "";
  return `
    key_provider "pbkdf2" "fleet" {
      passphrase = "${passphrase}"
    }
    method "aes_gcm" "fleet" {
      keys = key_provider.pbkdf2.fleet
    }
    ${fallback ? 'method "unencrypted" "former" {}' : ""}
    state {
      ${method}
      ${former || "enforced = true"}
    }
    plan {
      ${method}
      enforced = true
    }
    remote_state_data_sources {
      default {
        ${method}
        ${former}
      }
    }`;
}

/** The app, of two stacks of which one reads the other's state, and what happens to its states. */
class EncryptedApp {
  private readonly project: TerraformProject;

  constructor(private readonly tofu: string) {
    this.project = deployProject({ TERRAFORM_BINARY_NAME: tofu, READS: "1" });
  }

  public dispose(): void {
    this.project.dispose();
  }

  public readonly steps: readonly (readonly [what: string, check: () => Promise<string>])[] = [
    ["deploys without encryption", () => this.deploysPlain()],
    ["`deploy` with `TF_ENCRYPTION` and `fallback`", () => this.skips()],
    ["`deploy --all` without `fallback`", () => this.refuses()],
    ["`deploy --all` with `fallback`", () => this.migrates()],
    ["`deploy --all` without `fallback`, after it", () => this.keepsKeys()],
    ["a change", () => this.changes()],
    ["a state that a kill left empty", () => this.recovers()],
    ["the same with another passphrase", () => this.keepsOut()],
    ["the same with a backup that is not encrypted", () => this.recoversPlain()],
    ["a backup put back by hand", () => this.putsBack()],
  ];

  private async deploysPlain(): Promise<string> {
    await this.deploy([], undefined, { GENERATION: "0" });
    await this.deploy([]);
    for (const stack of STACKS) assert.match(this.state(stack) + this.backup(stack), /PRIVATE KEY[^]*PRIVATE KEY/);
    return "both states and their backups contain private keys in plain text";
  }

  private async refuses(): Promise<string> {
    const before = this.states();
    const { code, stderr } = await this.project.fleetTls(["deploy", "--yes", "--all"], { TF_ENCRYPTION: encryption() });
    assert.equal(code, 1);
    assert.match(stderr, /unencrypted payload without unencrypted method configured/);
    assert.ok(this.states() === before);
    return "refused, and no state is changed";
  }

  private async skips(): Promise<string> {
    const before = this.states();
    await this.deploy([], encryption(undefined, true));
    assert.ok(this.states() === before);
    return "leaves out the stacks that are up to date: no state is encrypted";
  }

  private async migrates(): Promise<string> {
    const keys = this.keys();
    await this.deploy(["--all"], encryption(undefined, true));
    for (const stack of STACKS) this.assertEncrypted(this.state(stack));
    assert.deepEqual(this.keys(), keys);
    const plain = STACKS.filter((stack) => /PRIVATE KEY/.test(this.backup(stack)));
    assert.deepEqual(plain, STACKS);
    return "both states are encrypted, with the same keys; their backups still are in plain text";
  }

  private async keepsKeys(): Promise<string> {
    const keys = this.keys();
    await this.deploy(["--all"], encryption());
    for (const stack of STACKS) this.assertEncrypted(this.state(stack));
    assert.deepEqual(this.keys(), keys);
    return "works, with the same keys";
  }

  private async changes(): Promise<string> {
    await this.deploy([], encryption(), { GENERATION: "2" });
    for (const stack of STACKS) this.assertEncrypted(this.backup(stack));
    return "the backups that it leaves are encrypted too";
  }

  private async recovers(): Promise<string> {
    const keys = this.keys();
    for (const stack of STACKS) fs.truncateSync(this.project.stateFile(stack));
    const said = await this.deploy([], encryption(), { GENERATION: "2" });
    for (const stack of STACKS) {
      assert.match(
        said,
        new RegExp(`terraform\\.${stack}\\.tfstate was lost .*: restored to the state before that run`),
      );
      this.assertEncrypted(this.state(stack));
    }
    assert.deepEqual(this.keys(), keys);
    this.assertNoPlainText();
    return "restored from the encrypted backup, with the same keys; nothing is left in plain text";
  }

  private async keepsOut(): Promise<string> {
    fs.truncateSync(this.project.stateFile("mutual"));
    const env = { TF_ENCRYPTION: encryption("another passphrase"), GENERATION: "2" };
    const { code, stderr } = await this.project.fleetTls(["deploy", "--yes", "mutual"], env);
    assert.equal(code, 1);
    assert.match(stderr, /is empty and cannot be put back from terraform\.mutual\.tfstate\.backup/);
    assert.equal(this.state("mutual"), "");
    await this.deploy([], encryption(), { GENERATION: "2" });
    this.assertEncrypted(this.state("mutual"));
    return "refused, with nothing created; with the right one it is restored";
  }

  private async recoversPlain(): Promise<string> {
    const keys = this.keys();
    fs.writeFileSync(`${this.project.stateFile("mutual")}.backup`, await this.pull("mutual"));
    fs.truncateSync(this.project.stateFile("mutual"));
    await this.deploy([], encryption(), { GENERATION: "2" });
    this.assertEncrypted(this.state("mutual"));
    assert.deepEqual(this.keys(), keys);
    return "restored, and encrypted";
  }

  private async putsBack(): Promise<string> {
    const env = await this.project.environment({ TF_ENCRYPTION: encryption() });
    const folder = this.project.path("restore");
    fs.mkdirSync(folder);
    const stack = this.project.stackFolder("mutual");
    fs.copyFileSync(this.project.stateFile("mutual"), path.join(folder, "terraform.tfstate"));
    fs.rmSync(this.project.stateFile("mutual"));
    const backup = path.join(folder, "terraform.tfstate");
    const direct = await execute(this.tofu, [`-chdir=${stack}`, "state", "push", backup], { env });
    assert.equal(direct.code, 1);
    assert.match(direct.stderr, /This state file is encrypted/);
    const line = `'${this.tofu}' -chdir=restore state pull | '${this.tofu}' -chdir='${stack}' state push -`;
    const { code, stderr } = await execute("sh", ["-c", line], { cwd: this.project.folder, env });
    assert.equal(code, 0, stderr);
    this.assertEncrypted(this.state("mutual"));
    const said = await this.deploy(["--all"], encryption(), { GENERATION: "2" });
    assert.doesNotMatch(said, /created|replaced/);
    return "`state push FILE` refuses it; `state pull` in a folder with it, piped to `state push -`, works";
  }

  /** Deploys, which must succeed; answers everything that was printed. */
  private async deploy(args: string[], settings?: string, env: Record<string, string> = {}): Promise<string> {
    const own = { ...env, ...(settings !== undefined && { TF_ENCRYPTION: settings }) };
    const { code, stdout, stderr } = await this.project.fleetTls(["deploy", "--yes", ...args], own);
    assert.equal(code, 0, stdout + stderr);
    return stdout + stderr;
  }

  private async pull(stack: string): Promise<string> {
    const env = await this.project.environment({ TF_ENCRYPTION: encryption() });
    const { stdout } = await execute(this.tofu, ["state", "pull"], { cwd: this.project.stackFolder(stack), env });
    assert.match(stdout, /PRIVATE KEY/);
    return stdout;
  }

  private state(stack: string): string {
    return fs.readFileSync(this.project.stateFile(stack), "utf8");
  }

  private backup(stack: string): string {
    return fs.readFileSync(`${this.project.stateFile(stack)}.backup`, "utf8");
  }

  private states(): string {
    return STACKS.map((stack) => this.state(stack)).join("\n");
  }

  private keys(): string[] {
    return STACKS.map((stack) => this.project.read(`fleet-tls/${stack}/fleet/agents/web-1/key.pub.pem`));
  }

  private assertEncrypted(text: string): void {
    assert.equal(typeof (JSON.parse(text) as { encrypted_data?: unknown }).encrypted_data, "string");
    assert.doesNotMatch(text, /PRIVATE KEY/);
  }

  /** The states, their backups and whatever else the recovery may have written. */
  private assertNoPlainText(): void {
    const { folder, temporary } = this.project;
    const states = fs.readdirSync(folder).filter((name) => name.includes(".tfstate"));
    for (const name of states) assert.doesNotMatch(fs.readFileSync(path.join(folder, name), "utf8"), /PRIVATE KEY/);
    assert.ok(!fs.readdirSync(temporary).some((name) => name.startsWith("fleet-tls-run-")));
  }
}

async function main(): Promise<void> {
  const tofu = await newestTofu();
  const app = new EncryptedApp(tofu);
  const rows: string[] = [];
  try {
    for (const [what, check] of app.steps) {
      rows.push(`| ${what} | ${await check()} |`);
      process.stderr.write(`${rows.at(-1)!}\n`);
    }
    const { stdout } = await execute(tofu, ["version"], { env: { ...process.env, TF_CLI_CONFIG_FILE: "" } });
    fs.writeFileSync(PAGE, page(rows, stdout.split("\n")[0]!));
  } finally {
    app.dispose();
  }
}

function page(rows: readonly string[], version: string): string {
  return `# States that OpenTofu encrypts

Written by \`npm run test:encryption\`, run on ${new Date().toISOString().slice(0, 10)} with ${version}. It takes an app of two stacks, of which one reads the other's state, through the settings of [state.md](state.md). The states are local files.

| step | what was seen |
| --- | --- |
${rows.join("\n")}
`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
