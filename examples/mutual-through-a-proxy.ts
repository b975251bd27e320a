import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

import { EnrollmentToken, MutualFleetTls, ServiceToken } from "../lib";

/**
 * Mutual TLS through a proxy. The agents dial the proxy by https, and ask it by CONNECT for Fleet Server: what is
 * inside stays between agent and Fleet Server, so the agent's certificate reaches it untouched:
 * docs/mutual-through-a-proxy.md says more.
 */
export class MutualThroughAProxy extends TerraformStack {
  public readonly fleet: MutualFleetTls;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    const proxyAuthorization = new TerraformVariable(this, "proxy-authorization", { type: "string", sensitive: true });
    const proxyCa = new TerraformVariable(this, "proxy-ca", { type: "string" });

    this.fleet = new MutualFleetTls(this, "fleet", {
      fleetServerUrl: "https://fleet.example.com:8220",
      elasticsearchUrl: "https://es.example.com:9200",
      fleetServerPolicy: "fleet-server-policy",
      serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
      // Names by which agents behind another network dial the same Fleet Server: names of its certificate.
      fleetServer: { names: ["fleet.branch.example.com", "10.20.0.5"] },
    });
    this.fleet.addAgent("head-office");
    this.fleet.addAgent("branch", {
      proxyUrl: "https://proxy.branch.example.com:3128",
      // A value that only Terraform knows makes the command a secret: 0600, and in the sensitive output.
      proxyHeaders: { "Proxy-Authorization": proxyAuthorization.stringValue },
      // The list of CAs replaces the system's, so the proxy's CA has to be in it.
      proxyCaPem: proxyCa.stringValue,
    });
  }
}
