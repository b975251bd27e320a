import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Hmac } from "node:crypto";
import { createHash, createHmac } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";

import { goTool } from "../support/go-tool";

const MODULE = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";
const BUCKET = "states";

/** An S3 server of our own (versitygw, which is built with Go once), whose objects are files of a temporary folder. */
export class S3Server {
  public static async start(): Promise<S3Server> {
    const program = await goTool(MODULE);
    const server = new S3Server(program, await freePort());
    await server.answers();
    return server;
  }

  private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-s3-"));
  private readonly process: ChildProcess;

  private constructor(
    program: string,
    private readonly port: number,
  ) {
    for (const name of ["objects", "metadata"]) fs.mkdirSync(path.join(this.folder, name, BUCKET), { recursive: true });
    const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = this.credentials;
    const options = ["--access", access!, "--secret", secret!, "--port", `127.0.0.1:${port}`, "--quiet"];
    // Temporary folders have no extended attributes on every machine.
    const sidecar = ["--sidecar", path.join(this.folder, "metadata"), path.join(this.folder, "objects")];
    this.process = spawn(program, [...options, "posix", ...sidecar], { stdio: "ignore" });
  }

  /** Environment of a project whose states are here. */
  public get environment(): Record<string, string> {
    const endpoint = `http://127.0.0.1:${this.port}`;
    return {
      ...this.credentials,
      BACKEND: JSON.stringify({ type: "s3", bucket: BUCKET, region: "us-east-1", endpoint }),
    };
  }

  /** Names of the objects. */
  public get objects(): string[] {
    return fs.readdirSync(path.join(this.folder, "objects", BUCKET)).filter((name) => !name.startsWith("."));
  }

  /** Puts an object there, as another runner does. */
  public async put(name: string, text: string): Promise<void> {
    const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret } = this.credentials;
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const host = `127.0.0.1:${this.port}`;
    const headers = { host, "x-amz-content-sha256": sha256(text), "x-amz-date": date };
    const names = Object.keys(headers).join(";");
    const lines = Object.entries(headers).map(([header, value]) => `${header}:${value}`);
    const request = ["PUT", `/${BUCKET}/${name}`, "", ...lines, "", names, sha256(text)].join("\n");
    const scope = [date.slice(0, 8), "us-east-1", "s3", "aws4_request"];
    const key = scope.reduce<string | Buffer>((made, part) => hmac(made, part).digest(), `AWS4${secret}`);
    const signature = hmac(key, ["AWS4-HMAC-SHA256", date, scope.join("/"), sha256(request)].join("\n")).digest("hex");
    const credential = `${access}/${scope.join("/")}`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
    const answer = await fetch(`http://${host}/${BUCKET}/${name}`, {
      method: "PUT",
      body: text,
      headers: { ...headers, authorization },
    });
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  }

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.on("close", resolve));
    this.process.kill();
    await ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get credentials(): Record<string, string> {
    return { AWS_ACCESS_KEY_ID: "runner", AWS_SECRET_ACCESS_KEY: "a secret of this run alone" };
  }

  private async answers(): Promise<void> {
    while (this.process.exitCode === null) {
      if (
        await fetch(`http://127.0.0.1:${this.port}/`).then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`versitygw ended with ${this.process.exitCode}`);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Hmac {
  return createHmac("sha256", key).update(text);
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
