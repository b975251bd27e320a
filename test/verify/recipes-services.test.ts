import { kafkaServices } from "../../verify/receiver-settings";
import { RecipeTrees } from "./recipe-tree";

const trees = new RecipeTrees();
afterAll(() => trees.dispose());

const FOLDER = "out/proxies/edge";
const CERTS = "/etc/proxy";

/** A proxy that agents dial, in front of the tree's Fleet Server, with a client certificate of its own. */
const PROXY = `mutual; mkdir -p ${FOLDER}; leaf edge fleet-ca DNS:proxy.example.com; leaf upstream agent-ca DNS:edge clientAuth
cp edge.pem ${FOLDER}/proxy-cert.pem; cp edge.key ${FOLDER}/proxy-cert-key.pem; cp edge.key ${FOLDER}/proxy-cert.pem.key
cp upstream.pem ${FOLDER}/upstream-cert.pem; cp upstream.key ${FOLDER}/upstream-cert-key.pem; cp upstream.key ${FOLDER}/upstream-cert.pem.key
cp fleet-ca.pem ${FOLDER}/upstream-ca.pem; cp agent-ca.pem ${FOLDER}/client-ca.pem
sed -i s/fleet.example.com:8220/proxy.example.com:8221/ out/agents/web-1/install-command.sh
`;

const file = (path: string, text: string): string => `cat > ${path} <<'END_OF_FILE'\n${text}\nEND_OF_FILE\n`;

const NGINX = `server {
  listen 8221 ssl;   # agents
  server_name proxy.example.com;
  ssl_certificate "${CERTS}/proxy-cert.pem";
  ssl_certificate_key "${CERTS}/proxy-cert-key.pem";
  ssl_client_certificate "${CERTS}/client-ca.pem";
  ssl_verify_client on;
  location / {
    proxy_pass https://fleet.example.com:8220;
    proxy_ssl_name fleet.example.com;
    proxy_ssl_verify on;
    proxy_ssl_trusted_certificate "${CERTS}/upstream-ca.pem";
    proxy_ssl_certificate "${CERTS}/upstream-cert.pem";
    proxy_ssl_certificate_key "${CERTS}/upstream-cert-key.pem";
  }
}`;
const HAPROXY = `frontend edge
    mode http
    bind :8221 ssl crt '${CERTS}/proxy-cert.pem' ca-file '${CERTS}/client-ca.pem' verify required ssl-min-ver TLSv1.2
    default_backend edge
backend edge
    server upstream fleet.example.com:8220 ssl verify required ca-file '${CERTS}/upstream-ca.pem' verifyhost fleet.example.com crt '${CERTS}/upstream-cert.pem'`;
const ENVOY = `static_resources:
  listeners:
  - name: edge
    address: { socket_address: { address: 0.0.0.0, port_value: "8221" } }
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            tls_certificates:
            - certificate_chain: { filename: ${CERTS}/proxy-cert.pem }
              private_key: { filename: ${CERTS}/proxy-cert-key.pem }
            validation_context: { trusted_ca: { filename: ${CERTS}/client-ca.pem } }
  clusters:
  - name: edge
    load_assignment:
      endpoints:
      - lb_endpoints: [{ endpoint: { address: { socket_address: { address: fleet.example.com, port_value: "8220" } } } }]
    transport_socket:
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        common_tls_context:
          tls_certificates:
          - certificate_chain: { filename: ${CERTS}/upstream-cert.pem }
            private_key: { filename: ${CERTS}/upstream-cert-key.pem }
          validation_context:
            trusted_ca: { filename: ${CERTS}/upstream-ca.pem }
            match_typed_subject_alt_names: [{ san_type: DNS, matcher: { exact: fleet.example.com } }]`;

type Edit = (text: string) => string;
const put =
  (from: string | RegExp, to: string): Edit =>
  (text) =>
    text.replace(from, to);
const PROGRAMS = {
  nginx: ["nginx.conf", NGINX, "proxy-cert-key.pem"],
  HAProxy: ["haproxy.cfg", HAPROXY, "proxy-cert.pem.key"],
  Envoy: ["envoy.yaml", ENVOY, "proxy-cert-key.pem"],
} as const;
const settings = (program: keyof typeof PROGRAMS, edit: Edit = (text) => text): string => {
  const [name, text] = PROGRAMS[program];
  return PROXY + file(`${FOLDER}/${name}`, edit(text));
};
const at = (program: keyof typeof PROGRAMS): string => `proxies/edge/${PROGRAMS[program][0]}`;

/** The tree of each program, how it does not verify the server behind it, and how not its name. */
const EDITS: readonly (readonly [keyof typeof PROGRAMS, Edit, Edit | undefined])[] = [
  ["nginx", put("proxy_ssl_verify on", "proxy_ssl_verify off"), undefined],
  [
    "HAProxy",
    put(/verify required( ca-file \S+ verifyhost)/, "verify none$1"),
    put(" verifyhost fleet.example.com", ""),
  ],
  [
    "Envoy",
    put(/validation_context:\n.*upstream-ca.pem \}\n.*/, "alpn_protocols: [http/1.1]"),
    put(/match_typed_subject_alt_names.*/, ""),
  ],
];

async function expectLines(script: string, ...findings: string[]): Promise<void> {
  const lines = await trees.linesOf(script, "--stack-version=9.5.2");
  expect(lines).toEqual(findings.map((line) => expect.stringContaining(line) as unknown));
}

describe.each(EDITS)("%s", (program, unverified, nameless) => {
  test("as it is right, it has no finding", () => expectLines(settings(program)));

  test("that does not verify the server behind it", () =>
    expectLines(
      settings(program, unverified),
      `warning ${at(program)}: does not verify the certificate of fleet.example.com:8220`,
    ));

  const testName = nameless === undefined ? test.skip : test;
  testName("that does not check the name of the server behind it", () =>
    expectLines(
      settings(program, nameless),
      `warning ${at(program)}: does not check the name in the certificate of fleet.example.com:8220`,
    ),
  );

  test("without the certificate that its settings name", () =>
    expectLines(
      `${settings(program)}rm ${FOLDER}/proxy-cert.pem`,
      `warning ${FOLDER.replace("out/", "")}/proxy-cert.pem: is named by`,
    ));

  test("with another CA for the server behind it", () =>
    expectLines(
      `${settings(program)}cp agent-ca.pem ${FOLDER}/upstream-ca.pem`,
      "error fleet-server/fleet-cert.pem: is refused by proxies/edge's upstream-ca.pem",
    ));

  test("with another CA for its clients", () =>
    expectLines(
      `${settings(program)}cp fleet-ca.pem ${FOLDER}/client-ca.pem`,
      "error agents/web-1/agent-cert.pem: is refused by proxies/edge's client-ca.pem",
    ));

  test("with another key", () =>
    expectLines(
      `${settings(program)}ec other; cp other.key ${FOLDER}/${PROGRAMS[program][2]}`,
      `error proxies/edge/${PROGRAMS[program][2]}: does not belong to the first certificate`,
    ));

  test("with another server behind it", () =>
    expectLines(
      settings(program, (text) => text.replaceAll("fleet.example.com", "other.example.com")),
      `error ${at(program)}: connects to other.example.com, which fleet-server's certificate has not among its names`,
    ));

  test("whose own certificate agents do not trust", () =>
    expectLines(
      `${settings(program)}ca proxy-ca proxy; leaf edge proxy-ca DNS:proxy.example.com; cp edge.pem ${FOLDER}/proxy-cert.pem`,
      "error proxies/edge/proxy-cert.pem: is refused by agents/web-1's CA list",
    ));

  test("with a client's certificate as its own", () =>
    expectLines(
      `${settings(program)}leaf edge fleet-ca DNS:proxy.example.com clientAuth; cp edge.pem ${FOLDER}/proxy-cert.pem`,
      "error proxies/edge/proxy-cert.pem: has extended key usage clientAuth, and is used for serverAuth",
    ));
});

test("HAProxy with what its servers have in common in default-server", () =>
  expectLines(
    settings("HAProxy", (text) =>
      text.replace(
        /server (upstream \S+) ssl (verify required ca-file \S+) (.*)/,
        "default-server ssl $2\n    server $1 $3",
      ),
    ),
  ));

test("a server behind a proxy with an IPv6 address", async () => {
  const byAddress = (more: string): string =>
    `${settings("HAProxy", put("fleet.example.com:8220 ssl", "[2001:db8::9]:8220 ssl")).replace(" verifyhost fleet.example.com", "")}
leaf fleet fleet-ca "$FS,IP:2001:db8::9"; serve fleet.pem fleet.key; ${more}`;
  const nameless = "does not check the name in the certificate of [2001:db8::9]:8220";
  await expectLines(byAddress(""), `warning ${at("HAProxy")}: ${nameless}`);
  await expectLines(
    byAddress(`cp agent-ca.pem ${FOLDER}/upstream-ca.pem`),
    "error fleet-server/fleet-cert.pem: is refused by proxies/edge's upstream-ca.pem",
    `warning ${at("HAProxy")}: ${nameless}`,
  );
});

test("a server behind a proxy whose name is a variable is not judged", () =>
  expectLines(
    settings("nginx", (text) =>
      text
        .replace("proxy_pass https://fleet.example.com:8220", "proxy_pass https://$upstream:8220")
        .replace(/ *proxy_ssl_name.*\n/, ""),
    ),
  ));

test("whom a Kafka trust store of another type trusts is not judged", () => {
  const text =
    "ssl.keystore.type=PEM\nssl.keystore.location=/k.pem\nssl.truststore.type=JKS\nssl.truststore.location=/t.jks\nssl.client.auth=required\n";
  expect(kafkaServices(text).map(({ listener }) => listener?.clients)).toEqual(["none"]);
  expect(kafkaServices(text.replace(/ssl.truststore.*\n/g, "")).map(({ listener }) => listener?.clients)).toEqual([
    "required",
  ]);
});

test("nginx that asks for certificates and names no CA, or verifies and names none", async () => {
  await expectLines(
    settings("nginx", put(/ *ssl_client_certificate.*\n/, "")),
    "error proxies/edge/nginx.conf: asks for client certificates and names no CA for them",
  );
  await expectLines(
    settings("nginx", put(/ *proxy_ssl_trusted_certificate.*\n/, "")),
    "error proxies/edge/nginx.conf: verifies fleet.example.com:8220 and names no CA for it, so nginx does not start",
  );
});

test("an agent without a certificate at a proxy that requires one", () =>
  expectLines(
    `${settings("nginx")}sed -i 's/ --elastic-agent-cert[^ ]*//g; s/ --fleet-server-client-auth[^ ]*//' out/*/*/*.sh out/fleet-server/*.sh`,
    "error agents/web-1: names no client certificate, which proxies/edge requires",
  ));

const PIPELINE = `input {
  elastic_agent {
    port => 5044
    ssl_enabled => true
    ssl_certificate => "${CERTS}/logstash-cert.pem"
    ssl_key => "${CERTS}/logstash-cert-key.pem"
    ssl_certificate_authorities => ["${CERTS}/agent-ca.pem"]
    ssl_client_authentication => "required"
  }
}
output {
  if [type] == "a" { elasticsearch {
    hosts => ["https://es.example.com:9200"]
    ssl_enabled => true
    ssl_certificate_authorities => ["${CERTS}/es-ca.pem"]
  } }
}`;
const LOGSTASH = "out/logstash/ship";
const logstash = (edit: Edit = (text) => text, host = "logstash.example.com", ca = "fleet-ca.pem"): string =>
  `mutual; mkdir -p ${LOGSTASH} out/outputs; leaf ship fleet-ca DNS:logstash.example.com
cp ship.pem ${LOGSTASH}/logstash-cert.pem; openssl pkcs8 -topk8 -nocrypt -in ship.key -out ${LOGSTASH}/logstash-cert-key.pem
cp agent-ca.pem es-ca.pem ${LOGSTASH}/
${file(`${LOGSTASH}/pipeline.conf`, edit(PIPELINE))}${file(
    "out/outputs/ship.yml",
    `type: logstash\nhosts: [${host}:5044]\nssl:\n  certificate_authorities: [/etc/elastic-agent/certs/${ca}]\n  certificate: /etc/elastic-agent/certs/agent-cert.pem\n  key: /etc/elastic-agent/certs/agent-cert-key.pem`,
  )}`;

test.each<[string, string, string[]]>([
  ["as it is right", logstash(), []],
  [
    "that does not verify Elasticsearch",
    logstash(put("  } }", '    ssl_verification_mode => "none"\n  } }')),
    ["warning logstash/ship/pipeline.conf: does not verify the certificate of https://es.example.com:9200"],
  ],
  [
    "that does not check Elasticsearch's name",
    logstash(put("  } }", '    ssl_verification_mode => "certificate"\n  } }')),
    ["warning logstash/ship/pipeline.conf: does not check the name in the certificate of https://es.example.com:9200"],
  ],
  [
    "that asks for certificates and names no CA",
    logstash(put(/ *ssl_certificate_authorities.*agent-ca.*\n/, "")),
    ["error logstash/ship/pipeline.conf: asks for client certificates and names no CA for them"],
  ],
  [
    "with another CA for agents",
    `${logstash()}cp es-ca.pem ${LOGSTASH}/agent-ca.pem`,
    ["error agents/web-1/agent-cert.pem: is refused by logstash/ship's agent-ca.pem"],
  ],
  [
    "with another Elasticsearch CA",
    `${logstash()}cp agent-ca.pem ${LOGSTASH}/es-ca.pem`,
    ["error elasticsearch/es-cert.pem: is refused by logstash/ship's es-ca.pem"],
  ],
  [
    "with another key",
    `${logstash()}openssl pkcs8 -topk8 -nocrypt -in es.key -out ${LOGSTASH}/logstash-cert-key.pem`,
    ["error logstash/ship/logstash-cert-key.pem: does not belong to the first certificate"],
  ],
  [
    "by an IPv6 address that its certificate has",
    `${logstash(undefined, '"[fd00::1]').replace(/(hosts: \["\[fd00::1\]:5044)/, '$1"')}leaf ship fleet-ca IP:fd00::1; cp ship.pem ${LOGSTASH}/logstash-cert.pem; openssl pkcs8 -topk8 -nocrypt -in ship.key -out ${LOGSTASH}/logstash-cert-key.pem`,
    [],
  ],
  [
    "with EC PARAMETERS before its key",
    `${logstash()}(${"openssl ecparam -name prime256v1; openssl ec -in ship.key"}) > ${LOGSTASH}/logstash-cert-key.pem`,
    ["error logstash/ship/logstash-cert-key.pem: is SEC1, where Logstash"],
  ],
  [
    "by a name that its certificate has not",
    logstash(undefined, "other.example.com"),
    ["error outputs/ship.yml: output  connects to other.example.com, which no certificate of logstash here has"],
  ],
  [
    "with a certificate that the output does not trust",
    logstash(undefined, undefined, "es-ca.pem"),
    ["error logstash/ship/logstash-cert.pem: is refused by output"],
  ],
])("Logstash %s", (_, script, findings) => expectLines(script, ...findings));

const KAFKA = `listeners=CLIENTS://:9093
listener.security.protocol.map=CLIENTS:SSL
listener.name.clients.ssl.keystore.type=PEM
listener.name.clients.ssl.keystore.location=${CERTS}/kafka-keystore.pem
listener.name.clients.ssl.truststore.type=PEM
listener.name.clients.ssl.truststore.location=${CERTS}/agent-ca.pem
listener.name.clients.ssl.client.auth=required`;
/** A pair in two files, to which settings refer. */
const REFERRED = KAFKA.replace(
  /.*keystore\.location.*/,
  [
    "config.providers=dir",
    `listener.name.clients.ssl.keystore.certificate.chain=\${dir:${CERTS}:kafka-cert.pem}`,
    `listener.name.clients.ssl.keystore.key=\${dir:${CERTS}:kafka-cert-key.pem}`,
  ].join("\n"),
);
const BROKER = "out/kafka-brokers/one";
const kafka = (edit: Edit = (text) => text): string =>
  `mutual; mkdir -p ${BROKER}; leaf broker fleet-ca DNS:kafka.example.com
openssl pkcs8 -topk8 -nocrypt -in broker.key -out broker.p8; cat broker.p8 broker.pem > ${BROKER}/kafka-keystore.pem; cp agent-ca.pem ${BROKER}/
${file(`${BROKER}/server.tls.properties`, edit(KAFKA))}`;
const INTERNAL: Edit = (text) => `${text.replace("CLIENTS://:9093", "CLIENTS://:9093,BROKERS://:9094")}
listener.name.brokers.ssl.keystore.type=PEM
listener.name.brokers.ssl.keystore.location=${CERTS}/kafka-keystore.pem
listener.name.brokers.ssl.truststore.type=PEM
listener.name.brokers.ssl.truststore.location=${CERTS}/brokers-ca.pem
listener.name.brokers.ssl.client.auth=required`;
const KAFKA_OUTPUT = `mkdir -p out/outputs; ${file(
  "out/outputs/ship.yml",
  "type: kafka\nhosts: [kafka.example.com:9093]\nssl:\n  certificate_authorities: [/etc/elastic-agent/certs/fleet-ca.pem]\n  certificate: /etc/elastic-agent/certs/agent-cert.pem\n  key: /etc/elastic-agent/certs/agent-cert-key.pem",
)}`;

/** A broker whose key is in a file of its own, in a form of OpenSSL's. */
const referred = (key: string): string =>
  `${kafka(() => REFERRED)}rm ${BROKER}/kafka-keystore.pem; cp broker.pem ${BROKER}/kafka-cert.pem; ${key} > ${BROKER}/kafka-cert-key.pem`;
const PARAMETERS = "openssl ecparam -name prime256v1; openssl ec -in broker.key";
const LEGACY = "openssl ec -in broker.key -aes256 -passout pass:long-enough";

test.each<[string, string, string[]]>([
  ["as it is right", kafka(), []],
  ["whose settings refer to two files", referred("cat broker.p8"), []],
  [
    "whose settings refer to the key of another certificate",
    referred("openssl pkcs8 -topk8 -nocrypt -in es.key"),
    ["error kafka-brokers/one/kafka-cert-key.pem: does not belong to the first certificate"],
  ],
  [
    "with EC PARAMETERS before its key",
    referred(`(${PARAMETERS})`),
    ["error kafka-brokers/one/kafka-cert-key.pem: is SEC1, where Kafka"],
  ],
  [
    "with a key of DEK-Info",
    referred(LEGACY),
    [
      "error kafka-brokers/one/kafka-cert-key.pem: is encrypted in the legacy DEK-Info format",
      "error kafka-brokers/one/kafka-cert-key.pem: is legacy DEK-Info, where Kafka",
    ],
  ],
  [
    "with another CA for agents",
    `${kafka()}cp es-ca.pem ${BROKER}/agent-ca.pem`,
    ["error agents/web-1/agent-cert.pem: is refused by kafka-brokers/one's agent-ca.pem"],
  ],
  [
    "with another key",
    `${kafka()}openssl pkcs8 -topk8 -nocrypt -in es.key -out es.p8; cat es.p8 broker.pem > ${BROKER}/kafka-keystore.pem`,
    ["error kafka-brokers/one/kafka-keystore.pem: does not belong to the first certificate"],
  ],
  [
    "that asks for certificates and names no CA",
    kafka(put(/.*truststore.*\n/g, "")),
    ["error kafka-brokers/one/server.tls.properties: asks for client certificates and names no CA for them"],
  ],
  [
    "whose other listener, for other clients, asks for certificates of another CA",
    `${kafka(INTERNAL)}cp es-ca.pem ${BROKER}/brokers-ca.pem; ${KAFKA_OUTPUT}`,
    [],
  ],
  [
    "whose listeners are both unnamed by any output",
    `${kafka(INTERNAL)}cp es-ca.pem ${BROKER}/brokers-ca.pem`,
    ["error agents/web-1/agent-cert.pem: is refused by kafka-brokers/one's brokers-ca.pem"],
  ],
  [
    "with another CA for agents on the listener that an output names",
    `${kafka(INTERNAL)}cp es-ca.pem ${BROKER}/brokers-ca.pem; cp es-ca.pem ${BROKER}/agent-ca.pem; ${KAFKA_OUTPUT}`,
    ["error agents/web-1/agent-cert.pem: is refused by kafka-brokers/one's agent-ca.pem"],
  ],
])("Kafka %s", (_, script, findings) => expectLines(script, ...findings));

const AGENT_KEY = "out/agents/web-1/agent-cert-key.pem";
const NODE_KEY = "out/elasticsearch/es-cert-key.pem";
const withParameters = (key: string): string => `(openssl ecparam -name prime256v1; openssl ec -in ${key})`;
const asLegacy = (key: string): string => `openssl ec -in ${key} -aes256 -passout pass:long-enough`;

test.each<[string, string, string[]]>([
  ["an agent reads EC PARAMETERS before its key", `mutual; ${withParameters("web-1.key")} > ${AGENT_KEY}`, []],
  [
    "an agent's key of DEK-Info is refused, since Elastic removes it",
    `passphrase; openssl ec -in web-1.key -aes256 -passout pass:correct-horse > ${AGENT_KEY}`,
    ["error agents/web-1/agent-cert-key.pem: is encrypted in the legacy DEK-Info format"],
  ],
  ["Elasticsearch reads EC PARAMETERS before its key", `${withParameters("es.key")} > ${NODE_KEY}`, []],
  [
    "Elasticsearch has no passphrase for a key of DEK-Info",
    `${asLegacy("es.key")} > ${NODE_KEY}`,
    ["error elasticsearch/es-cert-key.pem: is encrypted"],
  ],
])("%s", (_, script, findings) => expectLines(script, ...findings));
