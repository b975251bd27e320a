import type { MutualFleetTlsProps, ProxyOptions } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  MutualFleetTls,
  OneWayFleetTls,
  ProxySoftware,
  ProxyTarget,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const URL = "https://proxy.example.com:8221";

function synth(options: ProxyOptions = {}, props: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props });
    const proxy = fleet.addProxy("edge", { url: URL, ...options });
    if (proxy.target === ProxyTarget.FLEET_SERVER) fleet.addAgent("branch", { fleetServerProxy: proxy });
    else fleet.addAgent("web-1");
    fleet.addKibana("kibana");
  });
}

const configuration = (stack: SynthesizedStack): string => String(stack.local("fleet_proxies_edge_configuration"));

const refusal = (options: ProxyOptions, props: Partial<MutualFleetTlsProps> = {}): string =>
  refusalOf((stack) =>
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props }).addProxy("edge", { url: URL, ...options }),
  );

test("nginx verifies clients, the upstream's certificate and its name, and waits for long polls", () => {
  const text = configuration(synth());
  for (const line of [
    "listen 8221 ssl;",
    "server_name proxy.example.com;",
    'ssl_client_certificate "/etc/nginx/fleet-tls/client-ca.pem";',
    "ssl_verify_client on;",
    "proxy_pass https://fleet.example.com:8220;",
    "proxy_set_header Host fleet.example.com:8220;",
    "proxy_ssl_server_name on;",
    "proxy_ssl_name fleet.example.com;",
    "proxy_ssl_verify on;",
    'proxy_ssl_trusted_certificate "/etc/nginx/fleet-tls/upstream-ca.pem";',
    'proxy_ssl_certificate "/etc/nginx/fleet-tls/upstream-cert.pem";',
    "proxy_read_timeout 900s;",
    "proxy_buffering off;",
  ]) {
    expect(text).toContain(` ${line}\n`);
  }
});

test("HAProxy verifies the same", () => {
  const text = configuration(synth({ proxySoftware: ProxySoftware.HAPROXY }));
  expect(text).toContain(
    "bind :8221 ssl crt '/etc/haproxy/fleet-tls/proxy-cert.pem' ca-file '/etc/haproxy/fleet-tls/client-ca.pem' verify required ",
  );
  expect(text).toContain(
    "server upstream fleet.example.com:8220 ssl verify required ca-file '/etc/haproxy/fleet-tls/upstream-ca.pem' " +
      "verifyhost fleet.example.com sni str(fleet.example.com) crt '/etc/haproxy/fleet-tls/upstream-cert.pem' ",
  );
  expect(text).toContain("timeout client 900s\n");
  expect(text).toContain("timeout server 900s\n");
});

test.each([ProxySoftware.NGINX, ProxySoftware.HAPROXY, ProxySoftware.ENVOY])(
  "%s: no CA key, and each key has mode 0600",
  (proxySoftware) => {
    const stack = synth({ proxySoftware });
    const files = stack.resources().filter(({ path }) => path.includes("/proxies/edge/files/"));
    const secret = files
      .filter(({ type }) => type === "local_sensitive_file")
      .map(({ path }) => path.split("/").at(-1));
    expect(secret.sort()).toEqual(
      proxySoftware === ProxySoftware.HAPROXY
        ? ["proxy-cert.pem.key", "upstream-cert.pem.key"]
        : ["proxy-cert-key.pem", "upstream-cert-key.pem"],
    );
    for (const { attributes } of files) expect(JSON.stringify(attributes)).not.toMatch(/ca_.*private_key/);
  },
);

test("the proxy's certificate is for its name, its client certificate is the agent CA's", () => {
  const stack = synth({ names: ["10.0.0.7"] });
  expect(stack.resource("fleet/proxies/edge/proxy-cert/request").attributes).toMatchObject({
    dns_names: ["proxy.example.com"],
    ip_addresses: ["10.0.0.7"],
  });
  const leaf = (role: string) => stack.resource(`fleet/proxies/edge/${role}/certificate`).attributes;
  expect(leaf("proxy-cert")).toMatchObject({ allowed_uses: ["digital_signature", "server_auth"] });
  expect(leaf("upstream-cert")).toMatchObject({ allowed_uses: ["digital_signature", "client_auth"] });
  expect(leaf("upstream-cert")["ca_cert_pem"]).toContain("agent-ca");
});

test("an agent behind it connects to it and trusts it; Kibana has its URL in addition to the default one", () => {
  const stack = synth({ ca: CertificateAuthoritySource.generated() });
  expect(stack.local("fleet_agents_branch_command")).toContain(` --url=${URL} `);
  expect(stack.resource("fleet/agents/branch/files/fleet-ca.pem").attributes["content"]).toContain("proxy-ca-edge");
  expect(stack.resource("fleet/fleet-server/files/fleet-ca.pem").attributes["content"]).not.toContain("proxy-ca-edge");
  expect(JSON.stringify(stack.local("fleet_kibana_settings"))).toContain(URL);
  expect(stack.local("fleet_proxies_edge_kibana-settings")).toContain(URL);
});

test("the runbook says to tell Kibana before the first enrollment, and rotates the proxy's own CA", () => {
  const text = String(
    synth({ ca: CertificateAuthoritySource.generated() }).resource("fleet/runbook/file").attributes["content"],
  );
  expect(text).toContain("- `proxies/edge/kibana-fleet-server-host.yml`");
  expect(text).toContain("## Proxy CA edge: hosts trust generation 1, generation 1 signs");
  expect(text).toContain("`sudo systemctl reload nginx`");
});

test("a proxy in front of Elasticsearch admits agents and Fleet Servers, and presents what Elasticsearch asks for", () => {
  const stack = synth({
    target: ProxyTarget.ELASTICSEARCH,
    url: undefined,
    upstreamUrl: "https://es-1.example.com:9200",
  });
  expect(configuration(stack)).toContain("proxy_pass https://es-1.example.com:9200;");
  expect(stack.resource("fleet/proxies/edge/proxy-cert/request").attributes["dns_names"]).toEqual(["es.example.com"]);
  const bundle = stack.resource("fleet/proxies/edge/files/client-ca.pem").attributes["content"];
  expect(bundle).toContain("elasticsearch-ca");
  expect(bundle).toContain("agent-ca");
  expect(stack.resources().filter(({ path }) => path.includes("kibana-fleet-server-host"))).toEqual([]);
});

describe("in front of Elasticsearch in Elastic Cloud", () => {
  const build = (options: ProxyOptions = {}, props: Partial<MutualFleetTlsProps> = {}): SynthesizedStack =>
    synth(
      {
        target: ProxyTarget.ELASTICSEARCH,
        url: undefined,
        upstreamUrl: "https://0123.us-east-1.aws.found.io:443",
        upstreamCa: CertificateAuthoritySource.system(),
        ...options,
      },
      { withoutElasticsearchHost: true, ...props },
    );

  test.each([ProxySoftware.NGINX, ProxySoftware.HAPROXY, ProxySoftware.ENVOY])(
    "%s verifies the public certificate, and presents none",
    (proxySoftware) => {
      const stack = build({ proxySoftware });
      expect(configuration(stack)).toContain("/etc/ssl/certs/ca-certificates.crt");
      expect(configuration(stack)).not.toMatch(/upstream-(cert|ca)/);
      expect(stack.resources().filter(({ path }) => path.includes("upstream-cert"))).toEqual([]);
    },
  );

  test("no file is created for an Elasticsearch host, and hosts verify the proxy with the Elasticsearch CA", () => {
    const stack = build();
    expect(stack.addresses.filter((address) => /fleet_elasticsearch_/.test(address))).toEqual([]);
    const leaf = stack.resource("fleet/proxies/edge/proxy-cert/certificate");
    expect(leaf.attributes["ca_cert_pem"]).toContain("elasticsearch-ca");
    expect(stack.resource("fleet/agents/web-1/files/es-ca.pem").attributes["content"]).toContain("elasticsearch-ca");
  });

  test("its certificate is followed by its CA, which a client that goes by the fingerprint looks for", () => {
    const content = build().resource("fleet/proxies/edge/files/proxy-cert.pem").attributes["content"] as string;
    expect(content.match(/\$\{/g)).toHaveLength(2);
    expect(content).toContain("elasticsearch-ca");
  });

  test("elasticsearch is refused then, and accepted without withoutElasticsearchHost", () => {
    const elasticsearch = { names: ["es-1.example.com"] };
    expect(() => build({}, { elasticsearch })).toThrow(
      "elasticsearch is given, but withoutElasticsearchHost is true, so no file is created for an Elasticsearch host",
    );
    build({}, { elasticsearch, withoutElasticsearchHost: false });
  });

  test.each<[string, ProxyOptions, Partial<MutualFleetTlsProps>, string]>([
    [
      "a CA of its own, which no host would trust,",
      { ca: CertificateAuthoritySource.generated() },
      {},
      "ca is no CA with which hosts verify Elasticsearch",
    ],
    [
      "an elasticsearchCa that issues nothing",
      {},
      { elasticsearchCa: CertificateAuthoritySource.system() },
      "ca is no CA with which hosts verify Elasticsearch",
    ],
    [
      "an upstreamCa that would issue certificates",
      { upstreamCa: CertificateAuthoritySource.generated() },
      {},
      "upstreamCa is a CA that issues certificates, but the server behind the proxy gets none from it",
    ],
  ])("%s is refused", (_, options, props, message) => {
    expect(() => build(options, props)).toThrow(message);
  });

  test("the names of a former elasticsearchUrl are names of its certificate", () => {
    const stack = build({}, { formerUrls: { elasticsearch: ["https://old.example.com:9200"] } });
    expect(stack.resource("fleet/proxies/edge/proxy-cert/request").attributes["dns_names"]).toEqual([
      ...["es.example.com", "old.example.com"],
    ]);
  });
});

test("in a one-way fleet it asks for no client certificate", () => {
  const stack = synthStack((stack) => new OneWayFleetTls(stack, "fleet", fleetProps()).addProxy("edge", { url: URL }));
  expect(configuration(stack)).not.toContain("ssl_verify_client");
  expect(configuration(stack)).not.toContain("proxy_ssl_certificate ");
});

test("URLs may be tokens, which the plan checks", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addProxy("edge", { url: variable(stack, "url") });
  });
  expect(configuration(stack)).toContain("try(element(regex(");
  const files = stack.resources().filter(({ path }) => path.includes("/proxies/edge/files/"));
  const conditions = files.flatMap(({ attributes }) => attributes["lifecycle"]?.precondition ?? []);
  expect(conditions.map(({ error_message }: { error_message: string }) => error_message)).toEqual(
    Array(2).fill(expect.stringContaining("fleet/proxies/edge: url is not usable")),
  );
});

const IP = "https://10.0.0.9:8220";

test.each<[string, ProxyOptions, string]>([
  ["no url", { url: undefined }, "url is missing for a proxy in front of Fleet Server"],
  ["its own URL", { url: "https://fleet.example.com:8220" }, "upstreamUrl is the proxy's own URL"],
  ["a path", { url: `${URL}/fleet` }, "url contains a path"],
  ["an address upstream", { upstreamUrl: IP }, "upstreamUrl has an address"],
  ["Serverless", { upstreamUrl: "https://p-1.fleet.us-east-1.aws.elastic.cloud:443" }, "is a Serverless project"],
  [
    "Serverless by another name",
    { upstreamUrl: "https://fleet.internal.example.com:443", upstreamIsServerless: true },
    "is a Serverless project",
  ],
  ["a directory with a quote", { hostDirectory: "/etc/a'b" }, "hostDirectory cannot be written unquoted"],
  [
    "HAProxy with a key on the host",
    { proxySoftware: ProxySoftware.HAPROXY, certificate: CertificateSource.fromCertificateRequest({ file: "a.csr" }) },
    "certificate has a key that stays on the host",
  ],
])("%s is refused", (_, options, message) => {
  expect(refusal(options)).toContain(message);
});

test.each([
  ["https://0123.fleet.us-east-1.aws.found.io:443", undefined],
  ["https://0123.fleet.us-central1.gcp.cloud.es.io:443", undefined],
  ["https://0123.fleet.westeurope.azure.elastic-cloud.com:443", undefined],
  ["https://0123.fleet.us-east-1.aws.elastic.cloud:443", false],
])("a hosted deployment behind a proxy is allowed: %s", (upstreamUrl, upstreamIsServerless) => {
  synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps()).addProxy("edge", { url: URL, upstreamUrl, upstreamIsServerless });
  });
});

test("required client certificates that no client has are refused", () => {
  const message = refusalOf((stack) =>
    new OneWayFleetTls(stack, "fleet", fleetProps()).addProxy("edge", {
      url: URL,
      clientAuthentication: ClientAuthentication.REQUIRED,
    }),
  );
  expect(message).toContain("clientAuthentication asks for client certificates, but no host of this fleet has one");
});

test("an agent cannot dial a proxy of Elasticsearch as Fleet Server", () => {
  const message = refusalOf((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const upstreamUrl = "https://es-1.example.com:9200";
    const proxy = fleet.addProxy("edge", { target: ProxyTarget.ELASTICSEARCH, upstreamUrl });
    fleet.addAgent("web-1", { fleetServerProxy: proxy });
  });
  expect(message).toContain("fleetServerProxy is no proxy of this fleet's Fleet Server");
});

test("the Fleet Server hosts of a proxy come with its CA only as fleetServerProxy", () => {
  const message = refusalOf((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const { fleetServerHosts } = fleet.addProxy("edge", { url: URL });
    fleet.addAgent("web-1", { ...(fleetServerHosts && { fleetServerHosts }) });
  });
  expect(message).toContain("fleetServerHosts are those of a proxy, whose CA comes with the proxy");
  expect(message).toContain("pass the proxy as fleetServerProxy of the agent or its policy");
});

describe("a url of a proxy in front of Elasticsearch", () => {
  const options = { target: ProxyTarget.ELASTICSEARCH, upstreamUrl: "https://es-1.example.com:9200" };

  test("is refused if no host of the fleet would connect to it", () => {
    expect(refusal(options)).toContain("url has another host than elasticsearchUrl of the fleet");
    expect(refusal({ ...options, names: ["edge.example.com"] })).toContain("url has another host");
  });

  test("may have another port or case, or that host among names, or be the fleet's elasticsearchUrl", () => {
    synth({ ...options, url: "https://ES.example.com:443" });
    synth({ ...options, names: ["es.example.com"] });
    synth(options, { elasticsearchUrl: URL });
    synth({ ...options, url: "https://[2001:db8::1]:9200" }, { elasticsearchUrl: "https://[2001:db8::1]:9200" });
  });
});
