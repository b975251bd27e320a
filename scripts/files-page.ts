import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";

import type { FleetTlsProps, MutualFleetTlsProps } from "../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  EnrollmentToken,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  ProxySoftware,
  ServiceToken,
  TargetPlatform,
} from "../lib";

/** A file's description, and the option without which it is not written. */
type Description = readonly [text: string, when?: string];

const CLIENT_CERTIFICATE: Description = ["the agent's client certificate, for Fleet Server and Elasticsearch"];
const ITS_KEY: Description = ["its private key"];
const PASSPHRASE: Description = ["passphrase of that key, without a newline", "a `KeyPassphrase`"];
const REQUEST: Description = [
  "creates the key on the host, and the request for its certificate",
  "`CertificateSource.fromCertificateRequest`",
];

/** Every file that a fleet may write. */
const DESCRIPTIONS: Readonly<Record<string, Description>> = {
  "fleet-ca.pem": ["CAs that sign for Fleet Server"],
  "agent-ca.pem": ["CAs that sign the agents' client certificates"],
  "es-ca.pem": ["CAs that sign for Elasticsearch"],
  "kibana-ca.pem": ["CAs that sign for Kibana", "`setUpFleetIn`"],
  "logstash-ca.pem": ["CAs that sign for Logstash; such a file for each receiver", "`OutputTrust.HOST_FILE`"],
  "download-ca.pem": ["CAs that sign for the download source", "`OutputTrust.HOST_FILE`"],
  "proxy-ca.pem": ["CA of a forward proxy", "`proxyCaPem` or a Fleet proxy with `ca`"],
  "fleet-cert.pem": ["Fleet Server's server certificate, then its intermediates"],
  "fleet-cert-key.pem": ITS_KEY,
  "fleet-cert-key-passphrase": PASSPHRASE,
  "fleet-es-cert.pem": ["Fleet Server's client certificate for Elasticsearch"],
  "fleet-es-cert-key.pem": ["its private key, never encrypted"],
  "agent-cert.pem": CLIENT_CERTIFICATE,
  "agent-cert-key.pem": ITS_KEY,
  "agent-cert-key-passphrase": PASSPHRASE,
  "request-fleet-cert.sh": REQUEST,
  "request-fleet-es-cert.sh": REQUEST,
  "request-agent-cert.sh": REQUEST,
  "service-token": ["Fleet Server's service token, without a newline", "`ServiceToken.fromVariable`"],
  "input-cert.pem": ["server certificate of inputs that listen on the host", "`serverNames`"],
  "input-cert-key.pem": ["its private key", "`serverNames`"],
  "es-cert.pem": ["the node's server certificate over HTTP, then its CA"],
  "es-cert-key.pem": ITS_KEY,
  "es-client-ca.pem": ["every CA whose clients Elasticsearch admits"],
  "elasticsearch.tls.yml": ["settings for `elasticsearch.yml`"],
  "kibana-es-cert.pem": ["Kibana's client certificate for Elasticsearch", "`clientCertificate`"],
  "kibana-es-cert-key.pem": ["its private key", "`clientCertificate`"],
  "kibana-cert.pem": ["Kibana's server certificate", "`url`"],
  "kibana-cert-key.pem": ["its private key", "`url`"],
  "kibana.tls.yml": ["settings for `kibana.yml`"],
  "kibana-fleet-server-host.yml": ["Kibana's Fleet Server host with the proxy's URL"],
  "proxy-cert.pem": ["the proxy's server certificate"],
  "proxy-cert-key.pem": ["its private key", "nginx, Envoy"],
  "proxy-cert.pem.key": ["its private key", "HAProxy"],
  "client-ca.pem": ["CAs whose clients the proxy admits"],
  "upstream-ca.pem": ["CAs that sign for the server behind the proxy"],
  "upstream-cert.pem": ["the proxy's client certificate for that server"],
  "upstream-cert-key.pem": ["its private key", "nginx, Envoy"],
  "upstream-cert.pem.key": ["its private key", "HAProxy"],
  "nginx.conf": ["configuration", "nginx"],
  "haproxy.cfg": ["configuration", "HAProxy"],
  "envoy.yaml": ["configuration", "Envoy"],
  "logstash-cert.pem": ["Logstash's server certificate"],
  "logstash-cert-key.pem": ["its private key, in PKCS#8"],
  "logstash-es-cert.pem": ["Logstash's client certificate for Elasticsearch", "`clientCertificate`"],
  "logstash-es-cert-key.pem": ["its private key, in PKCS#8", "`clientCertificate`"],
  "pipeline.conf": ["Logstash's pipeline, from the agents to Elasticsearch"],
  "kafka-keystore.pem": ["the broker's private key and certificate, as Kafka's PEM key store"],
  "kafka-cert.pem": ["the broker's certificate, if its key stays on the host"],
  "request-kafka-cert.sh": REQUEST,
  "server.tls.properties": ["settings for `server.properties`"],
  "install-command.sh": ["the install command; 0600 if it contains a secret", "Linux, macOS"],
  "install-command.ps1": ["the install command; sets the ACLs that correspond to 0600", "Windows"],
  "hand-over.sh": [
    "makes files that are copied later readable for the agent's account",
    "`unprivileged`, Linux, macOS",
  ],
  "hand-over.ps1": ["makes files that are copied later readable for the agent's account", "`unprivileged`, Windows"],
  "container.env": ["environment of Elastic's image, instead of a command", "`container`"],
  "RUNBOOK.md": ["what to copy and what to restart after this deploy, in what order"],
  "index.html": ["the operator's page", "`operatorPage`"],
};

/** Sections of the page, by the first part of a folder. */
const SECTIONS: Readonly<Record<string, { readonly title: string; readonly folders: string }>> = {
  agents: { title: "Agents", folders: "`agents/ID`" },
  "fleet-server": {
    title: "Fleet Servers",
    folders: "`fleet-server` for the first, `fleet-servers/ID` for further ones",
  },
  elasticsearch: {
    title: "Elasticsearch",
    folders: "`elasticsearch` for all nodes, `elasticsearch-nodes/ID` for a node of its own",
  },
  kibana: { title: "Kibana", folders: "`kibana/ID`" },
  proxies: { title: "Reverse proxies", folders: "`proxies/ID`" },
  logstash: { title: "Logstash", folders: "`logstash/ID`" },
  "kafka-brokers": { title: "Kafka brokers", folders: "`kafka-brokers/ID`" },
  "remote-elasticsearch": { title: "Elasticsearch of another cluster", folders: "`remote-elasticsearch/ID`" },
};

const PROPS: FleetTlsProps = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  outputDirectory: "fleet-tls",
  operatorPage: true,
};

const ENCRYPTED: MutualFleetTlsProps = { ...PROPS, agentKeyPassphrase: KeyPassphrase.generated() };

/** A file of a host, as the page shows it. */
interface WrittenFile {
  readonly folder: string;
  readonly name: string;
  readonly mode: string;
}

/** Files that a deploy of a fleet with a host of each kind writes. */
function filesOf(build: (stack: TerraformStack) => void): WrittenFile[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), "files-page-"));
  try {
    const app = new App({ outdir, stackTraces: false, skipValidation: true });
    const stack = new TerraformStack(app, "stack");
    new TlsProvider(stack, "tls");
    new LocalProvider(stack, "local");
    build(stack);
    app.synth();
    const { resource } = JSON.parse(fs.readFileSync(path.join(outdir, "stacks/stack/cdk.tf.json"), "utf8")) as {
      readonly resource: Record<
        string,
        Record<string, { readonly filename: string; readonly file_permission: string }>
      >;
    };
    return ["local_file", "local_sensitive_file"]
      .flatMap((type) => Object.values(resource[type] ?? {}))
      .map(({ filename, file_permission: mode }) => {
        const [, folder = "", name = ""] = /fleet-tls\/(?:(.*)\/)?([^/]+)$/.exec(filename) ?? [];
        return { folder, name, mode };
      });
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

function addHosts(fleet: OneWayFleetTls | MutualFleetTls): void {
  const isMutual = fleet instanceof MutualFleetTls;
  fleet.addAgent("web-1", { serverNames: ["apm.example.com"] });
  fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS, unprivileged: true, group: "agents" });
  fleet.addAgent("least-1", { unprivileged: true, group: "agents" });
  fleet.addAgent("pod-1", { container: true });
  if (isMutual) {
    fleet.addAgent("vault-1", { keyPassphrase: KeyPassphrase.generated() });
    fleet.addAgent("born-1", {
      certificate: CertificateSource.fromCertificateRequest({ file: "requests/born-1.pem" }),
    });
  }
  const variable = (name: string): string => new TerraformVariable(fleet, name, { type: "string" }).stringValue;
  fleet.addAgent("branch-1", {
    proxyUrl: "https://proxy.example.com:3128",
    proxyCaPem: variable("proxy-ca"),
  });
  const kibana = fleet.addKibana("kibana", {
    url: "https://kibana.example.com:5601",
    ...(isMutual && { clientCertificate: CertificateSource.generated() }),
  });
  fleet.addFleetServer("fs-2", { container: true, setUpFleetIn: kibana });
  fleet.addFleetServer("fs-3", {
    keyPassphrase: KeyPassphrase.generated(),
    serviceToken: ServiceToken.fromVariable(variable("service-token")),
  });
  fleet.addFleetServer("fs-4", {
    platform: TargetPlatform.WINDOWS,
    unprivileged: true,
    group: "agents",
    serviceToken: ServiceToken.fromVariable(variable("windows-service-token")),
  });
  fleet.addFleetServer("fs-5", { unprivileged: true, group: "agents" });
  fleet.addFleetServer("fs-6", {
    certificate: CertificateSource.fromCertificateRequest({ file: "requests/fs-6.pem" }),
    ...(isMutual && {
      agentCertificate: CertificateSource.fromCertificateRequest({ file: "requests/fs-6-agent.pem" }),
      elasticsearchClientCertificate: CertificateSource.fromCertificateRequest({ file: "requests/fs-6-es.pem" }),
    }),
  });
  fleet.addProxy("edge", { url: "https://edge.example.com:8220", proxySoftware: ProxySoftware.HAPROXY });
  fleet.addProxy("edge-2", { url: "https://edge-2.example.com:8220", proxySoftware: ProxySoftware.NGINX });
  fleet.addProxy("edge-3", { url: "https://edge-3.example.com:8220", proxySoftware: ProxySoftware.ENVOY });
  const logstash = fleet.addLogstash("logstash", {
    hosts: ["logstash.example.com:5044"],
    ...(isMutual && { clientCertificate: CertificateSource.generated() }),
  });
  const policy = fleet.addAgentPolicy("branch", {
    dataOutput: fleet.addOutput("logstash", { to: [logstash], trust: OutputTrust.HOST_FILE }),
    downloadSource: fleet.addDownloadSource("mirror", {
      url: "https://artifacts.example.com/downloads/",
      ca: CertificateAuthoritySource.generated(),
      trust: OutputTrust.HOST_FILE,
    }),
  });
  fleet.addAgent("branch-2", { policy });
  fleet.addFleetProxy("branch", { url: "https://proxy.example.com:3128" });
  fleet.addOutput("kafka", { to: [fleet.addKafkaBroker("kafka", { advertisedListener: "kafka.example.com:9094" })] });
  fleet.addKafkaBroker("kafka-2", {
    advertisedListener: "kafka-2.example.com:9094",
    certificate: CertificateSource.fromCertificateRequest({ file: "requests/kafka-2.pem" }),
  });
  fleet.addOutput("remote", {
    to: [
      fleet.addRemoteElasticsearch("berlin", {
        url: "https://es.berlin.example.com",
        serviceTokenVariable: "BERLIN_TOKEN",
      }),
    ],
  });
}

/** The page of the files of each host, from a synthesised fleet with a host of each kind. */
export function filesPage(): string {
  const oneWay = filesOf((stack) => addHosts(new OneWayFleetTls(stack, "fleet", PROPS)));
  const mutual = [
    ...filesOf((stack) => addHosts(new MutualFleetTls(stack, "fleet", PROPS))),
    // Containers read no encrypted key.
    ...filesOf((stack) => void new MutualFleetTls(stack, "fleet", ENCRYPTED)),
  ];
  const sections = Object.entries(SECTIONS).map(([id, { title, folders }]) => {
    const isHere = ({ folder }: WrittenFile): boolean => [id, `${id}s`].includes(folder.split("/")[0]!);
    return `## ${title}\n\n${folders}\n\n${table(oneWay.filter(isHere), mutual.filter(isHere))}`;
  });
  const isOfFleet = ({ folder }: WrittenFile): boolean => folder === "";
  for (const folder of ["outputs", "fleet-proxies", "download-sources"]) {
    if (!mutual.some((file) => file.folder === folder))
      throw new Error(`files-page: nothing is written to ${folder}; correct the page`);
  }
  return `${INTRO}
${sections.join("\n")}
## The fleet's own folder

${table(oneWay.filter(isOfFleet), mutual.filter(isOfFleet))}
\`outputs/ID.yml\` has the settings of each output, to paste into Kibana. \`fleet-proxies/ID.json\` and \`download-sources/ID.json\` are the bodies of requests to Kibana's API that create Fleet proxies and download sources.
`;
}

function table(oneWay: readonly WrittenFile[], mutual: readonly WrittenFile[]): string {
  const names = [...new Set([...oneWay, ...mutual].map(({ name }) => name))];
  const order = Object.keys(DESCRIPTIONS);
  const rows = names
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((name) => {
      const [text, when] = DESCRIPTIONS[name] ?? unknown(name);
      const mode = mutual.find((file) => file.name === name)!.mode;
      const isMutual = !oneWay.some((file) => file.name === name);
      return `| \`${name}\` | ${mode} | ${[...(isMutual ? ["mutual"] : []), ...(when === undefined ? [] : [when])].join(", ")} | ${text} |`;
    });
  return `| file | mode | only with | what it is |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}

function unknown(name: string): never {
  throw new Error(`files-page: ${name} has no description; add one to scripts/files-page.ts`);
}

const INTRO = `# Files of each host

Generated by \`npm run docs\` from synthesised fleets with a host of each kind.

Below the output directory (\`fleet-tls/\` and the fleet's path, such as \`fleet-tls/mutual/fleet\`), each folder has what its host needs and nothing else. Names never change: a renewal or a rotation changes contents ([rotation.md](rotation.md)). Where the folder goes on the host: [hosts.md](hosts.md). Who trusts whom: [trust-model.md](trust-model.md). No file contains a CA's private key. A key that stays on its host is in no folder: the folder has the script that creates it, such as \`request-agent-cert.sh\` (\`.ps1\` on Windows), instead.

"Mutual" means fleets whose hosts have client certificates: \`MutualFleetTls\`, and \`ExternalFleetTls\` with an \`agentCa\`. A CA of the hosts (\`system()\`, \`hostPath\`) is in no file, and neither is a certificate that exists elsewhere (\`trustOnly\`, \`onHost\`).
`;
