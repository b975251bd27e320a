import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  AgentPolicy,
  CertificateSource,
  ClientAuthentication,
  DownloadSource,
  EnrollmentToken,
  MutualFleetTls,
  ServiceToken,
  TargetPlatform,
} from "cdktf-fleet-tls";

import {
  ElasticstackFleetAgentDownloadSource,
  ElasticstackFleetAgentPolicy,
  ElasticstackFleetOutput,
  ElasticstackFleetServerHost,
  ElasticstackProvider,
} from "./bindings";

const app = new App();
const stack = new TerraformStack(app, "fleet");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
new ElasticstackProvider(stack, "elasticstack", {
  kibana: {
    endpoints: ["https://kibana.example.com:5601"],
    apiKey: new TerraformVariable(stack, "kibana_api_key", { type: "string", sensitive: true }).stringValue,
  },
});

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED },
});
fleet.addAgent("web-1");
// A site with Fleet Servers of its own.
const oslo = fleet.addFleetServerHosts("oslo", { urls: ["https://fleet.oslo.example.com:8220"] });
fleet.addFleetServer("oslo-1", { fleetServerHosts: oslo });
// The settings contain paths, which differ on Windows, so agents on Windows have an output and a policy of their own.
const windows = fleet.addAgentPolicy("windows", {
  fleetServerHosts: oslo,
  enrollmentToken: EnrollmentToken.fromEnvironment("WINDOWS_ENROLLMENT_TOKEN"),
  dataOutput: fleet.addOutput("windows", { platform: TargetPlatform.WINDOWS }),
  downloadSource: fleet.addDownloadSource("mirror", { url: "https://artifacts.example.com/downloads/" }),
});
fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS, policy: windows });
// Without Fleet's settings: Kibana does not let the provider change Fleet objects that kibana.yml declares.
fleet.addKibana("kibana", { clientCertificate: CertificateSource.generated(), fleetSettings: false });

// The default Fleet Server hosts, and those of sites and proxies if the fleet has any.
const hosts = new Map(
  fleet.fleetServerHosts.map(({ node, hostId, name, urls, formerUrls }, index) => [
    hostId,
    new ElasticstackFleetServerHost(stack, `${node.id}-host`, {
      hostId,
      name,
      hosts: [...urls, ...formerUrls],
      default: index === 0,
    }).hostId,
  ]),
);
const sources = new Map(
  DownloadSource.of(fleet).map(({ node, sourceId, name, url, isDefault }) => [
    sourceId,
    new ElasticstackFleetAgentDownloadSource(stack, `${node.id}-source`, {
      sourceId,
      name,
      host: url,
      default: isDefault,
    }).sourceId,
  ]),
);
const linuxOutput = fleet.addOutput("linux", { platform: TargetPlatform.LINUX });
const outputs = new Map(
  [linuxOutput, ...windows.outputs].map((output) => [
    output.outputId,
    new ElasticstackFleetOutput(stack, `${output.node.id}-output`, {
      outputId: output.outputId,
      name: `Elasticsearch for ${output.node.id}`,
      type: "elasticsearch",
      hosts: [output.elasticsearchUrl],
      // Not in `ssl`: Kibana 9.1.0 to 9.1.4 would copy its CA over the one by which agents verify Fleet Server.
      configYaml: output.settings,
      defaultIntegrations: output === linuxOutput,
      defaultMonitoring: output === linuxOutput,
    }).outputId,
  ]),
);
// The default policy, which the fleet's props describe, and the others.
new ElasticstackFleetAgentPolicy(stack, "linux-policy", {
  name: "Agents on linux",
  namespace: "default",
  dataOutputId: outputs.get(linuxOutput.outputId)!,
  monitoringOutputId: outputs.get(linuxOutput.outputId)!,
  fleetServerHostId: hosts.get(fleet.fleetServerHosts[0]!.hostId)!,
});
for (const { node, policyId, name, options, fleetServerHosts } of AgentPolicy.of(fleet)) {
  const { dataOutput = linuxOutput, monitoringOutput = dataOutput, downloadSource } = options;
  new ElasticstackFleetAgentPolicy(stack, `${node.id}-policy`, {
    policyId,
    name,
    namespace: "default",
    dataOutputId: outputs.get(dataOutput.outputId)!,
    monitoringOutputId: outputs.get(monitoringOutput.outputId)!,
    fleetServerHostId: hosts.get(fleetServerHosts.hostId)!,
    downloadSourceId: downloadSource && sources.get(downloadSource.sourceId),
  });
}

// Outputs to other servers, for agents on Linux: a policy chooses one of them.
const logstash = fleet.addLogstash("logstash", {
  hosts: ["logstash.example.com:5044"],
  clientCertificate: CertificateSource.generated(),
});
const kafka = fleet.addKafkaBroker("kafka-1", {
  advertisedListener: "kafka-1.example.com:9094",
  otherListeners: [{ name: "CONTROLLER", address: ":9093", securityProtocol: "PLAINTEXT" }],
});
const berlin = fleet.addRemoteElasticsearch("berlin", {
  url: "https://es.berlin.example.com:9200",
  serviceTokenVariable: "BERLIN_SERVICE_TOKEN",
});
const berlinToken = new TerraformVariable(stack, "berlin_service_token", { type: "string", sensitive: true });
const kafkaOptions = { authType: "ssl", topic: "elastic-agent", version: "2.6.0" };
for (const [receiver, more] of [
  [logstash, {}],
  [kafka, { kafka: kafkaOptions }],
  [berlin, { serviceToken: berlinToken.stringValue }],
] as const) {
  const { outputId, type, receiverHosts, settings } = fleet.addOutput(receiver.id, {
    to: [receiver],
    platform: TargetPlatform.LINUX,
  });
  new ElasticstackFleetOutput(stack, `${receiver.id}-output`, {
    outputId,
    name: `${type.title} ${receiver.id}`,
    type: type.type,
    hosts: receiverHosts,
    configYaml: settings,
    ...more,
  });
}

app.synth();
