import type { App } from "cdktf";

import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  FleetOutput,
  KafkaAuthentication,
  KeyAlgorithm,
  KeyFormat,
  KeyPassphrase,
  Logstash,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  SaslMechanism,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthApp, synthStack } from "../support/synth";

type Grow = (fleet: MutualFleetTls) => unknown;

/** A mutual fleet with one agent. */
const build =
  (grow: Grow, more: Partial<MutualFleetTlsProps> = {}) =>
  (stack: TestStack): void => {
    const fleet = new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more });
    fleet.addAgent("web-1");
    grow(fleet);
  };

const mutual = (grow: Grow, more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack => synthStack(build(grow, more));
const refusal = (grow: Grow, more: Partial<MutualFleetTlsProps> = {}): string => refusalOf(build(grow, more));

const oneWay = (grow: (fleet: OneWayFleetTls) => unknown): SynthesizedStack =>
  synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    grow(fleet);
  });

const settings = (stack: SynthesizedStack, id: string): string => String(stack.local(`fleet_outputs_${id}_settings`));

const toLogstash = (fleet: MutualFleetTls, options = {}): FleetOutput =>
  fleet.addOutput("out", { to: [fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"] })], ...options });

const toKafka = (fleet: MutualFleetTls, broker = {}, options = {}): FleetOutput =>
  fleet.addOutput("out", {
    to: [fleet.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094", ...broker })],
    ...options,
  });

const toRemote = (fleet: MutualFleetTls, remote = {}, options = {}): FleetOutput =>
  fleet.addOutput("out", {
    to: [
      fleet.addRemoteElasticsearch("berlin", {
        url: "https://es.berlin.example.com",
        serviceTokenVariable: "BERLIN_TOKEN",
        ...remote,
      }),
    ],
    ...options,
  });

const filesOf = (stack: SynthesizedStack, folder: string): string[] =>
  stack
    .resources()
    .map(({ attributes }) => String(attributes["filename"] ?? ""))
    .filter((name) => name.includes(`/${folder}/`))
    .map((name) => name.slice(name.lastIndexOf("/") + 1))
    .sort();

describe("Logstash", () => {
  test("has its pair in PKCS#8, the client CA, the Elasticsearch CA and its pipeline", () => {
    const stack = mutual(toLogstash, { elasticDefend: false });
    expect(filesOf(stack, "logstash/ls")).toEqual([
      "agent-ca.pem",
      "es-ca.pem",
      "logstash-cert-key.pem",
      "logstash-cert.pem",
      "pipeline.conf",
    ]);
    const key = stack.resource("fleet/logstash/ls/files/logstash-cert-key.pem");
    expect(key.attributes["content"]).toMatch(/private_key_pem_pkcs8\}$/);
    expect(key.attributes["file_permission"]).toBe("0600");
  });

  test("keeps PKCS#8 in a fleet with another key format", () => {
    const stack = mutual(toLogstash, { keyFormat: KeyFormat.TRADITIONAL });
    const key = stack.resource("fleet/logstash/ls/files/logstash-cert-key.pem");
    expect(key.attributes["content"]).toMatch(/private_key_pem_pkcs8\}$/);
  });

  test("is dialled by its own CA, with the agents' client pair by path", () => {
    const text = settings(mutual(toLogstash), "out");
    expect(text).toMatch(/"certificate_authorities" = \[local\.fleet_logstash_ls_ca_trust-bundle_\w+\]/);
    expect(text).toContain('"certificate" = "/etc/elastic-agent/certs/agent-cert.pem"');
    expect(text).toContain('"key" = "/etc/elastic-agent/certs/agent-cert-key.pem"');
  });

  test("asks no client for a certificate in a one-way fleet", () => {
    const stack = oneWay((fleet) =>
      fleet.addOutput("out", { to: [fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"] })] }),
    );
    expect(filesOf(stack, "logstash/ls")).not.toContain("agent-ca.pem");
    expect(settings(stack, "out")).not.toContain('"certificate" =');
  });

  test("with a public certificate is still dialled by TLS", () => {
    const stack = oneWay((fleet) => {
      const ca = CertificateAuthoritySource.system();
      fleet.addOutput("out", { to: [fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"], ca })] });
    });
    expect(settings(stack, "out")).toContain('"enabled" = true');
  });

  test.each([
    ["https://ls.example.com:5044", "has a scheme"],
    ["ls.example.com", "is no host and port"],
    ["ls.example.com:0", "is no host and port"],
    ["ls_1.example.com:5044", "contains an underscore"],
  ])("is refused at %s", (host, what) => {
    expect(refusal((fleet) => fleet.addLogstash("ls", { hosts: [host] }))).toContain(what);
  });

  test("is refused with a key that it does not read", () => {
    expect(
      refusal((fleet) =>
        fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"], keyAlgorithm: KeyAlgorithm.ED25519 }),
      ),
    ).toContain("Logstash does not read");
    const certificate = CertificateSource.fromCertificateRequest({ file: "ls.csr", passphrasePath: "/etc/pass" });
    expect(refusal((fleet) => fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"], certificate }))).toContain(
      "has a key with a passphrase in a file, which Logstash",
    );
  });

  test("needs a client certificate where Elasticsearch requires one, and has it then", () => {
    const elasticsearch = { clientAuthentication: ClientAuthentication.REQUIRED };
    expect(refusal(toLogstash, { elasticsearch })).toContain("stack/fleet/logstash/ls: clientCertificate is missing");
    const stack = mutual(
      (fleet) =>
        fleet.addLogstash("ls", {
          hosts: ["ls.example.com:5044"],
          clientCertificate: CertificateSource.generated(),
        }),
      { elasticsearch },
    );
    expect(filesOf(stack, "logstash/ls")).toContain("logstash-es-cert.pem");
  });
});

describe("a Kafka broker", () => {
  test("has a key store with its key and chain, readable by its owner alone, and the client CA", () => {
    const stack = mutual(toKafka);
    expect(filesOf(stack, "kafka-brokers/k1")).toEqual(["agent-ca.pem", "kafka-keystore.pem", "server.tls.properties"]);
    const store = stack.resource("fleet/kafka-brokers/k1/files/kafka-keystore.pem");
    expect([store.type, store.attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
    expect(store.attributes["content"]).toMatch(/private_key_pem_pkcs8, .*cert_pem/);
  });

  test("has a certificate for its advertised name", () => {
    const stack = mutual((fleet) => toKafka(fleet, { names: ["10.0.0.9"] }));
    const { attributes } = stack.resource("fleet/kafka-brokers/k1/kafka-cert/request");
    expect(attributes).toMatchObject({ dns_names: ["k1.example.com"], ip_addresses: ["10.0.0.9"] });
  });

  test("whose files are not written still has a resource for its certificate, which gates wait for", () => {
    const names = (fleet: MutualFleetTls): string => variable(fleet, "name");
    const stack = mutual((fleet) => toKafka(fleet, { names: [names(fleet)] }), { writeFiles: false });
    const { type, attributes } = stack.resource("fleet/kafka-brokers/k1/files/kafka-keystore.pem-certificate");
    expect([type, attributes["input"]]).toEqual(["terraform_data", expect.stringContaining("cert_pem")]);
    expect(JSON.stringify(stack.json)).toMatch(
      /terraform_data\.fleet_kafka-brokers_k1_files_kafka-keystorepem-certificate/,
    );
  });

  test("is in the runbook of each deploy that renews its certificate, by the file that has it", () => {
    const digests = JSON.stringify(mutual(toKafka).json["locals"]);
    expect(digests).toContain('"kafka-brokers/k1/kafka-keystore.pem":"${sha256(');
    expect(digests).not.toContain("kafka-keystore-key.pem");
  });

  test("is in the runbook of each deploy that changes its settings or its output", () => {
    const locals = JSON.stringify(mutual(toKafka).json["locals"]);
    expect(locals).toContain('"kafka-brokers/k1/server.tls.properties":"${sha256(');
    expect(locals).toContain('"outputs/out.yml":"${sha256(');
    expect(locals).toContain("change this output in Kibana when its hosts have every file that it names");
  });

  const request = CertificateSource.fromCertificateRequest({ file: "k1.csr" });
  const onHost = CertificateSource.onHost({ certificatePath: "/pki/k.pem", privateKeyPath: "/pki/k-key.pem" });

  test("whose key stays on the host gets a script for the request, and settings that refer to key and chain", () => {
    const stack = mutual((fleet) => toKafka(fleet, { certificate: request }));
    expect(filesOf(stack, "kafka-brokers/k1")).toEqual([
      "agent-ca.pem",
      "kafka-cert.pem",
      "request-kafka-cert.sh",
      "server.tls.properties",
    ]);
    const text = String(stack.local("fleet_kafka-brokers_k1_settings"));
    expect(text).toContain("listener.name.fleet.ssl.keystore.key=$${dir:");
    expect(text).toContain('"/etc/kafka/certs/kafka-cert-key.pem"');
    expect(text).not.toContain("ssl.keystore.location");
  });

  test("may present a pair that exists on its host, of a CA that is only trusted", () => {
    const ca = CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ssl/certs/kafka-ca.pem" });
    const stack = mutual((fleet) => toKafka(fleet, { ca, certificate: onHost }));
    expect(filesOf(stack, "kafka-brokers/k1")).toEqual(["agent-ca.pem", "server.tls.properties"]);
    expect(String(stack.local("fleet_kafka-brokers_k1_settings"))).toContain('"/pki/k-key.pem"');
    expect(refusal((fleet) => toKafka(fleet, { ca, certificate: request }))).toContain(
      "certificate would be issued, but its ca cannot issue",
    );
  });

  test.each([
    [
      "a passphrase",
      { certificatePath: "/k.pem", privateKeyPath: "/k", passphrasePath: "/p" },
      "Kafka cannot be pointed",
    ],
    ["a relative path", { certificatePath: "k.pem", privateKeyPath: "/k" }, "is not absolute"],
    ["a brace in a path", { certificatePath: "/k}.pem", privateKeyPath: "/k" }, "a closing brace"],
    ["a quote in a path", { certificatePath: "/k.pem", privateKeyPath: '/"k' }, "a double quote"],
  ])("refuses a pair on its host with %s", (_what, pair, text) => {
    expect(refusal((fleet) => toKafka(fleet, { certificate: CertificateSource.onHost(pair) }))).toContain(text);
  });

  test("on Windows has a generated key, since Kafka refers to no path with a drive letter", () => {
    expect(refusal((fleet) => toKafka(fleet, { certificate: request, platform: TargetPlatform.WINDOWS }))).toContain(
      "reads no path with a drive letter",
    );
  });

  test("several share one output, with each CA once", () => {
    const stack = mutual((fleet) => {
      const first = fleet.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094" });
      const ca = CertificateAuthoritySource.existing(first.serverCa);
      const second = fleet.addKafkaBroker("k2", { advertisedListener: "k2.example.com:9094", ca });
      const output = fleet.addOutput("out", { to: [first, second] });
      expect(output.receiverHosts).toEqual(["k1.example.com:9094", "k2.example.com:9094"]);
    });
    expect(settings(stack, "out").match(/trust-bundle/g)).toHaveLength(1);
  });

  test.each([
    ["an IPv6 address", { advertisedListener: "[fd00::1]:9094" }, "is an IPv6 address, which Kibana refuses"],
    ["a scheme", { advertisedListener: "SSL://k1.example.com:9094" }, "has a scheme"],
    [
      "a second listener of its name",
      { otherListeners: [{ name: "fleet", address: ":9", securityProtocol: "SSL" }] },
      "in use by another listener",
    ],
    ["an Ed25519 key", { keyAlgorithm: KeyAlgorithm.ED25519 }, "Kafka does not read"],
  ])("is refused with %s", (_what, broker, text) => {
    expect(refusal((fleet) => toKafka(fleet, broker))).toContain(text);
  });

  test("has a connection type in its output only where agents do not authenticate themselves", () => {
    const text = (fleet: "one-way" | "mutual"): string => {
      const grow = (each: OneWayFleetTls | MutualFleetTls): void => {
        each.addKibana("kibana");
        each.addOutput("out", { to: [each.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094" })] });
      };
      return String((fleet === "one-way" ? oneWay(grow) : mutual(grow)).local("fleet_kibana_settings"));
    };
    expect(text("one-way")).toContain('"auth_type" = "none", "connection_type" = "encryption"');
    expect(text("mutual")).toContain('"auth_type" = "ssl"');
    expect(text("mutual")).not.toContain("connection_type");
  });

  test("is dialled strictly where others have certificates of its CA, since its clients check no name otherwise", () => {
    const to = (ca: CertificateAuthoritySource): string =>
      settings(
        oneWay((fleet) =>
          fleet.addOutput("out", {
            to: [fleet.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094", ca })],
          }),
        ),
        "out",
      );
    const strict = '"verification_mode" = "strict"';
    expect(to(CertificateAuthoritySource.system())).toContain(strict);
    expect(to(CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ssl/certs/kafka-ca.pem" }))).toContain(strict);
    expect(to(CertificateAuthoritySource.generated())).not.toContain("verification_mode");
    const shared = mutual((fleet) => {
      const first = fleet.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094" });
      const ca = CertificateAuthoritySource.existing(first.serverCa);
      const second = fleet.addKafkaBroker("k2", { advertisedListener: "k2.example.com:9094", ca });
      fleet.addOutput("out", { to: [first, second] });
    });
    expect(settings(shared, "out")).not.toContain("verification_mode");
  });

  test("whose CA others have certificates of is warned of, also where another receiver has that CA", () => {
    const warnings = (ca: (fleet: MutualFleetTls) => CertificateAuthoritySource, isDedicated = false): string => {
      const stack = mutual((fleet) => {
        const of = ca(fleet);
        const logstash = fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"], ca: of });
        const same = isDedicated ? of : CertificateAuthoritySource.existing(logstash.serverCa);
        toKafka(fleet, { ca: same });
      });
      return JSON.stringify(stack.outputs["fleet-certificate-authority-warnings"] ?? "");
    };
    const given = (fleet: MutualFleetTls, dedicated: boolean): CertificateAuthoritySource =>
      CertificateAuthoritySource.trustOnly({ pem: variable(fleet, "kafka-ca"), dedicated });
    expect(warnings((fleet) => given(fleet, false))).toContain("pose as this broker and receive what agents ship");
    expect(warnings((fleet) => given(fleet, true), true)).not.toContain("pose as this broker");
    expect(warnings(() => CertificateAuthoritySource.generated())).toBe('""');
  });

  test("more than ten are refused in one output", () => {
    const text = refusal((fleet) => {
      const to = Array.from({ length: 11 }, (_, index) =>
        fleet.addKafkaBroker(`k${index}`, { advertisedListener: `k${index}.example.com:9094` }),
      );
      fleet.addOutput("out", { to });
    });
    expect(text).toContain("stack/fleet/outputs/out: to has more hosts or CAs than Kibana takes in one output");
  });

  test.each(["1.0.0", "2.0.1", "2.7.0", "3.9.1", "2.6"])("is refused with version %j of the protocol", (version) => {
    const text = refusal((fleet) => toKafka(fleet, {}, { kafka: { version } }));
    expect(text).toContain(
      "stack/fleet/outputs/out: kafka.version is no version of the Kafka protocol that Kibana offers",
    );
    expect(text).toContain("2.5.1, 2.6.0");
  });

  test("has a version that only Terraform knows checked at plan", () => {
    const stack = mutual((fleet) => toKafka(fleet, {}, { kafka: { version: variable(fleet, "version") } }));
    const { lifecycle } = stack.resource("fleet/outputs/out/file").attributes;
    expect(JSON.stringify(lifecycle)).toMatch(/contains\(\[.*2\.6\.0.*\], var\.\w*version\w*\)/);
  });

  test("agents' authentication has to fit the listener", () => {
    const password = KafkaAuthentication.password({ username: "fleet", passwordVariable: "KAFKA_PASSWORD" });
    expect(refusal((fleet) => toKafka(fleet, {}, { kafka: { authentication: password } }))).toContain(
      "kafka.authentication does not fit the listener of stack/fleet/kafka-brokers/k1",
    );
    expect(refusal((fleet) => toKafka(fleet, {}, { kafka: { authentication: KafkaAuthentication.NONE } }))).toContain(
      "requires a client certificate",
    );
    const saslMechanism = SaslMechanism.SCRAM_SHA_512;
    mutual((fleet) => toKafka(fleet, { saslMechanism }, { kafka: { authentication: password } }));
  });
});

describe("a remote Elasticsearch", () => {
  test("has its certificate, its client CA of the agents alone, and its settings", () => {
    const stack = mutual(toRemote);
    expect(filesOf(stack, "remote-elasticsearch/berlin")).toEqual([
      "elasticsearch.tls.yml",
      "es-cert-key.pem",
      "es-cert.pem",
      "es-client-ca.pem",
    ]);
    const bundle = stack.resource("fleet/remote-elasticsearch/berlin/files/es-client-ca.pem").attributes["content"];
    expect(bundle).toMatch(/^\$\{local\.fleet_agent-ca_trust-bundle_\w+\}$/);
  });

  test("that is public gets no TLS setting and no file", () => {
    const stack = mutual((fleet) => toRemote(fleet, { ca: CertificateAuthoritySource.system() }));
    expect(filesOf(stack, "remote-elasticsearch/berlin")).toEqual([]);
    expect(settings(stack, "out")).toContain("# No TLS settings");
    expect(settings(stack, "out")).not.toContain('"ssl"');
  });

  test("with client authentication is refused if it is public", () => {
    const remote = { ca: CertificateAuthoritySource.system(), clientAuthentication: ClientAuthentication.REQUIRED };
    expect(refusal((fleet) => toRemote(fleet, remote))).toContain("Fleet Server would not check the name");
  });

  test("is warned of, and checked strictly, if its CA also issues to others", () => {
    const stack = mutual((fleet) =>
      toRemote(fleet, { ca: CertificateAuthoritySource.trustOnly({ pem: variable(fleet, "ca-pem") }) }),
    );
    expect(settings(stack, "out")).toContain('"verification_mode" = "strict"');
    expect(JSON.stringify(stack.outputs["fleet-certificate-authority-warnings"])).toContain(
      "receive its service token",
    );
  });

  test("is dialled by Fleet Servers too, whose paths therefore have to be the same", () => {
    const text = refusal((fleet) => {
      const agent = fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
      toRemote(fleet, {}, { hosts: [agent] });
    });
    expect(text).toContain("stack/fleet/fleet-server against stack/fleet/agents/win-1");
  });

  test("is refused for hosts with Elastic Defend", () => {
    expect(refusal(toRemote, { elasticDefend: true })).toContain(
      "contains hosts with Elastic Defend, which does not support an output of type remote_elasticsearch",
    );
  });

  test("has one output of its own", () => {
    const text = refusal((fleet) => {
      const add = (id: string) =>
        fleet.addRemoteElasticsearch(id, { url: `https://${id}.example.com`, serviceTokenVariable: "TOKEN" });
      fleet.addOutput("out", { to: [add("a"), add("b")] });
    });
    expect(text).toContain("one remote Elasticsearch an output");
  });

  test("takes the name of a variable, and never prints what was given instead", () => {
    const text = refusal((fleet) => toRemote(fleet, { serviceTokenVariable: "AAEAAWVsYXN0aWM=" }));
    expect(text).toContain("serviceTokenVariable is not the name of an environment variable");
    expect(text).not.toContain("AAEAAWVsYXN0aWM");
  });
});

describe("an output", () => {
  test("refuses a fingerprint where its type has none", () => {
    for (const to of [toLogstash, (fleet: MutualFleetTls, options: object) => toKafka(fleet, {}, options)]) {
      expect(refusal((fleet) => to(fleet, { trust: OutputTrust.FINGERPRINT }))).toMatch(
        /trust is a fingerprint, which outputs of type (logstash|kafka) have no field for/,
      );
    }
    const stack = mutual((fleet) => toRemote(fleet, {}, { trust: OutputTrust.FINGERPRINT }));
    expect(settings(stack, "out")).toContain("ca_trusted_fingerprint");
  });

  test("that is constructed outside of addOutput belongs to the fleet too", () => {
    const stack = synthStack((scope) => {
      const fleet = new MutualFleetTls(scope, "fleet", fleetProps());
      fleet.addKibana("kibana");
      const to = [fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"] })];
      const dataOutput = new FleetOutput(scope, "out", { fleet, to, trust: OutputTrust.HOST_FILE });
      fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("web", { dataOutput }) });
    });
    expect(filesOf(stack, "agents/web-1")).toContain("logstash-ls-ca.pem");
    expect(String(stack.local("fleet_kibana_settings"))).toContain('"type" = "logstash"');
  });

  test("refuses receivers of two types", () => {
    const text = refusal((fleet) =>
      fleet.addOutput("out", {
        to: [
          fleet.addLogstash("ls", { hosts: ["ls.example.com:5044"] }),
          fleet.addKafkaBroker("k1", { advertisedListener: "k1.example.com:9094" }),
        ],
      }),
    );
    expect(text).toContain("to contains receivers of several types");
  });

  test("by the hosts' files writes the CA into each host's folder, also of hosts that are added later", () => {
    const stack = mutual((fleet) => {
      toLogstash(fleet, { trust: OutputTrust.HOST_FILE });
      fleet.addAgent("web-2");
    });
    for (const agent of ["web-1", "web-2"]) {
      expect(filesOf(stack, `agents/${agent}`)).toContain("logstash-ls-ca.pem");
    }
    expect(filesOf(stack, "fleet-server")).not.toContain("logstash-ls-ca.pem");
    expect(settings(stack, "out")).toContain('["/etc/elastic-agent/certs/logstash-ls-ca.pem"]');
  });

  test("refuses an encrypted key with Elastic Defend", () => {
    const more = { elasticDefend: true, agentKeyPassphrase: KeyPassphrase.generated() };
    expect(refusal(toLogstash, more)).toContain("Elastic Defend drops such a key");
  });

  test("refuses ssl in its further settings, and adds the others", () => {
    expect(refusal((fleet) => toLogstash(fleet, { furtherSettings: "ssl.enabled: false" }))).toContain(
      "furtherSettings contains ssl",
    );
    const stack = mutual((fleet) => toLogstash(fleet, { furtherSettings: "bulk_max_size: 50" }));
    expect(settings(stack, "out")).toContain("yamldecode(");
  });

  test("turns reloading on where versions know it and have it off", () => {
    const reloads = (version: string): boolean =>
      settings(mutual(toLogstash, { stackVersion: StackVersion.of(version) }), "out").includes("certificate_reload");
    expect(["8.19.19", "8.19.20", "9.3.7", "9.3.8", "9.4.4", "9.4.5", "9.5.0"].map(reloads)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test("in kibana.yml has its type, hosts and fields, and names the variables that Kibana needs", () => {
    const stack = mutual((fleet) => {
      fleet.addKibana("kibana");
      const saslMechanism = SaslMechanism.PLAIN;
      const authentication = KafkaAuthentication.password({
        username: "fleet",
        passwordVariable: "KAFKA_PASSWORD",
        mechanism: saslMechanism,
      });
      toKafka(fleet, { saslMechanism }, { kafka: { authentication, topic: "logs" } });
      fleet.addOutput("remote", {
        to: [fleet.addRemoteElasticsearch("b", { url: "https://b.example.com", serviceTokenVariable: "B_TOKEN" })],
      });
    });
    const text = String(stack.local("fleet_kibana_settings"));
    expect(text).toContain("Set in Kibana's environment, or Kibana does not start: KAFKA_PASSWORD, B_TOKEN");
    expect(text).toContain('"type" = "kafka"');
    expect(text).toContain('"auth_type" = "user_pass"');
    expect(text).toContain('"version" = "2.6.0"');
    expect(text).not.toContain("connection_type");
    expect(text).toContain('"secrets" = {"password" = "$${KAFKA_PASSWORD}"}');
    expect(text).toContain('"secrets" = {"service_token" = "$${B_TOKEN}"}');
    expect(text.match(/"is_default" = true/g)).toHaveLength(2);
  });
});

describe("a receiver in another stack", () => {
  const CERT = "tls_locally_signed_cert.ls_logstash-cert";
  const create = (app: App, home: TestStack, isShared: boolean): void => {
    const fleet = new MutualFleetTls(home, "fleet", fleetProps());
    fleet.addAgent("web-1");
    const other = new TestStack(app, "other");
    const own = isShared
      ? new CertificateAuthority(home, "logstash-ca", {
          source: CertificateAuthoritySource.generated(),
          commonName: "logstash CA",
          keyAlgorithm: KeyAlgorithm.ECDSA_P256,
        })
      : undefined;
    const ca = own && CertificateAuthoritySource.existing(own);
    const logstash = new Logstash(other, "ls", { fleet, hosts: ["ls.example.com:5044"], ca });
    fleet.addOutput("out", { to: [logstash] });
  };

  test("is refused with a CA of that stack, which would make the two depend on each other", () => {
    const text = refusalOf((home, app) => create(app, home, false));
    expect(text).toContain("to contains receivers whose CA is created in another stack than the fleet: other/ls");
    expect(text).toContain("set ca: CertificateAuthoritySource.existing(ca)");
  });

  test("has its CA in the fleet's runbook, and its certificate in the renewal date of its own stack", () => {
    const { stack: home, other } = synthApp((app) => create(app, new TestStack(app), true));
    const runbook = JSON.stringify(home!.resource("fleet/runbook/file").attributes["content"]);
    expect(runbook).toContain("## CA of Logstash ls: hosts trust");
    expect(runbook).toContain("written by the stack `other`");
    expect(JSON.stringify(other!.json["locals"])).toContain(CERT);
    expect(Object.keys(other!.json["output"])).toContain("fleet-next-renewal");
  });
});
