import type { Seen } from "./protocol";

const ANSWER = /^HTTP\/1\.[01] 200 [^]*?\r\n\r\n(\{[^]*\})/m;

/** The request that a command-line client sends over its connection. */
export function httpRequest(name: string): string {
  return `GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`;
}

export function isWholeAnswer(output: string): boolean {
  return ANSWER.test(output);
}

export function readAnswer(output: string): Seen {
  const body = ANSWER.exec(output)?.[1];
  if (body === undefined) {
    throw new Error(`no answer: ${JSON.stringify(output.slice(0, 80))}`);
  }
  return JSON.parse(body) as Seen;
}
