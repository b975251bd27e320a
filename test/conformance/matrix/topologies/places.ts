import {
  CertificateAuthoritySource,
  KeyPassphrase,
  MutualFleetTls,
  ProxySoftware,
  ProxyTarget,
  TargetPlatform,
} from "../../../../lib";
import { fleetProps, variable } from "../../../support/fleets";
import type { EdgeName } from "../edges";
import type { Topology } from "./topology";
import { external, given, mutual, oneWay, OPTIONAL, withAgent } from "./topology";

const ES_PROXY_URL = "https://es-proxy.example.com:9200";
const ES_PROXY = { target: ProxyTarget.ELASTICSEARCH, proxySoftware: ProxySoftware.HAPROXY };
const ES_PROXY_EDGES: EdgeName[] = [
  "fleet-to-elasticsearch-proxy",
  "agent-to-elasticsearch-proxy",
  "proxy-to-elasticsearch",
];

/** Where hosts are, and what else their commands say. */
export const places: Topology[] = [
  {
    name: "several",
    shows: "addresses in the URLs, two Fleet Servers and two Elasticsearch nodes, each with names of its own",
    dialled: {
      "fleet-server": ["10.0.0.1", "fleet-a.internal", "fd00::a"],
      "fleet-b": ["10.0.0.1", "fleet-b.internal"],
    },
    elasticsearchNames: { elasticsearch: ["fd00::1"], "es-2": ["fd00::1", "es-2.internal", "10.0.0.9"] },
    build: (stack) => {
      const fleet = mutual(stack, "several", {
        fleetServerUrl: "https://10.0.0.1:8220",
        elasticsearchUrl: "https://[fd00::1]:9200",
        fleetServer: { names: ["fleet-a.internal", "fd00::a"] },
      });
      fleet.addFleetServer("fleet-b", { names: ["fleet-b.internal"] });
      fleet.addElasticsearchNode("es-2", { names: ["es-2.internal", "10.0.0.9"] });
      return withAgent(fleet);
    },
  },
  {
    name: "quoted",
    shows: "macOS, and a directory that no shell may split; optional",
    build: (stack) =>
      withAgent(
        mutual(stack, "quoted", {
          ...OPTIONAL,
          platform: TargetPlatform.MACOS,
          hostDirectory: "/Library/Application Support/the fleet's $certs",
        }),
      ),
  },
  {
    name: "pinned",
    shows: "CAs by their pins and fingerprints too",
    build: (stack) => withAgent(mutual(stack, "pinned", { pinFleetCa: true, pinElasticsearchCa: true })),
  },
  {
    name: "public-elasticsearch",
    shows: "Elasticsearch in Elastic Cloud: the CAs of the hosts' operating systems, no client certificate",
    elasticsearchServes: "company-es",
    build: (stack) =>
      withAgent(mutual(stack, "public-elasticsearch", { elasticsearchCa: CertificateAuthoritySource.system() })),
  },
  {
    name: "no-elasticsearch-clients",
    shows: "an Elasticsearch whose edge takes no client certificate",
    build: (stack) => withAgent(mutual(stack, "no-elasticsearch-clients", { elasticsearchClientCertificates: false })),
  },
  {
    name: "sites",
    shows: "two sites, each the fallback of the other, and a policy for the agents of one",
    dialled: {
      "fleet-server": ["fleet.example.com", "fleet.munich.example.com"],
      munich: ["fleet.munich.example.com", "fleet.example.com"],
    },
    build: (stack) => {
      const [berlin, munich] = ["https://fleet.example.com:8220", "https://fleet.munich.example.com:8220"] as const;
      const fleet = mutual(stack, "sites", { furtherFleetServerUrls: [munich] });
      const fleetServerHosts = fleet.addFleetServerHosts("munich", { urls: [munich, berlin] });
      fleet.addFleetServer("munich", { fleetServerHosts });
      const policy = fleet.addAgentPolicy("munich", { fleetServerHosts });
      fleet.addAgent("munich-1", { policy });
      return withAgent(fleet);
    },
  },
  {
    name: "containers",
    shows: "Fleet Server and an agent in Elastic's container image, which reads variables",
    build: (stack) => {
      const fleet = mutual(stack, "containers", { fleetServer: { container: true } });
      fleet.addAgent("web-1", { container: true });
      return fleet;
    },
  },
  {
    name: "kibana-over-https",
    shows: "Kibana over HTTPS, and the container of a Fleet Server that prepares Fleet in it",
    everyPair: ["fleet-to-kibana"],
    withoutKibana: true,
    build: (stack) => {
      const fleet = oneWay(stack, "kibana-over-https");
      const kibana = fleet.addKibana("kibana", { url: "https://kibana.example.com:5601" });
      fleet.addFleetServer("fs-2", { container: true, setUpFleetIn: kibana });
      return fleet;
    },
  },
  {
    name: "without-files",
    shows: "no folder on the deploying machine: the hosts' files are attributes, which a secret store takes",
    build: (stack) => {
      const fleet = new MutualFleetTls(stack, "without-files", { ...fleetProps(), writeFiles: false });
      fleet.addAgent("web-1", { keyPassphrase: KeyPassphrase.generated() });
      return fleet;
    },
  },
  {
    name: "external",
    shows: "agents of a Fleet Server in Elastic Cloud: the CAs of the hosts' operating systems",
    elasticsearchServes: "company-es",
    withoutKibana: true,
    build: (stack) => withAgent(external(stack, "external")),
  },
  {
    name: "other-team",
    shows: "agents of another team's Fleet Server, which requires certificates of the agent CA",
    elasticsearchServes: "company-es",
    fleetServerRequires: true,
    withoutKibana: true,
    build: (stack) => {
      const theirs = CertificateAuthoritySource.trustOnly({ file: given("company.pem") });
      const agentCa = CertificateAuthoritySource.generated();
      return withAgent(external(stack, "other-team", { fleetCa: theirs, elasticsearchCa: theirs, agentCa }));
    },
  },
  {
    name: "external-proxies",
    shows: "agents with certificates behind nginx and HAProxy in front of a Fleet Server in Elastic Cloud",
    everyPair: ["proxy-to-fleet"],
    elasticsearchServes: "company-es",
    withoutKibana: true,
    build: (stack) => {
      const fleet = external(stack, "external-proxies", { agentCa: CertificateAuthoritySource.generated() });
      for (const proxySoftware of [ProxySoftware.NGINX, ProxySoftware.HAPROXY]) {
        const { id } = proxySoftware;
        const proxy = fleet.addProxy(id, { url: `https://${id}.example.com:8220`, proxySoftware });
        fleet.addAgent(`behind-${id}`, { fleetServerProxy: proxy });
      }
      return fleet;
    },
  },
  {
    name: "elasticsearch-proxy",
    shows: "Fleet Server and agents that dial HAProxy in front of Elasticsearch, at which it presents a certificate",
    everyPair: ES_PROXY_EDGES,
    elasticsearchNames: { elasticsearch: ["es-1.internal", "es-proxy.example.com"] },
    withoutKibana: true,
    build: (stack) => {
      const elasticsearch = { names: ["es-1.internal"] };
      const fleet = mutual(stack, "elasticsearch-proxy", { elasticsearchUrl: ES_PROXY_URL, elasticsearch });
      fleet.addProxy("es-edge", { ...ES_PROXY, upstreamUrl: "https://es-1.internal:9200" });
      return withAgent(fleet);
    },
  },
  {
    name: "cloud-elasticsearch-proxy",
    shows: "the same in front of Elastic Cloud, at which it presents none",
    elasticsearchServes: "company-es",
    withoutKibana: true,
    build: (stack) => {
      const fleet = mutual(stack, "cloud-elasticsearch-proxy", {
        elasticsearchUrl: ES_PROXY_URL,
        withoutElasticsearchHost: true,
      });
      fleet.addProxy("es-edge", {
        ...ES_PROXY,
        upstreamUrl: "https://es.example.com:9200",
        upstreamCa: CertificateAuthoritySource.system(),
      });
      return withAgent(fleet);
    },
  },
  {
    name: "reverse-proxies",
    shows: "agents behind nginx and HAProxy in front of Fleet Server, one of them with a CA of its own",
    everyPair: ["proxy-to-fleet"],
    build: (stack) => {
      const fleet = mutual(stack, "reverse-proxies");
      const nginx = fleet.addProxy("nginx", {
        url: "https://nginx.example.com:8220",
        ca: CertificateAuthoritySource.generated(),
      });
      const haproxy = fleet.addProxy("haproxy", {
        url: "https://haproxy.example.com:8220",
        proxySoftware: ProxySoftware.HAPROXY,
      });
      fleet.addAgent("branch-1", { fleetServerProxy: nginx });
      fleet.addAgent("branch-2", { fleetServerProxy: haproxy });
      return withAgent(fleet);
    },
  },
  {
    name: "fleet-proxy",
    shows: "an agent that enrolls through a Fleet proxy of Kibana, with pins of both CAs",
    build: (stack) => {
      const fleet = mutual(stack, "fleet-proxy", { pinFleetCa: true });
      const fleetProxy = fleet.addFleetProxy("branch", {
        url: "https://proxy.example.com:3128",
        ca: CertificateAuthoritySource.generated(),
      });
      const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls: [fleet.fleetServerUrl], fleetProxy });
      fleet.addAgent("branch", { fleetServerHosts });
      return fleet;
    },
  },
  {
    name: "forward-proxy",
    shows: "an agent that reaches Fleet Server through a forward proxy, whose CA it trusts too",
    build: (stack) => {
      const fleet = mutual(stack, "forward-proxy");
      fleet.addAgent("branch", {
        proxyUrl: "https://proxy.example.com:3128",
        proxyCaPem: variable(stack, "proxy-ca"),
      });
      return fleet;
    },
  },
];
