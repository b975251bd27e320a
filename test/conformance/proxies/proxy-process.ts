import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";

export type Program = "nginx" | "haproxy";

/** Why a proxy cannot run here; undefined if it can. */
export function missingProgram(program: Program): string | undefined {
  const { error } = spawnSync(program, ["-v"]);
  return error && `${program} does not run: ${error.message}`;
}

/** A real proxy with an emitted configuration. It says all that it prints when it fails. */
export class ProxyProcess {
  private output = "";

  private constructor(
    private readonly program: Program,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
  }

  /**
   * Starts the program, and waits until it listens.
   *
   * @param configuration the emitted file
   * @param folder a folder of its own for what a program writes
   */
  public static async start(
    program: Program,
    configuration: string,
    folder: string,
    port: number,
  ): Promise<ProxyProcess> {
    mkdirSync(folder, { recursive: true });
    const words = program === "nginx" ? nginx(configuration, folder) : haproxy(configuration, folder);
    const process = new ProxyProcess(program, spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] }));
    while (!(await listens(port))) {
      if (process.child.exitCode !== null) throw new Error(`${program} ended:\n${process.output}`);
    }
    return process;
  }

  /** Everything that it printed. */
  public get log(): string {
    return this.output;
  }

  /** Loads changed files as `systemctl reload` does. */
  public reload(): void {
    this.child.kill(this.program === "nginx" ? "SIGHUP" : "SIGUSR2");
  }

  public async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }
}

/** The certificate that a listener shows to a new connection, in base64. */
export function presented(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(raw.toString("base64"));
    });
    socket.on("error", reject);
  });
}

function nginx(configuration: string, folder: string): string[] {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const file = join(folder, "main.conf");
  writeFileSync(
    file,
    [
      "daemon off;",
      ...(process.getuid?.() === 0 ? ["user root;"] : []),
      `pid ${join(folder, "pid")};`,
      "error_log stderr info;",
      "events {}",
      "http {",
      "access_log off;",
      ...temporary.map((name) => `${name}_temp_path ${join(folder, name)};`),
      `include ${configuration};`,
      "}",
    ].join("\n"),
  );
  return ["-c", file, "-p", folder, "-e", "stderr"];
}

function haproxy(configuration: string, folder: string): string[] {
  const file = join(folder, "base.cfg");
  writeFileSync(file, "global\n    log stderr local0\n    hard-stop-after 20m\ndefaults\n    log global\n");
  return ["-W", "-db", "-f", file, "-f", configuration];
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() && true));
    socket.once("error", () => setImmediate(resolve, false));
  });
}
