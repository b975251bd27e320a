import type { HostFile } from "../../lib";
import {
  CertificateSource,
  HostKind,
  KeyPassphrase,
  MutualFleetTls,
  ProxySoftware,
  ProxyTarget,
  TargetPlatform,
} from "../../lib";
import type { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";
import { unusedFiles } from "../support/unused-files";

/** A fleet with hosts of every kind, and with every kind of file. */
function everyHost(stack: TestStack): MutualFleetTls {
  const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
  fleet.addAgent("web-1");
  fleet.addAgent("pod", { container: true });
  fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS });
  fleet.addAgent("apm", { serverNames: ["apm.example.com"] });
  fleet.addAgent("locked", { keyPassphrase: KeyPassphrase.generated() });
  fleet.addAgent("born", { certificate: CertificateSource.fromCertificateRequest({ file: "born.csr" }) });
  fleet.addElasticsearchNode("es-2");
  fleet.addKibana("kibana", { clientCertificate: CertificateSource.generated(), fleetSettings: false });
  for (const proxySoftware of [ProxySoftware.NGINX, ProxySoftware.HAPROXY, ProxySoftware.ENVOY]) {
    fleet.addProxy(proxySoftware.id, { proxySoftware, url: `https://${proxySoftware.id}.example.com:8220` });
  }
  fleet.addProxy("es-edge", { target: ProxyTarget.ELASTICSEARCH, upstreamUrl: "https://es-1.example.com:9200" });
  fleet.addLogstash("logstash", {
    hosts: ["logstash.example.com:5044"],
    clientCertificate: CertificateSource.generated(),
  });
  fleet.addKafkaBroker("kafka-1", { advertisedListener: "kafka-1.example.com:9094" });
  const url = "https://es.berlin.example.com:9200";
  fleet.addRemoteElasticsearch("berlin", { url, serviceTokenVariable: "BERLIN_SERVICE_TOKEN" });
  return fleet;
}

/** What each file contains before Terraform fills it in, or the local that it is. */
function contentsOf(stack: SynthesizedStack): Record<string, string> {
  const files = ["local_file", "local_sensitive_file"].flatMap((type) => stack.resources(type));
  return Object.fromEntries(
    files.map(({ attributes }) => {
      const content = String(attributes["content"]);
      const [, local] = /^\$\{local\.([\w-]+)\}$/.exec(content) ?? [];
      const [, file] = /fleet-tls\/stack\/fleet\/(.*)$/.exec(String(attributes["filename"]))!;
      return [file!, local === undefined ? content : JSON.stringify(stack.json["locals"][local])];
    }),
  );
}

test("each host has a use for every file of its folder, whatever its kind", () => {
  const kinds = new Set<HostKind>();
  const stack = synthStack((scope) => everyHost(scope).hosts.forEach(({ kind }) => kinds.add(kind)));
  expect(Object.values(HostKind).filter((kind) => !kinds.has(kind as HostKind))).toEqual([]);
  expect(unusedFiles(contentsOf(stack))).toEqual([]);
});

test("a file without a use is found", () => {
  const strayFile = (fleet: MutualFleetTls): HostFile => fleet.agents[0]!.files.addPublic("stray.pem", "x");
  const stack = synthStack((scope) => void strayFile(everyHost(scope)));
  expect(unusedFiles(contentsOf(stack))).toEqual(["agents/web-1/stray.pem"]);
});
