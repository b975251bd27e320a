/** Type of an output in Fleet. */
export class OutputType {
  /** The fleet's Elasticsearch. */
  public static readonly ELASTICSEARCH = new OutputType("elasticsearch", "Elasticsearch");

  /** The Elasticsearch of another cluster. */
  public static readonly REMOTE_ELASTICSEARCH = new OutputType("remote_elasticsearch", "remote Elasticsearch");

  /** Logstash, by its `elastic_agent` input. */
  public static readonly LOGSTASH = new OutputType("logstash", "Logstash");

  /** Kafka. */
  public static readonly KAFKA = new OutputType("kafka", "Kafka");

  private constructor(
    /** The type as Kibana names it, e.g. `remote_elasticsearch`. */
    public readonly type: string,
    /** The type as text shows it. */
    public readonly title: string,
  ) {}

  /** Whether it is dialled by an https URL, and may be pinned by a fingerprint. */
  public get isElasticsearch(): boolean {
    return this.type.endsWith("elasticsearch");
  }

  /** The type as Kibana names it. */
  public toString(): string {
    return this.type;
  }
}
