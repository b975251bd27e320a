import { createPrivateKey } from "node:crypto";

/**
 * By what a private key would be known in any text without blanks, whatever its format: its private number, in base64 as
 * it looks at each of the three places where it can begin, and in hexadecimal; an encrypted key by its own text too.
 */
export function traceOf(pem: string, passphrase?: string): string[] {
  const { d } = createPrivateKey({ key: pem, passphrase }).export({ format: "jwk" });
  const number = Buffer.from(String(d), "base64url");
  const some = number.subarray(0, 27);
  const traces = [0, 1, 2].map((start) => number.subarray(start, start + 27).toString("base64"));
  const body = pem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  return [...traces, some.toString("hex"), body.at(-2) as string];
}
