import type { App } from "cdktf";

import { CertificateAuthoritySource, MutualFleetTls, ProxySoftware } from "../../../lib";
import { TestStack } from "../../support/apps";
import { fleetProps } from "../../support/fleets";
import type { STEPS } from "./proxied-hosts";
import { PROGRAMS, ProxiedHosts, rotating } from "./proxied-hosts";
import type { Program } from "./proxy-process";

/** The name that agents dial; no name of Fleet Server's own. */
export const NAME = "proxy.example.com";

/** Proxies in front of Fleet Server, with a CA of their own that rotates. */
export class ProxiedFleet extends ProxiedHosts {
  protected readonly folders = [
    ...["fleet-server", "proxies/other"],
    ...PROGRAMS.flatMap((id) => [`proxies/${id}`, `agents/${id}`]),
  ];

  protected build(app: App, step: (typeof STEPS)[number]): void {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
      ...fleetProps({ fleetServerUrl: `https://localhost:${this.ports.upstream}` }),
      agentCa: this.agentCa,
    });
    // A certificate of the fleet CA for another name.
    fleet.addProxy("other", {
      url: "https://other.example.com:8220",
      ca: CertificateAuthoritySource.existing(fleet.fleetCa),
    });
    for (const proxySoftware of [ProxySoftware.NGINX, ProxySoftware.HAPROXY]) {
      const program = proxySoftware.id as Program;
      const proxy = fleet.addProxy(program, {
        url: `https://${NAME}:${this.ports[program]}`,
        proxySoftware,
        hostDirectory: this.host(`proxies/${program}`).replace(/\/$/, ""),
        ca: rotating(step),
      });
      fleet.addAgent(program, { fleetServerProxy: proxy });
    }
  }
}
