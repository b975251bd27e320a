import { createPrivateKey } from "node:crypto";

import type { TerraformProject } from "./terraform";

/** A secret that a project made or was given, and by what texts it would be known. */
export interface Secret {
  readonly name: string;
  readonly traces: string[];
}

const LONGEST_TRACE = 30;

/** A text such as a token, whole or without what stands around it. */
export function secretText(name: string, text: string): Secret {
  return { name, traces: [flatten(text)] };
}

/** Every private key and passphrase of a stack's state, the CAs' and the encrypted ones included. */
export function secretsOf(project: TerraformProject, stack: string): Secret[] {
  return project.state(stack).flatMap(({ type, name, instances }) =>
    instances.flatMap(({ attributes }) => {
      const found = `${stack}: ${type}.${name}`;
      if (type === "tls_private_key") return [privateKey(found, String(attributes["private_key_pem_pkcs8"]))];
      if (type !== "local_sensitive_file" || String(attributes["filename"]).endsWith(".sh")) return [];
      const content = String(attributes["content"]);
      if (content.startsWith("-----BEGIN ENCRYPTED")) return [secretText(found, content.split("\n").slice(-4)[0]!)];
      return content.startsWith("-----BEGIN") ? [privateKey(found, content)] : [secretText(found, content)];
    }),
  );
}

/** The names of the secrets that a text gives away, whatever its line breaks. */
export function givenAway(text: string, secrets: Secret[]): string[] {
  const flat = flatten(text);
  return secrets.filter(({ traces }) => traces.some((trace) => flat.includes(trace))).map(({ name }) => name);
}

/** The private number itself: all else in a key's PEM stands in its certificate too, or in every key of its kind. */
function privateKey(name: string, pem: string): Secret {
  const { d } = createPrivateKey(pem).export({ format: "jwk" });
  const number = Buffer.from(String(d), "base64url");
  // Base64 takes three bytes at a time, so the same bytes look in three ways, by where they stand.
  const traces = [0, 1, 2].map((start) => number.subarray(start, start + LONGEST_TRACE - 3).toString("base64"));
  return { name, traces: [...traces, number.subarray(0, LONGEST_TRACE).toString("hex")] };
}

function flatten(text: string): string {
  return text.replace(/\\[nr]|\s/g, "");
}
