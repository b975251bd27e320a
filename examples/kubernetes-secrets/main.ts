import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack } from "cdktf";
import { EnrollmentToken, MutualFleetTls, ServiceToken } from "cdktf-fleet-tls";

import { KubernetesConfigMap, KubernetesProvider, KubernetesSecret } from "./bindings";

const app = new App();
const stack = new TerraformStack(app, "kubernetes");
new TlsProvider(stack, "tls");
new LocalProvider(stack, "local");
// The bindings require exactly 2.6.1; later 2.x releases read the same configuration.
stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
new KubernetesProvider(stack, "kubernetes", { configPath: "~/.kube/config" });

const fleet = new MutualFleetTls(stack, "fleet", {
  fleetServerUrl: "https://fleet-server.elastic.svc:8220",
  elasticsearchUrl: "https://elasticsearch.elastic.svc:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.fromEnvironment("FLEET_SERVER_SERVICE_TOKEN"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  fleetServer: { container: true },
  hostDirectory: "/certs",
  // No folder is written: each file goes from Terraform to Kubernetes.
  writeFiles: false,
});
fleet.addAgent("node", { container: true });

for (const { folder, files } of fleet.hosts) {
  const name = folder.replace(/\//g, "-");
  new KubernetesSecret(stack, `${name}-secret`, {
    name: `${name}-tls`,
    namespace: "elastic",
    data: files.sensitiveContents(stack),
  });
  new KubernetesConfigMap(stack, `${name}-config`, {
    name: `${name}-tls`,
    namespace: "elastic",
    data: files.publicContents(stack),
  });
}

app.synth();
