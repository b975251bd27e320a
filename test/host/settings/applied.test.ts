import { X509Certificate } from "node:crypto";

import type { App } from "cdktf";
import { parse } from "yaml";

import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  TargetPlatform,
} from "../../../lib";
import { TestStack } from "../../support/apps";
import { filesBelow } from "../../support/files";
import { fleetProps, variable } from "../../support/fleets";
import { Pki } from "../../support/pki";
import { givenAway, secretsOf } from "../../support/secrets";
import { TerraformProject } from "../../support/terraform";
import { ELASTICSEARCH_KEYS, FLEET_SERVER_HOST_KEYS, KIBANA_KEYS, OUTPUT_KEYS, OUTPUT_SSL_KEYS } from "./known-keys";

const VARIABLES = {
  "es-url": "https://es.example.com",
  "es-config": "/srv/es config",
  "es-directory": "/srv/es config/tls",
  "agent-directory": '/srv/it\'s "here": #1',
};

function build(elasticsearchCa: string): (app: App) => void {
  return (app) => {
    const oneWay = new OneWayFleetTls(new TestStack(app, "one-way"), "fleet", fleetProps());
    oneWay.addAgent("web-1");
    oneWay.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
    oneWay.addKibana("kibana");

    const mutual = new MutualFleetTls(new TestStack(app, "mutual"), "fleet", {
      ...fleetProps({ elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED } }),
      agentKeyPassphrase: KeyPassphrase.generated(),
    });
    mutual.addAgent("web-1");
    mutual.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
    const [linux, windows] = [TargetPlatform.LINUX, TargetPlatform.WINDOWS].map((platform) =>
      mutual.addOutput(platform.name, { platform }),
    );
    mutual.addElasticsearchNode("win-es", { platform: TargetPlatform.WINDOWS });
    mutual.addKibana("kibana", {
      clientCertificate: CertificateSource.generated(),
      outputs: [linux!, windows!],
    });

    const tokens = new TestStack(app, "tokens");
    const fromVariables = new MutualFleetTls(tokens, "fleet", {
      ...fleetProps({
        elasticsearchUrl: variable(tokens, "es-url"),
        hostDirectory: variable(tokens, "agent-directory"),
        elasticsearch: {
          configurationDirectory: variable(tokens, "es-config"),
          hostDirectory: variable(tokens, "es-directory"),
        },
      }),
    });
    fromVariables.addAgent("web-1");
    fromVariables.addKibana("kibana");

    const existing = new MutualFleetTls(new TestStack(app, "existing"), "fleet", {
      ...fleetProps({ elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: elasticsearchCa }) }),
    });
    existing.addAgent("web-1");
    existing.addOutput("pinned", { trust: OutputTrust.FINGERPRINT });
    existing.addOutput("files", { trust: OutputTrust.HOST_FILE });
  };
}

describe("the settings of real deploys", () => {
  const project = new TerraformProject();
  const settings = (stack: string, file: string): Record<string, unknown> =>
    parse(project.read("fleet-tls", stack, "fleet", file)) as Record<string, unknown>;
  const outputsOf = (stack: string): Record<string, unknown>[] =>
    settings(stack, "kibana/kibana/kibana.tls.yml")["xpack.fleet.outputs"] as Record<string, unknown>[];

  beforeAll(async () => {
    const pki = new Pki(project.path("pki"));
    project.synth(build(pki.authority("their-es-ca").certificate));
    await Promise.all(["one-way", "mutual", "existing"].map((stack) => project.apply(stack)));
    await project.apply("tokens", { variables: VARIABLES });
  });
  afterAll(() => project.dispose());

  test("Elasticsearch of a one-way fleet asks for no certificate, and names its files below its configuration", () => {
    expect(settings("one-way", "elasticsearch/elasticsearch.tls.yml")).toEqual({
      "xpack.security.http.ssl.enabled": true,
      "xpack.security.http.ssl.certificate": "certs/es-cert.pem",
      "xpack.security.http.ssl.key": "certs/es-cert-key.pem",
      "xpack.security.http.ssl.client_authentication": "none",
    });
  });

  test("Elasticsearch of a mutual fleet verifies clients with every CA that signs them", () => {
    expect(settings("mutual", "elasticsearch/elasticsearch.tls.yml")).toMatchObject({
      "xpack.security.http.ssl.certificate_authorities": ["certs/es-client-ca.pem"],
      "xpack.security.http.ssl.client_authentication": "required",
    });
    expect(settings("tokens", "elasticsearch/elasticsearch.tls.yml")).toMatchObject({
      "xpack.security.http.ssl.client_authentication": "optional",
    });
  });

  test("every file that Elasticsearch's settings name is in its folder", () => {
    const named = settings("mutual", "elasticsearch/elasticsearch.tls.yml");
    const files = filesBelow(project.path("fleet-tls/mutual/fleet/elasticsearch"));
    const paths = Object.values(named)
      .flat()
      .filter((value) => String(value).startsWith("certs/"));
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(files).toContain(String(path).replace("certs/", ""));
  });

  test("a Windows node's paths are relative too, with slashes", () => {
    expect(settings("mutual", "elasticsearch-nodes/win-es/elasticsearch.tls.yml")).toMatchObject({
      "xpack.security.http.ssl.certificate": "certs/es-cert.pem",
    });
  });

  test("directories that only Terraform knows give the same relative paths", () => {
    expect(settings("tokens", "elasticsearch/elasticsearch.tls.yml")).toMatchObject({
      "xpack.security.http.ssl.certificate": "tls/es-cert.pem",
      "xpack.security.http.ssl.certificate_authorities": ["tls/es-client-ca.pem"],
    });
  });

  test("of an Elasticsearch that exists elsewhere only what it asks of clients is said", () => {
    expect(settings("existing", "elasticsearch/elasticsearch.tls.yml")).toEqual({
      "xpack.security.http.ssl.certificate_authorities": ["certs/es-client-ca.pem"],
      "xpack.security.http.ssl.client_authentication": "optional",
    });
  });

  test("one output serves Linux and Windows in a one-way fleet: it names no path", () => {
    const { ssl } = settings("one-way", "outputs/default.yml") as { ssl: Record<string, string[]> };
    expect(Object.keys(ssl)).toEqual(["certificate_authorities"]);
    expect(ssl["certificate_authorities"]).toEqual([project.read("fleet-tls/one-way/fleet/agents/web-1/es-ca.pem")]);
    expect(new X509Certificate(ssl["certificate_authorities"]![0]!).ca).toBe(true);
  });

  test.each([
    ["linux", "agents/web-1", "/etc/elastic-agent/certs/"],
    ["linux", "fleet-server", "/etc/elastic-agent/certs/"],
    ["windows", "agents/win-1", "C:\\ProgramData\\elastic-agent-certs\\"],
  ])("the output for %s shows the content of the folder %s", (output, folder, directory) => {
    const { ssl } = settings("mutual", `outputs/${output}.yml`) as { ssl: Record<string, string> };
    expect(ssl).toEqual({
      certificate_authorities: [project.read("fleet-tls/mutual/fleet", folder, "es-ca.pem")],
      certificate: `${directory}agent-cert.pem`,
      key: `${directory}agent-cert-key.pem`,
      key_passphrase_path: `${directory}agent-cert-key-passphrase`,
    });
    const files = filesBelow(project.path("fleet-tls/mutual/fleet", folder));
    for (const name of ["certificate", "key", "key_passphrase_path"]) {
      expect(files).toContain(ssl[name]!.replace(directory, ""));
    }
  });

  test("paths that only Terraform knows, with every awkward character, are quoted right", () => {
    const { ssl } = settings("tokens", "outputs/default.yml") as { ssl: Record<string, string> };
    expect(ssl["certificate"]).toBe(`${VARIABLES["agent-directory"]}/agent-cert.pem`);
    expect(ssl["key_passphrase_path"]).toBeUndefined();
  });

  test("the fingerprint is that of the CA, as OpenSSL has it; the file form names the file", () => {
    const { ssl } = settings("existing", "outputs/pinned.yml") as { ssl: Record<string, string> };
    const ca = new X509Certificate(project.read("pki/their-es-ca.pem"));
    expect(ssl["ca_trusted_fingerprint"]).toBe(ca.fingerprint256.replace(/:/g, "").toLowerCase());
    expect(ssl["certificate_authorities"]).toBeUndefined();
    expect(settings("existing", "outputs/files.yml")).toMatchObject({
      ssl: { certificate_authorities: ["/etc/elastic-agent/certs/es-ca.pem"] },
    });
  });

  test("Kibana presents its certificate for users' requests too where Elasticsearch requires one", () => {
    expect(settings("mutual", "kibana/kibana/kibana.tls.yml")).toMatchObject({
      "elasticsearch.hosts": ["https://es.example.com:9200"],
      "elasticsearch.ssl.certificateAuthorities": ["/etc/kibana/certs/es-ca.pem"],
      "elasticsearch.ssl.certificate": "/etc/kibana/certs/kibana-es-cert.pem",
      "elasticsearch.ssl.key": "/etc/kibana/certs/kibana-es-cert-key.pem",
      "elasticsearch.ssl.alwaysPresentCertificate": true,
    });
    expect(settings("one-way", "kibana/kibana/kibana.tls.yml")).not.toHaveProperty(["elasticsearch.ssl.certificate"]);
  });

  test("Kibana's outputs are the fleet's, as advanced YAML, so that no Kibana copies them into fleet.ssl", () => {
    const outputs = outputsOf("mutual");
    expect(outputs.map(({ id }) => id)).toEqual(["mutual-fleet-linux", "mutual-fleet-windows"]);
    expect(outputs.map((output) => output["is_default"])).toEqual([true, undefined]);
    for (const output of outputs) {
      expect(output).not.toHaveProperty("ssl");
      expect(output["config"]).toEqual(
        settings("mutual", `outputs/${String(output["id"]).replace("mutual-fleet-", "")}.yml`),
      );
    }
  });

  test("the Fleet Server host has no TLS settings", () => {
    expect(settings("mutual", "kibana/kibana/kibana.tls.yml")["xpack.fleet.fleetServerHosts"]).toEqual([
      {
        id: "mutual-fleet-fleet-server",
        name: "mutual-fleet Fleet Server",
        is_default: true,
        host_urls: ["https://fleet.example.com:8220"],
      },
    ]);
  });

  test("a URL without a port gets Elasticsearch's, also where only Terraform knows it", () => {
    expect(outputsOf("tokens")[0]!["hosts"]).toEqual(["https://es.example.com:9200"]);
  });

  test("no key is emitted that the reference does not have", () => {
    for (const stack of ["one-way", "mutual", "tokens"]) {
      expect(Object.keys(ELASTICSEARCH_KEYS)).toEqual(
        expect.arrayContaining(Object.keys(settings(stack, "elasticsearch/elasticsearch.tls.yml"))),
      );
      const kibana = settings(stack, "kibana/kibana/kibana.tls.yml");
      expect(Object.keys(KIBANA_KEYS)).toEqual(expect.arrayContaining(Object.keys(kibana)));
      for (const host of kibana["xpack.fleet.fleetServerHosts"] as object[]) {
        expect(FLEET_SERVER_HOST_KEYS).toEqual(expect.arrayContaining(Object.keys(host)));
      }
      for (const output of outputsOf(stack)) {
        expect(OUTPUT_KEYS).toEqual(expect.arrayContaining(Object.keys(output)));
        const { ssl, ...others } = output["config"] as { ssl: object };
        expect(others).toEqual({});
        expect(OUTPUT_SSL_KEYS).toEqual(expect.arrayContaining(Object.keys(ssl)));
      }
    }
  });

  test("the settings give no secret away", () => {
    for (const stack of ["one-way", "mutual"]) {
      const text = filesBelow(project.path("fleet-tls", stack))
        .filter((name) => name.endsWith(".yml"))
        .map((name) => project.read("fleet-tls", stack, name))
        .join("\n");
      expect(text).toContain("BEGIN CERTIFICATE");
      expect(givenAway(text, secretsOf(project, stack))).toEqual([]);
    }
  });

  test.each(["one-way", "mutual", "existing"])("a second plan of %s changes nothing", async (stack) => {
    expect((await project.plan(stack)).text).toContain("No changes.");
  });

  test("a directory outside Elasticsearch's configuration is refused at plan where only Terraform knows it", async () => {
    const refusal = await project.refusal("tokens", {
      variables: { ...VARIABLES, "es-directory": "/srv/elsewhere" },
    });
    expect(refusal).toContain("outside Elasticsearch's configuration directory");
  });
});
