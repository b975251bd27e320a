import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";

import { CLIENT, Pki, RSA, SERVER } from "../support/pki";

const POLL_MS = 200;

/** An object of the API, as far as it is read here. */
export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data: Readonly<Record<string, string>>;
}

/** A kube-apiserver with its etcd: everything of a cluster that stores secrets and config maps. */
export class Cluster {
  private readonly processes: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly pki: Pki,
  ) {}

  /** Starts both programs in a folder of their own, with TLS and client certificates that are made now. */
  public static async start(programs: string, folder: string): Promise<Cluster> {
    const [client, peer, port] = [await freePort(), await freePort(), await freePort()];
    const cluster = new Cluster(folder, port, makePki(path.join(folder, "pki")));
    try {
      const [store, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
      cluster.run(path.join(programs, "etcd"), [
        ...["--data-dir", path.join(folder, "etcd"), "--unsafe-no-fsync"],
        ...["--listen-client-urls", store, "--advertise-client-urls", store],
        ...[
          "--listen-peer-urls",
          peers,
          "--initial-advertise-peer-urls",
          peers,
          "--initial-cluster",
          `default=${peers}`,
        ],
      ]);
      cluster.run(path.join(programs, "kube-apiserver"), cluster.apiServerFlags(store));
      while (!(await cluster.isReady())) {
        cluster.mustRun();
        await setTimeout(POLL_MS);
      }
      await cluster.write("POST", "/api/v1/namespaces", { metadata: { name: "elastic" } });
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Writes `.kube/config` into a home directory. */
  public writeConfig(home: string): void {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [
        {
          name: "test",
          cluster: { server: `https://127.0.0.1:${this.port}`, "certificate-authority": this.pki.path("ca.pem") },
        },
      ],
      users: [
        {
          name: "test",
          user: { "client-certificate": this.pki.path("admin.pem"), "client-key": this.pki.path("admin-key.pem") },
        },
      ],
    };
    fs.mkdirSync(path.join(home, ".kube"), { recursive: true });
    fs.writeFileSync(path.join(home, ".kube", "config"), JSON.stringify(config), { mode: 0o600 });
  }

  /** The program's own version, such as `v1.34.2`. */
  public async version(): Promise<string> {
    return (JSON.parse((await this.call("GET", "/version")).body) as { gitVersion: string }).gitVersion;
  }

  /** Secrets or config maps of the namespace, by name. */
  public async objects(kind: "secrets" | "configmaps"): Promise<KubernetesObject[]> {
    const { status, body } = await this.call("GET", `/api/v1/namespaces/elastic/${kind}`);
    if (status !== 200) throw new Error(`the API server answered ${status}: ${body}`);
    return (JSON.parse(body) as { items: KubernetesObject[] }).items;
  }

  public async write(method: "POST" | "DELETE", url: string, content?: object): Promise<void> {
    const { status, body } = await this.call(method, url, content);
    if (status >= 300) throw new Error(`the API server answered ${method} ${url} with ${status}: ${body}`);
  }

  public async stop(): Promise<void> {
    for (const child of this.processes.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
  }

  private apiServerFlags(store: string): string[] {
    const { certificate, key } = this.pki.pair("server");
    const tokens = this.pki.pair("tokens");
    return [
      ...[`--etcd-servers=${store}`, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1"],
      ...[`--secure-port=${this.port}`, `--tls-cert-file=${certificate}`, `--tls-private-key-file=${key}`],
      ...[`--client-ca-file=${this.pki.path("ca.pem")}`, "--authorization-mode=RBAC"],
      ...["--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none"],
      // No controller makes service accounts here.
      ...["--disable-admission-plugins=ServiceAccount", "--service-account-issuer=https://kubernetes.default.svc"],
      ...[`--service-account-key-file=${tokens.key}`, `--service-account-signing-key-file=${tokens.key}`],
    ];
  }

  // To a file: a pipe fills up while a deploy runs synchronously.
  private run(program: string, args: readonly string[]): void {
    const log = fs.openSync(path.join(this.folder, `${path.basename(program)}.log`), "w");
    const child = spawn(program, [...args], { cwd: this.folder, stdio: ["ignore", log, log] });
    fs.closeSync(log);
    process.once("exit", () => child.kill("SIGKILL"));
    this.processes.push(child);
  }

  private mustRun(): void {
    for (const { exitCode, spawnfile } of this.processes) {
      if (exitCode === null) continue;
      const log = fs.readFileSync(path.join(this.folder, `${path.basename(spawnfile)}.log`), "utf8");
      throw new Error(`${path.basename(spawnfile)} ended with ${exitCode}:\n${log.slice(-3000)}`);
    }
  }

  private async isReady(): Promise<boolean> {
    return this.call("GET", "/readyz").then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  private call(method: string, url: string, content?: object): Promise<{ status: number; body: string }> {
    const [ca, cert, key] = ["ca", "admin", "admin-key"].map((name) => fs.readFileSync(this.pki.path(`${name}.pem`)));
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const options = { host: "127.0.0.1", port: this.port, path: url, method, ca, cert, key, headers, agent: false };
      const call = request(options, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.on("error", reject).on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      call.on("error", reject).end(content && JSON.stringify(content));
    });
  }
}

function makePki(folder: string): Pki {
  const pki = new Pki(folder);
  pki.authority("ca");
  pki.leaf("server", "ca", SERVER, ["IP:127.0.0.1"]);
  // The group that RBAC lets do everything.
  pki.certificate("admin", { issuer: "ca", subject: "/O=system:masters/CN=admin", extensions: CLIENT, days: 10 });
  pki.key("tokens", RSA);
  return pki;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
