import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { TIMEOUT } from "./answering";

export interface Listening {
  child: ChildProcessWithoutNullStreams;
  port: number;
}

/** Starts a program that listens, and waits until its standard output tells the port. */
export function startListening(program: string, words: string[], telling: RegExp): Promise<Listening> {
  const child = spawn(program, words);
  process.once("exit", () => child.kill());
  return new Promise((resolve, reject) => {
    let output = "";
    let complaints = "";
    const timer = setTimeout(() => child.kill(), TIMEOUT);
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    child.on("error", reject);
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`${program}: ${complaints.trim() || "ended before it listened"}`));
    });
    const listening = (chunk: Buffer) => {
      output += chunk.toString();
      const found = telling.exec(output)?.[1];
      if (found !== undefined) {
        clearTimeout(timer);
        child.stdout.off("data", listening);
        resolve({ child, port: Number(found) });
      }
    };
    child.stdout.on("data", listening);
  });
}

export async function stopListening({ child }: Listening): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  }
}
