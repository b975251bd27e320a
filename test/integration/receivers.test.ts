import { parse } from "yaml";

import { CertificateAuthoritySource, KafkaAuthentication, MutualFleetTls, SaslMechanism } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { TerraformProject } from "../support/terraform";

const project = new TerraformProject();
afterAll(() => project.dispose());

const VARIABLES = { logstash: "ls.example.com:5044", further: "bulk_max_size: 50\nloadbalance: true" };

beforeAll(async () => {
  project.synth((app) => {
    const stack = new TestStack(app, "stack");
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps({ outputDirectory: "out", operatorPage: true }));
    fleet.addAgent("web-1");
    fleet.addKibana("kb");
    const logstash = fleet.addLogstash("ls", { hosts: [variable(stack, "logstash"), "[fd00::5]:5044"] });
    fleet.addOutput("logstash", { to: [logstash], furtherSettings: variable(stack, "further") });
    const saslMechanism = SaslMechanism.SCRAM_SHA_512;
    const broker = fleet.addKafkaBroker("k1", {
      advertisedListener: "k1.example.com:9094",
      otherListeners: [{ name: "CONTROLLER", address: ":9093", securityProtocol: "PLAINTEXT" }],
      saslMechanism,
    });
    const authentication = KafkaAuthentication.password({ username: "fleet", passwordVariable: "KAFKA_PASSWORD" });
    fleet.addOutput("kafka", { to: [broker], kafka: { authentication } });
    const berlin = fleet.addRemoteElasticsearch("berlin", {
      url: "https://es.berlin.example.com",
      serviceTokenVariable: "BERLIN_TOKEN",
      ca: CertificateAuthoritySource.generated({}),
    });
    fleet.addOutput("berlin", { to: [berlin] });
  });
  await project.apply("stack", { variables: VARIABLES });
});

const read = (file: string): string => project.read("out", file);

test("Logstash's certificate has the names of all of its addresses, tokens and IPv6 among them", () => {
  const names = certificatesOf(project.path("out/logstash/ls/logstash-cert.pem"))[0]!.subjectAltName;
  expect(names).toContain("DNS:ls.example.com");
  expect(names).toContain("IP Address:FD00:0:0:0:0:0:0:5");
});

test("the pipeline is what Logstash reads", () => {
  expect(read("logstash/ls/pipeline.conf")).toMatchSnapshot();
});

test("the broker's settings are what Kafka reads", () => {
  expect(read("kafka-brokers/k1/server.tls.properties")).toMatchSnapshot();
  const store = read("kafka-brokers/k1/kafka-keystore.pem");
  expect(store.match(/-----BEGIN [A-Z ]+-----/g)).toEqual([
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----",
  ]);
});

test("kibana.yml declares every output, each with its own CA", () => {
  const text = read("kibana/kb/kibana.tls.yml");
  expect(text.split("\n")[0]).toBe(
    "# Set in Kibana's environment, or Kibana does not start: KAFKA_PASSWORD, BERLIN_TOKEN",
  );
  const outputs = parse(text)["xpack.fleet.outputs"] as Record<string, unknown>[];
  const byType = new Map(outputs.map((output) => [output["type"], output]));
  expect(outputs).toHaveLength(4);
  expect(byType.get("elasticsearch")).toMatchObject({ is_default: true });
  expect(byType.get("logstash")).toMatchObject({
    hosts: ["ls.example.com:5044", "[fd00::5]:5044"],
    config: { bulk_max_size: 50, loadbalance: true, ssl: { certificate: "/etc/elastic-agent/certs/agent-cert.pem" } },
  });
  expect(byType.get("kafka")).toMatchObject({
    hosts: ["k1.example.com:9094"],
    auth_type: "user_pass",
    version: "2.6.0",
    username: "fleet",
    sasl: { mechanism: "SCRAM-SHA-512" },
    secrets: { password: "${KAFKA_PASSWORD}" },
  });
  expect(byType.get("remote_elasticsearch")).toMatchObject({
    hosts: ["https://es.berlin.example.com:9200"],
    secrets: { service_token: "${BERLIN_TOKEN}" },
  });
  const cas = outputs.map(({ config }) => (config as { ssl: { certificate_authorities: string[] } }).ssl);
  expect(new Set(cas.map((ssl) => ssl.certificate_authorities[0])).size).toBe(4);
});

test("an output's file names its output and is YAML", () => {
  const text = read("outputs/kafka.yml");
  expect(text).toContain("# Advanced YAML of the output of type kafka to k1.example.com:9094\n");
  expect(Object.keys(parse(text))).toEqual(["ssl"]);
});

test("the runbook and the page show the receivers and the files that each reloads", () => {
  const runbook = read("RUNBOOK.md");
  expect(runbook).toContain("## CA of Kafka broker k1");
  expect(runbook).toContain("| Logstash");
  expect(read("index.html")).toContain("kafka-brokers/k1");
});

test("a second plan changes nothing", async () => {
  const { text } = await project.plan("stack", { variables: VARIABLES });
  expect(text).toContain("No changes.");
});

test.each([["{ssl: {verification_mode: none}}"], ['"ssl.enabled": false'], ["- bulk_max_size"], ["bulk_max_size: ["]])(
  "further settings that only Terraform knows are refused at plan: %s",
  async (further) => {
    const text = await project.refusal("stack", { variables: { ...VARIABLES, further } });
    expect(text).toContain(
      "fleet/outputs/logstash: furtherSettings is no map, or contains ssl, which this output writes",
    );
  },
);
