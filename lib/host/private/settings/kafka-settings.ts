import { Fn } from "cdktf";

import { ClientAuthentication } from "../../../command/client-authentication";
import { expression, literalArgument } from "../../../private/terraform/text";

/** A listener of a broker, and the files that it reads. */
export interface KafkaListenerSettings {
  readonly name: string;
  readonly port: number;
  readonly advertised: string;
  /** Entries of the broker's other listeners, as `server.properties` has them. */
  readonly others: { readonly listeners: string[]; readonly advertised: string[]; readonly protocols: string[] };
  /** One file with key and certificate. */
  readonly keyStorePath?: string;
  /** The two as files of their own. */
  readonly pair?: { readonly certificatePath: string; readonly keyPath: string };
  readonly trustStorePath?: string;
  readonly clientAuthentication: ClientAuthentication;
  readonly saslMechanism?: string;
}

/** `ssl.client.auth` has words of its own. */
const CLIENT_AUTH: Readonly<Record<string, string>> = { none: "none", optional: "requested", required: "required" };

/** Settings of `server.properties`: this listener's alone, so that others keep theirs. */
export function kafkaSettings(settings: KafkaListenerSettings): string {
  const { name, others, keyStorePath, pair, trustStorePath, saslMechanism } = settings;
  const prefix = `listener.name.${name.toLowerCase()}`;
  const store = (kind: string, path: string | undefined): string[] =>
    path === undefined
      ? [literalArgument(`# add ${prefix}.ssl.${kind}.location of the store that exists already\n`)]
      : [
          property(`${prefix}.ssl.${kind}.type`, "PEM"),
          // A backslash would escape in properties; Java takes slashes on Windows too.
          Fn.join("", [
            literalArgument(`${prefix}.ssl.${kind}.location=`),
            Fn.replace(expression(path), "\\\\", "/"),
            literalArgument("\n"),
          ]),
        ];
  return Fn.join("", [
    property("listeners", [`${name}://:${settings.port}`, ...others.listeners].join(",")),
    Fn.join("", [
      literalArgument(`advertised.listeners=${name}://`),
      Fn.join(",", [expression(settings.advertised), ...others.advertised.map(literalArgument)]),
      literalArgument("\n"),
    ]),
    property(
      "listener.security.protocol.map",
      [`${name}:${saslMechanism === undefined ? "SSL" : "SASL_SSL"}`, ...others.protocols].join(","),
    ),
    ...(pair
      ? [
          property("config.providers", "dir"),
          property("config.providers.dir.class", "org.apache.kafka.common.config.provider.DirectoryConfigProvider"),
          property(`${prefix}.ssl.keystore.type`, "PEM"),
          reference(`${prefix}.ssl.keystore.certificate.chain`, pair.certificatePath),
          reference(`${prefix}.ssl.keystore.key`, pair.keyPath),
        ]
      : store("keystore", keyStorePath)),
    ...(settings.clientAuthentication === ClientAuthentication.NONE ? [] : store("truststore", trustStorePath)),
    property(`${prefix}.ssl.client.auth`, CLIENT_AUTH[settings.clientAuthentication.mode] as string),
    ...(saslMechanism === undefined ? [] : [property(`${prefix}.sasl.enabled.mechanisms`, saslMechanism)]),
  ]);
}

/** Content of a file, which Kafka reads by its DirectoryConfigProvider (KIP-632) as `${dir:FOLDER:NAME}`. */
function reference(name: string, path: string): string {
  const parts = Fn.replace(expression(path), literalArgument("/^(.*)[/]([^/]+)$/"), "$1:$2");
  return Fn.join("", [literalArgument(`${name}=\${dir:`), parts, literalArgument("}\n")]);
}

function property(name: string, value: string): string {
  return literalArgument(`${name}=${value}\n`);
}
