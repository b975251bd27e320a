import { parse } from "yaml";

import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  MutualFleetTls,
  ProxySoftware,
  ProxyTarget,
} from "../../lib";
import { refusalOf } from "../support/apps";
import type { TestStack } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

const create = (stack: TestStack, props: Partial<MutualFleetTlsProps> = {}): MutualFleetTls =>
  new MutualFleetTls(stack, "fleet", { ...fleetProps(), elasticsearchClientCertificates: false, ...props });

describe("with elasticsearchClientCertificates: false", () => {
  const stack = synthStack((scope) => {
    const fleet = create(scope);
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
    fleet.addProxy("es-edge", {
      proxySoftware: ProxySoftware.HAPROXY,
      target: ProxyTarget.ELASTICSEARCH,
      upstreamUrl: "https://es-1.example.com:9200",
    });
  });

  test("Fleet Server presents no certificate to Elasticsearch, and agents still present theirs to Fleet Server", () => {
    const command = String(stack.local("fleet_fleet-server_command"));
    expect(command).toContain("--fleet-server-es-ca=");
    expect(command).not.toMatch(/--fleet-server-es-cert/);
    expect(stack.addresses.filter((address) => address.includes("fleet-es-cert"))).toEqual([]);
    expect(stack.local("fleet_agents_web-1_command")).toContain("--elastic-agent-cert=");
    expect(command).toContain("--fleet-server-client-auth=required");
  });

  test("outputs and Kibana name no client certificate, and Elasticsearch asks for none", () => {
    const { ssl } = parse(JSON.stringify(stack.local("fleet_outputs_default_settings"))) as { ssl?: object };
    expect(ssl ?? {}).not.toHaveProperty("certificate");
    expect(JSON.stringify(stack.local("fleet_outputs_default_settings"))).not.toMatch(/agent-cert/);
    expect(JSON.stringify(stack.local("fleet_kibana_settings"))).not.toMatch(/agent-cert|ssl\.certificate"/);
    const settings = String(stack.local("fleet_elasticsearch_settings"));
    expect(settings).toContain('client_authentication" = "none"');
    expect(settings).not.toContain("certificate_authorities");
    expect(stack.addresses.filter((address) => address.includes("es-client-ca"))).toEqual([]);
  });

  test("nor does a proxy in front of Elasticsearch ask for one or present one", () => {
    const text = String(stack.local("fleet_proxies_es-edge_configuration"));
    expect(text).not.toMatch(/client-ca|upstream-cert/);
    expect(text).toContain("verifyhost es-1.example.com");
  });

  test("an Elasticsearch that exists elsewhere has no folder: there is nothing to configure on it", () => {
    const elsewhere = synthStack((scope) =>
      create(scope, { elasticsearchCa: CertificateAuthoritySource.trustOnly({ hostPath: "/etc/pki/es-ca.pem" }) }),
    );
    expect(elsewhere.addresses.filter((address) => /fleet_elasticsearch_/.test(address))).toEqual([]);
  });

  test.each<[string, (scope: TestStack) => void, string]>([
    [
      "fleetEsIssuer",
      (scope) => create(scope, { fleetEsIssuer: testAuthority(scope) }),
      "fleetEsIssuer is given, but elasticsearchClientCertificates is false",
    ],
    [
      "a Fleet Server's own client certificate",
      (scope) => create(scope, { fleetServer: { elasticsearchClientCertificate: CertificateSource.generated() } }),
      "elasticsearchClientCertificate is given, but elasticsearchClientCertificates of the fleet is false",
    ],
    [
      "client authentication of Elasticsearch",
      (scope) => create(scope, { elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED } }),
      "clientAuthentication",
    ],
  ])("%s is refused", (_, build, message) => {
    expect(refusalOf(build)).toContain(message);
  });
});
