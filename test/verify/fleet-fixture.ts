import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Io } from "../../bin/io";
import { run } from "../../bin/fleet-tls";
import { CA, CLIENT, Pki, SERVER } from "../support/pki";

export const PASSPHRASE = "correct-horse-battery";
export const TOKEN = "AAEAAWVsYXN0aWMvZmxlZXQtc2VydmVyL3Rva2VuOnNlY3JldA";

const AUTHORITY = [...CA, "authorityKeyIdentifier=keyid"];
const ES_NAMES = "subjectAltName=DNS:es.example.com";
const FLEET_NAMES = "subjectAltName=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1,IP:::1";

/** A mutual topology in the layout of the constructs, made by hand with openssl: what is right, to be copied and broken. */
export class FleetFixture {
  public readonly pki = new Pki();
  private readonly folders: string[] = [];

  constructor() {
    const { pki } = this;
    for (const ca of ["fleet-ca", "agent-ca", "es-ca"]) {
      pki.certificate(ca, { extensions: AUTHORITY, days: 3650 });
    }
    pki.certificate("fleet-cert", { issuer: "fleet-ca", extensions: [...SERVER, FLEET_NAMES] });
    pki.certificate("es-cert", { issuer: "es-ca", extensions: [...SERVER, ES_NAMES] });
    pki.certificate("fleet-es-cert", { issuer: "es-ca", extensions: CLIENT });
    pki.certificate("agent-cert", { issuer: "agent-ca", extensions: CLIENT });
    pki.certificate("web-1", { issuer: "agent-ca", extensions: CLIENT });
    pki.certificate("kibana", { issuer: "es-ca", extensions: CLIENT });
    for (const name of ["agent-cert", "web-1"]) {
      const encrypt = ["pkcs8", "-topk8", "-v2", "aes-256-cbc", "-iter", "1000", "-passout", `pass:${PASSPHRASE}`];
      pki.openssl(...encrypt, "-in", `${name}-key.pem`, "-out", `${name}-encrypted.pem`);
    }
  }

  /** A fresh copy of everything, in a folder of its own. */
  public topology(): Topology {
    const root = mkdtempSync(join(tmpdir(), "fleet-tls-bin-"));
    this.folders.push(root);
    const topology = new Topology(root);
    const text = (name: string): string => this.pki.text(name);
    const agent = (name: string): Record<string, string> => ({
      "agent-cert.pem": text(name),
      "agent-cert-key.pem": text(`${name}-encrypted`),
      "agent-cert-key-passphrase": PASSPHRASE,
    });
    topology.addHost("fleet-server", {
      "fleet-ca.pem": text("fleet-ca"),
      "agent-ca.pem": text("agent-ca"),
      "es-ca.pem": text("es-ca"),
      "fleet-cert.pem": text("fleet-cert"),
      "fleet-cert-key.pem": text("fleet-cert-key"),
      "fleet-es-cert.pem": text("fleet-es-cert"),
      "fleet-es-cert-key.pem": text("fleet-es-cert-key"),
      ...agent("agent-cert"),
      "service-token": TOKEN,
      "install-command.sh": SERVER_COMMAND,
    });
    topology.addHost("agents/web-1", {
      "fleet-ca.pem": text("fleet-ca"),
      "es-ca.pem": text("es-ca"),
      ...agent("web-1"),
      "install-command.sh": AGENT_COMMAND,
    });
    topology.addHost("elasticsearch", {
      "es-ca.pem": text("es-ca"),
      "es-cert.pem": text("es-cert") + text("es-ca"),
      "es-cert-key.pem": text("es-cert-key"),
      "es-client-ca.pem": text("es-ca") + text("agent-ca"),
      "elasticsearch.tls.yml": ELASTICSEARCH_SETTINGS,
    });
    topology.addHost("kibana/kibana", {
      "es-ca.pem": text("es-ca"),
      "kibana-es-cert.pem": text("kibana"),
      "kibana-es-cert-key.pem": text("kibana-key"),
      "kibana.tls.yml": KIBANA_SETTINGS,
    });
    topology.write("outputs/default.yml", OUTPUT_SETTINGS);
    return topology;
  }

  public dispose(): void {
    this.pki.dispose();
    this.folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  }
}

const certs = "/etc/elastic-agent/certs";

export const SERVER_COMMAND = `#!/bin/sh
set -eu
sudo ./elastic-agent install --url=https://fleet.example.com:8220 \\
--certificate-authorities=${certs}/fleet-ca.pem,${certs}/agent-ca.pem \\
--elastic-agent-cert=${certs}/agent-cert.pem \\
--elastic-agent-cert-key=${certs}/agent-cert-key.pem \\
--elastic-agent-cert-key-passphrase=${certs}/agent-cert-key-passphrase \\
--fleet-server-es=https://es.example.com:9200 \\
--fleet-server-es-ca=${certs}/es-ca.pem \\
--fleet-server-es-cert=${certs}/fleet-es-cert.pem \\
--fleet-server-es-cert-key=${certs}/fleet-es-cert-key.pem \\
--fleet-server-cert=${certs}/fleet-cert.pem \\
--fleet-server-cert-key=${certs}/fleet-cert-key.pem \\
--fleet-server-client-auth=required \\
--fleet-server-service-token-path=${certs}/service-token \\
--fleet-server-policy='fleet server policy' \\
--fleet-server-port=8220 \\
--non-interactive
`;

export const AGENT_COMMAND = `#!/bin/sh
set -eu
sudo ./elastic-agent install --url=https://fleet.example.com:8220 --certificate-authorities=${certs}/fleet-ca.pem \
--enrollment-token="\${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}" \
--elastic-agent-cert=${certs}/agent-cert.pem --elastic-agent-cert-key=${certs}/agent-cert-key.pem \
--elastic-agent-cert-key-passphrase=${certs}/agent-cert-key-passphrase --non-interactive
`;

/** As Terraform writes it. */
const OUTPUT_SETTINGS = `ssl:
  "certificate": "${certs}/agent-cert.pem"
  "certificate_authorities":
  - "${certs}/es-ca.pem"
  "key": "${certs}/agent-cert-key.pem"
  "key_passphrase_path": "${certs}/agent-cert-key-passphrase"
`;

export const ELASTICSEARCH_SETTINGS = `# by hand
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.certificate: certs/es-cert.pem
xpack.security.http.ssl.key: certs/es-cert-key.pem
xpack.security.http.ssl.certificate_authorities:
  - certs/es-client-ca.pem
xpack.security.http.ssl.client_authentication: optional
`;

export const KIBANA_SETTINGS = `elasticsearch.hosts: ["https://es.example.com:9200"]
elasticsearch.ssl.certificateAuthorities: /etc/kibana/certs/es-ca.pem
elasticsearch.ssl.certificate: /etc/kibana/certs/kibana-es-cert.pem
elasticsearch.ssl.key: /etc/kibana/certs/kibana-es-cert-key.pem
xpack.fleet.fleetServerHosts:
- id: fleet-fleet-server
  host_urls:
  - https://fleet.example.com:8220
xpack.fleet.outputs:
- id: fleet-default
  type: elasticsearch
  hosts:
  - https://es.example.com:9200
  config:
    ssl:
      certificate_authorities: [${certs}/es-ca.pem]
`;

/** A tree of host folders that a test may break. */
export class Topology {
  constructor(public readonly root: string) {}

  public addHost(host: string, files: Readonly<Record<string, string>>): void {
    mkdirSync(join(this.root, host), { recursive: true });
    chmodSync(join(this.root, host), 0o700);
    for (const [name, content] of Object.entries(files)) {
      this.write(`${host}/${name}`, content);
    }
  }

  public path(file: string): string {
    return join(this.root, file);
  }

  public read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  /** Writes a file with the mode that the constructs give it. */
  public write(file: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), content);
    chmodSync(this.path(file), /key|token/.test(file) ? 0o600 : 0o644);
  }

  public edit(file: string, change: (text: string) => string): void {
    this.write(file, change(this.read(file)));
  }

  public remove(file: string): void {
    rmSync(this.path(file), { recursive: true });
  }

  public copy(from: string, to: string): void {
    cpSync(this.path(from), this.path(to));
  }
}

/** What a run of the command line printed. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process; a minute on, since certificates are made while the tests run. */
export async function fleetTls(
  args: readonly string[],
  now = new Date(Date.now() + 60_000),
  env: Io["env"] = {},
): Promise<Outcome> {
  let out = "";
  let err = "";
  const io: Io = { out: (text) => (out += text), err: (text) => (err += text), now, env };
  const code = await run(args, io);
  return { code, out, err };
}

/** A finding of the JSON report. */
export interface JsonFinding {
  readonly places: readonly { readonly host: string; readonly file?: string }[];
  readonly checks: readonly number[];
  readonly severity: string;
  readonly what: string;
  readonly fix: string;
}

/** The JSON report. */
export interface JsonReport {
  readonly summary: Readonly<Record<string, number>>;
  readonly findings: readonly JsonFinding[];
  readonly accepted: readonly JsonFinding[];
  readonly checks: readonly { readonly check: number; readonly status: string; readonly needs?: string }[];
  readonly notes: readonly string[];
}

/** `verify --json`, and its findings as lines with paths below the topology's root. */
export async function verifyJson(topology: Topology, args: readonly string[] = [], now?: Date) {
  const { out, err } = await fleetTls(["verify", "--json", topology.root, ...args], now);
  if (err !== "") throw new Error(err);
  const report = JSON.parse(out) as JsonReport;
  return { ...report, lines: findingLines(report, topology.root) };
}

/** One line for each place of each finding, with paths below a folder. */
export function findingLines({ findings }: Pick<JsonReport, "findings">, root: string): string[] {
  return findings.flatMap(({ places, severity, what, checks }) =>
    places.map(({ host, file }) => {
      const place = [host.replace(root, "").replace(/^\//, ""), file].filter(Boolean).join("/");
      return `${severity} ${place}: ${what.split(root + "/").join("")} (${checks.join()})`;
    }),
  );
}
