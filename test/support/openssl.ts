import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import { isIP } from "node:net";

import { execute } from "./execute";

/** What a certificate is verified for. */
export interface Verification {
  /** The file of the CAs that are trusted, and no other is. */
  readonly trust: string;
  readonly purpose: "sslserver" | "sslclient";
  /** The name or address that a client dials. */
  readonly name?: string;
}

/** A certificate's file and its key's, with the file of the key's passphrase if it has one. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
  readonly passphrase?: string;
}

export interface Client {
  readonly trust: string;
  readonly name: string;
  readonly pair?: Pair;
}

export interface Handshake {
  /** Whether the client got the server's answer. */
  readonly accepted: boolean;
  /** What the two said, to find out why not. */
  readonly text: string;
}

const STRICT = ["-x509_strict", "-no-CApath", "-no-CAstore"];

/** `openssl verify` at its strictest; answers `OK`, or what it complains of. */
export async function verify(certificate: string, { trust, purpose, name }: Verification): Promise<string> {
  const { stdout, stderr } = await execute("openssl", [
    ...["verify", ...STRICT, "-CAfile", trust, "-purpose", purpose],
    ...(name === undefined ? [] : nameArguments(name)),
    ...["-untrusted", certificate, certificate],
  ]);
  return stdout.trim() === `${certificate}: OK` ? "OK" : `${stdout}${stderr}`;
}

/** The extensions of a certificate as OpenSSL prints them, one a line, by name. */
export async function extensionsOf(certificate: string): Promise<Record<string, string>> {
  const names = "basicConstraints,keyUsage,extendedKeyUsage,subjectAltName,subjectKeyIdentifier,authorityKeyIdentifier";
  const { stdout } = await execute("openssl", ["x509", "-in", certificate, "-noout", "-ext", names]);
  const found = [...stdout.matchAll(/^X509v3 (.*?): *(critical)? *\n((?: +.*\n)*)/gm)];
  return Object.fromEntries(
    found.map(([, name, critical, value]) => [name!, [critical, value!.trim()].filter((part) => part).join(" ")]),
  );
}

/** Every certificate of a PEM file. */
export function certificatesOf(file: string): X509Certificate[] {
  const blocks = fs.readFileSync(file, "utf8").match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/g);
  return (blocks ?? []).map((pem) => new X509Certificate(pem));
}

/** A server that asks for client certificates of the given CAs and refuses clients without; of nobody without CAs. */
export class Server {
  public static async start(pair: Pair, clientCas?: string): Promise<Server> {
    const child = spawn(
      "openssl",
      [
        ...["s_server", "-accept", "127.0.0.1:0", "-www", ...STRICT, ...pairArguments(pair)],
        ...(clientCas === undefined ? [] : ["-CAfile", clientCas, "-Verify", "9", "-verify_return_error"]),
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    const port = await new Promise<number>((resolve, reject) => {
      child.once("exit", () => reject(new Error(`s_server ended before it listened\n${output}`)));
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
          const listening = /^ACCEPT .*:(\d+)$/m.exec(output)?.[1];
          if (listening !== undefined) resolve(Number(listening));
        });
      }
    });
    return new Server(child, port);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  /** Dials as a client that verifies chain, purpose and name. In TLS 1.3 only an answer tells that it was let in. */
  public async dial({ trust, name, pair }: Client): Promise<Handshake> {
    const { stdout, stderr } = await execute(
      "openssl",
      [
        ...["s_client", "-connect", `127.0.0.1:${this.port}`, "-quiet", "-verify_return_error", ...STRICT],
        ...["-CAfile", trust, ...nameArguments(name), ...(isIP(name) ? ["-noservername"] : ["-servername", name])],
        ...(pair ? pairArguments(pair) : []),
      ],
      { input: "GET / HTTP/1.0\r\n\r\n" },
    );
    return { accepted: stdout.startsWith("HTTP/1.0 200"), text: `${stdout}${stderr}` };
  }

  public async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill();
    await ended;
  }
}

function nameArguments(name: string): string[] {
  return [isIP(name) ? "-verify_ip" : "-verify_hostname", name];
}

function pairArguments({ certificate, key, passphrase }: Pair): string[] {
  return ["-cert", certificate, "-key", key, ...(passphrase === undefined ? [] : ["-pass", `file:${passphrase}`])];
}
