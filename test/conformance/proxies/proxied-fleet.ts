import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import type { App } from "cdktf";

import type { ReverseProxyOptions } from "../../../lib";
import { CertificateAuthoritySource, MutualFleetTls, ProxySoftware } from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps } from "../../support/fleets";
import { CLIENT, Pki } from "../../support/pki";
import { TerraformProject } from "../../support/terraform";
import type { Program } from "./proxy-process";
import { ProxyProcess } from "./proxy-process";

export const PROGRAMS: Program[] = ["nginx", "haproxy"];

/** The name that agents dial; no name of Fleet Server's own. */
export const NAME = "proxy.example.com";

const FOLDER = "fleet-tls/stack/fleet";
const { generated } = CertificateAuthoritySource;

/** Generations of the proxies' CA in each step of a rotation, and the one that signs. */
export const STEPS = [
  { generations: ["1"], issuing: "1" },
  { generations: ["1", "2"], issuing: "1" },
  { generations: ["1", "2"], issuing: "2" },
  { generations: ["2"], issuing: "2" },
];

/** A deployed mutual fleet with a proxy of each program, and the hosts' own copies of the folders. Dispose of it. */
export class ProxiedFleet {
  public readonly project = new TerraformProject();
  public readonly pki = new Pki(this.project.path("pki"));
  public ports!: Readonly<Record<Program | "upstream", number>>;

  private readonly processes: ProxyProcess[] = [];

  /** Deploys the first step. */
  public static async deploy(): Promise<ProxiedFleet> {
    const fleet = new ProxiedFleet();
    fleet.pki.authority("agent-ca");
    fleet.pki.authority("strangers");
    fleet.pki.leaf("stranger", "strangers", CLIENT);
    const [nginx, haproxy, upstream] = (await freePorts(3)) as [number, number, number];
    fleet.ports = { nginx, haproxy, upstream };
    await fleet.step(0);
    return fleet;
  }

  /** Deploys a step of the rotation, and brings the hosts their files, each by a rename. */
  public async step(index: number, options: Partial<ReverseProxyOptions> = {}): Promise<void> {
    this.project.synth((app) => this.build(app, STEPS[index]!, options));
    await this.project.apply("stack");
    for (const host of [
      "fleet-server",
      "proxies/other",
      ...PROGRAMS.flatMap((id) => [`proxies/${id}`, `agents/${id}`]),
    ])
      this.copy(host);
  }

  public host(folder: string, file = ""): string {
    return this.project.path("hosts", folder, file);
  }

  public async start(program: Program): Promise<ProxyProcess> {
    const file = this.host(`proxies/${program}`, program === "nginx" ? "nginx.conf" : "haproxy.cfg");
    const folder = this.project.path("run", program);
    const process = await ProxyProcess.start(program, file, folder, this.ports[program]);
    this.processes.push(process);
    return process;
  }

  /** A client certificate of the agent CA that ended. */
  public expired(): { certificate: string; key: string } {
    const { pki } = this;
    pki.key("expired");
    pki.openssl("req", "-new", "-key", "expired-key.pem", "-subj", "/CN=expired", "-out", "expired.csr");
    const database = "database = index.txt\nnew_certs_dir = .\nserial = serial\ndefault_md = sha256\npolicy = any";
    const text = `[ca]\n${database}\n[any]\ncommonName = supplied\n[ext]\n${CLIENT.join("\n")}\n`;
    fs.writeFileSync(pki.path("expired.cnf"), text);
    fs.writeFileSync(pki.path("index.txt"), "");
    fs.writeFileSync(pki.path("serial"), `${randomBytes(8).toString("hex")}\n`);
    const dates = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"];
    const signer = ["-cert", "agent-ca.pem", "-keyfile", "agent-ca-key.pem", "-extensions", "ext", "-name", "ca"];
    pki.openssl(
      "ca",
      "-batch",
      "-notext",
      "-config",
      "expired.cnf",
      ...signer,
      ...dates,
      "-in",
      "expired.csr",
      "-out",
      "expired.pem",
    );
    return pki.pair("expired");
  }

  public async dispose(): Promise<void> {
    for (const process of this.processes) await process.stop();
    this.project.dispose();
  }

  private build(
    app: App,
    { generations, issuing }: (typeof STEPS)[number],
    options: Partial<ReverseProxyOptions>,
  ): void {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
      ...fleetProps({ fleetServerUrl: `https://localhost:${this.ports.upstream}` }),
      agentCa: CertificateAuthoritySource.fromFiles({
        certificate: "pki/agent-ca.pem",
        privateKey: "pki/agent-ca-key.pem",
        dedicated: true,
      }),
    });
    // A certificate of the fleet CA for another name.
    fleet.addProxy("other", {
      url: "https://other.example.com:8220",
      ca: CertificateAuthoritySource.existing(fleet.fleetCa),
    });
    for (const proxySoftware of [ProxySoftware.NGINX, ProxySoftware.HAPROXY]) {
      const program = proxySoftware.id as Program;
      const proxy = fleet.addProxy(program, {
        url: `https://${NAME}:${this.ports[program]}`,
        proxySoftware,
        hostDirectory: this.host(`proxies/${program}`).replace(/\/$/, ""),
        ca: CertificateAuthoritySource.rotating({
          generations: Object.fromEntries(generations.map((id) => [id, generated()])),
          issuing,
        }),
        ...options,
      });
      fleet.addAgent(program, { fleetServerProxy: proxy });
    }
  }

  private copy(folder: string): void {
    fs.mkdirSync(this.host(folder), { recursive: true });
    for (const name of fs.readdirSync(this.project.path(FOLDER, folder))) {
      fs.copyFileSync(this.project.path(FOLDER, folder, name), this.host(folder, `.${name}`));
      fs.renameSync(this.host(folder, `.${name}`), this.host(folder, name));
    }
  }

  /** The emitted command of Fleet Server, or of an agent. */
  public async command(agent?: string): Promise<string> {
    const outputs = await this.project.outputs("stack");
    return agent === undefined
      ? (outputs["fleet-fleet-server-command"]!.value as string)
      : (outputs["fleet-agent-commands"]!.value as Record<string, string>)[agent]!;
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
