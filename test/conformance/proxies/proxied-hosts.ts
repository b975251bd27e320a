import * as fs from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";

import type { App } from "cdktf";

import { CertificateAuthoritySource } from "../../../lib";
import { CLIENT, Pki } from "../../support/pki";
import { TerraformProject } from "../../support/terraform";
import type { Program } from "./proxy-process";
import { presented, ProxyProcess } from "./proxy-process";

export const PROGRAMS: Program[] = ["nginx", "haproxy"];

const FOLDER = "fleet-tls/stack/fleet";

/** Generations of a CA in each step of a rotation, and the one that signs. */
export const STEPS = [
  { generations: ["1"], issuing: "1" },
  { generations: ["1", "2"], issuing: "1" },
  { generations: ["1", "2"], issuing: "2" },
  { generations: ["2"], issuing: "2" },
];

/** Source of a CA in a step of its rotation. */
export function rotating({ generations, issuing }: (typeof STEPS)[number]): CertificateAuthoritySource {
  const { generated } = CertificateAuthoritySource;
  return CertificateAuthoritySource.rotating({
    generations: Object.fromEntries(generations.map((id) => [id, generated()])),
    issuing,
  });
}

/** A deployed fleet with a proxy of each program, and the hosts' own copies of the folders. Dispose of it. */
export abstract class ProxiedHosts {
  public readonly project = new TerraformProject();
  public readonly pki = new Pki(this.project.path("pki"));
  public ports!: Readonly<Record<Program | "upstream", number>>;

  private readonly processes: ProxyProcess[] = [];

  /** Folders of the hosts that take part. */
  protected abstract readonly folders: string[];

  /** The fleet in a step of the rotation. */
  protected abstract build(app: App, step: (typeof STEPS)[number]): void;

  /** Deploys the first step. */
  public async deploy(): Promise<void> {
    this.pki.authority("agent-ca");
    this.pki.authority("strangers");
    this.pki.leaf("stranger", "strangers", CLIENT);
    const [nginx, haproxy, upstream] = (await freePorts(3)) as [number, number, number];
    this.ports = { nginx, haproxy, upstream };
    await this.step(0);
  }

  /** Deploys a step of the rotation, and gives the hosts their files, each by a rename. */
  public async step(index: number): Promise<void> {
    this.project.synth((app) => this.build(app, STEPS[index]!));
    await this.project.apply("stack");
    for (const folder of this.folders) this.copy(folder);
  }

  /** The agent CA's source, whose key signs what must be refused. */
  protected get agentCa(): CertificateAuthoritySource {
    const [certificate, privateKey] = ["pki/agent-ca.pem", "pki/agent-ca-key.pem"] as const;
    return CertificateAuthoritySource.fromFiles({ certificate, privateKey, dedicated: true });
  }

  public host(folder: string, file = ""): string {
    return this.project.path("hosts", folder, file);
  }

  /** The client certificate of an agent, and its key. */
  public agentPair(id: string): { certificate: string; key: string } {
    const at = (file: string): string => this.host(`agents/${id}`, file);
    return { certificate: at("agent-cert.pem"), key: at("agent-cert-key.pem") };
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
    return this.pki.expired("expired", "agent-ca", CLIENT);
  }

  /** Waits until a proxy presents the certificate that is in its folder. */
  public async presents(program: Program): Promise<void> {
    const [, , base64] = fs.readFileSync(this.host(`proxies/${program}`, "proxy-cert.pem"), "utf8").split("-----");
    while ((await presented(this.ports[program])) !== base64!.replace(/\s/g, "")) await setImmediate();
  }

  public async dispose(): Promise<void> {
    for (const process of this.processes) await process.stop();
    this.project.dispose();
  }

  /** The emitted command of Fleet Server, or of an agent. */
  public async command(agent?: string): Promise<string> {
    const outputs = await this.project.outputs("stack");
    return agent === undefined
      ? (outputs["fleet-fleet-server-command"]!.value as string)
      : (outputs["fleet-agent-commands"]!.value as Record<string, string>)[agent]!;
  }

  private copy(folder: string): void {
    fs.mkdirSync(this.host(folder), { recursive: true });
    for (const name of fs.readdirSync(this.project.path(FOLDER, folder))) {
      fs.copyFileSync(this.project.path(FOLDER, folder, name), this.host(folder, `.${name}`));
      fs.renameSync(this.host(folder, `.${name}`), this.host(folder, name));
    }
  }
}

/** Ports that nothing listens on. */
export async function freePorts(count: number): Promise<number[]> {
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
