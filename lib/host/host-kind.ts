import { checkProps } from "../private/check-props";

/** Properties of a kind of host. */
export interface HostKindProps {
  /** Short name in lowercase letters and hyphens, e.g. `fleet-server`: the page's anchor and the id of the default host. */
  readonly id: string;

  /** Name as text shows it, e.g. `Fleet Server`. */
  readonly title: string;

  /** Folder of all hosts of this kind except the default one, e.g. `fleet-servers`. */
  readonly folder: string;

  /** User that must be able to read the private keys, as text shows it, e.g. `the user that runs Kibana`. */
  readonly reader: string;
}

/** Kind of program that a host's files are for. */
export class HostKind {
  /** Elastic Agent. */
  public static readonly AGENT = new HostKind({
    id: "agent",
    title: "Agent",
    folder: "agents",
    reader: "the user that runs the agent: root, unless it is unprivileged",
  });

  /** Fleet Server, and the agent that runs it. */
  public static readonly FLEET_SERVER = new HostKind({
    id: "fleet-server",
    title: "Fleet Server",
    folder: "fleet-servers",
    reader: "the user that runs the agent: root, unless it is unprivileged",
  });

  /** Elasticsearch node. */
  public static readonly ELASTICSEARCH = new HostKind({
    id: "elasticsearch",
    title: "Elasticsearch",
    folder: "elasticsearch-nodes",
    reader: "the user that runs Elasticsearch",
  });

  /** Kibana. */
  public static readonly KIBANA = new HostKind({
    id: "kibana",
    title: "Kibana",
    folder: "kibana",
    reader: "the user that runs Kibana",
  });

  /** Reverse proxy in front of Fleet Server or Elasticsearch. */
  public static readonly PROXY = new HostKind({
    id: "proxy",
    title: "Proxy",
    folder: "proxies",
    reader: "the user that starts the proxy",
  });

  /** Logstash. */
  public static readonly LOGSTASH = new HostKind({
    id: "logstash",
    title: "Logstash",
    folder: "logstash",
    reader: "the user that runs Logstash",
  });

  /** Kafka broker. */
  public static readonly KAFKA_BROKER = new HostKind({
    id: "kafka-broker",
    title: "Kafka broker",
    folder: "kafka-brokers",
    reader: "the user that runs Kafka",
  });

  /** Elasticsearch of another cluster. */
  public static readonly REMOTE_ELASTICSEARCH = new HostKind({
    id: "remote-elasticsearch",
    title: "Remote Elasticsearch",
    folder: "remote-elasticsearch",
    reader: "the user that runs Elasticsearch",
  });

  /** Short name, e.g. `fleet-server`. */
  public readonly id: string;

  /** Name as text shows it, e.g. `Fleet Server`. */
  public readonly title: string;

  /** Folder of all hosts of this kind except the default one. */
  public readonly folder: string;

  /** User that must be able to read the private keys. */
  public readonly reader: string;

  constructor(props: HostKindProps) {
    checkProps("HostKind", "HostKindProps", props);
    this.id = props.id;
    this.title = props.title;
    this.folder = props.folder;
    this.reader = props.reader;
  }

  /** Name as text shows it. */
  public toString(): string {
    return this.title;
  }
}
