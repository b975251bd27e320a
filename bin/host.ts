import { dirname, resolve } from "node:path";

import type { PemBlock } from "../lib/private/pem";
import { readPem } from "../lib/private/pem";
import { isPrivateKeyBlock } from "../lib/private/pkcs8";
import type { Certificate } from "../lib/private/x509";
import type { CertificateFile } from "../lib/private/x509-checks";
import { readCertificates } from "../lib/private/x509-checks";
import type { FolderFile, HostFolder } from "./host-folder";
import type { InstallArguments } from "./install-arguments";

/** What a file is for: by the flag that names it, or by its name where no command does. */
export type Role = keyof typeof ROLES;

const ROLES = {
  fleetCert: { file: "fleet-cert.pem", flag: "fleet-server-cert" },
  fleetKey: { file: "fleet-cert-key.pem", flag: "fleet-server-cert-key" },
  fleetPassphrase: { file: "fleet-cert-key-passphrase", flag: "fleet-server-cert-key-passphrase" },
  agentCert: { file: "agent-cert.pem", flag: "elastic-agent-cert" },
  agentKey: { file: "agent-cert-key.pem", flag: "elastic-agent-cert-key" },
  agentPassphrase: { file: "agent-cert-key-passphrase", flag: "elastic-agent-cert-key-passphrase" },
  fleetEsCert: { file: "fleet-es-cert.pem", flag: "fleet-server-es-cert" },
  fleetEsKey: { file: "fleet-es-cert-key.pem", flag: "fleet-server-es-cert-key" },
  serviceToken: { file: "service-token", flag: "fleet-server-service-token-path" },
  esCa: { file: "es-ca.pem", flag: "fleet-server-es-ca" },
  esCert: { file: "es-cert.pem", flag: undefined },
  esKey: { file: "es-cert-key.pem", flag: undefined },
  esClientCa: { file: "es-client-ca.pem", flag: undefined },
} as const;

/** Files whose whole text is a secret. */
export const SECRET_TEXTS = ["fleetPassphrase", "agentPassphrase", "serviceToken"] as const;

/** A file that a command names, or that has the name of a role. */
export interface NamedFile {
  readonly name: string;
  /** The path on the host, where a command names it. */
  readonly hostPath?: string;
  /** Undefined when the folder lacks it. */
  readonly file?: FolderFile;
}

/** A host's folder together with its command. */
export class Host {
  private readonly read = new Map<string, CertificateFile>();

  constructor(
    /** The folder as the user gave or would give it. */
    public readonly label: string,
    public readonly folder: HostFolder,
    public readonly command?: InstallArguments,
  ) {}

  public get kind(): "fleet server" | "agent" | "elasticsearch" {
    if (this.command !== undefined) {
      return this.command.isFleetServer || !this.command.has("enrollment-token") ? "fleet server" : "agent";
    }
    return this.has("fleetCert") ? "fleet server" : this.has("esCert") ? "elasticsearch" : "agent";
  }

  /** Whether this is the directory that the command names: the host itself, and no staging area. */
  public isHostDirectory(hostPath: string): boolean {
    return dirname(hostPath) === resolve(this.folder.path);
  }

  /** The file of a role; undefined when neither the command nor the folder has one. */
  public named(role: Role): NamedFile | undefined {
    const { file, flag } = ROLES[role];
    const value = flag === undefined ? undefined : this.command?.value(flag);
    if (value !== undefined) {
      return this.at(value.text);
    }
    // A file of an agent's output may lie there though no flag of the command names it.
    const byName = this.command === undefined || flag === undefined || role === "esCa";
    const found = byName ? this.folder.files.get(file) : undefined;
    return found === undefined ? undefined : { name: file, file: found };
  }

  /** The CA list: the command's, or without a command what lies there by name; undefined when there is none. */
  public get authorityFiles(): readonly NamedFile[] | undefined {
    if (this.command !== undefined) {
      return this.command.list("certificate-authorities")?.map((path) => this.at(path));
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

  /** The certificates of a role's file. */
  public chain(role: Role): readonly Certificate[] {
    const named = this.named(role);
    return named?.file === undefined ? [] : this.certificates(named.name);
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

  private at(hostPath: string): NamedFile {
    // Host paths are of the host's system, whichever this is.
    const name = hostPath.split(/[/\\]/).at(-1) ?? "";
    return { name, hostPath, file: this.folder.files.get(name) };
  }
}
