import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

import {
  CertificateSource,
  ClientAuthentication,
  EnrollmentToken,
  MutualFleetTls,
  ServiceToken,
  TargetPlatform,
} from "../lib";
import {
  ElasticstackFleetAgentPolicy,
  ElasticstackFleetOutput,
  ElasticstackFleetServerHost,
  ElasticstackProvider,
} from "./elasticstack-bindings";

/**
 * Fleet's settings in Kibana through Terraform: the fleet's attributes go into the Fleet Server host and the outputs of
 * the elasticstack provider, so that what agents are told and what lies in their folders come from one source.
 */
export class FleetInElasticstack extends TerraformStack {
  public readonly fleet: MutualFleetTls;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    new ElasticstackProvider(this, "elasticstack", {
      kibana: {
        endpoints: ["https://kibana.example.com:5601"],
        apiKey: new TerraformVariable(this, "kibana-api-key", { type: "string", sensitive: true }).stringValue,
      },
    });

    const fleet = new MutualFleetTls(this, "fleet", {
      fleetServerUrl: "https://fleet.example.com:8220",
      elasticsearchUrl: "https://es.example.com:9200",
      fleetServerPolicy: "fleet-server-policy",
      serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
      elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED },
    });
    fleet.addAgent("web-1");
    fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS });
    // Kibana's own connection alone: what kibana.yml declared of Fleet, Kibana would not let the provider change.
    fleet.addKibana("kibana", { clientCertificate: CertificateSource.generated(), fleetSettings: false });
    this.fleet = fleet;

    const host = new ElasticstackFleetServerHost(this, "fleet-server-host", {
      hostId: "fleet-server",
      name: "Fleet Server",
      hosts: [fleet.fleetServerUrl],
      default: true,
    });
    // The settings name files, which lie elsewhere on Windows: one output, and one policy, for each platform.
    for (const platform of [TargetPlatform.LINUX, TargetPlatform.WINDOWS]) {
      const { outputId, elasticsearchUrl, settings } = fleet.addOutput(platform.name, { platform });
      const isDefault = platform === TargetPlatform.LINUX;
      const output = new ElasticstackFleetOutput(this, `${platform.name}-output`, {
        outputId,
        name: `Elasticsearch for ${platform.name}`,
        type: "elasticsearch",
        hosts: [elasticsearchUrl],
        // Not in `ssl`: Kibana 9.1.0 to 9.1.4 would copy its CA over the one by which agents verify Fleet Server.
        configYaml: settings,
        defaultIntegrations: isDefault,
        defaultMonitoring: isDefault,
      });
      new ElasticstackFleetAgentPolicy(this, `${platform.name}-policy`, {
        name: `Agents on ${platform.name}`,
        namespace: "default",
        dataOutputId: output.outputId,
        monitoringOutputId: output.outputId,
        fleetServerHostId: host.hostId,
      });
    }
  }
}
