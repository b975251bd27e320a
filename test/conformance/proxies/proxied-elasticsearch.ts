import { readFileSync, writeFileSync } from "node:fs";

import type { App } from "cdktf";
import { parse } from "yaml";

import { ClientAuthentication, MutualFleetTls, OutputTrust, ProxySoftware, ProxyTarget } from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps } from "../../support/fleets";
import type { STEPS } from "./proxied-hosts";
import { PROGRAMS, ProxiedHosts, rotating } from "./proxied-hosts";
import type { Program } from "./proxy-process";

/** The name that Fleet Servers and agents dial. */
export const NAME = "es.example.com";

/**
 * Proxies in front of Elasticsearch, which requires client certificates. The CA that rotates issues the proxies' server
 * certificates, their client certificates towards Elasticsearch, Fleet Server's, and Elasticsearch's own.
 */
export class ProxiedElasticsearch extends ProxiedHosts {
  protected readonly folders = [
    ...["fleet-server", "agents/web-1", "elasticsearch", "elasticsearch-nodes/other"],
    ...PROGRAMS.map((id) => `proxies/${id}`),
  ];

  /** The output's `ssl`, and its paths on this machine. */
  public get output() {
    const { ssl } = parse(readFileSync(this.project.path("fleet-tls/stack/fleet/outputs/agents.yml"), "utf8")) as {
      ssl: Record<string, unknown>;
    };
    return { output: ssl, directories: { "/etc/elastic-agent/certs": this.host("agents/web-1").replace(/\/$/, "") } };
  }

  public override async deploy(): Promise<void> {
    await super.deploy();
    writeFileSync(this.host("fleet-server", "service-token"), "c2VydmljZSB0b2tlbg", { mode: 0o600 });
  }

  protected build(app: App, step: (typeof STEPS)[number]): void {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
      ...fleetProps({ elasticsearchUrl: `https://${NAME}:${this.ports.nginx}` }),
      agentCa: this.agentCa,
      elasticsearchCa: rotating(step),
      elasticsearch: { names: ["localhost"], clientAuthentication: ClientAuthentication.REQUIRED },
    });
    fleet.addAgent("web-1");
    fleet.addOutput("agents", { trust: OutputTrust.HOST_FILE });
    // A certificate of the Elasticsearch CA without the name that the proxies verify.
    fleet.addElasticsearchNode("other");
    for (const proxySoftware of [ProxySoftware.NGINX, ProxySoftware.HAPROXY]) {
      const program = proxySoftware.id as Program;
      fleet.addProxy(program, {
        target: ProxyTarget.ELASTICSEARCH,
        url: `https://${NAME}:${this.ports[program]}`,
        upstreamUrl: `https://localhost:${this.ports.upstream}`,
        proxySoftware,
        hostDirectory: this.host(`proxies/${program}`).replace(/\/$/, ""),
      });
    }
  }
}
