import { createInterface } from "node:readline";
import type { Answers, Op, Request } from "./protocol";

/** Bounds every connection, handshake and child process of a validator, in milliseconds: a busy machine takes its time. */
export const TIMEOUT = 120_000;

export type Handlers = { [O in Op]?: (request: Extract<Request, { op: O }>) => Answers[O] | Promise<Answers[O]> };

/** Answers requests from standard input until it ends; a failing request is an answer, never the end of the process. */
export async function answerRequests(handlers: Handlers): Promise<never> {
  const pending = new Set<Promise<void>>();
  for await (const line of createInterface({ input: process.stdin })) {
    const answering = answer(handlers, line).then((text) => void process.stdout.write(`${text}\n`));
    pending.add(answering);
    void answering.finally(() => pending.delete(answering));
  }
  await Promise.all(pending);
  process.exit(0);
}

async function answer(handlers: Handlers, line: string): Promise<string> {
  let id: unknown = 0;
  try {
    const request = JSON.parse(line) as Request & { id: number };
    id = request.id;
    const handler = handlers[request.op] as ((given: Request) => object | Promise<object>) | undefined;
    if (handler === undefined) {
      throw new Error(`unknown op ${JSON.stringify(request.op)}`);
    }
    return JSON.stringify({ ...(await handler(request)), id, ok: true });
  } catch (cause) {
    const error = withoutThread(cause instanceof Error ? cause.message : String(cause));
    return JSON.stringify({ id, ok: false, error });
  }
}

/** OpenSSL puts a thread and a code before each failure; without them the same failure has the same text. */
export function withoutThread(text: string): string {
  return text.replace(/^[0-9A-F]+:error:[0-9A-F]+:/gm, "").trim();
}
