import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

const REGISTRY = "registry.terraform.io";

/** A registry on this machine, with the providers of a folder of unpacked ones, each signed by a key of its own. */
export class ProviderRegistry {
  public static async start(unpacked: string): Promise<ProviderRegistry> {
    const registry = new ProviderRegistry(path.join(unpacked, REGISTRY));
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** Paths that were asked for. */
  public readonly asked: string[] = [];

  private readonly home = fs.mkdtempSync(path.join(os.tmpdir(), "registry-"));
  private readonly server = http.createServer((request, response) => {
    this.asked.push(request.url!);
    const answer = this.answer(request.url!);
    response.writeHead(answer === undefined ? 404 : 200, { "Content-Type": "application/json" }).end(answer);
  });

  private constructor(private readonly unpacked: string) {
    this.gpg("--quick-gen-key", "registry", "ed25519", "sign", "1d");
  }

  /** A CLI configuration that finds this registry under the name of the public one. */
  public get configuration(): string {
    return `host "${REGISTRY}" {\n  services = { "providers.v1" = "${this.url}/" }\n}\n`;
  }

  public close(): void {
    this.server.close();
    execFileSync("gpgconf", ["--homedir", this.home, "--kill", "all"]);
    fs.rmSync(this.home, { recursive: true, force: true });
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Protocol: developer.hashicorp.com/terraform/internals/provider-registry-protocol. */
  private answer(url: string): string | Buffer | undefined {
    const [name, version, file, ...platform] = url
      .split("/")
      .slice(1)
      .filter((word) => word !== "hashicorp");
    const [found] = fs.readdirSync(path.join(this.unpacked, "hashicorp", name!));
    const folder = path.join(this.unpacked, "hashicorp", name!, found!);
    const [os, arch] = fs.readdirSync(folder)[0]!.split("_");
    if (version === "versions") {
      return JSON.stringify({ versions: [{ version: found, protocols: ["5.0", "6.0"], platforms: [{ os, arch }] }] });
    }
    if (version !== found) return undefined;
    const zip = `terraform-provider-${name}_${found}_${os}_${arch}.zip`;
    const sums = (): string => `${this.sha256(this.zip(zip, path.join(folder, `${os}_${arch}`)))}  ${zip}\n`;
    if (file === "download" && platform.join("_") === `${os}_${arch}`) {
      return JSON.stringify({
        protocols: ["5.0", "6.0"],
        os,
        arch,
        filename: zip,
        download_url: `${this.url}/hashicorp/${name}/${found}/zip`,
        shasums_url: `${this.url}/hashicorp/${name}/${found}/sums`,
        shasums_signature_url: `${this.url}/hashicorp/${name}/${found}/sums.sig`,
        shasum: sums().split(" ")[0],
        signing_keys: { gpg_public_keys: [{ ascii_armor: this.gpg("--armor", "--export", "registry").toString() }] },
      });
    }
    if (file === "zip") return fs.readFileSync(this.zip(zip, path.join(folder, `${os}_${arch}`)));
    if (file === "sums") return sums();
    if (file === "sums.sig") return this.gpg("--detach-sign", "--output", "-", this.write("sums", sums()));
    return undefined;
  }

  /** A provider's folder as a ZIP file, made once. */
  private zip(name: string, folder: string): string {
    const file = path.join(this.home, name);
    const programs = fs.readdirSync(folder);
    if (!fs.existsSync(file)) execFileSync("python3", ["-m", "zipfile", "-c", file, ...programs], { cwd: folder });
    return file;
  }

  private sha256(file: string): string {
    return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  }

  private write(name: string, text: string): string {
    fs.writeFileSync(path.join(this.home, name), text);
    return path.join(this.home, name);
  }

  private gpg(...args: string[]): Buffer {
    const quiet = ["--homedir", this.home, "--batch", "--yes", "--passphrase", "", "--pinentry-mode", "loopback"];
    return execFileSync("gpg", [...quiet, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  }
}
