import type { KibanaOptions, MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  KeyAlgorithm,
  KeyRotation,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
  Validity,
} from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const CERTIFICATE: KibanaOptions = { clientCertificate: CertificateSource.generated() };
const REQUIRED = { elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED } };

function mutual(options: KibanaOptions = {}, more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more }).addKibana("kibana", options);
  });
}

const settings = (stack: SynthesizedStack): string => String(stack.local("fleet_kibana_settings"));

const filesOf = (stack: SynthesizedStack): string[] =>
  stack
    .resources()
    .filter(({ path }) => path.startsWith("stack/fleet/kibana/kibana/files/"))
    .map(({ path }) => path.split("/").at(-1)!)
    .sort();

test("it has what it trusts Elasticsearch by, and its settings", () => {
  const stack = mutual();
  expect(filesOf(stack)).toEqual(["es-ca.pem", "kibana.tls.yml"]);
  expect(stack.resource("fleet/kibana/kibana/files/kibana.tls.yml").attributes).toMatchObject({
    filename: "${path.module}/../../../fleet-tls/stack/fleet/kibana/kibana/kibana.tls.yml",
    file_permission: "0644",
  });
  expect(settings(stack)).toContain('"elasticsearch.ssl.certificateAuthorities" = ["/etc/kibana/certs/es-ca.pem"]');
  expect(settings(stack)).not.toContain("elasticsearch.ssl.key");
});

test("by choice it has a client certificate of its own, signed like Fleet Server's towards Elasticsearch", () => {
  const stack = mutual(CERTIFICATE);
  expect(filesOf(stack)).toEqual(["es-ca.pem", "kibana-es-cert-key.pem", "kibana-es-cert.pem", "kibana.tls.yml"]);
  const { attributes } = stack.resource("fleet/kibana/kibana/kibana-es-cert/certificate");
  expect(attributes["allowed_uses"]).toEqual(["digital_signature", "client_auth"]);
  expect(attributes["ca_private_key_pem"]).toBe(
    stack.resource("fleet/fleet-server/fleet-es-cert/certificate").attributes["ca_private_key_pem"],
  );
  expect(stack.resource("fleet/kibana/kibana/kibana-es-cert/request").attributes["subject"]).toEqual([
    { common_name: "kibana" },
  ]);
});

test("its key is closed to others, and in the settings by its path alone", () => {
  const stack = mutual(CERTIFICATE);
  const { type, attributes } = stack.resource("fleet/kibana/kibana/files/kibana-es-cert-key.pem");
  expect([type, attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
  expect(settings(stack)).toContain('"elasticsearch.ssl.key" = "/etc/kibana/certs/kibana-es-cert-key.pem"');
  expect(settings(stack)).not.toContain("private_key");
});

test("it presents the certificate for users' requests too where Elasticsearch turns others away", () => {
  expect(settings(mutual(CERTIFICATE, REQUIRED))).toContain("alwaysPresentCertificate");
  expect(settings(mutual(CERTIFICATE))).not.toContain("alwaysPresentCertificate");
});

test("a node that is added later and requires certificates counts", () => {
  const stack = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    fleet.addKibana("kibana", CERTIFICATE);
    fleet.addElasticsearchNode("es-2", REQUIRED.elasticsearch);
  });
  expect(settings(stack)).toContain("alwaysPresentCertificate");
});

test("its certificate is renewed as the fleet says, by kind", () => {
  const validityOf = { kibanaEsCert: Validity.days(90) };
  const stack = mutual(CERTIFICATE, { validityOf, keyRotation: KeyRotation.ON_RENEWAL });
  expect(stack.resource("fleet/kibana/kibana/kibana-es-cert/certificate").attributes["validity_period_hours"]).toBe(
    90 * 24,
  );
  expect(stack.resource("fleet/kibana/kibana/kibana-es-cert/key").attributes["lifecycle"]).toHaveProperty(
    "replace_triggered_by",
  );
});

test("it takes the fleet's key algorithm unless it has its own", () => {
  const algorithm = (stack: SynthesizedStack) =>
    stack.resource("fleet/kibana/kibana/kibana-es-cert/key").attributes["algorithm"];
  expect(algorithm(mutual(CERTIFICATE, { keyAlgorithm: KeyAlgorithm.RSA_2048 }))).toBe("RSA");
  const own = { ...CERTIFICATE, keyAlgorithm: KeyAlgorithm.ECDSA_P384 };
  expect(algorithm(mutual(own, { keyAlgorithm: KeyAlgorithm.RSA_2048 }))).toBe("ECDSA");
});

test("a certificate that exists on its host is named by its path there", () => {
  const clientCertificate = CertificateSource.onHost({
    certificatePath: "/etc/pki/kibana.pem",
    privateKeyPath: "/etc/pki/kibana-key.pem",
  });
  const stack = mutual({ clientCertificate });
  expect(filesOf(stack)).toEqual(["es-ca.pem", "kibana.tls.yml"]);
  expect(settings(stack)).toContain('"elasticsearch.ssl.certificate" = "/etc/pki/kibana.pem"');
});

test("its files are in Kibana's configuration folder", () => {
  withStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    expect(fleet.addKibana("linux").files.hostDirectory).toBe("/etc/kibana/certs");
    expect(fleet.addKibana("windows", { platform: TargetPlatform.WINDOWS }).files.hostDirectory).toBe(
      "C:\\ProgramData\\Elastic\\Kibana\\config\\certs",
    );
    expect(fleet.addKibana("own", { hostDirectory: "/srv/kibana" }).files.hostDirectory).toBe("/srv/kibana");
  });
});

test("outputs are advanced YAML and the Fleet Server host has no TLS, so that no Kibana copies one CA over another", () => {
  const text = settings(mutual());
  expect(text).toContain('"config" = {"ssl" = ');
  expect(text).not.toMatch(/"hosts" = \[[^\]]*\], [^{]*"ssl"/);
  expect(text).toContain(
    '"xpack.fleet.fleetServerHosts" = [{"id" = "stack-fleet-fleet-server", "name" = "stack-fleet Fleet Server", ' +
      '"is_default" = true, "host_urls" = ["https://fleet.example.com:8220"]}]',
  );
});

test("without settings for Fleet it says nothing of Fleet, and asks no output of the fleet", () => {
  const stack = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
    fleet.addKibana("kibana", { fleetSettings: false });
  });
  expect(settings(stack)).not.toContain("xpack.fleet");
});

describe("is refused", () => {
  test("without a certificate where Elasticsearch requires one", () => {
    const refusal = refusalOf((stack) => {
      new MutualFleetTls(stack, "fleet", fleetProps(REQUIRED)).addKibana("kibana");
    });
    expect(refusal).toContain("stack/fleet/kibana/kibana: clientCertificate is missing");
  });

  test("with a certificate in a one-way fleet", () => {
    const refusal = refusalOf((stack) => {
      new OneWayFleetTls(stack, "fleet", fleetProps()).addKibana("kibana", CERTIFICATE);
    });
    expect(refusal).toContain("clientCertificate is given in a fleet without client certificates");
  });

  test("with a key whose passphrase is in a file", () => {
    const refusal = refusalOf((stack) => {
      const clientCertificate = CertificateSource.fromCertificateRequest({
        file: "kibana.csr",
        passphrasePath: "/etc/kibana/certs/passphrase",
      });
      new MutualFleetTls(stack, "fleet", fleetProps()).addKibana("kibana", { clientCertificate });
    });
    expect(refusal).toContain("which Kibana cannot be pointed to");
  });

  test("twice under one id", () => {
    const refusal = refusalOf((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addKibana("kibana");
      fleet.addKibana("kibana");
    });
    expect(refusal).toContain("stack/fleet/kibana: id is already in use");
  });

  test("in a folder that is not absolute on its host", () => {
    const refusal = refusalOf((stack) => {
      new OneWayFleetTls(stack, "fleet", fleetProps()).addKibana("kibana", { hostDirectory: "certs" });
    });
    expect(refusal).toContain("stack/fleet/kibana/kibana: hostDirectory is not absolute");
  });
});

describe("a Kibana with a url", () => {
  const url = "https://kibana.example.com:5601";

  test("serves HTTPS with a certificate of a CA of its own, whose key is closed to others", () => {
    const stack = mutual({ url, names: ["10.0.0.7"] });
    expect(filesOf(stack)).toEqual(["es-ca.pem", "kibana-cert-key.pem", "kibana-cert.pem", "kibana.tls.yml"]);
    const { attributes } = stack.resource("fleet/kibana/kibana/kibana-cert/certificate");
    expect(attributes["allowed_uses"]).toEqual(["digital_signature", "server_auth"]);
    expect(attributes["ca_private_key_pem"]).toContain("fleet_kibana_ca_generation-1_key");
    expect(stack.resource("fleet/kibana/kibana/kibana-cert/request").attributes).toMatchObject({
      dns_names: ["kibana.example.com"],
      ip_addresses: ["10.0.0.7"],
    });
    const key = stack.resource("fleet/kibana/kibana/files/kibana-cert-key.pem");
    expect([key.type, key.attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
    expect(settings(stack)).toContain(
      '"server.ssl.enabled" = true, "server.ssl.certificate" = "/etc/kibana/certs/kibana-cert.pem"',
    );
    expect(settings(stack)).toContain('"server.ssl.key" = "/etc/kibana/certs/kibana-cert-key.pem"');
    expect(settings(stack)).not.toContain("private_key");
  });

  test("outputs its CA for its clients, and a rotation waits until they trust the next one", () => {
    const stack = mutual({ url });
    expect(stack.outputs).toHaveProperty("fleet-kibana-ca-certificates");
    expect(stack.text).toContain("CA of Kibana kibana");
  });

  test("has no settings of its own server where its certificate exists elsewhere", () => {
    const ca = CertificateAuthoritySource.trustOnly({ hostPath: "/etc/pki/kibana-ca.pem" });
    expect(settings(mutual({ url, ca }))).not.toContain("server.ssl");
  });

  test("has a validity of its certificate's own", () => {
    const stack = mutual({ url }, { validityOf: { kibanaCert: Validity.days(30) } });
    expect(stack.resource("fleet/kibana/kibana/kibana-cert/certificate").attributes["validity_period_hours"]).toBe(720);
  });

  test("is prepared by a Fleet Server's container, which trusts it by a file and by no fallback of FLEET_CA", () => {
    const stack = synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addFleetServer("fs-2", { container: true, setUpFleetIn: fleet.addKibana("kibana", { url }) });
    });
    const { attributes } = stack.resource("fleet/fleet-servers/fs-2/files/container.env");
    expect(attributes["content"]).toContain("KIBANA_FLEET_SETUP=");
    expect(attributes["content"]).toContain("KIBANA_FLEET_HOST=");
    expect(attributes["content"]).toContain("KIBANA_FLEET_CA=");
    expect(attributes["content"]).toContain("/etc/elastic-agent/certs/kibana-ca.pem");
    expect(attributes["content"]).not.toMatch(/KIBANA_(CA|HOST)=/);
    expect(stack.resource("fleet/fleet-servers/fs-2/files/kibana-ca.pem").type).toBe("local_file");
  });

  test.each<[string, KibanaOptions]>([
    ["url is not an https URL", { url: "http://kibana.example.com:5601" }],
    ["url has no port", { url: "https://kibana.example.com" }],
    ["names is given without url", { names: ["kibana"] }],
    ["certificate is given without url", { certificate: CertificateSource.generated() }],
  ])("is refused: %s", (message, options) => {
    expect(
      refusalOf((stack) => void new OneWayFleetTls(stack, "fleet", fleetProps()).addKibana("kibana", options)),
    ).toContain(`stack/fleet/kibana/kibana: ${message}`);
  });

  test("a Kibana to prepare is refused outside of containers, and without a url", () => {
    const refused = (options: KibanaOptions, container: boolean): string =>
      refusalOf((stack) => {
        const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
        fleet.addFleetServer("fs-2", { container, setUpFleetIn: fleet.addKibana("kibana", options) });
      });
    expect(refused({ url }, false)).toContain("setUpFleetIn is given, but only the container's entry point");
    expect(refused({}, true)).toContain("setUpFleetIn is a Kibana without a url");
  });
});
