import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get as getPlain } from "node:http";
import { get as getTls } from "node:https";
import { basename, dirname } from "node:path";

import type { NamedText } from "../verify/fleet-objects";
import { inWords } from "./system-errors";
import { UsageError } from "./usage-error";

/** Connection to Kibana's API. */
export interface KibanaAccess {
  /** Whether the network may be used. */
  readonly isConnected: boolean;
  readonly key?: string;
  readonly ca?: string;
}

/** The lists of Fleet's API that are read; each needs no more than to read Fleet's settings and agent policies. */
const LISTS = ["fleet_server_hosts", "outputs", "proxies", "agent_policies", "agent_download_sources"];

const TIMEOUT = 10_000;
const LARGEST = 16 * 1024 * 1024;
const PAGE = 1000;

/** The answers of Kibana's API, from files or from Kibana itself; only reads, and never more than these lists. */
export async function readKibana(sources: readonly string[], access: KibanaAccess): Promise<NamedText[]> {
  const texts: NamedText[] = [];
  for (const source of sources) {
    texts.push(...(/^https?:\/\//i.test(source) ? await fromKibana(source, access) : [fromFile(source)]));
  }
  return texts;
}

function fromFile(path: string): NamedText {
  try {
    return { host: dirname(path), file: basename(path), text: readFileSync(path, "utf8") };
  } catch (error) {
    throw new UsageError(`--kibana: ${path} cannot be read: ${inWords(error)}`);
  }
}

async function fromKibana(url: string, access: KibanaAccess): Promise<NamedText[]> {
  if (!access.isConnected) {
    throw new UsageError("--kibana: a URL needs --connect; without it, give an answer of the API saved as JSON");
  }
  if (access.key === undefined || access.key === "") {
    throw new UsageError("--kibana: a URL needs an API key, in the variable KIBANA_API_KEY or by --kibana-key-file");
  }
  if (!/^[\x21-\x7e]+$/.test(access.key)) {
    throw new UsageError("--kibana: the API key has blanks or other characters that no key has");
  }
  const base = parsed(url);
  return Promise.all(
    LISTS.map(async (list) => {
      const place = `${base.origin}${base.pathname.replace(/\/+$/, "")}/api/fleet`;
      const query = list === "agent_policies" ? `?perPage=${PAGE}` : "";
      const text = await answer(new URL(`${place}/${list}${query}`), access);
      return { host: place, file: list, text };
    }),
  );
}

function parsed(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError("--kibana: not a URL of Kibana, such as https://kibana.example.com:5601");
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--kibana: a URL with a user; give an API key instead");
  }
  if (url.protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    throw new UsageError("--kibana: an http URL, which would send the API key in plain text; give an https URL");
  }
  return url;
}

function answer(url: URL, { key, ca }: KibanaAccess): Promise<string> {
  const failed = (why: string): UsageError => new UsageError(`--kibana: ${url.origin}${url.pathname}: ${why}`);
  return new Promise((resolve, reject) => {
    const options = { ca, headers: { Authorization: `ApiKey ${key}`, Accept: "application/json" }, timeout: TIMEOUT };
    const read = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > LARGEST) {
          response.destroy(new Error(`an answer of more than ${LARGEST} bytes`));
          return;
        }
        chunks.push(chunk);
      });
      response.on("error", (error) => reject(failed(inWords(error))));
      response.on("end", () => {
        const { statusCode = 0 } = response;
        if (statusCode === 200) {
          resolve(Buffer.concat(chunks).toString("utf8"));
        } else {
          reject(failed(refusal(statusCode)));
        }
      });
    };
    const request = url.protocol === "https:" ? getTls(url, options, read) : getPlain(url, options, read);
    request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
    request.on("error", (error) => reject(failed(inWords(error))));
  });
}

function refusal(status: number): string {
  if (status === 401) {
    return "the API key is not accepted (401)";
  }
  if (status === 403) {
    return "the API key may not read this; it needs to read Fleet's settings and agent policies (403)";
  }
  return `answers with status ${status}`;
}
