import { readFileSync } from "node:fs";

import { readHostCommand, readHostCommands } from "../../verify/host-command";
import { installCommands } from "../../lib/command/parse/install-arguments";
import { posixCommands } from "../../lib/command/parse/posix-commands";
import { StackVersion } from "../../lib/command/stack-version";
import { AGENT_COMMAND, SERVER_COMMAND } from "./fleet-fixture";

const SECRET = "hunter2";
const facts = (script: string, version?: string, name = "install-command.sh") =>
  readHostCommand(name, script, version === undefined ? undefined : StackVersion.of(version)).findings.map(
    ({ fact, severity, what }) => `${severity} ${fact}: ${what}`,
  );
const edit = (script: string, from: string | RegExp, to: string): string => {
  expect(script).toMatch(from);
  return script.replace(from, to);
};
const server = (from: string | RegExp, to: string) => edit(SERVER_COMMAND, from, to);
const agent = (from: string | RegExp, to: string) => edit(AGENT_COMMAND, from, to);

test("correct commands have no finding", () => {
  expect(facts(SERVER_COMMAND, "9.5.2")).toEqual([]);
  expect(facts(AGENT_COMMAND, "9.5.2")).toEqual([]);
});

test.each<[number, string, string, string]>([
  [29, "no Elasticsearch", server(/--fleet-server-es=\S+ /, ""), "is set without --fleet-server-es"],
  [1, "Elasticsearch without a scheme", server("es=https://", "es="), "--fleet-server-es is not a URL"],
  [2, "no token", server(/--fleet-server-service-token-path=\S+ /, ""), "service-token and its path are both missing"],
  [
    2,
    "two tokens",
    server("--non", `--fleet-server-service-token=${SECRET} --non`),
    "service-token is set, and so is its path",
  ],
  [
    3,
    "a certificate without its key",
    server(/--fleet-server-cert-key=\S+ /, ""),
    "--fleet-server-cert-key is missing, and the other half",
  ],
  [4, "a certificate without --url", server(/--url=\S+ /, ""), "--url is missing"],
  [5, "http", server("--url=https", "--url=http"), "--url is not an https URL"],
  [5, "a URL that is none", server("--url=https://", "--url="), "--url is not an https URL"],
  [6, "no port", server("fleet.example.com:8220", "fleet.example.com"), "--url has no port"],
  [
    6,
    "another port than the listener's",
    server("fleet.example.com:8220", "fleet.example.com:443"),
    "--url has port 443 while",
  ],
  [7, "the page's doubled flag", server("-key-passphrase=", "-key="), "--elastic-agent-cert-key is there twice"],
  [
    8,
    "a relative path",
    server("fleet-server-cert=/etc", "fleet-server-cert=etc"),
    "--fleet-server-cert is not absolute",
  ],
  [
    8,
    "a path of Windows",
    server(/fleet-server-cert=\S+/, "fleet-server-cert='C:\\x'"),
    "--fleet-server-cert is not absolute",
  ],
  [9, "a relative second CA", server(",/etc", ",etc"), "--certificate-authorities is not absolute"],
  [10, "an empty item", server(",/etc", ",,/etc"), "contains an empty path"],
  [11, "two paths for Elasticsearch's CA", server("es-ca=/etc", "es-ca=/a.pem,/etc"), "--fleet-server-es-ca is a list"],
  [
    12,
    "PEM in the command",
    server(/fleet-server-cert=\S+/, `fleet-server-cert='-----BEGIN CERTIFICATE-----${SECRET}'`),
    "begins with a hyphen, as PEM does",
  ],
  [13, "a mode in capitals", server("=required", "=Required"), "is not a client authentication mode"],
  [
    14,
    "client authentication alone",
    server(/--fleet-server-cert=[^]*?-key=\S+ /, ""),
    "client authentication does nothing",
  ],
  [
    15,
    "no certificate for its own agent",
    server(/--elastic-agent-cert=[^]*?passphrase=\S+ /, ""),
    "would refuse its own agent",
  ],
  [18, "an agent passphrase alone", agent(/--elastic-agent-cert-key=\S+ /, ""), "is missing, and the other half"],
  [
    19,
    "a server passphrase alone",
    server(/--fleet-server-cert=[^]*?-key=\S+ /, "--fleet-server-cert-key-passphrase=/p "),
    "--fleet-server-cert-key-passphrase is set without",
  ],
  [
    20,
    "a passphrase for the ES key",
    server("--non", "--fleet-server-es-cert-key-passphrase=/p --non"),
    "--fleet-server-es-cert-key-passphrase does not exist",
  ],
  [
    21,
    "an ES certificate without its key",
    server(/--fleet-server-es-cert-key=\S+ /, ""),
    "--fleet-server-es-cert-key is missing",
  ],
  [
    22,
    "a fingerprint with colons",
    server("--non", `--fleet-server-es-ca-trusted-fingerprint=${"AB:".repeat(32)} --non`),
    "trusted-fingerprint is not written",
  ],
  [23, "a pin in hex", server("--non", `--ca-sha256=${"ab".repeat(32)} --non`), "--ca-sha256 is not written"],
  [24, "port 0", server("-port=8220", "-port=0"), "--fleet-server-port is not a port"],
  [
    25,
    "no --non-interactive",
    server("--non-interactive", "--tag=a"),
    "--non-interactive is missing, and install asks",
  ],
  [25, "--non-interactive on enroll", agent(" install ", " enroll "), "--non-interactive is unknown to enroll"],
  [26, "no enrollment token", agent(/--enrollment-token="[^"]*" /, ""), "--enrollment-token is missing"],
  [26, "an empty enrollment token", agent(/"\$\{FLEET[^"]*"/, "''"), "--enrollment-token is missing"],
  [27, "--delay-enroll", server("--non", "--delay-enroll --non"), "loses every setting of a Fleet Server"],
  [28, "--insecure", agent("--non", "--insecure --non"), "--insecure disables the verification"],
  [28, "-i", agent("--non", "-i --non"), "--insecure disables the verification"],
  [
    29,
    "a server's flag on an agent",
    agent("--non", "--fleet-server-port=1 --non"),
    "--fleet-server-port is set without --fleet-server-es",
  ],
  [
    31,
    "an agent certificate in one-way mode",
    server("=required", "=none"),
    "although Fleet Server asks for no client certificate",
  ],
  [32, "an unknown flag", server("--non", `--no-such-flag=${SECRET} --non`), "--no-such-flag is unknown to install"],
  [33, "a header without a value", server("--non", `--header=${SECRET} --non`), "--header has no ="],
  [34, "a list that the shell splits", server(",/etc", `, ${SECRET}/etc`), "a word after --certificate-authorities"],
  [34, "a variable without quotes", agent(/"(\$\{FLEET[^"]*)"/, "$1"), "--enrollment-token may be split by the shell"],
  [
    34,
    "a flag without its value",
    server("--non-interactive", "-n --fleet-server-policy"),
    "--fleet-server-policy has no value",
  ],
  [34, "a quote that is not closed", server("policy'", "policy"), "a ' is missing"],
  [34, "CRLF", SERVER_COMMAND.replace(/\n/g, "\r\n"), "CRLF line ends"],
])("fact %i: names %s", (fact, _, script, what) => {
  const found = facts(script);
  expect(found).toContainEqual(expect.stringMatching(new RegExp(`^(error|warning) ${fact}: .*${escape(what)}`)));
  expect(JSON.stringify(readHostCommand("x.sh", script).findings)).not.toContain(SECRET);
});

test("check 32: knows which version has which flag", () => {
  expect(facts(SERVER_COMMAND, "8.12.2")).toEqual([
    "error 32: --elastic-agent-cert is unknown to 8.12.2",
    "error 32: --elastic-agent-cert-key is unknown to 8.12.2",
    "error 32: --elastic-agent-cert-key-passphrase is unknown to 8.12.2",
    "error 32: --fleet-server-es-cert is unknown to 8.12.2",
    "error 32: --fleet-server-es-cert-key is unknown to 8.12.2",
    "error 32: --fleet-server-client-auth is unknown to 8.12.2",
    "error 32: --stack-version is a version whose Fleet Server checks the host name of agents' certificates",
  ]);
  const timeout = agent("--non", "--enroll-timeout=5m --non");
  const known = ["8.18.0", "8.19.0", "9.0.3", "9.1.0"].map((version) => facts(timeout, version).length === 0);
  expect(known).toEqual([false, true, false, true]);
});

test("names the page's mistakes", () => {
  const page = readPage();
  expect(facts(page.oneWay)).toEqual([
    "error 25: --non-interactive is missing, and install asks before it goes on, so a script hangs",
    "warning 6: --url has port 443 while Fleet Server listens on 8220",
  ]);
  expect(facts(page.mutual)).toEqual([
    "error 7: --elastic-agent-cert-key is there twice, and the last one wins",
    "error 25: --non-interactive is missing, and install asks before it goes on, so a script hangs",
    "warning 6: --url has port 443 while Fleet Server listens on 8220",
  ]);
});

test("reads the same command for PowerShell", () => {
  const script = [
    "if (-not $env:TOKEN) { throw 'set TOKEN' }",
    "& '.\\elastic-agent.exe' install --url='https://fleet.example.com:8220' `",
    "--certificate-authorities='C:\\certs\\fleet-ca.pem,C:\\certs\\agent-ca.pem' `",
    '--enrollment-token="$env:TOKEN" --non-interactive',
  ].join("\r\n");
  expect(facts(script, undefined, "install-command.ps1")).toEqual([]);
  expect(facts(script.replace("C:\\certs\\agent", "\\certs\\agent"), undefined, "x.ps1")).toMatchObject([/^error 9/]);
  expect(facts(script.replace(/'(C:[^']*)'/, "$1"), undefined, "x.ps1")).toMatchObject([/^error 34/]);
});

test("reads PowerShell as the constructs write it", () => {
  const script = [
    "\ufefftrap { Write-Host $_; exit 1 }",
    "function Check { if ($LASTEXITCODE -ne 0) { throw 'no' } }",
    "$directory = 'C:\\certs'.TrimEnd('\\/')",
    "& { $PSNativeCommandArgumentPassing = 'Legacy'; .\\elastic-agent.exe install '--url=https://fleet.example.com:8220' `",
    "('--enrollment-token=' + $(if ($env:TOKEN -match '^[!#-\\[\\]-~]+\\z') { $env:TOKEN } else { throw 'set it' })) `",
    `'"--header=a=b \\"c\\""' '--certificate-authorities=C:\\it''s\\fleet-ca.pem' '--non-interactive' }`,
    "exit $LASTEXITCODE",
  ].join("\n");
  const { command, findings, containsSecret } = readHostCommand("install-command.ps1", script);
  expect(findings).toEqual([]);
  expect(command!.list("certificate-authorities")).toEqual(["C:\\it's\\fleet-ca.pem"]);
  expect(command!.value("enrollment-token")!.references).toEqual([{ name: "TOKEN", guarded: true }]);
  expect([command!.known("header"), containsSecret]).toEqual(['a=b "c"', false]);
});

test("reads a container's env file as the flags of the same meaning", () => {
  const lines = [
    "FLEET_URL=https://fleet.example.com:8220",
    "FLEET_CA=/certs/fleet-ca.pem",
    "FLEET_ENROLL=1",
    "FLEET_ENROLLMENT_TOKEN",
  ];
  expect(facts(lines.join("\n"), undefined, "container.env")).toEqual([]);
  expect(facts([...lines, "FLEET_INSECURE=true"].join("\n"), undefined, "container.env")).toMatchObject([/^error 28/]);
  const bad = "FLEET_ENROLL=y\nFLEET_URL=fleet\nFLEET_CA=certs";
  expect(facts(bad, undefined, "container.env")).toMatchObject([/^error 5/, /^error 9/]);
  expect(readHostCommand("container.env", `${lines[0]}\nFLEET_ENROLLMENT_TOKEN=${SECRET}`).containsSecret).toBe(true);
});

const SERVER_VARIABLES = [
  "FLEET_SERVER_ENABLE=1",
  "FLEET_SERVER_POLICY=p",
  "FLEET_SERVER_SERVICE_TOKEN=t",
  "FLEET_URL=https://fleet.example.com:8220",
  "FLEET_CA=/certs/fleet-ca.pem",
  "FLEET_SERVER_CERT=/certs/fleet-cert.pem",
  "FLEET_SERVER_CERT_KEY=/certs/fleet-cert-key.pem",
  "ELASTICSEARCH_HOST=https://es.example.com:9200",
  "ELASTICSEARCH_CA=/certs/es-ca.pem",
];
const AGENT_VARIABLES = ["FLEET_ENROLL=1", "FLEET_URL=https://fleet.example.com:8220", "FLEET_ENROLLMENT_TOKEN=t"];
const container = (lines: readonly string[], ...more: readonly string[]) =>
  facts([...lines, ...more].join("\n"), undefined, "container.env");
const replaced = (lines: readonly string[], name: string, ...by: readonly string[]) =>
  lines.flatMap((line) => (line.startsWith(`${name}=`) ? by : [line]));

test.each<[string, readonly string[]]>([
  ["the fallbacks of a Fleet Server", SERVER_VARIABLES],
  ["another word for true", replaced(SERVER_VARIABLES, "FLEET_SERVER_ENABLE", "FLEET_SERVER_ENABLE=Yes")],
  ["a switch from outside", replaced(SERVER_VARIABLES, "FLEET_SERVER_ENABLE", "FLEET_SERVER_ENABLE")],
  ["both switches", [...SERVER_VARIABLES, "FLEET_ENROLL=false"]],
  ["the first name before its fallback", [...SERVER_VARIABLES, "FLEET_SERVER_ELASTICSEARCH_HOST=https://es:9200"]],
  ["an agent whose env file Elasticsearch shares", [...AGENT_VARIABLES, "ELASTICSEARCH_HOST=http://es:9200"]],
  ["an empty variable, which makes no flag", [...AGENT_VARIABLES, "ELASTIC_AGENT_CERT=", "FLEET_SERVER_CERT="]],
])("a container's variables are read as the entry point reads them: %s", (_, lines) => {
  expect(container(lines)).toEqual([]);
});

test.each<[string, readonly string[], string]>([
  [
    "no address of Elasticsearch",
    replaced(SERVER_VARIABLES, "ELASTICSEARCH_HOST"),
    "error 1: has no FLEET_SERVER_ELASTICSEARCH_HOST, so Fleet Server connects to http://elasticsearch:9200",
  ],
  [
    "an empty address before a fallback",
    [...SERVER_VARIABLES, "FLEET_SERVER_ELASTICSEARCH_HOST="],
    "error 1: has an empty FLEET_SERVER_ELASTICSEARCH_HOST, so Fleet Server has no address",
  ],
  ["no FLEET_ENROLL", AGENT_VARIABLES.slice(1), "error 26: has neither FLEET_ENROLL nor FLEET_SERVER_ENABLE on"],
  [
    "FLEET_ENROLL=false",
    replaced(AGENT_VARIABLES, "FLEET_ENROLL", "FLEET_ENROLL=false"),
    "error 26: has neither FLEET_ENROLL nor FLEET_SERVER_ENABLE on",
  ],
  ["FLEET_ENROLL=on", replaced(AGENT_VARIABLES, "FLEET_ENROLL", "FLEET_ENROLL=on"), "error 26: has neither"],
  [
    "FLEET_SERVER_ENABLE=0",
    replaced(SERVER_VARIABLES, "FLEET_SERVER_ENABLE", "FLEET_SERVER_ENABLE=0"),
    "error 26: has neither",
  ],
  [
    "an empty token",
    replaced(AGENT_VARIABLES, "FLEET_ENROLLMENT_TOKEN", "FLEET_ENROLLMENT_TOKEN="),
    "error 26: FLEET_ENROLLMENT_TOKEN is missing",
  ],
  [
    "variables of a Fleet Server that is not enabled",
    [...AGENT_VARIABLES, "FLEET_SERVER_CERT=/c.pem"],
    "error 29: FLEET_SERVER_CERT is set without FLEET_SERVER_ENABLE",
  ],
  [
    "a fallback that is wrong",
    replaced(SERVER_VARIABLES, "ELASTICSEARCH_CA", "ELASTICSEARCH_CA=es-ca.pem"),
    "error 8: ELASTICSEARCH_CA is not absolute",
  ],
  ["a variable twice", [...AGENT_VARIABLES, "FLEET_URL=https://b:8220"], "error 7: FLEET_URL is there twice"],
])("a container's variables are judged under their own names: %s", (_, lines, expected) => {
  const found = container(lines);
  expect(found).toContainEqual(expect.stringContaining(expected));
  expect(found.join()).not.toContain("--");
});

test("a fallback is named as it was written, and replaced by the agent's own variable", () => {
  const text = [...AGENT_VARIABLES, "ELASTICSEARCH_CA=/certs/es-ca.pem"].join("\n");
  const { command } = readHostCommand("container.env", text);
  expect(command!.list("certificate-authorities")).toEqual(["/certs/es-ca.pem"]);
  expect(command!.nameOf("certificate-authorities")).toBe("ELASTICSEARCH_CA");
  expect(command!.ownNameOf("certificate-authorities")).toBe("FLEET_CA");
  expect(command!.has("fleet-server-es-ca")).toBe(false);
});

const PLAIN = [
  "elastic-agent install --non-interactive \\",
  "  --url=https://fleet.example.com:8220 \\",
  "  --enrollment-token=t --certificate-authorities=/etc/fleet-ca.pem",
].join("\n");
const forPowerShell = (script: string) => script.replaceAll(" \\", " `").replaceAll("/etc", "C:\\certs");

test.each<[string, string, string, string?]>([
  ["an en dash", PLAIN.replace("--url", "–url"), "line 2 has a typographic dash in front of a flag"],
  ["two em dashes", PLAIN.replace("--enr", "——enr"), "line 3 has a typographic dash"],
  ["an en dash and a hyphen", PLAIN.replace("--url", "–-url"), "line 2 has a typographic dash"],
  ["a no-break space", PLAIN.replace(" --url", "\u00a0--url"), "line 2 has a no-break space"],
  ["a zero-width space", PLAIN.replace("--url", "\u200b--url"), "line 2 has a character that cannot be seen"],
  ["smart quotes", PLAIN.replace(/=(https\S+)/, "=“$1”"), "line 2 has typographic quotes"],
  ["single smart quotes", PLAIN.replace(/=(https\S+)/, " ‘$1’"), "line 2 has typographic quotes"],
  ["cmd.exe's continuation", PLAIN.replace("8220 \\", "8220 ^"), "line 2 continues a line with ^, which only cmd.exe"],
  [
    "PowerShell's continuation",
    PLAIN.replace("8220 \\", "8220 `"),
    "line 2 continues a line with `, which only PowerShell",
  ],
  ["a blank after the continuation", PLAIN.replace("8220 \\", "8220 \\ "), "line 2 has a blank after the \\"],
  ["a callout", PLAIN.replace("8220 \\", "8220 \\ <1>"), "line 2 ends with a callout"],
  ["a callout in a circle", `${PLAIN} ②`, "line 3 ends with a callout"],
  ["an en dash", forPowerShell(PLAIN.replace("--url", "–url")), "line 2 has a typographic dash", "install-command.ps1"],
  [
    "a POSIX shell's continuation",
    forPowerShell(PLAIN).replace("8220 `", "8220 \\"),
    "line 2 continues a line with \\, which only a POSIX shell",
    "install-command.ps1",
  ],
])("what a script was pasted with is named, and nothing else: %s", (...row) => {
  const [, script, expected, name] = row;
  expect(facts(script, undefined, name)).toEqual([expect.stringContaining(`error 34: ${expected}`)]);
});

test.each<[string, string, string?]>([
  ["as it was", PLAIN],
  ["in a comment", `# elastic-agent – “install” –url ^\n${PLAIN}`],
  ["quoted", PLAIN.replace("--enr", "--header='a=b “c” – d' --enr")],
  ["quotes that PowerShell takes", forPowerShell(PLAIN).replace(/=(https\S+)/, "=“$1”"), "install-command.ps1"],
])("typographic characters that do no harm: %s", (...row) => {
  const [, script, name] = row;
  expect(facts(script, undefined, name)).toEqual([]);
});

test("a script without a command is reported", () => {
  expect(facts("echo hello")[0]).toContain("has no elastic-agent install");
});

test("every command of a script is checked", () => {
  const script = `${AGENT_COMMAND}${AGENT_COMMAND.replace("https:", "http:")}`;
  const read = readHostCommands("x.sh", script, undefined, {});
  expect(read.map(({ findings }) => findings.map(({ fact }) => fact))).toEqual([[], [5]]);
});

test("reads flags as pflag does", () => {
  const [command] = installCommands(
    posixCommands("elastic-agent install -fn -a /a,/b -t tok --url u --insecure=false -- x"),
  );
  expect([command!.isOn("force"), command!.isOn("non-interactive"), command!.isOn("insecure")]).toEqual([
    true,
    true,
    false,
  ]);
  expect([command!.list("certificate-authorities"), command!.known("url")]).toEqual([["/a", "/b"], "u"]);
  expect([command!.known("enrollment-token"), command!.strays]).toEqual(["tok", ["--"]]);
});

test("knows a secret in the command", () => {
  expect(readHostCommand("x.sh", SERVER_COMMAND).containsSecret).toBe(false);
  expect(readHostCommand("x.sh", AGENT_COMMAND).containsSecret).toBe(false);
  expect(readHostCommand("x.sh", agent(/"\$\{FLEET[^"]*"/, SECRET)).containsSecret).toBe(true);
});

/** The two commands of Elastic's page, as they stand there. */
function readPage(): { oneWay: string; mutual: string } {
  const page = readFileSync(`${__dirname}/tls-overview-commands.txt`, "utf8");
  const [oneWay = "", mutual = ""] = page.split("\n\n");
  return { oneWay, mutual };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

test.each<[string, readonly string[], string | undefined, readonly RegExp[]]>([
  ["several headers", ['FLEET_HEADERS=a=b,c="d e"'], "9.5.2", []],
  ["headers without a name", ["FLEET_HEADERS=b"], undefined, [/^error 33: FLEET_HEADERS has no =/]],
  [
    "several headers before 9.5",
    ["FLEET_HEADERS=a=b"],
    "9.4.0",
    [/^error 33: has FLEET_HEADERS, which an image of 9.4.0/],
  ],
])("a container's FLEET_HEADERS: %s", (_, lines, version, found) => {
  const text = [...AGENT_VARIABLES, ...lines].join("\n");
  expect(facts(text, version, "container.env")).toEqual(found.map((one) => expect.stringMatching(one)));
});

test.each<[string, string, readonly RegExp[]]>([
  ["install-command.cmd", 'elastic-agent.exe install -n --url="https://f:8220" ^\n --enrollment-token="%TOKEN%"', []],
  [
    "install-command.cmd",
    "elastic-agent.exe install -n --url='https://f:8220' --enrollment-token=t",
    [/single quotes/],
  ],
  [
    "install-command.bat",
    "elastic-agent.exe install -n --url=https://f:8220 \\\n --enrollment-token=t",
    [/only a POSIX/],
  ],
  ["install-command.cmd", "elastic-agent.exe install --url=https://f:8220 --enrollment-token=t", [/^error 25/]],
  ["install-command.cmd", 'x.msi INSTALLARGS="--url=https://f:8220 --enrollment-token=t"', []],
  ["install-command.cmd", 'x.msi INSTALLARGS="--url=https://f:8220"', [/^error 26/]],
  [
    "install-command.ps1",
    './x.msi INSTALLARGS="--url=https://f:8220 --enrollment-token=t"',
    [/write|does not read it/],
  ],
  ["install-command.ps1", './x.msi --% INSTALLARGS="--url=https://f:8220 --enrollment-token=t"', []],
])("Windows' other call lines: %s: %s", (name, text, found) => {
  expect(facts(text, undefined, name)).toEqual(found.map((one) => expect.stringMatching(one)));
});
