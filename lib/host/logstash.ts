import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import type { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { KeyFormat } from "../certificate/key-format";
import { renewalOf } from "../certificate/renewal-of";
import { ClientAuthentication } from "../command/client-authentication";
import type { TargetPlatform } from "../command/target-platform";
import { checkProps, pathOf } from "../private/check-props";
import { InputError, Problems } from "../private/problems";
import { requiresClientCertificates } from "./output-settings";
import type { HostReload, HostSettings } from "./fleet-host";
import { HostBase } from "./host-base";
import type { HostFiles } from "./host-files";
import { HostKind } from "./host-kind";
import type { IFleetTls } from "./ifleet-tls";
import type { IOutputReceiver } from "./output-receiver";
import { OutputType } from "./output-type";
import { hostDirectoryPreconditions } from "./private/directory";
import type { Pair } from "./private/pair";
import { checkPlainKey, createPair } from "./private/pair";
import { clientCaOf, createReceiverCa, endpointPreconditions, parseEndpoint } from "./private/receiver";
import { checkReceiverPaths, receiverPathPreconditions } from "./private/receiver-paths";
import { logstashPipeline } from "./private/settings/logstash-settings";
import { checkClientAuthentication, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import { checkClientProps } from "./private/client-props";
import { checkPublicElasticsearch } from "./public-elasticsearch";
import type { LogstashProps } from "./logstash-options";

const SETTINGS_FILE = "pipeline.conf";

const SETTINGS_HINT =
  "Name the file in `pipelines.yml` as `path.config`, or merge it with your pipeline, and put the API key into the " +
  "variable `LOGSTASH_API_KEY` or the Logstash keystore. Then restart Logstash.";

/**
 * One Logstash, or several behind one certificate, with an `elastic_agent` input.
 *
 * @example
 * const logstash = new Logstash(stack, "logstash", { fleet, hosts: ["logstash.example.com:5044"] });
 * fleet.addOutput("logstash", { to: [logstash] });
 */
export class Logstash extends HostBase implements IOutputReceiver {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Type of an output that ships to it. */
  public readonly outputType: OutputType = OutputType.LOGSTASH;

  /** Addresses by which agents reach it. */
  public readonly outputHosts: string[];

  /** CA of Logstash's certificate. */
  public readonly serverCa: IIssuingCertificateAuthority;

  /** Whether Logstash asks agents for a client certificate. */
  public readonly clientAuthentication: ClientAuthentication;

  /** Logstash's certificate, unless it exists elsewhere. */
  public readonly certificate?: Certificate;

  /** Logstash's client certificate towards Elasticsearch, if it has one that is created here. */
  public readonly clientCertificate?: Certificate;

  /** The pipeline: input and output. It names paths and contains no secret. Also in `pipeline.conf`. A Terraform token. */
  public readonly settings: string;

  constructor(scope: Construct, id: string, props: LogstashProps) {
    const { fleet } = checkProps(pathOf(scope, id), "LogstashProps", props);
    super(scope, id, fleet, HostKind.LOGSTASH);
    const problems = new Problems(this.node.path);
    const { platform, keyAlgorithm } = resolveHostOptions(props, fleet.hostDefaults);
    const location = { platform, hostDirectory: props.hostDirectory ?? defaultHostDirectory(platform) };
    this.outputHosts = props.hosts;
    const endpoints = props.hosts.map((host, index) => parseEndpoint(problems, `hosts[${index}]`, host, true));
    if (endpoints.length === 0) {
      problems.add("hosts", { what: "is empty", allowed: "host:port", fix: "write the address that agents dial" });
    }
    this.clientAuthentication = checkClientAuthentication(
      problems,
      fleet,
      props.clientAuthentication,
      ClientAuthentication.REQUIRED,
    );
    checkPlainKey(problems, "certificate", props.certificate, "Logstash");
    checkPlainKey(problems, "clientCertificate", props.clientCertificate, "Logstash");
    checkPublicElasticsearch(problems, fleet.elasticsearchCa, { clientCertificate: props.clientCertificate });
    const { certificate, clientCertificate } = props;
    const paths = { ...location, sources: { certificate, clientCertificate } };
    checkReceiverPaths(problems, paths);
    checkClientProps(problems, fleet, { clientCertificate: props.clientCertificate });
    this.serverCa = createReceiverCa(problems, this, fleet, props, keyAlgorithm);
    this.files = createHostFiles(problems, this, fleet, location, [
      ...checkNames(problems, this, props.names ?? []),
      ...endpointPreconditions(this, "hosts", props.hosts, true),
      ...hostDirectoryPreconditions(this, location),
      ...receiverPathPreconditions(this, paths),
    ]);
    problems.throwIfAny();

    const renewal = renewalOf("esCert", props, fleet.hostDefaults);
    let pair: Pair | undefined;
    if (this.serverCa.canIssue || certificate?._onHost) {
      pair = createPair(this, this.files, "logstash-cert", {
        issuer: this.serverCa,
        commonName: id,
        usage: CertificateUsage.SERVER,
        names: [...new Set([...endpoints.map(({ host }) => host), ...(props.names ?? [])])],
        keyAlgorithm,
        // Netty reads nothing else.
        keyFormat: KeyFormat.PKCS8,
        ...renewal,
        source: certificate,
      });
    }
    this.certificate = pair?.certificate;
    const clientCa = clientCaOf(fleet, this.clientAuthentication);
    const issuer = fleet.clientTls?.elasticsearchClientIssuer;
    const client =
      props.clientCertificate &&
      issuer &&
      createPair(this, this.files, "logstash-es-cert", {
        issuer,
        commonName: id,
        usage: CertificateUsage.CLIENT,
        keyAlgorithm,
        keyFormat: KeyFormat.PKCS8,
        ...renewal,
        source: props.clientCertificate,
      });
    this.clientCertificate = client?.certificate;
    const settings = logstashPipeline({
      port: props.port ?? endpoints[0]?.port ?? 5044,
      certificatePath: pair?.certificatePath,
      keyPath: pair?.keyPath,
      clientCaPath: clientCa && this.files.addTrustBundle("agent-ca.pem", [clientCa]),
      clientAuthentication: this.clientAuthentication,
      elasticsearchUrl: fleet.elasticsearchUrl,
      elasticsearchCaPath: this.files.addTrust("es-ca.pem", fleet.elasticsearchCa),
      elasticsearchCertificatePath: client?.certificatePath,
      elasticsearchKeyPath: client?.keyPath,
    });
    this.settings = new TerraformLocal(this, "settings", settings).asString;
    this.files.addPublic(SETTINGS_FILE, this.settings);
    this.node.addValidation({ validate: () => (client ? [] : lacksCertificate(this, fleet)) });
    fleet.addHost(this);
  }

  /** The pipeline. */
  public get settingsFiles(): HostSettings[] {
    return [{ title: "Logstash pipeline", file: SETTINGS_FILE, text: this.settings, hint: SETTINGS_HINT }];
  }

  /** How Logstash applies changed files. */
  public get reload(): HostReload {
    const { isWindows } = this.platform;
    // logstash#18978; ECK sets it from 9.5.0 on (cloud-on-k8s#9639).
    const byItself =
      "from 9.5 on, with `config.reload.automatic` and `ssl.reload.automatic`, it loads changed certificates by itself";
    return {
      isAutomatic: false,
      instruction: isWindows ? "Restart Logstash on Windows." : `Restart Logstash; ${byItself}.`,
      afterCopy: isWindows ? "restart" : `restart; ${byItself}`,
      command: isWindows ? undefined : "sudo systemctl restart logstash",
    };
  }
}

function lacksCertificate(logstash: Construct, fleet: IFleetTls): string[] {
  return requiresClientCertificates(fleet)
    ? [
        new InputError([
          {
            where: `${logstash.node.path}: clientCertificate`,
            what: "is missing, and Elasticsearch would refuse Logstash's connections",
            allowed: "a certificate where Elasticsearch's clientAuthentication is ClientAuthentication.REQUIRED",
            fix: "set clientCertificate: CertificateSource.generated(), or make it ClientAuthentication.OPTIONAL",
          },
        ]).message,
      ]
    : [];
}

function defaultHostDirectory(platform: TargetPlatform): string {
  return platform.isWindows ? "C:\\ProgramData\\Elastic\\Logstash\\config\\certs" : "/etc/logstash/certs";
}
