import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { Connection } from "./edges";
import type { Host, HostPair } from "./host";

/** Kibana's folder as a deploy left it, with the settings that go with it. */
export class KibanaHost {
  private readonly settings: Record<string, unknown>;

  public constructor(private readonly host: Host) {
    this.settings = parse(readFileSync(join(host.folder, "kibana.tls.yml"), "utf8")) as Record<string, unknown>;
  }

  /** What it presents to Elasticsearch. */
  public get clientPair(): HostPair | undefined {
    return this.pair("elasticsearch");
  }

  /** By what it trusts Elasticsearch, unless its operating system does. */
  public get elasticsearchCas(): string[] {
    const listed = (this.settings["elasticsearch.ssl.certificateAuthorities"] ?? []) as string[];
    return listed.map((path) => this.host.local(path));
  }

  /** The connection by which a container prepares Fleet in it; none where the container's environment has no CA of Kibana. */
  public preparedBy(container: Host): Connection[] {
    const { KIBANA_FLEET_CA: ca, KIBANA_FLEET_HOST: url } = container.variables;
    const pair = this.pair("server");
    return ca === undefined || url === undefined || pair === undefined
      ? []
      : [
          {
            name: "fleet-to-kibana",
            server: { pair, clientCas: [], clientAuth: "none" },
            client: { pair: undefined, cas: [container.local(ca)] },
            names: [new URL(url).hostname],
          },
        ];
  }

  private pair(side: "elasticsearch" | "server"): HostPair | undefined {
    const [certificate, key] = ["certificate", "key"].map(
      (name) => this.settings[`${side}.ssl.${name}`] as string | undefined,
    );
    return certificate === undefined || key === undefined ? undefined : this.host.pairAt(certificate, key);
  }
}
