import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

import { need } from "../elastic-fixture";
import type { Answer, ServeRequest } from "../protocol";
import type { ValidatorName } from "../programs";
import { receiverNames } from "../programs";
import type { Validator, Validators } from "../validators";
import type { DeclaredOutput } from "./shipping-fleet";
import { AGENT_DIRECTORY } from "./shipping-fleet";

/** The processes of one run. */
export interface Processes {
  readonly kafka: Validator;
  readonly netty: Validator;
  readonly sslConfig: Validator;
  readonly shipper: Validator;
  readonly elastic: Validator;
}

/** Names of what `Processes` needs. */
export const PROCESS_NAMES: ValidatorName[] = [...receiverNames, "ssl-config", "elastic-v0.46.3"];

/** The processes among those that were started. */
export function processesOf({ validators }: Validators): Processes {
  const named = (name: ValidatorName): Validator => validators.find((validator) => validator.name === name)!;
  return {
    kafka: named("kafka"),
    netty: named("netty"),
    sslConfig: named("ssl-config"),
    shipper: named("shipper"),
    elastic: named("elastic-v0.46.3"),
  };
}

/** How an agent ships. */
export interface Shipping {
  /** Folder of the agent's files. */
  readonly folder: string;
  readonly output: DeclaredOutput;
  readonly port: number;
  readonly plaintext?: boolean;
}

/** A receiver that listens. */
export interface Listening {
  readonly port: number;
  /** Kafka: sets the paths of its stores again. */
  setStorePaths(): Promise<void>;
  close(): Promise<void>;
}

async function listen(server: Validator, request: ServeRequest): Promise<Listening> {
  const { port, server: handle } = need(await server.request(request));
  return {
    port,
    setStorePaths: async () => void need(await server.request({ op: "set-store-paths", server: handle })),
    close: async () => void need(await server.request({ op: "close", server: handle })),
  };
}

/** A receiver with its own server, and a client that ships to it by an output. */
export interface Lane {
  /** Id of the output. */
  readonly output: string;
  readonly host: string;
  /** Name that agents dial. */
  readonly name: string;
  /** Files of the host that contain its certificate and key, for a pair. */
  readonly files: (certificate: string, key: string) => Record<string, string>;
  /** Whether the client checks the receiver's name by default. */
  readonly checksName: boolean;
  /**
   * Listens with the files of a folder.
   *
   * @param data a folder for what it stores
   */
  serve(processes: Processes, folder: string, data: string): Promise<Listening>;
  ship(processes: Processes, shipping: Shipping): Promise<Answer>;
}

const ship: Lane["ship"] = ({ shipper }, { folder, output, port, plaintext }) =>
  shipper.request({
    op: "ship",
    output,
    directories: { [AGENT_DIRECTORY]: folder },
    dial: Object.fromEntries(output.hosts.map((host) => [host, port])),
    variables: { KAFKA_PASSWORD: PASSWORD },
    plaintext,
  });

/** Netty as Logstash's input builds it, with a lumberjack client. */
export const LOGSTASH: Lane = {
  output: "logstash",
  host: "logstash/logstash",
  name: "logstash.example.com",
  files: (certificate, key) => ({ "logstash-cert.pem": certificate, "logstash-cert-key.pem": key }),
  checksName: true,
  serve: ({ netty }, folder) => {
    const pipeline = path.join(folder, "pipeline.conf");
    return listen(netty, { op: "serve", pipeline, directories: { "/etc/logstash/certs": folder } });
  },
  ship,
};

const PASSWORD = "not a secret: a broker of this test alone has it";

/** A real Kafka broker, with sarama as Beats configures it. */
export const KAFKA: Lane = kafka("kafka");

/** The same with a user name and a password in addition to the certificate. */
const SASL: Lane = kafka("sasl", {
  "listener.name.agents.plain.sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule required user_fleet="${PASSWORD}";`,
});

/** A broker whose settings refer to a pair on its host. */
export const KEPT: Lane = {
  ...kafka("kept"),
  files: (certificate, key) => ({ "own.pem": certificate, "own-key.pem": key }),
};

function kafka(id: string, further: Record<string, string> = {}): Lane {
  return {
    output: id,
    host: `kafka-brokers/${id}`,
    name: `${id}.example.com`,
    files: (certificate, key) => ({ "kafka-keystore.pem": key + certificate }),
    // libbeat gives the TLS library no name (libbeat/outputs/kafka/config.go).
    checksName: false,
    serve: ({ kafka: process }, folder, data) => {
      const properties = fs.readFileSync(path.join(folder, "server.tls.properties"), "utf8");
      const place = { directories: { "/etc/kafka/certs": folder }, folder: data };
      return listen(process, { op: "serve", properties, ...place, topic: "elastic-agent", further });
    },
    ship,
  };
}

/** Elasticsearch's settings by its own library on JSSE, with the agents' HTTP client. */
export const REMOTE: Lane = {
  output: "berlin",
  host: "remote-elasticsearch/berlin",
  name: "es.berlin.example.com",
  files: (certificate, key) => ({ "es-cert.pem": certificate, "es-cert-key.pem": key }),
  checksName: true,
  serve: ({ sslConfig }, folder) => {
    const text = fs.readFileSync(path.join(folder, "elasticsearch.tls.yml"), "utf8");
    const settings = parse(text) as Record<string, unknown>;
    const configurationDirectory = path.dirname(folder);
    return listen(sslConfig, { op: "serve", settings, configurationDirectory });
  },
  ship: ({ elastic }, { folder, output, port, plaintext }) =>
    elastic.request({
      op: "connect",
      port,
      serverName: new URL(output.hosts[0]!).hostname,
      directories: { [AGENT_DIRECTORY]: folder },
      ...(plaintext ? {} : { output: output.config.ssl }),
    }),
};

export const LANES: Lane[] = [LOGSTASH, KAFKA, SASL, REMOTE];
