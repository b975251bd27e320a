import { dirname, resolve } from "node:path";

import type { PemBlock } from "../lib/private/x509/pem";
import { readPem } from "../lib/private/x509/pem";
import { isPrivateKeyBlock } from "../lib/private/x509/pkcs8";
import type { Certificate } from "../lib/private/x509/certificate";
import type { CertificateFile } from "../lib/private/x509/checks";
import { readCertificates } from "../lib/private/x509/checks";
import type { FolderFile, HostFolder } from "./host-folder";
import type { InstallArguments } from "../lib/command/private/parse/install-arguments";
import type { Settings, SettingsFile } from "./settings";

/** What a file is for: by the flag that names it, or by its name where no command does. */
export type Role = keyof typeof ROLES;

/** The settings of Elasticsearch's HTTP layer, and Kibana's towards Elasticsearch. */
const ES = "xpack.security.http.ssl";
const KIBANA = "elasticsearch.ssl";

const ROLES = {
  fleetCert: { file: "fleet-cert.pem", flag: "fleet-server-cert", setting: undefined },
  fleetKey: { file: "fleet-cert-key.pem", flag: "fleet-server-cert-key", setting: undefined },
  fleetPassphrase: {
    file: "fleet-cert-key-passphrase",
    flag: "fleet-server-cert-key-passphrase",
    setting: undefined,
  },
  agentCert: { file: "agent-cert.pem", flag: "elastic-agent-cert", setting: undefined },
  agentKey: { file: "agent-cert-key.pem", flag: "elastic-agent-cert-key", setting: undefined },
  agentPassphrase: {
    file: "agent-cert-key-passphrase",
    flag: "elastic-agent-cert-key-passphrase",
    setting: undefined,
  },
  fleetEsCert: { file: "fleet-es-cert.pem", flag: "fleet-server-es-cert", setting: undefined },
  fleetEsKey: { file: "fleet-es-cert-key.pem", flag: "fleet-server-es-cert-key", setting: undefined },
  serviceToken: { file: "service-token", flag: "fleet-server-service-token-path", setting: undefined },
  esCa: { file: "es-ca.pem", flag: "fleet-server-es-ca", setting: `${KIBANA}.certificateAuthorities` },
  esCert: { file: "es-cert.pem", flag: undefined, setting: `${ES}.certificate` },
  esKey: { file: "es-cert-key.pem", flag: undefined, setting: `${ES}.key` },
  esClientCa: { file: "es-client-ca.pem", flag: undefined, setting: `${ES}.certificate_authorities` },
  kibanaCert: { file: "kibana-es-cert.pem", flag: undefined, setting: `${KIBANA}.certificate` },
  kibanaKey: { file: "kibana-es-cert-key.pem", flag: undefined, setting: `${KIBANA}.key` },
} as const;

/** Files whose whole text is a secret. */
export const SECRET_TEXTS = ["fleetPassphrase", "agentPassphrase", "serviceToken"] as const;

/** A file that a command or settings name, or that has the name of a role. */
export interface NamedFile {
  readonly name: string;
  /** What names it, if anything does. */
  readonly by?: "command" | "settings";
  /** The path on the host, where something names it; in Elasticsearch's settings below its configuration directory. */
  readonly hostPath?: string;
  /** Undefined when the folder lacks it. */
  readonly file?: FolderFile;
}

/** A host's folder together with its command or its settings. */
export class Host {
  private readonly read = new Map<string, CertificateFile>();

  constructor(
    /** The folder as the user gave or would give it. */
    public readonly label: string,
    public readonly folder: HostFolder,
    public readonly command?: InstallArguments,
    /** What Elasticsearch or Kibana there is told. */
    private readonly told?: SettingsFile,
  ) {}

  public get settings(): Settings | undefined {
    return this.told?.settings;
  }

  /** The file of the settings. */
  public get settingsFile(): string | undefined {
    return this.told?.name;
  }

  public get kind(): "fleet server" | "agent" | "elasticsearch" | "kibana" {
    if (this.command !== undefined) {
      return this.command.isFleetServer || !this.command.has("enrollment-token") ? "fleet server" : "agent";
    }
    if (this.has("esCert") || this.settings?.has(`${ES}.`) === true) {
      return this.has("fleetCert") ? "fleet server" : "elasticsearch";
    }
    if (this.has("kibanaCert") || this.settings?.has("elasticsearch.") === true) {
      return "kibana";
    }
    return this.has("fleetCert") ? "fleet server" : "agent";
  }

  /** Whether Elasticsearch here asks its clients for a certificate; undefined when nothing says so. */
  public get clientAuthentication(): string | undefined {
    return this.settings?.text(`${ES}.client_authentication`);
  }

  /** Whether this is the directory that the command names: the host itself, and no staging area. */
  public isHostDirectory(hostPath: string): boolean {
    return dirname(hostPath) === resolve(this.folder.path);
  }

  /** The file of a role, the first of several; undefined when command, settings and folder have none. */
  public named(role: Role): NamedFile | undefined {
    return this.allNamed(role)[0];
  }

  /** The files of a role: settings may name several. */
  public allNamed(role: Role): readonly NamedFile[] {
    const { file, flag, setting } = ROLES[role];
    const value = flag === undefined ? undefined : this.command?.value(flag);
    if (value !== undefined) {
      return [this.at(value.text, "command")];
    }
    const set = setting === undefined ? undefined : this.settings?.texts(setting);
    if (set !== undefined) {
      return set.map((path) => this.at(path, "settings"));
    }
    // A file of an agent's output may lie there though no flag of the command names it.
    const byName = this.command === undefined || flag === undefined || role === "esCa";
    const found = byName ? this.folder.files.get(file) : undefined;
    return found === undefined ? [] : [{ name: file, file: found }];
  }

  /** The CA list: the command's, or without a command what lies there by name; undefined when there is none. */
  public get authorityFiles(): readonly NamedFile[] | undefined {
    if (this.command !== undefined) {
      return this.command.list("certificate-authorities")?.map((path) => this.at(path, "command"));
    }
    const files = ["fleet-ca.pem", "agent-ca.pem"].flatMap((name) => {
      const file = this.folder.files.get(name);
      return file === undefined ? [] : [{ name, file }];
    });
    return files.length === 0 ? undefined : files;
  }

  /** The certificates of the CA list; empty when a file of it is missing, so that nothing is concluded from a part. */
  public get authorities(): readonly Certificate[] {
    const files = this.authorityFiles ?? [];
    return files.every(({ file }) => file !== undefined) ? files.flatMap(({ name }) => this.certificates(name)) : [];
  }

  /** The certificates of a role's files; empty when one is missing, so that nothing is concluded from a part. */
  public chain(role: Role): readonly Certificate[] {
    const named = this.allNamed(role);
    return named.every(({ file }) => file !== undefined) ? named.flatMap(({ name }) => this.certificates(name)) : [];
  }

  public certificates(name: string): readonly Certificate[] {
    return this.certificateFile(name).certificates;
  }

  /** A file read as certificates, once. */
  public certificateFile(name: string): CertificateFile {
    const known = this.read.get(name);
    if (known !== undefined) {
      return known;
    }
    const read = readCertificates(this.folder.files.get(name)?.bytes ?? "");
    this.read.set(name, read);
    return read;
  }

  public blocks(name: string): readonly PemBlock[] {
    return readPem(this.folder.files.get(name)?.bytes ?? "").blocks;
  }

  /** The text of a passphrase file as current releases read it, which trim it. */
  public passphrase(role: "fleetPassphrase" | "agentPassphrase"): string | undefined {
    return this.named(role)?.file?.bytes?.toString("utf8").trim();
  }

  /** What a file holds: by its role, else by its blocks, else by its name. */
  public contentOf(name: string): "certificates" | "key" | "secret" | "other" {
    if (SECRET_TEXTS.some((role) => this.named(role)?.name === name || ROLES[role].file === name)) {
      return "secret";
    }
    const blocks = this.blocks(name);
    if (blocks.some(({ label }) => /CERTIFICATE$/.test(label)) && !/-key\.pem$|\.key$/.test(name)) {
      return "certificates";
    }
    if (blocks.some(isPrivateKeyBlock) || /[-.]key(\.pem)?$/.test(name)) {
      return "key";
    }
    if (blocks.some(({ label }) => label.endsWith("REQUEST"))) {
      return "other";
    }
    return /\.(pem|crt|cer)$/.test(name) ? "certificates" : "other";
  }

  private has(role: Role): boolean {
    return this.folder.files.has(ROLES[role].file);
  }

  private at(hostPath: string, by: NamedFile["by"]): NamedFile {
    // Host paths are of the host's system, whichever this is.
    const name = hostPath.split(/[/\\]/).at(-1) ?? "";
    return { name, by, hostPath, file: this.folder.files.get(name) };
  }
}
