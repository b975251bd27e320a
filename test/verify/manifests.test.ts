import { chmodSync, readFileSync } from "node:fs";

import { FleetFixture, fleetTls, verifyJson } from "./fleet-fixture";
import type { Topology } from "./fleet-fixture";

const fixture = new FleetFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

/** A folder with nothing but these files, and a folder of certificates next to them. */
function folder(files: Readonly<Record<string, string>>): Topology {
  const t = fixture.topology();
  ["fleet-server", "agents", "elasticsearch", "kibana", "outputs"].forEach((name) => t.remove(name));
  chmodSync(t.root, 0o700);
  t.addHost("certs", {
    "fleet-ca.pem": pki.text("fleet-ca"),
    "es-ca.pem": pki.text("es-ca"),
    "fleet-cert.pem": pki.text("fleet-cert"),
    "fleet-cert-key.pem": pki.text("fleet-cert-key"),
    "es-cert.pem": pki.text("es-cert") + pki.text("es-ca"),
    "es-cert-key.pem": pki.text("es-cert-key"),
  });
  Object.entries(files).forEach(([name, text]) => {
    t.write(name, text);
    chmodSync(t.path(name), 0o600);
  });
  return t;
}

const SERVER = {
  FLEET_SERVER_ENABLE: "1",
  FLEET_URL: "https://fleet.example.com:8220",
  FLEET_CA: "/certs/fleet-ca.pem",
  FLEET_SERVER_CERT: "/certs/fleet-cert.pem",
  FLEET_SERVER_CERT_KEY: "/certs/fleet-cert-key.pem",
  FLEET_SERVER_POLICY_ID: "p",
  FLEET_SERVER_ELASTICSEARCH_HOST: "https://es.example.com:9200",
  FLEET_SERVER_ELASTICSEARCH_CA: "/certs/es-ca.pem",
  FLEET_SERVER_SERVICE_TOKEN: "${TOKEN}",
};
const AGENT = {
  FLEET_ENROLL: "1",
  FLEET_URL: "https://fleet.example.com:8220",
  FLEET_CA: "/certs/fleet-ca.pem",
  FLEET_ENROLLMENT_TOKEN: "${ENROLLMENT}",
};
const image = "docker.elastic.co/elastic-agent/elastic-agent:9.5.2";

type Variables = Readonly<Record<string, string>>;

function compose(server: Variables = SERVER, agent: Variables = AGENT): string {
  return `x-agent: &agent
  image: ${image}
  volumes: ["./certs:/certs:ro"]
services:
  es:
    image: elasticsearch:9.5.2
    volumes: [{ type: bind, source: ./certs, target: /usr/share/elasticsearch/config/certs }]
    environment:
      - xpack.security.http.ssl.enabled=true
      - xpack.security.http.ssl.certificate=certs/es-cert.pem
      - xpack.security.http.ssl.key=certs/es-cert-key.pem
  fleet-server:
    <<: *agent
    environment: ${JSON.stringify(server)}
  agent:
    <<: *agent
    environment: ${JSON.stringify(Object.entries(agent).map(([name, value]) => `${name}=${value}`))}
`;
}

function pod(kind: string, name: string, variables: Variables, secret = "tls"): string {
  return JSON.stringify({
    apiVersion: "apps/v1",
    kind,
    metadata: { name },
    spec: {
      template: {
        spec: {
          volumes: [{ name: "certs", secret: { secretName: secret } }],
          containers: [
            {
              name: "agent",
              image,
              volumeMounts: [{ name: "certs", mountPath: "/certs" }],
              env: Object.entries(variables).map(([key, value]) => ({ name: key, value })),
            },
          ],
        },
      },
    },
  });
}

const secret = (): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "tls" },
    data: Object.fromEntries(
      ["fleet-ca", "es-ca", "fleet-cert", "fleet-cert-key"].map((name) => [
        `${name}.pem`,
        Buffer.from(pki.text(name)).toString("base64"),
      ]),
    ),
  });

const kubernetes = (...objects: string[]): string => objects.join("\n---\n");

const dockerRun = (variables: Variables): string =>
  `#!/bin/sh\ndocker run -d --name web-1 -v "$PWD/certs:/certs:ro" ${Object.entries(variables)
    .map(([name, value]) => `-e ${name}="${value}"`)
    .join(" \\\n  ")} \\\n  ${image}\n`;

describe.each<[string, string, (server: Variables, agent: Variables) => string]>([
  ["a compose file", "docker-compose.yml", compose],
  [
    "Kubernetes objects",
    "fleet.yaml",
    (server, agent) => kubernetes(secret(), pod("Deployment", "fleet", server), pod("DaemonSet", "agents", agent)),
  ],
  ["docker run lines", "start.sh", (server, agent) => `${dockerRun(server)}${dockerRun(agent)}`],
])("%s", (_, file, write) => {
  const linesOf = async (server: Variables, agent: Variables): Promise<string[]> =>
    (await verifyJson(folder({ [file]: write(server, agent) }))).lines;

  test("that is right has no finding", async () => {
    expect(await linesOf(SERVER, AGENT)).toEqual([]);
  });

  test("with an agent that names no CA", async () => {
    const agent = Object.fromEntries(Object.entries(AGENT).filter(([name]) => name !== "FLEET_CA"));
    expect(await linesOf(SERVER, agent)).toEqual([
      expect.stringContaining("has no FLEET_CA, so it trusts the system's"),
    ]);
  });

  test("with an agent that trusts another CA", async () => {
    const lines = await linesOf(SERVER, { ...AGENT, FLEET_CA: "/certs/es-ca.pem" });
    expect(lines).toContainEqual(expect.stringContaining("is issued by CN=fleet-ca, which is neither"));
  });

  test("with a URL that the certificate does not have", async () => {
    const lines = await linesOf({ ...SERVER, FLEET_URL: "https://other.example.com:8220" }, AGENT);
    expect(lines).toEqual([expect.stringContaining("lacks the name other.example.com")]);
  });
});

describe("values of the elastic-agent Helm chart", () => {
  const values = (...lines: string[]): string =>
    [
      "agent:",
      "  fleet:",
      "    enabled: true",
      "    url: https://fleet.example.com:8220",
      ...lines.map((one) => `    ${one}`),
    ].join("\n");
  const linesOf = async (files: Readonly<Record<string, string>>) => (await verifyJson(folder(files))).lines;
  const inline = (name: string): string[] => ["token: t", "ca:", `  value: ${JSON.stringify(pki.text(name))}`];
  const fromSecret = (key: string): string[] => ["token: t", "ca:", `  valueFromSecret: { name: tls, key: ${key} }`];

  test("are one agent", async () => {
    expect(await linesOf({ "values.yaml": values(...inline("fleet-ca")) })).toEqual([]);
    expect(await linesOf({ "values.yaml": values(...inline("fleet-cert")) })).toContainEqual(
      expect.stringContaining("is not a certificate authority"),
    );
  });

  test("take certificates from a Secret of the same folder", async () => {
    expect(await linesOf({ "values.yaml": values(...fromSecret("fleet-ca.pem")), "tls.yaml": secret() })).toEqual([]);
    const wrong = { "values.yaml": values(...fromSecret("fleet-cert.pem")), "tls.yaml": secret() };
    expect(await linesOf(wrong)).toContainEqual(expect.stringContaining("is not a certificate authority"));
    // The chart's own path of the file is named where the Secret is not here.
    const { lines, notes } = await verifyJson(folder({ "values.yaml": values(...fromSecret("ca.pem")) }));
    expect(lines).toEqual([]);
    expect(notes).toContainEqual(expect.stringContaining("tls.ca.pem is not in the folder"));
  });

  test("take the URL and the token from Secrets", async () => {
    const secrets = ["urlFromSecret: { name: fleet, key: url }", "tokenFromSecret: { name: fleet, key: token }"];
    const text = values(...secrets).replace(/.*https.*\n/, "");
    expect(await linesOf({ "values.yaml": text })).toEqual([]);
  });

  test("without a URL, or insecure, are reported", async () => {
    const text = values(...inline("fleet-ca"));
    expect(await linesOf({ "values.yaml": text.replace(/.*https.*\n/, "") })).toEqual([
      expect.stringContaining("FLEET_URL is missing"),
    ]);
    expect(await linesOf({ "values.yaml": values(...inline("fleet-ca"), "insecure: true") })).toEqual([
      expect.stringContaining("FLEET_INSECURE disables the verification"),
    ]);
  });
});

test("a file that no volume of a container has is an error, for images that have no files of their own", async () => {
  const unmounted = compose(SERVER, AGENT).replace(
    "<<: *agent\n    environment: [",
    `image: ${image}\n    environment: [`,
  );
  const line = "fleet-ca.pem: is named by the command, and no volume of the container has it";
  expect((await verifyJson(folder({ "docker-compose.yml": unmounted }))).lines).toEqual([
    expect.stringContaining(line),
  ]);
  const own = unmounted.replace(new RegExp(`image: ${image}(?=\n    environment: \\[)`), "image: mine/elastic-agent:9");
  expect((await verifyJson(folder({ "docker-compose.yml": own }))).lines).toEqual([]);
  const agent = { ...AGENT, FLEET_CA: "/certs/ca.crt" };
  const objects = kubernetes(secret(), pod("Deployment", "fleet", SERVER), pod("DaemonSet", "agents", agent));
  expect((await verifyJson(folder({ "fleet.yaml": objects }))).lines).toEqual([
    expect.stringContaining("ca.crt: is named by the command, and the volume at /certs does not have it"),
  ]);
});

test("a CA that is not in the folder of a bind mount is an error; a key may exist on the host alone", async () => {
  const line = "ca.crt: is named by the command, and the volume at /certs does not have it";
  const agent = { ...AGENT, FLEET_CA: "/certs/ca.crt" };
  for (const [file, text] of Object.entries({
    "docker-compose.yml": compose(SERVER, agent),
    "compose.yml": compose(SERVER, agent).replaceAll(image, "mine/elastic-agent:9"),
    "start.sh": `${dockerRun(SERVER)}${dockerRun(agent)}`,
  })) {
    expect((await verifyJson(folder({ [file]: text }))).lines).toEqual([expect.stringContaining(line)]);
  }
  const oneFile = compose(SERVER, agent).replace("./certs:/certs:ro", "./certs/ca.crt:/certs/ca.crt");
  expect((await verifyJson(folder({ "docker-compose.yml": oneFile }))).lines).toContainEqual(
    expect.stringContaining("agent/ca.crt: is named by the command, and the volume at /certs/ca.crt does not have it"),
  );
  const t = folder({ "docker-compose.yml": compose() });
  t.remove("certs/fleet-cert-key.pem");
  expect((await verifyJson(t)).lines).toEqual([]);
  // The folder is not in the tree, so its files are not known.
  const elsewhere = folder({ "docker-compose.yml": compose(SERVER, agent).replaceAll("./certs:", "/etc/certs:") });
  expect((await verifyJson(elsewhere)).lines).toEqual([]);
});

test("docker run mounts by --mount, and in PowerShell", async () => {
  const text = dockerRun({ ...AGENT, FLEET_CA: "/certs/es-ca.pem" });
  const byMount = text.replace(
    /-v "\$PWD\/certs:\/certs:ro"/,
    "--mount type=bind,source=$(pwd)/certs,target=/certs,readonly",
  );
  const line = expect.stringContaining("is issued by CN=fleet-ca, which is neither") as string;
  const inPowershell = text
    .replace("#!/bin/sh\n", "")
    .replace(/\\\n/g, "`\n")
    .replace(/\$\{ENR\w+\}/, "t");
  for (const [name, agent] of [
    ["agent.sh", byMount],
    ["agent.ps1", inPowershell],
  ] as const) {
    expect((await verifyJson(folder({ "server.sh": dockerRun(SERVER), [name]: agent }))).lines).toContainEqual(line);
  }
});

test("an env file of a compose file is read, and ECK's own objects are named as unread", async () => {
  const lines = Object.entries(AGENT).map(([name, value]) => `${name}=${value}`);
  const files = {
    "docker-compose.yml": `services: { agent: { image: "${image}", env_file: agent.env, volumes: ["./certs:/certs"] } }`,
    "agent.env": lines.join("\n"),
    "eck.yaml": "apiVersion: agent.k8s.elastic.co/v1alpha1\nkind: Agent\nmetadata: { name: a }\n",
  };
  const t = folder(files);
  const { out } = await fleetTls(["verify", t.root]);
  expect(out).toContain("eck.yaml was not read");
  expect(out).not.toContain("agent.env was not read");
});

test("a container that never enrolls is reported", async () => {
  const agent = { ...AGENT, FLEET_ENROLL: "false" };
  expect((await verifyJson(folder({ "docker-compose.yml": compose(SERVER, agent) }))).lines).toEqual([
    expect.stringContaining("has neither FLEET_ENROLL nor FLEET_SERVER_ENABLE on, so the agent runs standalone"),
  ]);
  const none = { ELASTICSEARCH_HOST: "https://es.example.com:9200" };
  expect((await verifyJson(folder({ "docker-compose.yml": compose(SERVER, none) }))).lines).toEqual([
    expect.stringContaining("warning docker-compose.yml:agent: agent runs elastic-agent without FLEET_ENROLL"),
  ]);
});

test("variables from a source that is not here are not reported as missing", async () => {
  const text = pod("DaemonSet", "agents", {}).replace('"env":[]', '"envFrom":[{"secretRef":{"name":"fleet"}}]');
  expect((await verifyJson(folder({ "fleet.yaml": text }))).lines).toEqual([]);
  const agent = Object.fromEntries(Object.entries(AGENT).filter(([name]) => name !== "FLEET_ENROLL"));
  const lines = compose(SERVER, agent).replace(/$/, '    env_file: ["fleet.env"]\n');
  expect((await verifyJson(folder({ "docker-compose.yml": lines }))).lines).toEqual([]);
});

test("a store of keys next to a compose file is named, with a command that converts it", async () => {
  const t = folder({ "docker-compose.yml": compose() });
  pki.openssl(
    "pkcs12",
    "-export",
    "-in",
    "es-cert.pem",
    "-inkey",
    "es-cert-key.pem",
    "-passout",
    "pass:x",
    "-out",
    "http.p12",
  );
  t.write("http.p12", readFileSync(pki.path("http.p12")));
  const { notes } = await verifyJson(t);
  expect(notes).toContainEqual(expect.stringContaining("http.p12 was not read; "));
});

test("a folder with a compose file that is not YAML is an error", async () => {
  const { out } = await fleetTls(["verify", folder({ "docker-compose.yml": "services: [" }).root]);
  expect(out).toContain("docker-compose.yml  is not YAML");
});
