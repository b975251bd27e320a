import { Lazy, TerraformLocal } from "cdktf";
import { Construct } from "constructs";

import { authorityRecord, isSystemTrust } from "../authority/records";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import { checkArguments, checkProps, pathOf } from "../private/check-props";
import { outputPathOf, projectPath } from "../private/paths";
import { InputError, Problems, quoted } from "../private/problems";
import { hostId } from "../private/terraform/host-id";
import { createPublicFile } from "../private/terraform/written-file";
import { expression } from "../private/terraform/text";
import { parseUrl, urlPrecondition } from "../private/urls";
import type { DownloadSourceProps } from "./download-source-options";
import type { IFleetHost } from "./fleet-host";
import type { FleetProxy } from "./fleet-proxy";
import { HostKind } from "./host-kind";
import { FleetList } from "./private/fleet-list";
import type { IFleetTls } from "./ifleet-tls";
import { kibanaId } from "./kibana-id";
import { OutputTrust } from "./output-trust";
import type { YamlMap } from "./private/settings/yaml";
import { jsonDocument } from "./private/settings/yaml";

const URL_RULE = { portRequired: false, example: "https://artifacts.example.com/downloads/" };

/** File of the CA in the folders of the hosts. */
const CA_FILE = "download-ca.pem";

const SOURCES = new FleetList<DownloadSource>();

/**
 * Kibana's *agent binary download source*: where agents download their next version. `fleet.addDownloadSource` creates one.
 *
 * @example
 * const ca = CertificateAuthoritySource.trustOnly({ file: "pki/artifacts-ca.pem" });
 * const downloadSource = fleet.addDownloadSource("mirror", { url: "https://artifacts.example.com/downloads/", ca });
 * fleet.addAgentPolicy("web", { downloadSource });
 */
export class DownloadSource extends Construct {
  /** Download sources of a fleet. */
  public static of(fleet: IFleetTls): DownloadSource[] {
    checkArguments("DownloadSource.of", { fleet });
    return [...SOURCES.of(fleet)];
  }

  /** Id of the object in Kibana. */
  public readonly sourceId: string;

  /** Name of the object in Kibana. */
  public readonly name: string;

  /** URL below which agents find `beats/elastic-agent/`. Kibana calls it the host. */
  public readonly url: string;

  /** Whether policies without a download source use it. */
  public readonly isDefault: boolean;

  /** CA of the server's certificate, unless it is one that the operating systems trust. */
  public readonly ca?: ICertificateAuthority;

  /**
   * The object as JSON, the body of Kibana's `POST /api/fleet/agent_download_sources`. It contains no secret. Also in the
   * file `download-sources/ID.json` of the fleet's output directory. A Terraform token.
   */
  public readonly settings: string;

  /** Fleet proxy through which agents reach the server. */
  public readonly fleetProxy?: FleetProxy;

  private readonly usesHostFile: boolean;
  private readonly caPaths = new Map<IFleetHost, string>();

  constructor(scope: Construct, id: string, props: DownloadSourceProps) {
    const { fleet, ca, trust } = checkProps(pathOf(scope, id), "DownloadSourceProps", props);
    super(scope, hostId(scope, id));
    const problems = new Problems(this.node.path);
    this.fleetProxy = props.fleetProxy;
    this.url = parseUrl(problems, "url", props.url, URL_RULE).url;
    this.isDefault = props.isDefault ?? false;
    this.ca = ca === undefined || isSystemTrust(ca) ? undefined : ca;
    this.checkTrust(problems, trust);
    this.checkProxy(problems, fleet);
    this.checkOnlyDefault(problems, fleet);
    problems.throwIfAny();
    this.sourceId = problems.collectOrThrow(() => kibanaId(fleet, this, "agent binary download source", id));
    this.name = `${fleet.kibanaIdPrefix} ${id}`;
    this.usesHostFile = this.ca?.trustBundlePem !== undefined && trust === OutputTrust.HOST_FILE;
    this.settings = new TerraformLocal(
      this,
      "settings",
      // Hosts may be added later.
      Lazy.anyValue({ produce: () => jsonDocument(this._fields) }),
    ).asString;
    const path = outputPathOf(fleet, `download-sources/${id}.json`);
    const file = createPublicFile(this, "file", {
      ...{ path: path && projectPath(path), content: this.settings },
      preconditions: urlPrecondition(`${this.node.path}: url`, this.url, URL_RULE),
    });
    if (!this.usesHostFile) {
      // Agents trust the CAs by this text, so a rotation waits for it as for any bundle.
      this.cas.forEach((each) => authorityRecord(each).addBundleFile(this.fleetProxy?._file ?? file));
    }
    this.fleetProxy?._addUser(this, `the download source \`${this.sourceId}\``, this.ca && (() => this.authority));
    SOURCES.add(fleet, this);
    fleet.hosts.forEach((host) => this._addHost(host));
    this.node.addValidation({ validate: () => this.disagreements() });
  }

  /** Writes the CA into the folder of a host whose policy uses the source. @internal */
  public _addHost(host: IFleetHost): void {
    const runsAgent = host.kind === HostKind.AGENT || host.kind === HostKind.FLEET_SERVER;
    const isFor = host.downloadSource === undefined ? this.isDefault : host.downloadSource === this;
    if (!this.usesHostFile || !runsAgent || !isFor) {
      return;
    }
    this.caPaths.set(host, host.files.addTrustBundle(CA_FILE, this.cas));
  }

  /** The object as Kibana's settings and its API have it. @internal */
  public get _fields(): YamlMap {
    // With a Fleet proxy Kibana replaces all of `ssl` by that of the proxy.
    const authority = this.fleetProxy ? undefined : this.authority;
    return {
      id: this.sourceId,
      name: this.name,
      host: this.url,
      is_default: this.isDefault,
      proxy_id: this.fleetProxy?.proxyId,
      ssl: authority === undefined ? undefined : { certificate_authorities: [authority] },
    };
  }

  /** CAs that Kibana's object, or that of the Fleet proxy, contains as text. @internal */
  public get _listedCas(): ICertificateAuthority[] {
    return this.usesHostFile ? [] : this.cas.filter(({ trustBundlePem }) => trustBundlePem !== undefined);
  }

  /** CAs that agents have to trust to download. */
  private get cas(): ICertificateAuthority[] {
    return [...new Set([this.ca, this.fleetProxy?.ca].filter((each) => each !== undefined))];
  }

  /** Each of them as text, or its path on the hosts. */
  private get entries(): string[] {
    return [...new Set(this.cas.map((ca) => ca.trustBundlePem ?? (ca.trustHostPath as string)))];
  }

  private get authority(): string | undefined {
    const [path] = this.caPaths.values();
    if (this.usesHostFile) {
      return path;
    }
    return this.entries.length === 0 ? undefined : this.entries.join("");
  }

  /** The object of the proxy contains its CA and that of the source as one text or file. */
  private checkProxy(problems: Problems, fleet: IFleetTls): void {
    this.fleetProxy?._checkUse(problems, fleet, "the download source", [this.ca]);
    if (this.entries.length > 1 && this.cas.some((ca) => ca.trustBundlePem === undefined)) {
      problems.add("fleetProxy", {
        what: "has a CA that cannot be put together with the CA of the download source: one of them is only on the hosts",
        allowed: "CAs whose certificates Terraform knows, or the same path on the hosts",
        fix: "give both by trustOnly({ file }), or the path of one file with both CAs by trustOnly({ hostPath }) as ca of both",
      });
    }
  }

  private checkTrust(problems: Problems, trust: OutputTrust | undefined): void {
    if (trust === OutputTrust.FINGERPRINT) {
      problems.add("trust", {
        what: "is a fingerprint, for which Kibana's download sources have no field",
        allowed: "OutputTrust.INLINE or OutputTrust.HOST_FILE",
        fix: "leave it out",
      });
    } else if (trust !== undefined && this.ca === undefined) {
      problems.add("trust", {
        what: "is given without a ca, so agents verify the server with their operating system's CAs",
        allowed: "trust together with a ca",
        fix: "add ca, or leave trust out",
      });
    }
  }

  private checkOnlyDefault(problems: Problems, fleet: IFleetTls): void {
    const other = DownloadSource.of(fleet).find(({ isDefault }) => isDefault);
    if (this.isDefault && other) {
      problems.add("isDefault", {
        what: `is true, but ${other.node.path} is the default one already`,
        allowed: "one default download source",
        fix: "leave it out here or there",
      });
    }
  }

  /** One object has one path. */
  private disagreements(): string[] {
    const paths = [...new Set(this.caPaths.values())];
    return !this.usesHostFile || paths.length === 1
      ? []
      : [
          new InputError([
            {
              where: `${this.node.path}: trust`,
              what:
                paths.length === 0
                  ? "is OutputTrust.HOST_FILE, but no host's policy uses the source, so the path is unknown"
                  : "is OutputTrust.HOST_FILE, but its hosts have the CA at different paths",
              got: paths.length === 0 ? undefined : paths.map((path) => quoted(expression(path))).join(", "),
              allowed: "hosts with one hostDirectory",
              fix: "use OutputTrust.INLINE, or one download source for each kind of host",
            },
          ]).message,
        ];
  }
}
