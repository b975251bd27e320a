import type { CheckCase, CheckFixture } from "./check-fixture";
import type { Topology } from "./fleet-fixture";

const KIBANA = "kibana/kibana/kibana.tls.yml";
const certs = "/etc/elastic-agent/certs";

/** Puts lines below the first Fleet Server host of Kibana's settings. */
const withHost =
  (...lines: string[]) =>
  (t: Topology): void =>
    t.edit(KIBANA, (text) =>
      text.replace("- id: fleet-fleet-server\n", (id) => id + lines.map((line) => `  ${line}\n`).join("")),
    );

/** Puts lines below the output of Kibana's settings. */
const withOutput =
  (...lines: string[]) =>
  (t: Topology): void =>
    t.edit(KIBANA, (text) =>
      text.replace("- id: fleet-default\n", (id) => id + lines.map((line) => `  ${line}\n`).join("")),
    );

/** Names the agents' pair in the output of Kibana's settings. */
const withPair = (text: string): string =>
  text.replace(
    /( +)(certificate_authorities: .*\n)/,
    `$1$2$1certificate: ${certs}/agent-cert.pem\n$1key: ${certs}/agent-cert-key.pem\n$1key_passphrase_path: ${certs}/agent-cert-key-passphrase\n`,
  );

/** Ways in which Kibana's objects override a command, and connections without TLS (checks 47 and 62 to 67). */
export function kibanaCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  const inline = (name: string): string => JSON.stringify(pki.text(name));
  return [
    [
      65,
      "a Fleet Server host whose CA for agents is Elasticsearch's",
      withHost(`ssl: { agent_certificate_authorities: ["${certs}/es-ca.pem"] }`),
      `error ${KIBANA}: Fleet Server host fleet-fleet-server has ssl.agent_certificate_authorities, which replaces the CA that agents enrolled with and does not verify`,
      withHost("ssl: ~"),
    ],
    [
      65,
      "a Fleet Server host with a CA for agents that is right today",
      withHost(`ssl: { agent_certificate_authorities: ["${certs}/fleet-ca.pem"] }`),
      `warning ${KIBANA}: Fleet Server host fleet-fleet-server has ssl.agent_certificate_authorities, which replaces`,
      withHost("name: fleet"),
    ],
    [
      65,
      "a Fleet Server host with another CA for Elasticsearch",
      withHost(`ssl: { es_certificate_authorities: [${inline("fleet-ca")}] }`),
      `error ${KIBANA}: Fleet Server host fleet-fleet-server has ssl.es_certificate_authorities`,
      withHost("is_default: true"),
    ],
    [
      65,
      "a Fleet Server host with one certificate for every agent",
      withHost(`ssl: { agent_certificate: ${certs}/agent-cert.pem }`),
      `warning ${KIBANA}: Fleet Server host fleet-fleet-server has ssl.agent_certificate`,
      withHost("is_internal: false"),
    ],
    [
      65,
      "the output's CAs under ssl, which some releases copy",
      (t) => t.edit(KIBANA, (text) => text.replace("  config:\n    ssl:", "  ssl:")),
      `warning ${KIBANA}: output fleet-default has ssl.certificate_authorities, which Kibana 9.1.0 to 9.1.4`,
      withOutput("ssl: ~"),
    ],
    [
      65,
      "a proxy whose CA replaces the fleet CA",
      (t) => {
        withHost("proxy_id: edge")(t);
        t.edit(KIBANA, (text) => `${text}${proxy(withCa(pki.text("es-ca")))}`);
      },
      `error ${KIBANA}: Fleet Server host fleet-fleet-server has proxy edge, whose CA replaces the fleet CA`,
      (t) => {
        withHost("proxy_id: edge")(t);
        t.edit(KIBANA, (text) => `${text}${proxy(withCa(pki.text("es-ca") + pki.text("fleet-ca")))}`);
      },
    ],
    [
      65,
      "a Fleet Server host with another list of clients' CAs",
      withHost(`ssl: { certificate_authorities: ["${certs}/agent-ca.pem"] }`),
      `warning ${KIBANA}: Fleet Server host fleet-fleet-server has ssl.certificate_authorities, which replaces`,
      withHost("ssl: {}"),
    ],
    [
      65,
      "a proxy in a release that loses it",
      (t) => {
        withOutput("proxy_id: edge")(t);
        t.edit(KIBANA, (text) => `${text}${proxy()}`);
      },
      `error ${KIBANA}: output fleet-default has a proxy, which Kibana 9.1.0 does not write into policies`,
      (t) => t.edit(KIBANA, (text) => `${text}${proxy()}`),
    ],
    [
      65,
      "a proxy whose certificate replaces the output's",
      (t) => {
        withOutput("proxy_id: edge")(t);
        t.edit(KIBANA, (text) => `${text}${proxy("certificate: /etc/proxy/client.pem")}`);
        t.edit(KIBANA, withPair);
      },
      `error ${KIBANA}: output fleet-default has proxy edge, whose certificate replaces the output's own client certificate`,
      (t) => {
        withOutput("proxy_id: edge")(t);
        t.edit(KIBANA, (text) => `${text}${proxy()}`);
        t.edit(KIBANA, withPair);
      },
    ],
    [
      65,
      "a proxy that is not there",
      withHost("proxy_id: edge"),
      `error ${KIBANA}: Fleet Server host fleet-fleet-server has a proxy_id of no proxy`,
      (t) => t.edit(KIBANA, (text) => `${text}${proxy(withCa(pki.text("es-ca")))}`),
    ],
    [
      65,
      "a policy of an output that is not there",
      (t) => t.edit(KIBANA, (text) => `${text}xpack.fleet.agentPolicies:\n- { id: p, data_output_id: other }\n`),
      `error ${KIBANA}: agent policy p has a data_output_id of no output here`,
      (t) =>
        t.edit(KIBANA, (text) => `${text}xpack.fleet.agentPolicies:\n- { id: p, data_output_id: fleet-default }\n`),
    ],
    [
      47,
      "agents that are to connect to themselves",
      (t) => t.edit(KIBANA, (text) => text.replace("https://fleet.example.com:8220", "https://localhost:8220")),
      `error ${KIBANA}: Fleet Server host fleet-fleet-server makes agents connect to localhost`,
      (t) => t.edit(KIBANA, (text) => text.replace("https://fleet.example.com:8220", "HTTPS://FLEET.example.com:8220")),
    ],
    [
      65,
      "a policy of a download source that is not there",
      (t) =>
        t.edit(KIBANA, (text) => `${text}${source()}xpack.fleet.agentPolicies:\n- { id: p, download_source_id: no }\n`),
      `error ${KIBANA}: agent policy p has a download_source_id of no download source here`,
      (t) =>
        t.edit(
          KIBANA,
          (text) => `${text}${source()}xpack.fleet.agentPolicies:\n- { id: p, download_source_id: mirror }\n`,
        ),
    ],
    [
      73,
      "a download source whose CA is a relative path",
      (t) => t.edit(KIBANA, (text) => `${text}${source("fleet-ca.pem")}`),
      `error ${KIBANA}: download source mirror names a CA by a path that is not absolute`,
      (t) => t.edit(KIBANA, (text) => `${text}${source(`${certs}/fleet-ca.pem`)}`),
    ],
    [
      73,
      "a download source whose proxy replaces its CA",
      (t) =>
        t.edit(
          KIBANA,
          (text) => `${text}${source(`${certs}/fleet-ca.pem`, "edge")}${proxy(withCa(pki.text("es-ca")))}`,
        ),
      `error ${KIBANA}: download source mirror has proxy edge, whose CA replaces`,
      (t) => t.edit(KIBANA, (text) => `${text}${source(undefined, "edge")}${proxy(withCa(pki.text("es-ca")))}`),
    ],
    [
      73,
      "a download source whose proxy removes its CA",
      (t) => t.edit(KIBANA, (text) => `${text}${source(`${certs}/fleet-ca.pem`, "edge")}${proxy("proxy_headers: {}")}`),
      `error ${KIBANA}: download source mirror has proxy edge, whose CA replaces`,
      (t) =>
        t.edit(
          KIBANA,
          (text) => `${text}${source(`${certs}/fleet-ca.pem`, "edge")}${proxy(withCa(pki.text("fleet-ca")))}`,
        ),
    ],
    [
      73,
      "a file of a download source that is not https",
      (t) => t.write("download-sources/mirror.json", sourceFile("http")),
      "warning download-sources/mirror.json: download source mirror has a host that is not https",
      (t) => t.write("download-sources/mirror.json", sourceFile("HTTPS")),
    ],
    [
      66,
      "a private key in an output",
      (t) => {
        const pair = `certificate: "${certs}/agent-cert.pem"\n      key: ${inline("web-1-key")}`;
        t.edit(KIBANA, (text) => `${text}      ${pair}\n`);
      },
      `warning ${KIBANA}: output fleet-default has config.ssl.key in plain text`,
      withOutput("preset: balanced"),
    ],
    [
      67,
      "Elasticsearch without TLS",
      (t) => {
        t.remove("kibana");
        t.edit("elasticsearch/elasticsearch.tls.yml", (text) => text.replace("enabled: true", "enabled: false"));
      },
      "error fleet-server: connects with https, and elasticsearch has xpack.security.http.ssl.enabled: false",
      (t) => t.edit("elasticsearch/elasticsearch.tls.yml", (text) => text.replace("enabled: true", 'enabled: "true"')),
    ],
    [
      67,
      "a Kibana that uses plain HTTP",
      (t) => t.edit(KIBANA, (text) => text.replace('["https://es.', '["http://es.')),
      `error ${KIBANA}: connects to Elasticsearch with http, and elasticsearch serves TLS`,
      (t) => t.edit(KIBANA, (text) => text.replace('["https://es.example.com:9200"]', "https://es.example.com:9200")),
    ],
    [
      67,
      "a Kibana that uses plain HTTP, in capitals",
      (t) => t.edit(KIBANA, (text) => text.replace('["https://es.', '["HTTP://es.')),
      `error ${KIBANA}: connects to Elasticsearch with http, and elasticsearch serves TLS`,
      (t) => t.edit(KIBANA, (text) => text.replace('["https://es.', '["HTTPS://es.')),
    ],
    [
      62,
      "a Kibana that names no CA",
      (t) => t.edit(KIBANA, (text) => text.replace(/^elasticsearch.ssl.certificateAuthorities.*\n/m, "")),
      `error ${KIBANA}: has no elasticsearch.ssl.certificateAuthorities, and a private CA issued`,
      (t) => t.edit(KIBANA, (text) => text.replace("certificateAuthorities: ", "certificateAuthorities:\n  - ")),
    ],
    [
      63,
      "an output that is not YAML",
      (t) => t.write("outputs/default.yml", "ssl: [\n"),
      "error outputs/default.yml: is not YAML",
      (t) => t.edit("outputs/default.yml", (text) => `%YAML 1.2\n---\n${text}...\n`),
    ],
    [
      63,
      "an output that is a line of text",
      (t) => t.write("outputs/default.yml", "see the wiki"),
      "error outputs/default.yml: is YAML without a single setting",
      (t) => t.edit("outputs/default.yml", (text) => `# see the wiki\n${text}`),
    ],
    [
      63,
      "Kibana's settings with an alias of nothing",
      (t) => t.edit(KIBANA, (text) => `${text}server.name: *name\n`),
      `error ${KIBANA}: is not YAML: `,
      (t) =>
        t.edit(KIBANA, (text) => `server.publicBaseUrl: &name https://kibana.example.com\n${text}server.name: *name\n`),
    ],
    [
      63,
      "Kibana's settings in two documents",
      (t) => t.edit(KIBANA, (text) => `${text}---\nserver.name: kibana\n`),
      `error ${KIBANA}: has 2 YAML documents`,
      (t) => t.edit(KIBANA, (text) => `---\n${text}...\n`),
    ],
    [
      63,
      "Kibana's settings with a tab",
      (t) => t.edit(KIBANA, (text) => text.replace("- id: fleet-default", "\t- id: fleet-default")),
      `error ${KIBANA}: is not YAML: line`,
      (t) => t.edit(KIBANA, (text) => text.replace("- id: fleet-default", "# \t\n- id: fleet-default")),
    ],
    [
      63,
      "outputs that are a number",
      (t) =>
        t.edit(KIBANA, (text) => text.replace(/^xpack.fleet.outputs:\n(?:[ -].*\n)*/m, "xpack.fleet.outputs: 3\n")),
      `error ${KIBANA}: has xpack.fleet.outputs, which is a text`,
      (t) =>
        t.edit(KIBANA, (text) => text.replace(/^xpack.fleet.outputs:\n(?:[ -].*\n)*/m, "xpack.fleet.outputs: []\n")),
    ],
    [
      63,
      "agent policies that are names",
      (t) => t.edit(KIBANA, (text) => `${text}xpack.fleet.agentPolicies: [web]\n`),
      `error ${KIBANA}: has xpack.fleet.agentPolicies, which is a list`,
      (t) => t.edit(KIBANA, (text) => `${text}xpack.fleet.agentPolicies: [{ id: web, name: web }]\n`),
    ],
    [
      63,
      "a proxy with a list for its URL",
      (t) =>
        t.edit(KIBANA, (text) => `${text}xpack.fleet.proxies: [{ id: edge, url: [https://proxy.example.com:3128] }]\n`),
      `error ${KIBANA}: has xpack.fleet.proxies[0].url, which is a list`,
      (t) => t.edit(KIBANA, (text) => `${text}${proxy()}`),
    ],
    [
      63,
      "Elasticsearch with a list for its certificate",
      (t) =>
        t.edit("elasticsearch/elasticsearch.tls.yml", (text) => text.replace(/certificate: (.*)/, "certificate: [$1]")),
      "error elasticsearch/elasticsearch.tls.yml: has xpack.security.http.ssl.certificate, which is a list",
      (t) =>
        t.edit("elasticsearch/elasticsearch.tls.yml", (text) => text.replace(/certificate: (.*)/, 'certificate: "$1"')),
    ],
  ];
}

function proxy(...settings: string[]): string {
  return `xpack.fleet.proxies:\n- { ${['id: edge, url: "https://proxy.example.com:3128"', ...settings].join(", ")} }\n`;
}

function withCa(pem: string): string {
  return `certificate_authorities: ${JSON.stringify(pem)}`;
}

/** A download source, with a CA and a proxy if they are given. */
function source(ca?: string, proxyId?: string): string {
  const ssl = ca === undefined ? "" : `, ssl: { certificate_authorities: ["${ca}"] }`;
  const by = proxyId === undefined ? "" : `, proxy_id: ${proxyId}`;
  const url = "https://artifacts.example.com/downloads/";
  return `xpack.fleet.binaryDownloadSource:\n- { id: mirror, name: mirror, host: "${url}"${ssl}${by} }\n`;
}

function sourceFile(scheme: string): string {
  return JSON.stringify({ id: "mirror", name: "mirror", host: `${scheme}://artifacts.example.com/downloads/` });
}
