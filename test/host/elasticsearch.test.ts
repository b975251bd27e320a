import type { ElasticsearchOptions, FleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  KeyAlgorithm,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function oneWay(elasticsearch: ElasticsearchOptions = {}, more: Partial<FleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => void new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearch, ...more })));
}

function mutual(elasticsearch: ElasticsearchOptions = {}): SynthesizedStack {
  return synthStack((stack) => void new MutualFleetTls(stack, "fleet", fleetProps({ elasticsearch })));
}

const refusalOfMutual = (elasticsearch: ElasticsearchOptions): string =>
  refusalOf((stack) => void new MutualFleetTls(stack, "fleet", fleetProps({ elasticsearch })));

const filesOf = (stack: SynthesizedStack, host = "elasticsearch"): string[] =>
  stack
    .resources()
    .filter(({ path }) => path.startsWith(`stack/fleet/${host}/files/`))
    .map(({ path }) => path.split("/").at(-1)!)
    .sort();

const EXISTING = { elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "es.pem" }) };

test("in a one-way fleet it has its CA, its certificate, its key and its settings", () => {
  expect(filesOf(oneWay())).toEqual(["elasticsearch.tls.yml", "es-ca.pem", "es-cert-key.pem", "es-cert.pem"]);
});

test("in a mutual fleet it also has the CAs whose clients it admits, and none of their keys", () => {
  const stack = mutual();
  expect(filesOf(stack)).toEqual([
    ...["elasticsearch.tls.yml", "es-ca.pem", "es-cert-key.pem", "es-cert.pem", "es-client-ca.pem"],
  ]);
  expect(stack.resource("fleet/elasticsearch/files/es-client-ca.pem").attributes["content"]).toMatch(
    /^\$\{local\.fleet_elasticsearch-ca_trust-bundle_\w+\}\$\{local\.fleet_agent-ca_trust-bundle_\w+\}$/,
  );
});

test("its certificate is a server's, named by the host of the URL and by its own names", () => {
  const stack = oneWay({ names: ["es-1.internal", "10.0.0.9"] });
  expect(stack.resource("fleet/elasticsearch/es-cert/request").attributes).toMatchObject({
    subject: [{ common_name: "elasticsearch" }],
    dns_names: ["es.example.com", "es-1.internal"],
    ip_addresses: ["10.0.0.9"],
  });
  expect(stack.resource("fleet/elasticsearch/es-cert/certificate").attributes["allowed_uses"]).toEqual([
    "digital_signature",
    "server_auth",
  ]);
});

test("an address in the URL is an address in the certificate", () => {
  const request = oneWay({}, { elasticsearchUrl: "https://[fd00::9]:9200" }).resource(
    "fleet/elasticsearch/es-cert/request",
  );
  expect(request.attributes["ip_addresses"]).toEqual(["fd00::9"]);
  expect(request.attributes).not.toHaveProperty("dns_names");
});

test("its own key is the only one in its folder, and closed to others", () => {
  const stack = oneWay();
  const { type, attributes } = stack.resource("fleet/elasticsearch/files/es-cert-key.pem");
  expect([type, attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
  expect(attributes["content"]).toMatch(
    /^\$\{tls_private_key\.fleet_elasticsearch_es-cert_key_\w+\.private_key_pem_pkcs8\}$/,
  );
});

test("an Elasticsearch that exists gets nothing in a one-way fleet", () => {
  expect(filesOf(oneWay({}, EXISTING))).toEqual([]);
});

test("an Elasticsearch that exists gets the CAs whose clients it has to admit in a mutual fleet", () => {
  const stack = synthStack((stack) => void new MutualFleetTls(stack, "fleet", fleetProps(EXISTING)));
  expect(filesOf(stack)).toEqual(["elasticsearch.tls.yml", "es-ca.pem", "es-client-ca.pem"]);
  expect(stack.resource("fleet/elasticsearch/files/es-client-ca.pem").attributes["content"]).toMatch(
    /^\$\{local\.fleet_agent-ca_trust-bundle_\w+\}$/,
  );
});

test("it takes the fleet's key algorithm unless it has its own", () => {
  const algorithm = (stack: SynthesizedStack) =>
    stack.resource("fleet/elasticsearch/es-cert/key").attributes["algorithm"];
  expect(algorithm(oneWay({}, { keyAlgorithm: KeyAlgorithm.RSA_2048 }))).toBe("RSA");
  const own = { keyAlgorithm: KeyAlgorithm.ECDSA_P384 };
  expect(algorithm(oneWay(own, { keyAlgorithm: KeyAlgorithm.RSA_2048 }))).toBe("ECDSA");
});

test("a node of its own has a folder and names of its own, and moves nothing", () => {
  const stack = synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps()).addElasticsearchNode("es-2", { names: ["es-2.internal"] });
  });
  expect(filesOf(stack, "elasticsearch-nodes/es-2")).toEqual([
    ...["elasticsearch.tls.yml", "es-ca.pem", "es-cert-key.pem", "es-cert.pem"],
  ]);
  expect(stack.resource("fleet/elasticsearch-nodes/es-2/es-cert/request").attributes).toMatchObject({
    subject: [{ common_name: "es-2" }],
    dns_names: ["es.example.com", "es-2.internal"],
  });
  expect(stack.resource("fleet/elasticsearch-nodes/es-2/files/es-ca.pem").attributes["filename"]).toBe(
    "${path.module}/../../../fleet-tls/stack/fleet/elasticsearch-nodes/es-2/es-ca.pem",
  );
  expect(stack.addresses).toEqual(expect.arrayContaining(oneWay().addresses));
});

test("its files are in the folder that Elasticsearch may read on the host", () => {
  synthStack((stack) => {
    const { elasticsearch } = new OneWayFleetTls(stack, "linux", fleetProps());
    expect(elasticsearch!.files.hostDirectory).toBe("/etc/elasticsearch/certs");
    const windows = { elasticsearch: { platform: TargetPlatform.WINDOWS } };
    expect(new OneWayFleetTls(stack, "windows", fleetProps(windows)).elasticsearch!.files.hostDirectory).toBe(
      "C:\\ProgramData\\Elastic\\Elasticsearch\\config\\certs",
    );
  });
});

test("a name may be a token, which Terraform sorts and checks", () => {
  const stack = synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearch: { names: [variable(stack, "name")] } }));
  });
  const { attributes } = stack.resource("fleet/elasticsearch/es-cert/request");
  expect(attributes["dns_names"]).toMatch(/^\$\{distinct\(concat\(\["es\.example\.com"\], .*var\.name/);
  expect(attributes["ip_addresses"]).toContain("var.name");
  expect(stack.text).toContain(
    "stack/fleet/elasticsearch: names contains an entry that is no DNS name and no IP address",
  );
});

test("every problem of the given files is reported at once", () => {
  const message = refusalOf((stack) => {
    const elasticsearch = { names: ["", "a b"], hostDirectory: "certs" };
    new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearch }));
  });
  expect(message.split("\n")).toEqual([
    expect.stringContaining("stack/fleet/elasticsearch: names[0] is empty"),
    expect.stringContaining("stack/fleet/elasticsearch: names[1] is no DNS name and no IP address"),
    expect.stringContaining("stack/fleet/elasticsearch: hostDirectory is not absolute on the host's platform"),
  ]);
});

describe("its settings", () => {
  test("are a file that anybody may read, and the construct's attribute", () => {
    const stack = mutual();
    const { type, attributes } = stack.resource("fleet/elasticsearch/files/elasticsearch.tls.yml");
    expect([type, attributes["file_permission"]]).toEqual(["local_file", "0644"]);
    expect(attributes["content"]).toMatch(/^\$\{local\.fleet_elasticsearch_settings_\w+\}$/);
    expect(stack.local("fleet_elasticsearch_settings")).toContain("yamlencode");
  });

  test("are of the HTTP layer alone, never of transport", () => {
    const settings = String(mutual().local("fleet_elasticsearch_settings"));
    expect(settings).toContain("xpack.security.http.ssl.client_authentication");
    expect(settings).not.toContain("xpack.security.transport");
  });

  test.each([
    ["optional in a mutual fleet", mutual(), "optional"],
    ["none in a one-way fleet", oneWay(), "none"],
    ["required where it is asked for", mutual({ clientAuthentication: ClientAuthentication.REQUIRED }), "required"],
  ])("ask of clients what is %s", (_when, stack, mode) => {
    expect(stack.local("fleet_elasticsearch_settings")).toContain(`client_authentication" = "${mode}"`);
  });

  test("cannot ask for certificates in a one-way fleet", () => {
    const refusal = refusalOf((stack) => {
      const elasticsearch = { clientAuthentication: ClientAuthentication.OPTIONAL };
      new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearch }));
    });
    expect(refusal).toContain(
      "clientAuthentication asks for client certificates, but no host of this fleet has one for Elasticsearch",
    );
  });
});

describe("its configuration directory", () => {
  test("contains every file that it reads: another folder is refused, with the fix", () => {
    const refusal = refusalOfMutual({ hostDirectory: "/srv/certs" });
    expect(refusal).toContain("stack/fleet/elasticsearch: hostDirectory is outside Elasticsearch's configuration");
    expect(refusal).toContain("/etc/elasticsearch");
    expect(refusal).toContain("configurationDirectory");
  });

  test.each(["/etc/elasticsearch", "/etc/elasticsearch2/certs", "/etc/elasticsearch/../certs"])(
    "does not contain %s",
    (hostDirectory) => {
      expect(refusalOfMutual({ hostDirectory })).toContain("is outside");
    },
  );

  test("on Windows is compared as Windows does", () => {
    const { platform } = { platform: TargetPlatform.WINDOWS };
    const below = "c:/programdata/elastic/ELASTICSEARCH/config/tls";
    expect(mutual({ platform, hostDirectory: below }).local("fleet_elasticsearch_settings")).toContain(
      "tls/es-cert.pem",
    );
    expect(refusalOfMutual({ platform, hostDirectory: "D:\\certs" })).toContain("is outside");
  });

  test("may be another one, whose name ends with a slash or not", () => {
    for (const configurationDirectory of ["/usr/share/elasticsearch/config/", "/usr/share/elasticsearch/config"]) {
      const settings = mutual({ configurationDirectory }).local("fleet_elasticsearch_settings");
      expect(settings).toContain('"certs/es-cert.pem"');
    }
  });

  test("contains a pair that already exists on the host, or is refused", () => {
    const certificate = CertificateSource.onHost({
      certificatePath: "/etc/elasticsearch/certs/own.pem",
      privateKeyPath: "/etc/ssl/private/own-key.pem",
    });
    const refusal = refusalOfMutual({ certificate });
    expect(refusal).toContain("certificate is outside");
    expect(refusal).toContain("/etc/ssl/private/own-key.pem");
    expect(refusal).not.toContain('got "/etc/elasticsearch/certs/own.pem"');
  });
});

test("a key with a passphrase is refused: the settings have no path for it", () => {
  const certificate = CertificateSource.fromCertificateRequest({
    file: "es.csr",
    passphrasePath: "/etc/elasticsearch/certs/passphrase",
  });
  expect(refusalOfMutual({ certificate })).toContain(
    "stack/fleet/elasticsearch: certificate has a key with a passphrase in a file, which Elasticsearch cannot be pointed to",
  );
});
