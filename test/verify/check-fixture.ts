import { readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { CA, CLIENT, SERVER } from "../support/pki";
import type { Topology } from "./fleet-fixture";
import { FleetFixture, PASSPHRASE } from "./fleet-fixture";

/**
 * A check, a defect in a topology that has none, the beginning of what is then reported, and a change that comes close
 * and has no finding.
 */
export type CheckCase = readonly [
  check: number,
  title: string,
  spoil: (t: Topology) => void,
  line: string,
  close: (t: Topology) => void,
];

export const FLEET_NAMES = "subjectAltName=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1";

/** The command of the Fleet Server. */
export const SERVER_SCRIPT = "fleet-server/install-command.sh";

/** Adds a flag to a command. */
export const withFlag = (text: string) => (command: string) =>
  command.replace("--non-interactive", `${text} --non-interactive`);

/** Takes a flag out of a command. */
export const without = (name: string) => (command: string) => command.replace(new RegExp(`--${name}=\\S+ `), "");

/** A topology that is right, and what it takes to break it. */
export class CheckFixture extends FleetFixture {
  private serial = 0;

  /** Another certificate for a key that is there. */
  public reissue(t: Topology, file: string, key: string, extensions: string[], issuer = "fleet-ca", days = 397): void {
    const name = `reissued-${(this.serial += 1)}`;
    this.pki.certificate(name, { key, issuer, extensions, days, subject: `/CN=${key}` });
    t.write(file, this.pki.text(name));
  }

  public legacyKey(): string {
    const { pki } = this;
    pki.openssl("ec", "-in", "web-1-key.pem", "-aes256", "-passout", `pass:${PASSPHRASE}`, "-out", "legacy.pem");
    return pki.text("legacy");
  }

  /** The agents' keys without encryption. */
  public plainKeys(t: Topology): void {
    for (const [host, name] of [
      ["fleet-server", "agent-cert"],
      ["agents/web-1", "web-1"],
    ] as const) {
      t.write(`${host}/agent-cert-key.pem`, this.pki.text(`${name}-key`));
      t.edit(`${host}/install-command.sh`, without("elastic-agent-cert-key-passphrase"));
    }
    t.edit("outputs/default.yml", (text) => text.replace(/.*key_passphrase_path.*\n/, ""));
  }

  /** A key in another folder, with a link to it. */
  public link(t: Topology, file: string): void {
    renameSync(t.path(file), t.path("elsewhere"));
    symlinkSync(t.path("elsewhere"), t.path(file));
  }

  /** The server's pair as the agent's too. */
  public reuse(t: Topology): void {
    t.copy("fleet-server/fleet-cert.pem", "fleet-server/agent-cert.pem");
    t.copy("fleet-server/fleet-cert-key.pem", "fleet-server/agent-cert-key.pem");
  }

  /** A fleet cert below an intermediate, under a root whose path length forbids it unless it is 1. */
  public deepen(t: Topology, pathLength = 0): void {
    const { pki } = this;
    const constraint = `basicConstraints=critical,CA:TRUE,pathlen:${pathLength}`;
    pki.certificate("shallow", { extensions: [constraint, ...CA.slice(1)], days: 3650 });
    pki.certificate("below", { issuer: "shallow", days: 3600 });
    this.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES], "below");
    t.edit("fleet-server/fleet-cert.pem", (text) => text + pki.text("below"));
    ["fleet-server", "agents/web-1"].forEach((host) => t.write(`${host}/fleet-ca.pem`, pki.text("shallow")));
  }

  /** A fleet cert of an intermediate that is nowhere. */
  public intermediate(t: Topology): void {
    this.pki.certificate("between", { issuer: "fleet-ca", days: 3600 });
    this.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES], "between");
  }

  /** Two CAs of one name. */
  public twins(t: Topology): void {
    this.pki.certificate("twin", { subject: "/CN=fleet-ca" });
    t.edit("fleet-server/fleet-ca.pem", (text) => text + this.pki.text("twin"));
  }

  /** The fleet CA as the only CA, with these extensions of the agent's certificate. */
  public oneAuthority(t: Topology, agent: string[]): void {
    const ca = this.pki.text("fleet-ca");
    this.reissue(t, "elasticsearch/es-cert.pem", "es-cert", [...SERVER, "subjectAltName=DNS:es.example.com"]);
    t.edit("elasticsearch/es-cert.pem", (text) => text + ca);
    this.reissue(t, "fleet-server/fleet-es-cert.pem", "fleet-es-cert", CLIENT);
    this.reissue(t, "fleet-server/agent-cert.pem", "agent-cert", CLIENT);
    this.reissue(t, "kibana/kibana/kibana-es-cert.pem", "kibana", CLIENT);
    this.reissue(t, "agents/web-1/agent-cert.pem", "web-1", agent);
    const hosts = ["fleet-server", "agents/web-1", "elasticsearch", "kibana/kibana"];
    [
      ...hosts.map((host) => `${host}/es-ca.pem`),
      "fleet-server/agent-ca.pem",
      "elasticsearch/es-client-ca.pem",
    ].forEach((file) => t.write(file, ca));
  }

  /** An Elasticsearch that serves its leaf alone, to those who trust a fingerprint. */
  public serveAlone(t: Topology): void {
    const fingerprint = this.pki.read("es-ca").fingerprintSha256;
    t.edit(SERVER_SCRIPT, withFlag(`--fleet-server-es-ca-trusted-fingerprint=${fingerprint}`));
    t.write("elasticsearch/es-cert.pem", this.pki.text("es-cert"));
  }

  /** A rotation that has reached the Fleet Server alone. */
  public introduce(t: Topology): void {
    this.pki.certificate("fleet-ca-2");
    t.edit("fleet-server/fleet-ca.pem", (text) => text + this.pki.text("fleet-ca-2"));
  }
}

/** A command of Elastic's page, as it stands there. */
export function pageCommand(which: "one-way" | "mutual"): string {
  const page = readFileSync(join(__dirname, "tls-overview-commands.txt"), "utf8");
  return `${page.split("\n\n")[which === "one-way" ? 0 : 1]}\n`;
}
