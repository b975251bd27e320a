import { Fn } from "cdktf";

import { authorityRecord, isSystemTrust } from "../../../authority/records";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import { ClientAuthentication } from "../../../command/client-authentication";
import { CERTIFICATE_RELOADS, hasFeature, RELOADS_BY_DEFAULT } from "../../../command/data/stack-features";
import { expression } from "../../../private/terraform/text";
import type { IFleetHost, OutputPaths } from "../../fleet-host";
import type { KafkaOutputOptions } from "../../kafka-output";
import { KafkaAuthentication } from "../../kafka-output";
import type { IOutputReceiver } from "../../output-receiver";
import { OutputType } from "../../output-type";
import type { YamlMap } from "./yaml";
import { yamlArgument, YamlExpression } from "./yaml";

/** Authentication of an output to Kafka. */
export function kafkaAuthentication(
  receivers: IOutputReceiver[],
  options: KafkaOutputOptions = {},
): KafkaAuthentication {
  const asksClients = receivers.some(({ clientAuthentication }) => clientAuthentication !== ClientAuthentication.NONE);
  return options.authentication ?? (asksClients ? KafkaAuthentication.CLIENT_CERTIFICATE : KafkaAuthentication.NONE);
}

/** Whether an output's hosts present their client certificates to its receivers. */
export function presentsCertificate(receivers: IOutputReceiver[], kafka: KafkaOutputOptions | undefined): boolean {
  const isKafka = receivers[0]?.outputType === OutputType.KAFKA;
  return (
    receivers.some(({ clientAuthentication }) => clientAuthentication !== ClientAuthentication.NONE) &&
    !(isKafka && kafkaAuthentication(receivers, kafka) === KafkaAuthentication.NONE)
  );
}

/** Names by which hosts have the CA of a receiver as a file. */
export function receiverCaFile({ kind, id }: IOutputReceiver): string {
  return kind.id === id ? `${id}-ca.pem` : `${kind.id}-${id}-ca.pem`;
}

/** Settings of an output to receivers: like those of an output to Elasticsearch, by the CAs of the receivers. */
export function receiverSettings(
  receivers: IOutputReceiver[],
  paths: OutputPaths,
  authorities: string[],
  fingerprint: string | undefined,
): YamlMap {
  const type = receivers[0]?.outputType;
  const ssl: YamlMap = {
    ...(fingerprint === undefined
      ? { certificate_authorities: authorities.length === 0 ? undefined : authorities }
      : { ca_trusted_fingerprint: fingerprint }),
    certificate: paths.certificate,
    key: paths.key,
    key_passphrase_path: paths.passphrase,
  };
  // Two clients check no name unless the mode is strict: Fleet Server, which dials another cluster too, with a CA that is
  // given to it, and libbeat's kafka output with any (libbeat/outputs/kafka/config.go).
  const checksName = type === OutputType.LOGSTASH;
  const isShared = !checksName && receivers.some(({ serverCa }) => authorityRecord(serverCa).signsForOthers);
  const mode = isShared ? { verification_mode: "strict" } : {};
  if (Object.values(ssl).some((value) => value !== undefined)) {
    return { ssl: { ...mode, ...ssl } };
  }
  // Without any setting, Logstash and Kafka are dialled in plain text (beats transport, tlscommon.LoadTLSConfig).
  return type?.isElasticsearch ? {} : { ssl: { enabled: true, ...mode } };
}

/**
 * Turns reloading of certificates on where all hosts know it and none has it on already. Never alone: with any `ssl` key
 * Fleet Server checks no name; nor with `strict`, whose check of the name a reloaded CA would turn off.
 */
export function withReload(settings: YamlMap, hosts: IFleetHost[]): YamlMap {
  const ssl = settings["ssl"] as YamlMap | undefined;
  const versions = hosts.map(({ stackVersion }) => stackVersion);
  const isOff = versions.every(
    (version) =>
      version !== undefined && hasFeature(version, CERTIFICATE_RELOADS) && !hasFeature(version, RELOADS_BY_DEFAULT),
  );
  if (ssl === undefined || ssl["verification_mode"] !== undefined || versions.length === 0 || !isOff) {
    return settings;
  }
  return { ...settings, ssl: { ...ssl, certificate_reload: { enabled: true } } };
}

/**
 * The settings with the CAs of a Fleet proxy in the list. A proxy's CA that signs for others could otherwise vouch for
 * Elasticsearch towards Fleet Server, which checks no name unless the mode is strict.
 */
export function withProxy(settings: YamlMap, cas: ICertificateAuthority[]): YamlMap {
  const ssl = settings["ssl"] as YamlMap | undefined;
  const further = cas.map((ca) => ca.trustBundlePem ?? (ca.trustHostPath as string));
  if (ssl === undefined || further.length === 0) {
    return settings;
  }
  const mode = cas.some((ca) => authorityRecord(ca).signsForOthers) ? { verification_mode: "strict" } : {};
  const listed = (ssl["certificate_authorities"] ?? []) as string[];
  return { ...settings, ssl: { ...mode, ...ssl, certificate_authorities: [...new Set([...listed, ...further])] } };
}

/** The settings with further YAML, which contains no `ssl`; a precondition refuses what is no map. */
export function withFurther(settings: YamlMap, further: string | undefined): YamlMap | YamlExpression {
  return further === undefined
    ? settings
    : new YamlExpression(
        Fn.merge([Fn.try([Fn.merge([Fn.yamldecode(expression(further))]), {}]), yamlArgument(settings)]),
      );
}

/** Fields of an output in `kibana.yml` in addition to its type, hosts and TLS settings. */
export function receiverFields(receivers: IOutputReceiver[], kafka: KafkaOutputOptions = {}): YamlMap {
  const [first] = receivers;
  if (first?.serviceTokenVariable !== undefined) {
    return { secrets: { service_token: `\${${first.serviceTokenVariable}}` } };
  }
  if (first?.outputType !== OutputType.KAFKA) {
    return {};
  }
  const authentication = kafkaAuthentication(receivers, kafka);
  const password = authentication._password;
  return {
    version: kafka.version ?? "2.6.0",
    topic: kafka.topic ?? "elastic-agent",
    auth_type: authentication.authType,
    ...(authentication === KafkaAuthentication.NONE && { connection_type: "encryption" }),
    ...(password && {
      username: password.username,
      sasl: { mechanism: password.mechanism.mechanism },
      secrets: { password: `\${${password.passwordVariable}}` },
    }),
  };
}

/** Environment variables that Kibana has to find. */
export function receiverVariables(receivers: IOutputReceiver[], kafka: KafkaOutputOptions = {}): string[] {
  const password = receivers[0]?.outputType === OutputType.KAFKA ? kafka.authentication?._password : undefined;
  return [
    ...receivers.flatMap((each) => each.serviceTokenVariable ?? []),
    ...(password ? [password.passwordVariable] : []),
  ];
}

/** CAs of receivers as an output names them: as text where Terraform knows it, else by their path on the hosts. */
export function authoritiesOf(receivers: IOutputReceiver[], paths: ReadonlyMap<IOutputReceiver, string>): string[] {
  const entries = receivers
    .filter(({ serverCa }) => !isSystemTrust(serverCa))
    .map(
      (receiver) => paths.get(receiver) ?? receiver.serverCa.trustBundlePem ?? receiver.serverCa.trustHostPath ?? "",
    );
  return [...new Set(entries)];
}

/** The distinct CAs of receivers. */
export function serverCas(receivers: IOutputReceiver[]): ICertificateAuthority[] {
  return [...new Set(receivers.map(({ serverCa }) => serverCa))];
}
