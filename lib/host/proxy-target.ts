/** Server that a reverse proxy forwards to. */
export class ProxyTarget {
  /** Fleet Server, for agents. */
  public static readonly FLEET_SERVER = new ProxyTarget("Fleet Server");

  /** Elasticsearch, for Fleet Servers and agents. */
  public static readonly ELASTICSEARCH = new ProxyTarget("Elasticsearch");

  private constructor(
    /** The server's name. */
    public readonly title: string,
  ) {}

  /** The server's name. */
  public toString(): string {
    return this.title;
  }
}
