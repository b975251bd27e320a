import { RecipeTrees } from "./recipe-tree";

const trees = new RecipeTrees();
afterAll(() => trees.dispose());
const linesOf = trees.linesOf.bind(trees);

const said = (...lines: string[]): unknown[] => lines.map((line) => expect.stringContaining(line));
const KIBANA = (
  ...lines: string[]
): string => `mkdir -p out/kibana; cp es-ca.pem out/kibana/; cat > out/kibana/kibana.yml <<'EOF'
elasticsearch.hosts: ["https://es.example.com:9200"]
elasticsearch.ssl.certificateAuthorities: /etc/kibana/es-ca.pem
${lines.join("\n")}
EOF
`;

test("the tree itself has no finding", async () => {
  expect(await linesOf("")).toEqual([]);
});

test("commands that name no CA, next to servers of private CAs", async () => {
  const strip = "sed -i 's/ --certificate-authorities=[^ ]*//' out/agents/web-1/install-command.sh";
  const stripServer = "sed -i 's/ --fleet-server-es-ca=[^ ]*//' out/fleet-server/install-command.sh";
  expect(await linesOf(`${strip}\n${stripServer}`)).toEqual(
    said("error agents/web-1: has no --certificate-authorities", "error fleet-server: has no --fleet-server-es-ca"),
  );
  expect(await linesOf(`${strip}; rm -r out/fleet-server out/elasticsearch out/agents/web-1/es-ca.pem`)).toEqual(
    said("warning agents/web-1/fleet-ca.pem: is a CA that the command does not name"),
  );
});

const SERVER_ENV = [
  "FLEET_SERVER_ENABLE=1",
  "FLEET_SERVER_POLICY_ID=p",
  "FLEET_SERVER_SERVICE_TOKEN_PATH=/certs/service-token",
  "FLEET_URL=https://fleet.example.com:8220",
  "FLEET_CA=/certs/fleet-ca.pem",
  "FLEET_SERVER_CERT=/certs/fleet-cert.pem",
  "FLEET_SERVER_CERT_KEY=/certs/fleet-cert-key.pem",
  "ELASTICSEARCH_HOST=https://es.example.com:9200",
  "ELASTICSEARCH_CA=/certs/es-ca.pem",
];
const env = (host: string, lines: readonly string[]): string =>
  `rm out/${host}/install-command.sh; printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} > out/${host}/container.env`;

test("containers: fallbacks, FLEET_ENROLL, and the wrong CA", async () => {
  expect(await linesOf(env("fleet-server", SERVER_ENV))).toEqual([]);
  const withoutHost = SERVER_ENV.filter((line) => !line.startsWith("ELASTICSEARCH_HOST"));
  expect(await linesOf(env("fleet-server", withoutHost))).toEqual(
    said("error fleet-server/container.env: has no FLEET_SERVER_ELASTICSEARCH_HOST, so Fleet Server connects to http:"),
  );
  const agent = ["FLEET_URL=https://fleet.example.com:8220", "FLEET_ENROLLMENT_TOKEN=t"];
  for (const off of [[], ["FLEET_ENROLL=false"]]) {
    expect(await linesOf(env("agents/web-1", [...agent, ...off, "FLEET_CA=/certs/fleet-ca.pem"]))).toEqual(
      said("error agents/web-1/container.env: has neither FLEET_ENROLL nor FLEET_SERVER_ENABLE on"),
    );
  }
  expect(await linesOf(env("agents/web-1", [...agent, "FLEET_ENROLL=1", "ELASTICSEARCH_CA=/certs/es-ca.pem"]))).toEqual(
    said("error agents/web-1: trusts es-ca.pem for Fleet Server, and not fleet-ca.pem"),
  );
});

test("a folder with kibana.yml alone is a host", async () => {
  const settings = KIBANA(
    "xpack.fleet.outputs:",
    "- id: a",
    "  type: elasticsearch",
    "  is_default: true",
    `  ca_trusted_fingerprint: "${"AB:".repeat(31)}AB"`,
    '  hosts: ["http://localhost:9200"]',
  );
  const lines = await linesOf(settings);
  expect(lines).toContainEqual(expect.stringContaining("output a has a trusted fingerprint that is not 64 hex digits"));
  expect(lines).toContainEqual(expect.stringContaining("output a has a host that is not an https URL"));
});

test("Kibana's settings that override the command", async () => {
  const host = (...lines: string[]): string =>
    KIBANA("xpack.fleet.fleetServerHosts:", "- id: f", ...lines.map((line) => `  ${line}`));
  const url = 'host_urls: ["https://fleet.example.com:8220"]';
  const ssl = 'ssl: { agent_certificate_authorities: ["/etc/elastic-agent/certs/es-ca.pem"] }';
  expect(await linesOf(host(url, ssl), "--stack-version", "9.1.0")).toEqual(
    said("error kibana/kibana.yml: Fleet Server host f has ssl.agent_certificate_authorities"),
  );
  expect(await linesOf(host('host_urls: ["https://localhost:8220"]'))).toEqual(
    said("error kibana/kibana.yml: Fleet Server host f makes agents connect to localhost"),
  );
  const output = KIBANA(
    "xpack.fleet.outputs:",
    "- id: a",
    "  type: elasticsearch",
    '  hosts: ["https://es.example.com:9200"]',
    '  ssl: { certificate_authorities: ["/etc/elastic-agent/certs/es-ca.pem"] }',
  );
  expect(await linesOf(output, "--stack-version", "9.1.0")).toEqual(
    said("error kibana/kibana.yml: output a has ssl.certificate_authorities, which Kibana 9.1.0 to 9.1.4"),
  );
  expect(await linesOf(output, "--stack-version", "9.2.0")).toEqual([]);
});
