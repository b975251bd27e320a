import type { Listening } from "../listening";
import { startListening, stopListening } from "../listening";
import type { Seen } from "../protocol";

/**
 * `openssl s_server` in its interactive mode: it tells of the client's certificate on standard output, and what is
 * written to its standard input goes to the client. It serves one connection after the other, on IPv4.
 */
export class SServer {
  public static async start(port: number, words: string[]): Promise<SServer> {
    const all = ["s_server", "-accept", `127.0.0.1:${port}`, ...words];
    return new SServer(await startListening("openssl", all, /^ACCEPT .*:(\d+)$/m));
  }

  private output = "";

  private constructor(private readonly listening: Listening) {
    const { stdin, stdout } = listening.child;
    stdin.on("error", () => undefined);
    stdout.on("data", (chunk: Buffer) => this.read(chunk.toString()));
  }

  public get port(): number {
    return this.listening.port;
  }

  public close(): Promise<void> {
    return stopListening(this.listening);
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
    this.listening.child.stdin.write(`${head}\r\n\r\n${body}`);
  }
}
