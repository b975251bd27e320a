/** Former URLs of a fleet that some of its hosts still use. */
export interface FormerUrls {
  /**
   * Former values of `fleetServerUrl`. Their host names stay in every Fleet Server's certificate, and Kibana's settings
   * list them after the new one.
   *
   * @default - none
   */
  readonly fleetServer?: string[];

  /**
   * Former values of `elasticsearchUrl`. Their host names stay in every Elasticsearch certificate.
   *
   * @default - none
   */
  readonly elasticsearch?: string[];
}
