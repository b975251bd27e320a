/** How a server asks its clients for certificates. */
export type ClientMode = "none" | "optional" | "required";

/** A server with TLS, by the paths that its settings name. */
export interface Listener {
  readonly certificate?: string;
  readonly key?: string;
  readonly clientCas: readonly string[];
  readonly clients: ClientMode;
  /** Undefined if the settings do not say it. */
  readonly port?: string;
}

/** A connection to the server behind a proxy or a receiver. */
export interface Upstream {
  /** Host and port, or a URL. */
  readonly address: string;
  readonly cas: readonly string[];
  /** Whether the server's certificate is verified; undefined if the program does not start like this. */
  readonly verifies: boolean | undefined;
  /** The name that is looked for in the certificate; undefined if none is. */
  readonly name?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** A program between hosts: a proxy in front of Fleet Server or Elasticsearch, or a receiver of agents' output. */
export interface Service {
  readonly program: "nginx" | "HAProxy" | "Envoy" | "Logstash" | "Kafka";
  readonly file: string;
  readonly listener?: Listener;
  readonly upstreams: readonly Upstream[];
}

/** Whether a service receives what agents send, in place of Elasticsearch. */
export function isReceiver({ program }: Service): boolean {
  return program === "Logstash" || program === "Kafka";
}
