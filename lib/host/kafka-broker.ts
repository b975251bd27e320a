import { Fn, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";
import type { CertificateProps } from "../certificate/certificate";
import { Certificate } from "../certificate/certificate";
import { CertificateUsage } from "../certificate/certificate-usage";
import type { IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import { KeyFormat } from "../certificate/key-format";
import { renewalOf } from "../certificate/renewal-of";
import { ClientAuthentication } from "../command/client-authentication";
import type { TargetPlatform } from "../command/target-platform";
import { checkProps, pathOf } from "../private/check-props";
import { Problems, quoted } from "../private/problems";
import type { HostReload, HostSettings } from "./fleet-host";
import { HostBase } from "./host-base";
import type { HostFiles } from "./host-files";
import { HostKind } from "./host-kind";
import type { IOutputReceiver } from "./output-receiver";
import { OutputType } from "./output-type";
import { hostDirectoryPreconditions } from "./private/directory";
import type { Pair } from "./private/pair";
import { checkPemReader, checkPlainKey, createPair } from "./private/pair";
import { clientCaOf, createReceiverCa, endpointPreconditions, parseEndpoint } from "./private/receiver";
import type { ReceiverPaths } from "./private/receiver-paths";
import { checkReceiverPaths, receiverPathPreconditions } from "./private/receiver-paths";
import { kafkaSettings } from "./private/settings/kafka-settings";
import { checkClientAuthentication, checkNames, createHostFiles, resolveHostOptions } from "./private/setup";
import type { KafkaListenerOptions, KafkaBrokerProps } from "./kafka-broker-options";

const SETTINGS_FILE = "server.tls.properties";
const KEY_STORE = "kafka-keystore.pem";

const SETTINGS_HINT =
  "Merge them into `server.properties`: replace `listeners`, `advertised.listeners` and " +
  "`listener.security.protocol.map`, and remove other `ssl` settings of this listener. Then restart the broker. Without " +
  "an authorizer, every certificate of the agent CA may do everything that this listener allows.";

const PROVIDERS_HINT =
  "If `config.providers` names others already, add `dir` to them. The user that runs Kafka has to be able to read the key.";

/**
 * One Kafka broker with a TLS listener for agents: a PEM key store and a PEM trust store.
 *
 * @example
 * const kafka = new KafkaBroker(stack, "kafka-1", { fleet, advertisedListener: "kafka-1.example.com:9094" });
 * fleet.addOutput("kafka", { to: [kafka] });
 */
export class KafkaBroker extends HostBase implements IOutputReceiver {
  /** The host's files. */
  public readonly files: HostFiles;

  /** Type of an output that ships to it. */
  public readonly outputType: OutputType = OutputType.KAFKA;

  /** Address by which agents reach it. */
  public readonly outputHosts: string[];

  /** CA of the broker's certificate. */
  public readonly serverCa: IIssuingCertificateAuthority;

  /** Whether the listener asks agents for a client certificate. */
  public readonly clientAuthentication: ClientAuthentication;

  /** SASL mechanism that the listener asks for. */
  public readonly saslMechanism?: string;

  /** The broker's certificate, unless it exists elsewhere. */
  public readonly certificate?: Certificate;

  /**
   * The settings of `server.properties`. They name paths and contain no secret. Also in `server.tls.properties`. A
   * Terraform token.
   */
  public readonly settings: string;

  private readonly hasKeyStore: boolean;

  constructor(scope: Construct, id: string, props: KafkaBrokerProps) {
    const { fleet } = checkProps(pathOf(scope, id), "KafkaBrokerProps", props);
    super(scope, id, fleet, HostKind.KAFKA_BROKER);
    const problems = new Problems(this.node.path);
    const { platform, keyAlgorithm } = resolveHostOptions(props, fleet.hostDefaults);
    const location = { platform, hostDirectory: props.hostDirectory ?? defaultHostDirectory(platform) };
    const { listenerName = "FLEET", otherListeners = [] } = props;
    this.outputHosts = [props.advertisedListener];
    this.saslMechanism = props.saslMechanism?.mechanism;
    const endpoint = parseEndpoint(problems, "advertisedListener", props.advertisedListener, false);
    checkListeners(problems, listenerName, otherListeners);
    this.clientAuthentication = checkClientAuthentication(
      problems,
      fleet,
      props.clientAuthentication,
      ClientAuthentication.REQUIRED,
    );
    const { certificate } = props;
    const isReferred = certificate?._onHost !== undefined || certificate?._request !== undefined;
    this.hasKeyStore = !isReferred;
    const paths = { ...location, sources: { certificate }, isReferred };
    checkReferences(problems, paths);
    checkPlainKey(problems, "certificate", certificate, "Kafka");
    checkReceiverPaths(problems, paths);
    problems.collect(() => checkPemReader(this, "kafka-cert", keyAlgorithm));
    this.serverCa = createReceiverCa(problems, this, fleet, props, keyAlgorithm);
    this.files = createHostFiles(problems, this, fleet, location, [
      ...checkNames(problems, this, props.names ?? []),
      ...endpointPreconditions(this, "advertisedListener", this.outputHosts, false),
      ...hostDirectoryPreconditions(this, location),
      ...receiverPathPreconditions(this, paths),
    ]);
    problems.throwIfAny();

    const request: CertificateProps = {
      issuer: this.serverCa,
      commonName: id,
      usage: CertificateUsage.SERVER,
      names: [...new Set([endpoint.host, ...(props.names ?? [])])],
      keyAlgorithm,
      ...renewalOf("esCert", props, fleet.hostDefaults),
      source: certificate,
    };
    let pair: Pair | undefined;
    if (isReferred) {
      pair = createPair(this, this.files, "kafka-cert", { ...request, keyFormat: KeyFormat.PKCS8 });
      this.certificate = pair.certificate;
    } else if (this.serverCa.canIssue) {
      this.certificate = new Certificate(this, "kafka-cert", request);
    }
    const clientCa = clientCaOf(fleet, this.clientAuthentication);
    const settings = kafkaSettings({
      name: listenerName,
      port: props.port ?? endpoint.port ?? 9092,
      advertised: props.advertisedListener,
      others: {
        listeners: otherListeners.map(({ name, address }) => `${name}://${address}`),
        advertised: otherListeners.flatMap(({ name, advertised }) => (advertised ? [`${name}://${advertised}`] : [])),
        protocols: otherListeners.map(({ name, securityProtocol }) => `${name}:${securityProtocol}`),
      },
      keyStorePath: pair ? undefined : this.certificate && this.writeKeyStore(this.certificate),
      pair,
      trustStorePath: clientCa && this.files.addTrustBundle("agent-ca.pem", [clientCa]),
      clientAuthentication: this.clientAuthentication,
      saslMechanism: this.saslMechanism,
    });
    this.settings = new TerraformLocal(this, "settings", settings).asString;
    this.files.addPublic(SETTINGS_FILE, this.settings);
    fleet.addHost(this);
  }

  /** The settings of `server.properties`. */
  public get settingsFiles(): HostSettings[] {
    const hint = this.hasKeyStore ? SETTINGS_HINT : `${SETTINGS_HINT} ${PROVIDERS_HINT}`;
    return [{ title: "For server.properties", file: SETTINGS_FILE, text: this.settings, hint }];
  }

  /** How a broker applies changed files. */
  public get reload(): HostReload {
    if (!this.hasKeyStore) {
      const afterCopy = "restart, one broker after the other";
      return { isAutomatic: false, instruction: "Restart Kafka brokers one after the other.", afterCopy };
    }
    return {
      isAutomatic: false,
      instruction:
        "Restart Kafka brokers one after the other, or set the listener's `ssl.keystore.location` and " +
        "`ssl.truststore.location` to the same paths with `kafka-configs.sh`: the broker then loads both files, unless " +
        "its certificate lost a name.",
      afterCopy:
        "restart, one broker after the other, or, if its certificate lost no name, set the same paths with " +
        "`kafka-configs.sh`",
    };
  }

  /** Kafka reads key and certificates from one file (KIP-651): the key as PKCS#8, then the chain. */
  private writeKeyStore(certificate: Certificate): string {
    const { privateKeyPem, issued } = certificate;
    const content = Fn.join("", [privateKeyPem as string, issued.chainPem]);
    return this.files.addKeyStore(KEY_STORE, certificate, content).hostPath;
  }
}

const LISTENER = /^[A-Za-z][A-Za-z0-9_-]*$/;

function checkListeners(problems: Problems, name: string, others: KafkaListenerOptions[]): void {
  const names = [name, ...others.map((other) => other.name)];
  names.forEach((each, index) => {
    if (!LISTENER.test(each) || names.findIndex((other) => other.toLowerCase() === each.toLowerCase()) !== index) {
      problems.add(index === 0 ? "listenerName" : `otherListeners[${index - 1}].name`, {
        what: LISTENER.test(each) ? "is in use by another listener" : "is not the name of a listener",
        got: quoted(each),
        allowed: "letters, digits, underscores and hyphens, each name once",
        fix: "choose another name, such as FLEET",
      });
    }
  });
}

/** `${dir:FOLDER:NAME}` is divided at its first two colons, so a drive letter would end the folder. */
function checkReferences(problems: Problems, { platform, isReferred }: ReceiverPaths): void {
  if (isReferred && platform.isWindows) {
    problems.add("certificate", {
      what: "has a key that stays on the host, and Kafka's DirectoryConfigProvider reads no path with a drive letter",
      allowed: "CertificateSource.generated() on Windows",
      fix: "leave it out, or run the broker on Linux",
    });
  }
}

function defaultHostDirectory(platform: TargetPlatform): string {
  return platform.isWindows ? "C:\\kafka\\config\\certs" : "/etc/kafka/certs";
}
