import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { Example } from "../examples/example";
import { writeVolume } from "../support/projected-volume";
import type { KubernetesProvider } from "./builds";
import type { Cluster, KubernetesObject } from "./cluster";

type Step = readonly [what: string, check: () => Promise<string>];

const HOSTS = ["agents-node", "elasticsearch", "fleet-server"];

/** examples/kubernetes-secrets in a cluster. */
export class DeployedExample {
  private readonly environment: Record<string, string>;

  constructor(
    private readonly example: Example,
    private readonly cluster: Cluster,
    private readonly home: string,
    provider: KubernetesProvider,
  ) {
    this.environment = { HOME: home, ...(provider.configFile && { TF_CLI_CONFIG_FILE: provider.configFile }) };
    if (provider.release) this.edit("bindings.ts", '"~> 2.38"', `"${provider.release}"`);
  }

  /** What is done, in this order, each with what was seen. */
  public steps(): Step[] {
    return [
      ["deploy", () => this.deploys()],
      ["secrets and config maps", () => this.separates()],
      ["mounted at one folder", () => this.verifies()],
      ["a second deploy", () => this.changesNothing()],
      ["a secret is deleted in the cluster", () => this.restores()],
      ["a second agent", () => this.addsAgent()],
      ["another validity", () => this.renews()],
      ["destroy", () => this.destroys()],
    ];
  }

  /** The release of the provider that was installed. */
  public providerVersion(): string {
    const lock = this.example.read(path.join("cdktf.out", "stacks", "kubernetes", ".terraform.lock.hcl"));
    return /hashicorp\/kubernetes" \{\s+version\s+= "(.*)"/.exec(lock)![1]!;
  }

  private async deploys(): Promise<string> {
    await this.example.follow(this.environment);
    const lines = await this.lines();
    assert.deepEqual(lines, this.example.list.trim().split("\n"));
    return `${lines.length} objects, each with the keys that the example's README lists`;
  }

  private async separates(): Promise<string> {
    const [secrets, configMaps] = await this.objects();
    const isKey = ([, value]: [string, string]): boolean => value.includes("PRIVATE KEY");
    const keys = secrets.flatMap(({ data }) => Object.entries(data));
    const rest = configMaps.flatMap(({ data }) => Object.entries(data));
    assert.ok(keys.length > 0 && keys.every(isKey));
    assert.ok(rest.length > 0 && !rest.some(isKey));
    return `${keys.length} private keys, all in secrets; ${rest.length} other files, all in config maps`;
  }

  private async verifies(hosts = HOSTS): Promise<string> {
    const folders = await this.mount(hosts);
    const pairs = folders.flatMap((folder) => pairsIn(folder));
    assert.ok(pairs.length > hosts.length);
    const { code, stdout, stderr } = await this.example.run(["verify", ...folders]);
    assert.equal(code, 0, stdout + stderr);
    return `${pairs.length} certificates belong to the keys beside them; \`fleet-tls verify\` of ${folders.length} folders ends with 0`;
  }

  private async changesNothing(): Promise<string> {
    const before = await this.versions();
    await this.example.follow(this.environment);
    assert.deepEqual(await this.versions(), before);
    return "every object keeps its resource version";
  }

  private async restores(): Promise<string> {
    const before = await this.contents();
    await this.cluster.write("DELETE", "/api/v1/namespaces/elastic/secrets/agents-node-tls");
    assert.notDeepEqual(await this.contents(), before);
    await this.example.follow(this.environment);
    assert.deepEqual(await this.contents(), before);
    return "the next deploy makes it again, with the same key";
  }

  private async addsAgent(): Promise<string> {
    const before = await this.versions();
    this.edit("main.ts", /^fleet\.addAgent.*$/m, '$&\nfleet.addAgent("node-2", { container: true });');
    await this.example.follow(this.environment);
    const after = await this.versions();
    const added = Object.keys(after).filter((name) => !(name in before));
    assert.deepEqual(added, ["secrets agents-node-2-tls", "configmaps agents-node-2-tls"]);
    for (const [name, version] of Object.entries(before)) assert.equal(after[name], version);
    await this.verifies([...HOSTS, "agents-node-2"]);
    return "a secret and a config map more; every other object keeps its resource version";
  }

  private async renews(): Promise<string> {
    const before = await this.contents();
    this.edit("main.ts", "  writeFiles: false,", "  writeFiles: false,\n  validity: Validity.days(90),");
    this.edit("main.ts", "ServiceToken }", "ServiceToken, Validity }");
    await this.example.follow(this.environment);
    const after = await this.contents();
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    assert.ok(changed.length > 0 && changed.every((name) => /^configmaps .*-cert\.pem$/.test(name)), changed.join());
    await this.verifies([...HOSTS, "agents-node-2"]);
    return `${changed.length} certificates change in the config maps, no secret changes, and \`fleet-tls verify\` ends with 0`;
  }

  private async destroys(): Promise<string> {
    const { code, stdout, stderr } = await this.example.run(["destroy", "--yes"], this.environment);
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(await this.lines(), []);
    return "no object is left";
  }

  /** Writes each host's secret and config map into one folder, as the kubelet writes a projected volume. */
  private async mount(hosts: readonly string[]): Promise<string[]> {
    const objects = (await this.objects()).flat();
    return hosts.map((host) => {
      const folder = path.join(this.home, "certs", host);
      const own = objects.filter(({ metadata }) => metadata.name === `${host}-tls`);
      const entries = own.flatMap(({ data }) => Object.entries(data));
      const files = Object.fromEntries(entries);
      assert.equal(Object.keys(files).length, entries.length);
      writeVolume(folder, files);
      return folder;
    });
  }

  /** Secrets and config maps, their values in plain text, without those of Kubernetes itself. */
  private async objects(): Promise<[secrets: KubernetesObject[], configMaps: KubernetesObject[]]> {
    const secrets = await this.cluster.objects("secrets");
    const configMaps = await this.cluster.objects("configmaps");
    const plain = secrets.map(({ metadata, data }) => ({
      metadata,
      data: Object.fromEntries(
        Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString("utf8")]),
      ),
    }));
    return [plain, configMaps.filter(({ metadata }) => metadata.name !== "kube-root-ca.crt")];
  }

  private async lines(): Promise<string[]> {
    const [secrets, configMaps] = await this.objects();
    const line = (type: string, { metadata, data }: KubernetesObject): string =>
      `${type} ${metadata.name}: ${Object.keys(data).sort().join(" ")}`;
    return [
      ...configMaps.map((object) => line("kubernetes_config_map_v1", object)),
      ...secrets.map((object) => line("kubernetes_secret_v1", object)),
    ].sort();
  }

  private versions(): Promise<Record<string, string>> {
    return this.everything((name, { metadata }) => [[name, metadata.resourceVersion]]);
  }

  private contents(): Promise<Record<string, string>> {
    return this.everything((name, { data }) => Object.entries(data).map(([key, value]) => [`${name} ${key}`, value]));
  }

  private async everything(
    entries: (name: string, object: KubernetesObject) => [string, string][],
  ): Promise<Record<string, string>> {
    const [secrets, configMaps] = await this.objects();
    return Object.fromEntries([
      ...secrets.flatMap((object) => entries(`secrets ${object.metadata.name}`, object)),
      ...configMaps.flatMap((object) => entries(`configmaps ${object.metadata.name}`, object)),
    ]);
  }

  private edit(file: string, former: string | RegExp, next: string): void {
    const text = this.example.read(file);
    const edited = text.replace(former, next);
    assert.notEqual(edited, text, `${file} has no ${String(former)}`);
    fs.writeFileSync(this.example.path(file), edited);
  }
}

/** The certificates of a folder, each of which must belong to the key beside it. */
function pairsIn(folder: string): string[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith("-key.pem"));
  return names.map((name) => {
    const certificate = name.replace("-key.pem", ".pem");
    const key = createPrivateKey(fs.readFileSync(path.join(folder, name)));
    assert.ok(new X509Certificate(fs.readFileSync(path.join(folder, certificate))).checkPrivateKey(key), certificate);
    return certificate;
  });
}
