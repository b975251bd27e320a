import { chmodSync, mkdirSync, symlinkSync } from "node:fs";

import type { Topology } from "../../verify/fleet-fixture";
import { FleetFixture, verifyJson } from "../../verify/fleet-fixture";
import { missing } from "../programs";
import type { ConnectRequest, ServeRequest } from "../protocol";
import type { Validator, Validators } from "../validators";
import { startValidators } from "../validators";
import type { FileMutant, Surroundings } from "./file-mutants";
import { fileMutants } from "./file-mutants";
import { STRICTER } from "./stricter";

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;
const fixture = new FleetFixture();
let all: Validators;
/** Elasticsearch's own reading of its settings and files. */
let java: Validator | undefined;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3", "elastic-v0.31.0", "ssl-config"]);
  java = all.validators.find(({ name }) => name === "ssl-config");
});
afterAll(async () => {
  await all.close();
  fixture.dispose();
});

/** The files of the tree that are read, the key that may stand in them, and who issued them. */
const FILES = [
  ["fleet-server/fleet-cert.pem", "fleet-cert-key", "fleet-ca"],
  ["agents/web-1/agent-cert.pem", "web-1-key", "agent-ca"],
  ["agents/web-1/fleet-ca.pem", "es-cert-key", "fleet-ca"],
  ["fleet-server/agent-ca.pem", "es-cert-key", "agent-ca"],
  ["fleet-server/fleet-cert-key.pem", "fleet-cert-key", "fleet-ca"],
  ["elasticsearch/es-cert.pem", "es-cert-key", "es-ca"],
  ["elasticsearch/es-client-ca.pem", "es-cert-key", "agent-ca"],
  ["elasticsearch/es-cert-key.pem", "es-cert-key", "es-ca"],
] as const;

function surroundings(name: string, key: string, ca: string): Surroundings {
  const { pki } = fixture;
  const text = (...args: string[]): string => pki.openssl(...args).toString();
  return {
    other: pki.text("es-ca"),
    ca: pki.text(ca),
    key: pki.text(key),
    revocations: "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n",
    request: text("req", "-new", "-key", `${key}.pem`, "-subj", "/CN=a"),
    trusted: text("x509", "-trustout", "-addtrust", "serverAuth", "-in", `${name}.pem`),
    described: text("x509", "-text", "-in", `${name}.pem`),
    pkcs7: text("crl2pkcs7", "-nocrl", "-certfile", `${name}.pem`),
    pkcs12: pki.openssl("pkcs12", "-export", "-nokeys", "-in", `${name}.pem`, "-passout", "pass:"),
  };
}

/** The error of a request over mutual TLS with the files of the tree, if it fails. */
async function handshake(
  server: Validator,
  client: Validator,
  to: ServeRequest,
  from: ConnectRequest,
): Promise<string | undefined> {
  const served = await server.request(to);
  if (!served.ok) {
    return served.error;
  }
  const answer = await client.request({ ...from, port: served.port });
  await server.request({ op: "close", server: served.server });
  return answer.ok ? undefined : answer.error;
}

/** An agent of the tree, with its Fleet Server or with Elasticsearch. */
async function connected(t: Topology, file: string, elastic: Validator): Promise<string | undefined> {
  const isElasticsearch = file.startsWith("elasticsearch/");
  const at = t.path.bind(t);
  const from: ConnectRequest = {
    op: "connect",
    port: 0,
    serverName: isElasticsearch ? "es.example.com" : "fleet.example.com",
    cas: [at(`agents/web-1/${isElasticsearch ? "es-ca.pem" : "fleet-ca.pem"}`)],
    certificate: at("agents/web-1/agent-cert.pem"),
    key: at("agents/web-1/agent-cert-key.pem"),
    passphrase: at("agents/web-1/agent-cert-key-passphrase"),
  };
  const [name, ...lists] = isElasticsearch
    ? ["es-cert", "es-client-ca.pem"]
    : ["fleet-cert", "fleet-ca.pem", "agent-ca.pem"];
  const folder = at(isElasticsearch ? "elasticsearch" : "fleet-server");
  const to: ServeRequest = {
    op: "serve",
    certificate: `${folder}/${name}.pem`,
    key: `${folder}/${name}-key.pem`,
    clientCas: lists.map((list) => `${folder}/${list}`),
    clientAuth: "required",
  };
  return handshake(isElasticsearch ? java! : elastic, elastic, to, from);
}

function put(t: Topology, file: string, { bytes }: FileMutant): void {
  if (typeof bytes !== "string") {
    t.write(file, bytes);
    // Some have a private key, which is another finding in a file that others may read.
    chmodSync(t.path(file), 0o600);
    return;
  }
  t.remove(file);
  if (bytes === "directory") {
    mkdirSync(t.path(file));
  } else if (bytes === "dangling link") {
    symlinkSync("nowhere", t.path(file));
  }
}

whereGoIs.each(FILES)(
  "%s has an error where both releases of elastic-agent-libs fail, and nowhere else",
  async (file, key, ca) => {
    const certificate = file.includes("-ca.pem") ? ca : key.replace("-key", "");
    const name = file.includes("-key.pem") ? key : certificate;
    if (file.startsWith("elasticsearch/") && java === undefined) {
      return;
    }
    const [taken, unexplained]: [string[], string[]] = [[], []];
    let refused = 0;
    for (const mutant of fileMutants(fixture.pki.text(name), surroundings(certificate, key, ca))) {
      const t = fixture.topology();
      if (file.startsWith("elasticsearch/")) {
        ["fleet-server", "kibana"].forEach((folder) => t.remove(folder));
      }
      put(t, file, mutant);
      const { lines, notes } = await verifyJson(t);
      // What is missing may never leave the host: a warning or a note.
      const ours = mutant.bytes === "missing" ? [...lines, ...notes] : lines.filter((line) => line.startsWith("error"));
      for (const elastic of all.validators.filter((one) => one !== java)) {
        const theirs = await connected(t, file, elastic);
        refused += theirs === undefined ? 0 : 1;
        if (theirs !== undefined && ours.length === 0) {
          taken.push(`${elastic.name}: ${mutant.name}: ${theirs}`);
        }
        if (
          theirs === undefined &&
          ours.length > 0 &&
          !ours.some((line) => STRICTER.some(({ says }) => says.test(line)))
        ) {
          unexplained.push(`${elastic.name}: ${mutant.name}: ${ours.join("; ")}`);
        }
      }
    }
    expect({ taken, unexplained }).toEqual({ taken: [], unexplained: [] });
    expect(refused).toBeGreaterThan(50);
  },
);
