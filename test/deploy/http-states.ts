import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** A server of states as Terraform's http backend wants it, with its lock. Close it. */
export class HttpStates {
  public static async listen(): Promise<HttpStates> {
    const states = new HttpStates();
    await new Promise<void>((resolve) => states.server.listen(0, "127.0.0.1", resolve));
    return states;
  }

  /** Method and path of each request, in order. */
  public readonly requests: string[] = [];
  /** Answers with a status, once it is asked for, before the server does what the request wants. */
  public before: (request: string) => Promise<number> = () => Promise.resolve(200);
  private readonly states = new Map<string, string>();
  private readonly locks = new Map<string, string>();
  private readonly server = http.createServer((request, response) => {
    let body = "";
    request
      .on("data", (piece) => (body += piece))
      .on("end", () => void this.answer(request.method!, request.url!.split("?")[0]!, body, response));
  });

  /** What makes the projects of these tests use it. */
  public get environment(): { BACKEND: string; ADDRESS: string } {
    const address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return { BACKEND: JSON.stringify({ type: "http", address }), ADDRESS: address };
  }

  public close(): void {
    this.server.close();
  }

  private async answer(method: string, url: string, body: string, response: http.ServerResponse): Promise<void> {
    this.requests.push(`${method} ${url}`);
    const status = await this.before(`${method} ${url}`);
    const { states, locks } = this;
    const isLocked = method === "LOCK" && locks.has(url);
    if (status === 200) {
      if (method === "LOCK" && !isLocked) locks.set(url, body);
      if (method === "UNLOCK") locks.delete(url);
      if (method === "POST") states.set(url, body);
    }
    const isMissing = method === "GET" && !states.has(url);
    response.writeHead(status !== 200 ? status : isLocked ? 423 : isMissing ? 404 : 200);
    response.end(isLocked ? locks.get(url) : method === "GET" ? states.get(url) : "");
  }
}
