import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { MirrorBuild, hasGo } from "../../providers/mirror-build";
import { Blocked } from "../faults/scenario";
import { execute } from "../support/execute";

const PROVIDERS = path.join(__dirname, "..", "..", "providers");
const MODULE = "github.com/hashicorp/terraform-provider-tls";
/** The one file that turns the hours of a certificate into time. */
const CLOCK = path.join("internal", "provider", "common_cert.go");

/**
 * Builds the tls provider from its own source with one change: its hour lasts some seconds. Certificates of
 * minutes then really expire, for Terraform and for every TLS stack, without a clock being set.
 *
 * @returns what to add to Terraform's environment
 */
export async function shortHours(seconds: number, folder: string): Promise<Record<string, string>> {
  if (!(await hasGo(process.env))) throw new Blocked("Go is not installed, which the tls provider is built with");
  const module = path.join(folder, "module");
  const source = path.join(folder, "source");
  fs.cpSync(path.join(PROVIDERS, "tls"), module, { recursive: true });
  const [original] = execFileSync("go", ["mod", "download", "-json", MODULE], { cwd: module, encoding: "utf8" }).match(
    /(?<="Dir": ").*(?=")/,
  )!;
  fs.cpSync(original!, source, { recursive: true });
  execFileSync("chmod", ["-R", "u+w", source]);
  const text = fs.readFileSync(path.join(source, CLOCK), "utf8");
  const changed = text.replaceAll("* time.Hour", `* (${seconds} * time.Second)`);
  if (changed.split("time.Second").length !== 4) throw new Error(`${CLOCK} does not count hours as it did`);
  fs.writeFileSync(path.join(source, CLOCK), changed);
  execFileSync("go", ["mod", "edit", `-replace=${MODULE}=${source}`], { cwd: module });

  // The mirror that is there already configures where Terraform looks, and contains the other provider.
  const mirror = new MirrorBuild(path.join(PROVIDERS, "..", ".terraform-mirror"));
  if (!mirror.isComplete()) throw new Blocked("the providers are not built: npm run providers");
  const configuration = fs.readFileSync(mirror.configFile, "utf8");
  const built = JSON.parse(/path += (".*")/.exec(configuration)![1]!) as string;
  const copy = path.join(folder, "mirror");
  fs.cpSync(built, copy, { recursive: true });
  for (const binary of fs.readdirSync(copy, { recursive: true, encoding: "utf8" })) {
    if (!/terraform-provider-tls_v[^/]*$/.test(binary)) continue;
    const output = path.join(copy, binary);
    fs.rmSync(output);
    const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
    const { code, stderr } = await execute("go", ["build", "-trimpath", "-buildvcs=false", "-o", output, "tool"], {
      cwd: module,
      env,
    });
    if (code !== 0) throw new Error(`the tls provider cannot be built\n${stderr.slice(-2000)}`);
  }
  const file = path.join(folder, "terraform.rc");
  fs.writeFileSync(file, configuration.replaceAll(JSON.stringify(built), JSON.stringify(copy)));
  return { TF_CLI_CONFIG_FILE: file };
}
