import type { TerraformResource } from "cdktf";
import { TerraformStack } from "cdktf";

import { IssuerGate } from "../../authority/issuer-gate";
import { Agent } from "../../host/agent";
import type { IFleetHost } from "../../host/fleet-host";
import { ReverseProxy } from "../../host/reverse-proxy";

const remedy = (prop: string, trusts: string): string =>
  `${prop} of this proxy may become another CA only while ${trusts}: give it ` +
  "CertificateAuthoritySource.existing(the former CA, such as fleet.fleetCa), then CertificateAuthoritySource.rotating({ " +
  'generations: { "1": that, "2": the new source }, issuing: "1" }), then let "2" issue, then drop "1"';

const CLIENTS_TRUST = remedy("ca", "its clients trust both");
const PROXY_TRUSTS = remedy("upstreamCa", "the proxy trusts both");

/**
 * Gates of the two CAs of each proxy. A CA has a gate of its own against another key in its place; these are against
 * another CA construct in its place, such as one of the proxy's own for the fleet's.
 */
export class ProxyGates {
  private readonly gates = new Map<ReverseProxy, IssuerGate>();

  /** Adds a proxy, or a host whose file has the CA of a proxy. A gate sees its own stack only. */
  public addHost(host: IFleetHost): void {
    if (host instanceof ReverseProxy) {
      this.addProxy(host);
    } else if (host instanceof Agent) {
      const { proxy } = host.fleetServerHosts;
      const bundle = host.files.node.tryFindChild("fleet-ca.pem");
      if (proxy instanceof ReverseProxy && bundle && TerraformStack.of(host) === TerraformStack.of(proxy)) {
        this.gates.get(proxy)?.addBundleFile(bundle as TerraformResource);
      }
    }
  }

  private addProxy(proxy: ReverseProxy): void {
    const { ca, _upstreamCa: upstreamCa, files } = proxy;
    const gate = new IssuerGate(proxy, "ca-gate", { issuer: ca, accepted: [ca], remedy: CLIENTS_TRUST });
    const upstream = new IssuerGate(proxy, "upstream-gate", {
      ...{ issuer: upstreamCa, accepted: [upstreamCa], canIssue: false, remedy: PROXY_TRUSTS },
    });
    const certificate = files.node.tryFindChild("proxy-cert.pem");
    if (certificate) {
      gate.addLeafFile(certificate as TerraformResource);
    }
    const trust = files.node.tryFindChild("upstream-ca.pem");
    if (trust) {
      upstream.addBundleFile(trust as TerraformResource);
    }
    this.gates.set(proxy, gate);
  }
}
