import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { TIMEOUT } from "../answering";
import type { Seen } from "../protocol";

/**
 * `openssl s_server` in its interactive mode: it tells of the client's certificate on standard output, and what is
 * written to its standard input goes to the client. It serves one connection after the other, on IPv4.
 */
export class SServer {
  public static start(port: number, words: string[]): Promise<SServer> {
    const child = spawn("openssl", ["s_server", "-accept", `127.0.0.1:${port}`, ...words]);
    return new Promise((resolve, reject) => {
      let output = "";
      let complaints = "";
      const timer = setTimeout(() => child.kill(), TIMEOUT);
      child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
      child.on("error", reject);
      child.once("exit", () => reject(new Error(`s_server: ${complaints.trim() || "ended before it listened"}`)));
      const listening = (chunk: Buffer) => {
        output += chunk.toString();
        const found = /^ACCEPT .*:(\d+)$/m.exec(output)?.[1];
        if (found !== undefined) {
          clearTimeout(timer);
          child.stdout.off("data", listening);
          resolve(new SServer(child, Number(found)));
        }
      };
      child.stdout.on("data", listening);
    });
  }

  private output = "";

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    public readonly port: number,
  ) {
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => this.read(chunk.toString()));
    process.once("exit", () => child.kill());
  }

  public async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill();
      await ended;
    }
  }

  /** A chunk that starts with H is sent; one that starts with Q, r, P and the like would be a command. */
  private read(chunk: string): void {
    // What an earlier connection left, a refused one say, tells nothing of this one.
    this.output = (this.output + chunk).split(/^(?:CONNECTION CLOSED|shutting down SSL|ERROR)$/m).pop()!;
    if (!/^GET [^]*\r?\n\r?\n/m.test(this.output)) {
      return;
    }
    const subject = /^Client certificate$[^]*?^subject=(.*)$/m.exec(this.output)?.[1] ?? null;
    this.output = "";
    const seen: Seen = { clientCertificate: subject !== null, subject };
    const body = JSON.stringify(seen);
    const head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}`;
    this.child.stdin.write(`${head}\r\n\r\n${body}`);
  }
}
