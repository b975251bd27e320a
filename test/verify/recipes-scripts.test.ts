import { RecipeTrees } from "./recipe-tree";

const trees = new RecipeTrees();
afterAll(() => trees.dispose());

const AGENT = "out/agents/web-1";
const URL = "--url=https://fleet.example.com:8220";
const NO_CA = "error agents/web-1: has no --certificate-authorities";
const OTHER_CA = "error agents/web-1: trusts es-ca.pem for Fleet Server";

/** A script of the agent in place of the tree's command. */
const script = (name: string, ...lines: string[]): string =>
  `rm -f ${AGENT}/install-command.sh; cat > ${AGENT}/${name} <<'END_OF_SCRIPT'\n${lines.join("\n")}\nEND_OF_SCRIPT\n`;

/** Scripts as people write them, without the CA or with another one, and as they are right. */
const SCRIPTS: readonly (readonly [name: string, script: (ca: string) => string])[] = [
  [
    "PowerShell, splatting",
    (ca) =>
      script(
        "install.ps1",
        "param([string]$Token)",
        "$agentArgs = @(",
        "  'install'",
        "  '--non-interactive',",
        `  '${URL}'   # the load balancer`,
        ...(ca === "" ? [] : [`  '--certificate-authorities=C:\\certs\\${ca}'`]),
        '  "--enrollment-token=$Token"',
        ")",
        "& 'C:\\Program Files\\agent\\elastic-agent.exe' @agentArgs",
      ),
  ],
  [
    "PowerShell, an array that grows, and Start-Process",
    (ca) =>
      script(
        "setup.ps1",
        '$exe = Join-Path $PSScriptRoot "elastic-agent.exe"',
        '$arguments = "install", "-f"',
        `$arguments += "${URL}"`,
        ...(ca === "" ? [] : [`$arguments += "--certificate-authorities=C:\\certs\\${ca}"`]),
        '$arguments += "--enrollment-token=$($env:TOKEN)"',
        "Start-Process -FilePath .\\elastic-agent.exe -ArgumentList $arguments -Wait -NoNewWindow",
      ),
  ],
  [
    "PowerShell, continued lines and variables",
    (ca) =>
      script(
        "run.ps1",
        `$fleet = "fleet.example.com"`,
        '$url = "https://" + $fleet + ":8220"',
        ".\\elastic-agent.exe install `",
        "  --url=$url `",
        ...(ca === "" ? [] : [`  --certificate-authorities="C:\\certs\\${ca}" \``]),
        "  --enrollment-token=$env:TOKEN `",
        "  --non-interactive",
      ),
  ],
  [
    "cmd.exe and the MSI package",
    (ca) =>
      script(
        "deploy.bat",
        "@echo off",
        "set TOKEN=%1",
        `msiexec /i elastic-agent-9.2.0-windows-x86_64.msi INSTALLARGS="${URL} --enrollment-token=%TOKEN%${ca === "" ? "" : ` --certificate-authorities=C:\\certs\\${ca}`}" /qn`,
      ),
  ],
  [
    "bash, an array",
    (ca) =>
      script(
        "install.sh",
        "#!/bin/bash",
        "CERTS=/etc/elastic-agent/certs",
        "FLEET_URL=https://fleet.example.com:8220",
        "args=(",
        '  install --url "$FLEET_URL"',
        '  --enrollment-token "$TOKEN" -n # no questions',
        ")",
        ...(ca === "" ? [] : [`args+=(--certificate-authorities "$CERTS/${ca}")`]),
        'sudo ./elastic-agent "${args[@]}"',
      ),
  ],
  [
    "bash, variables without quotes",
    (ca) =>
      script(
        "run.sh",
        "export D=/etc/elastic-agent/certs HOST=fleet.example.com",
        `OPTIONS="-n --url=https://$HOST:8220"`,
        `elastic-agent install $OPTIONS --enrollment-token "$1"${ca === "" ? "" : ` --certificate-authorities=$D/${ca}`}`,
      ),
  ],
  [
    "ssh",
    (ca) =>
      script(
        "rollout.sh",
        "for host in web-1 web-2; do",
        `  ssh -i key -p 22 "root@$host" "/opt/elastic-agent install -f ${URL} --enrollment-token=$TOKEN${ca === "" ? "" : ` --certificate-authorities=/certs/${ca}`}"`,
        "done",
      ),
  ],
];

describe.each(SCRIPTS)("%s", (_, write) => {
  test.each([
    ["without a CA", "", [NO_CA]],
    ["with another CA", "es-ca.pem", [OTHER_CA]],
    ["with the CA", "fleet-ca.pem", []],
  ])("%s", async (__, ca, findings) => {
    const lines = await trees.linesOf(write(ca));
    expect(lines).toEqual(findings.map((line) => expect.stringContaining(line) as unknown));
  });
});

const COMPOSE = (ca: string): string => `rm ${AGENT}/install-command.sh
cat > out/docker-compose.yml <<'END_OF_SCRIPT'
services:
  agent:
    image: docker.elastic.co/elastic-agent/elastic-agent:9.2.0
    volumes: ["./agents/web-1:/certs:ro"]
    environment:
      FLEET_ENROLL: "1"
      FLEET_URL: https://fleet.example.com:8220
      FLEET_ENROLLMENT_TOKEN: \${TOKEN}
      FLEET_CA: ${ca}
END_OF_SCRIPT
`;
const LEGACY = (scheme: string): string => `mkdir out/kibana; cp es-ca.pem out/kibana/
printf '%s\\n' 'elasticsearch.hosts: ["https://es.example.com:9200"]' 'elasticsearch.ssl.certificateAuthorities: /certs/es-ca.pem' \\
  'xpack.fleet.agents.fleet_server.hosts: ["${scheme}://fleet.example.com:8220"]' > out/kibana/kibana.yml`;

/** What most pages begin with: a certificate of `openssl req -x509`, which is a CA, as the CA and as the certificate. */
const selfSigned = (name: string): string =>
  `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout own.key -out own.pem -days 300 -subj /CN=fleet \\
  -addext keyUsage=digitalSignature,keyCertSign -addext subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1; serve own.pem own.key; `;
const IS_CA = "warning fleet-server/fleet-cert.pem: is a CA itself, so anyone with its key can issue certificates";
const COMBINED = `cat fleet.pem fleet.key > out/fleet-server/fleet.pem; rm out/fleet-server/fleet-cert*
sed -i 's#fleet-cert\\(-key\\)*.pem#fleet.pem#g' out/fleet-server/install-command.sh; `;

test.each<[string, string, string[]]>([
  ["a certificate that is its own CA", `${selfSigned("fleet.example.com")}trust own.pem`, [IS_CA]],
  [
    "a certificate that is its own CA, with another name",
    `${selfSigned("other.example.com")}trust own.pem`,
    [
      "error agents/web-1: connects to fleet.example.com, which no fleet cert here has",
      "error fleet-server/fleet-cert.pem: lacks the name fleet.example.com",
      IS_CA,
    ],
  ],
  [
    "a self-signed certificate that no host trusts",
    selfSigned("fleet.example.com"),
    ["error fleet-server/fleet-cert.pem: is refused by --certificate-authorities and 1 more", IS_CA],
  ],
  ["a certificate and its key in one file", COMBINED, []],
  [
    "a certificate and its key in one file that others may read",
    `${COMBINED}chmod 644 out/fleet-server/fleet.pem`,
    ["error fleet-server/fleet.pem: has mode 0644"],
  ],
  [
    "the key of the CA next to its certificate",
    "cat fleet-ca.key >> out/fleet-server/fleet-ca.pem",
    [
      "error fleet-server/fleet-ca.pem: is the private key of a CA",
      "warning fleet-server/fleet-ca.pem: has a private key among its certificates",
    ],
  ],
  [
    "two commands of one script, of which the second names no CA",
    script(
      "install.sh",
      `if [ -d /opt/Elastic ]; then elastic-agent enroll -f ${URL} --enrollment-token=t --certificate-authorities=/certs/fleet-ca.pem`,
      `else elastic-agent install -n ${URL} --enrollment-token=t; fi`,
    ),
    [NO_CA],
  ],
  [
    "a command in a text file",
    `mv ${AGENT}/install-command.sh ${AGENT}/command.txt; sed -i 's/ --certificate-authorities[^ ]*//' ${AGENT}/command.txt`,
    [NO_CA],
  ],
  ["a CA by its path in the container", COMPOSE("/certs/fleet-ca.pem"), []],
  [
    "a CA by another path in the container",
    COMPOSE("/usr/share/certs/fleet-ca.pem"),
    ["error docker-compose.yml:agent/fleet-ca.pem: is named by the command, and mounted as /certs/fleet-ca.pem"],
  ],
  ["the Fleet Server host of Kibana before 8.2", LEGACY("https"), []],
  [
    "the Fleet Server host of Kibana before 8.2, by http",
    LEGACY("http"),
    ["error kibana/kibana.yml: Fleet Server host fleet_server.hosts has a URL that is not https"],
  ],
  [
    "an IP address as a DNS name",
    "leaf ip fleet-ca DNS:10.0.0.5,DNS:localhost,IP:127.0.0.1; serve ip.pem ip.key; sed -i s/fleet.example.com/10.0.0.5/ out/*/*.sh out/*/*/*.sh",
    [
      "error agents/web-1: connects to 10.0.0.5, which no fleet cert here has",
      "error fleet-server/fleet-cert.pem: has 10.0.0.5 as a DNS name, where clients look for an IP address",
    ],
  ],
  [
    "a wildcard for two labels",
    "leaf w fleet-ca 'DNS:*.example.com,DNS:localhost,IP:127.0.0.1'; serve w.pem w.key; sed -i s/fleet.example/fleet.eu.example/ out/*/*.sh out/*/*/*.sh",
    [
      "error agents/web-1: connects to fleet.eu.example.com, which no fleet cert here has",
      "error fleet-server/fleet-cert.pem: lacks the name fleet.eu.example.com",
    ],
  ],
  ["a wildcard for one label", "leaf w fleet-ca 'DNS:*.example.com,DNS:localhost,IP:127.0.0.1'; serve w.pem w.key", []],
])("%s", async (_, write, findings) => {
  const lines = await trees.linesOf(write);
  expect(lines).toEqual(findings.map((line) => expect.stringContaining(line) as unknown));
});
