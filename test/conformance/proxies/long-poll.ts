import { readFileSync } from "node:fs";
import { Agent, createServer, request } from "node:https";
import type { Server } from "node:https";
import { setImmediate } from "node:timers/promises";

import { NAME } from "./proxied-fleet";
import type { ProxiedFleet } from "./proxied-fleet";
import type { Program } from "./proxy-process";

/** A Fleet Server with the emitted files that answers on request only. */
export class HoldingServer {
  public readonly hosts = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {
    server.on("request", ({ headers }, response) => {
      this.hosts.add(headers.host ?? "");
      this.waiting.push(() => response.end("{}"));
    });
  }

  public static async start(fleet: ProxiedFleet): Promise<HoldingServer> {
    const read = (name: string): Buffer => readFileSync(fleet.host("fleet-server", name));
    const held = new HoldingServer(
      createServer({
        cert: read("fleet-cert.pem"),
        key: read("fleet-cert-key.pem"),
        ca: read("agent-ca.pem"),
        requestCert: true,
        rejectUnauthorized: true,
      }),
    );
    await new Promise<void>((resolve) => held.server.listen(fleet.ports.upstream, "127.0.0.1", resolve));
    return held;
  }

  public async received(count: number): Promise<void> {
    while (this.waiting.length < count) await setImmediate();
  }

  public release(): void {
    this.waiting.splice(0).forEach((answer) => answer());
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** What an agent presents and trusts, as Node takes it. */
function clientOf(fleet: ProxiedFleet, program: Program) {
  const read = (name: string): Buffer => readFileSync(fleet.host(`agents/${program}`, name));
  return {
    host: "127.0.0.1",
    port: fleet.ports[program],
    servername: NAME,
    ca: read("fleet-ca.pem"),
    cert: read("agent-cert.pem"),
    key: read("agent-cert-key.pem"),
  };
}

/** One poll as an agent of that proxy sends it: the status of its answer. */
export function poll(fleet: ProxiedFleet, program: Program): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...clientOf(fleet, program), agent: new Agent(), headers: { host: NAME } }, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject).end();
  });
}
