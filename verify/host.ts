import type { PemBlock } from "../lib/private/x509/pem";
import { readPem } from "../lib/private/x509/pem";
import { isPrivateKeyBlock } from "../lib/private/x509/pkcs8";
import type { Certificate } from "../lib/private/x509/certificate";
import type { CertificateFile, CertificateReader } from "../lib/private/x509/checks";
import { readCertificates } from "../lib/private/x509/checks";
import type { HostFolder } from "./host-folder";
import { fileName } from "./host-folder";
import type { InstallArguments } from "../lib/command/parse/install-arguments";
import { isKeyOf } from "./key-reading";
import type { NamedFile, Role } from "./roles";
import { CERTIFICATE_ROLES, ES, KEY_ROLES, LIST_ROLES, PAIR_ROLES, ROLES, SECRET_TEXTS } from "./roles";
import type { Service } from "./service";
import { isReceiver } from "./service";
import type { Settings, SettingsFile } from "./settings";

const NOTHING = Buffer.alloc(0);

/** Files that were read as certificates, by their readers; a folder is several hosts if it has several commands. */
const READ = new WeakMap<Buffer, Map<CertificateReader, CertificateFile>>();

/** A host: its folder together with one command, or its settings. */
export class Host {
  private readonly read = new Map<string, CertificateFile>();

  constructor(
    public readonly folder: HostFolder,
    public readonly command?: InstallArguments,
    /** The file that contains the command. */
    public readonly commandFile?: string,
    private readonly settingsRead?: SettingsFile,
    /** What a proxy or a receiver is set up to do. */
    public readonly service?: Service,
  ) {}

  /** The folder as the user gave it or would give it. */
  public get label(): string {
    return this.folder.label;
  }

  /** The settings of Elasticsearch or Kibana on this host. */
  public get settings(): Settings | undefined {
    return this.settingsRead?.settings;
  }

  public get settingsFile(): string | undefined {
    return this.settingsRead?.name;
  }

  /** A flag as the person wrote it: the flag itself, or the container's variable. */
  public spelled(flag: string): string {
    return this.command?.nameOf(flag) ?? `--${flag}`;
  }

  public get kind(): "fleet server" | "agent" | "elasticsearch" | "kibana" | "proxy" | "receiver" {
    if (this.service !== undefined) {
      return isReceiver(this.service) ? "receiver" : "proxy";
    }
    if (this.command !== undefined) {
      const { isFleetServer, hasFleetServerFlags } = this.command;
      return isFleetServer || (hasFleetServerFlags && !this.command.has("enrollment-token")) ? "fleet server" : "agent";
    }
    if (this.settingsFile !== undefined) {
      return this.settingsFile.startsWith("kibana") ? "kibana" : "elasticsearch";
    }
    if (this.has("fleetCert")) {
      return "fleet server";
    }
    return this.has("esCert") ? "elasticsearch" : this.has("kibanaCert") ? "kibana" : "agent";
  }

  /** Whether Elasticsearch on this host asks its clients for a certificate; undefined if no setting says so. */
  public get clientAuthentication(): string | undefined {
    return this.settings?.text(`${ES}.client_authentication`);
  }

  /** Whether a path on the host is in this very folder, which is then the host itself and no staging area. */
  public isHostDirectory(hostPath: string): boolean {
    const folder = hostPath.slice(0, hostPath.length - fileName(hostPath).length);
    return this.folder.isVirtual !== true && folder.replace(/[/\\]$/, "") === this.folder.path.replace(/[/\\]$/, "");
  }

  /** The file of a role, the first of several; undefined when command, settings and folder have none. */
  public named(role: Role): NamedFile | undefined {
    return this.allNamed(role)[0];
  }

  /** The files of a role: settings may name several. */
  public allNamed(role: Role): readonly NamedFile[] {
    const { file, flag, setting } = ROLES[role];
    if (this.service !== undefined) {
      const served = this.kind === "proxy" && role === "fleetCert" ? this.service.listener?.certificate : undefined;
      return served === undefined ? [] : [this.at(served, "settings")];
    }
    const value = flag === undefined ? undefined : this.command?.value(flag);
    if (value !== undefined) {
      return [this.at(value.text, "command")];
    }
    const set = setting === undefined ? undefined : this.settings?.texts(setting);
    if (set !== undefined) {
      return set.map((path) => this.at(path, "settings"));
    }
    // es-ca.pem of an agent is for its output: no flag names it.
    const byName = this.command === undefined || flag === undefined || role === "esCa";
    const found = byName ? this.folder.files.get(file) : undefined;
    return found === undefined ? [] : [{ name: file, file: found }];
  }

  /** The CA list: the command's, or without a command the files of these names; undefined if there is none. */
  public get authorityFiles(): readonly NamedFile[] | undefined {
    if (this.service !== undefined) {
      return undefined;
    }
    if (this.command !== undefined) {
      return this.command
        .paths("certificate-authorities")
        ?.filter((path) => path !== "")
        .map((path) => this.at(path, "command"));
    }
    const files = ["fleet-ca.pem", "agent-ca.pem"].flatMap((name) => {
      const file = this.folder.files.get(name);
      return file === undefined ? [] : [{ name, file }];
    });
    return files.length === 0 ? undefined : files;
  }

  /** The certificates of the CA list; empty if one of its files is missing, as a part of it proves nothing. */
  public get authorities(): readonly Certificate[] {
    const files = this.authorityFiles ?? [];
    return files.every(({ file }) => file !== undefined) ? files.flatMap(({ name }) => this.certificates(name)) : [];
  }

  /** The certificates of a role's files; empty if one of them is missing, as a part of them proves nothing. */
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
    const bytes = this.folder.files.get(name)?.bytes ?? NOTHING;
    const byReader = READ.get(bytes) ?? new Map<CertificateReader, CertificateFile>();
    READ.set(bytes, byReader);
    const reader = this.readerOf(name);
    const read = byReader.get(reader) ?? readCertificates(bytes, { file: `${this.label}/${name}` }, reader);
    byReader.set(reader, read);
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

  /** What a file contains, by its role, else by its blocks, else by its name. */
  public contentOf(name: string): "certificates" | "key" | "secret" | "other" {
    if (SECRET_TEXTS.some((role) => this.named(role)?.name === name || ROLES[role].file === name)) {
      return "secret";
    }
    const blocks = this.blocks(name);
    if (this.isNamed(name, CERTIFICATE_ROLES) || this.isInList(name)) {
      return "certificates";
    }
    const hasCertificate = blocks.some(({ label }) => /CERTIFICATE$/.test(label));
    if (this.isKeyFile(name)) {
      return hasCertificate && this.service !== undefined ? "certificates" : "key";
    }
    if (hasCertificate && !/-key\.pem$|\.key$/.test(name)) {
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

  /** Certificates that are presented by themselves although they are CAs, as `openssl req -x509` makes them. */
  public get selfSigned(): readonly Certificate[] {
    return PAIR_ROLES.flatMap(([role, key]) => {
      const [leaf, ...more] = this.chain(role);
      const bytes = this.named(key)?.file?.bytes;
      const isAlone = leaf?.isCa === true && more.length === 0 && leaf.issuer.rawHex === leaf.subject.rawHex;
      return isAlone && bytes !== undefined && isKeyOf(bytes, leaf) ? [leaf] : [];
    });
  }

  /** Whether command, settings or its name make a file the key of a pair, which may be the certificate's file too. */
  public isKeyFile(name: string): boolean {
    const { listener, upstreams = [] } = this.service ?? {};
    const pairs = [listener, ...upstreams].filter((one) => one !== undefined);
    const files = pairs.flatMap(({ certificate, key }) => [key, this.kind === "proxy" ? certificate : undefined]);
    if (files.some((path) => path !== undefined && this.at(path, "settings").name === name)) {
      return this.blocks(name).some(isPrivateKeyBlock);
    }
    return this.isNamed(name, KEY_ROLES);
  }

  /** Whether a file has a private key, next to certificates too. */
  public hasKey(name: string): boolean {
    return this.contentOf(name) === "key" || this.blocks(name).some(isPrivateKeyBlock);
  }

  /** Elasticsearch reads with Java; Kibana's OpenSSL ignores what Go ignores, but no headers. */
  private readerOf(name: string): CertificateReader {
    // Netty and Kafka read with Java too.
    if (this.kind === "elasticsearch" || (this.kind === "receiver" && !this.isKeyFile(name))) {
      return this.isNamed(name, ["esCert"]) ? "java pair" : "java list";
    }
    return this.kind === "kibana" || this.isInList(name) ? "go list" : "go pair";
  }

  private isInList(name: string): boolean {
    return this.isNamed(name, LIST_ROLES) || this.authorityFiles?.some((one) => one.name === name) === true;
  }

  private isNamed(name: string, roles: readonly Role[]): boolean {
    return roles.some((role) => this.allNamed(role).some((one) => one.name === name));
  }

  private has(role: Role): boolean {
    return this.folder.files.has(ROLES[role].file);
  }

  /** A file that a command, settings or a service names. */
  public at(hostPath: string, by: NamedFile["by"]): NamedFile {
    // Of a container the mounted files are known by their whole paths.
    const mounted = [...this.folder.files.keys()].find((path) => path === hostPath || path.endsWith(`/${hostPath}`));
    const name = mounted ?? fileName(hostPath);
    return { name, by, hostPath, file: this.folder.files.get(name) };
  }
}
