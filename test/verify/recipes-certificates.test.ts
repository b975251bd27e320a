import { RecipeTrees } from "./recipe-tree";

const trees = new RecipeTrees();
afterAll(() => trees.dispose());

/** A recipe, the findings of its tree, and the arguments of `verify`. */
type Recipe = readonly [name: string, script: string, findings: readonly string[], ...args: string[]];

const SERVER_CERT = "fleet-server/fleet-cert.pem";
const LOCAL =
  "permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

/** A root that is a CA by its own extensions. */
const root = (name: string, ...extensions: string[]): string =>
  `ec ${name}; openssl req -x509 -new -key ${name}.key -out ${name}.pem -days 3650 -subj "/CN=${name} CA" ` +
  extensions.map((extension) => `-addext "${extension}" `).join("");
const USAGE = "keyUsage=critical,keyCertSign,cRLSign";

/** A fleet cert of a team's CA below a company's root, with name constraints of either. */
const constrained = (company: string, team: string, names = "$FS"): string =>
  `${root("company", "basicConstraints=critical,CA:TRUE", USAGE, ...[company].filter(Boolean))}
below team company "${team}"
leaf named team "${names}"; cat named.pem team.pem > chain.pem; serve chain.pem named.key; trust company.pem`;
const refused = (...names: string[]): string[] =>
  names.map(
    (name) =>
      `error ${SERVER_CERT}: is refused by --certificate-authorities and 1 more: has the name ${name}, which CN=`,
  );

const NAME_CONSTRAINTS: readonly Recipe[] = [
  [
    "a CA that permits the domain and not localhost",
    constrained("", "nameConstraints=critical,permitted;DNS:example.com"),
    refused("localhost"),
  ],
  [
    "a CA that permits every name of the fleet cert",
    constrained("", `nameConstraints=critical,permitted;DNS:example.com,${LOCAL}`),
    [],
  ],
  [
    "localhost left out, with a release that does not check it",
    constrained("", "nameConstraints=critical,permitted;DNS:example.com", "DNS:fleet.example.com"),
    [],
    "--stack-version=9.4.0",
  ],
  [
    "localhost left out, with a release that checks it",
    constrained("", "nameConstraints=critical,permitted;DNS:example.com", "DNS:fleet.example.com"),
    [`warning ${SERVER_CERT}: lacks the names localhost and 127.0.0.1`],
    "--stack-version=9.1.0",
  ],
  [
    "a CA that excludes the fleet's domain",
    constrained("", "nameConstraints=critical,excluded;DNS:example.com"),
    refused("fleet.example.com"),
  ],
  ["a CA that excludes another domain", constrained("", "nameConstraints=critical,excluded;DNS:example.org"), []],
  [
    "a CA that excludes an address",
    constrained("", "nameConstraints=critical,excluded;IP:127.0.0.0/255.0.0.0"),
    refused("127.0.0.1"),
  ],
  [
    "a CA that permits another network",
    constrained("", "nameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0"),
    refused("127.0.0.1", "::1"),
  ],
  ["a CA that constrains e-mail only", constrained("", "nameConstraints=critical,permitted;email:example.org"), []],
  [
    "constraints of the root alone",
    constrained("nameConstraints=critical,permitted;DNS:example.org", ""),
    refused("fleet.example.com", "localhost"),
  ],
  [
    "constraints that are not critical",
    constrained("", "nameConstraints=permitted;DNS:example.com"),
    refused("localhost"),
  ],
  [
    "an agent CA that permits another domain than the agent's",
    `mutual; cp agent-ca.key old.key; ${root("agent-ca", "basicConstraints=critical,CA:TRUE", USAGE, "nameConstraints=critical,permitted;DNS:fleet.example.com")}
leaf web-1 agent-ca DNS:web-1.example.org clientAuth; leaf own agent-ca DNS:fleet.example.com clientAuth
cp agent-ca.pem out/fleet-server/; cp own.pem out/fleet-server/agent-cert.pem; cp own.key out/fleet-server/agent-cert-key.pem
cp web-1.pem out/agents/web-1/agent-cert.pem; cp web-1.key out/agents/web-1/agent-cert-key.pem`,
    [
      "error agents/web-1/agent-cert.pem: is refused by fleet-server's CA list: has the name web-1.example.org, which CN=",
    ],
  ],
  [
    "an Elasticsearch CA that permits another domain",
    `${root("es-ca", "basicConstraints=critical,CA:TRUE", USAGE, "nameConstraints=critical,permitted;DNS:example.org")}
leaf es es-ca DNS:es.example.com; cat es.pem es-ca.pem > out/elasticsearch/es-cert.pem; cp es.key out/elasticsearch/es-cert-key.pem
for host in fleet-server elasticsearch agents/web-1; do cp es-ca.pem out/$host/; done`,
    ["error elasticsearch/es-cert.pem: is refused by es-ca.pem and 2 more: has the name es.example.com, which CN="],
  ],
];

const ECPARAM = "openssl ecparam -name prime256v1 -genkey -out fleet.key; leaf fleet fleet-ca $FS";
const block = "openssl ecparam -name prime256v1";
const PARAMETERS: readonly Recipe[] = [
  ["a key as ecparam -genkey writes it", `${ECPARAM}; serve fleet.pem fleet.key`, []],
  ["parameters after the key", `${block} > p; cat fleet.key p > both; serve fleet.pem both`, []],
  ["parameters without a key", `${block} > p; serve fleet.pem p`, ["error fleet-server/fleet-cert-key.pem: "]],
  [
    "parameters before an encrypted key whose passphrase is named",
    `passphrase; ${block} > p; cat p out/agents/web-1/agent-cert-key.pem > both; cp both out/agents/web-1/agent-cert-key.pem`,
    [],
  ],
  [
    "parameters before the key of a CA in a host's folder",
    `${block} > p; cat p fleet-ca.key > out/fleet-server/fleet-ca.key`,
    ["error fleet-server/fleet-ca.key: is the private key of a CA"],
  ],
  [
    "parameters in a certificate's file",
    `${block} > p; cat p fleet.pem > both; serve both fleet.key`,
    [
      "warning fleet-server/fleet-cert.pem: line 1: a block that is not labelled CERTIFICATE, which the agent passes over",
    ],
  ],
];

/** The tree with another fleet CA. */
const under = (...extensions: string[]): string =>
  `${root("fleet-ca", ...extensions)}; leaf fleet fleet-ca $FS; serve fleet.pem fleet.key; trust fleet-ca.pem`;
const both = (what: string): string[] =>
  ["agents/web-1", "fleet-server"].map((host) => `warning ${host}/fleet-ca.pem: ${what}`);
const CERTUTIL: readonly Recipe[] = [
  [
    "the CA of elasticsearch-certutil",
    `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out fleet-ca.key
printf '[req]\\ndistinguished_name=d\\nprompt=no\\nx509_extensions=v\\n[d]\\nCN=Elastic Certificate Tool Autogenerated CA\\n[v]\\nsubjectKeyIdentifier=hash\\nauthorityKeyIdentifier=keyid:always\\nbasicConstraints=critical,CA:TRUE\\n' > c.cnf
openssl req -x509 -new -key fleet-ca.key -out fleet-ca.pem -days 1095 -config c.cnf
leaf fleet fleet-ca $FS; serve fleet.pem fleet.key; trust fleet-ca.pem`,
    both("has no keyUsage"),
  ],
  [
    "basicConstraints that are not critical",
    under("basicConstraints=CA:TRUE", USAGE),
    both("has basicConstraints that are not critical"),
  ],
  [
    "a CA without subjectKeyIdentifier",
    `${root("fleet-ca", "basicConstraints=critical,CA:TRUE", USAGE, "subjectKeyIdentifier=none", "authorityKeyIdentifier=none")}
printf 'basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n' $FS | sign fleet fleet-ca 300
serve fleet.pem fleet.key; trust fleet-ca.pem`,
    [...both("has no subjectKeyIdentifier"), `warning ${SERVER_CERT}: has no authorityKeyIdentifier`],
  ],
  [
    "a root that is no CA",
    under("basicConstraints=critical,CA:FALSE", USAGE),
    [
      "error agents/web-1/fleet-ca.pem: is not a certificate authority",
      "error fleet-server/fleet-ca.pem: is not a certificate authority",
      `error ${SERVER_CERT}: is refused by --certificate-authorities and 1 more: is issued by CN=fleet-ca CA, which is no CA`,
    ],
  ],
];

const PASSPHRASE = "agents/web-1/agent-cert-key-passphrase";
const withPassphrase = (write: string): string => `passphrase; ${write} > out/${PASSPHRASE}`;
const SECRETS: readonly Recipe[] = [
  ["an encrypted key with its passphrase", "passphrase", []],
  ["an empty passphrase file", withPassphrase(":"), [`error ${PASSPHRASE}: is empty`]],
  ["a passphrase with a newline", withPassphrase("echo correct-horse"), [`error ${PASSPHRASE}: has a newline`]],
  ["a passphrase with CRLF", withPassphrase("printf 'correct-horse\\r\\n'"), [`error ${PASSPHRASE}: has a newline`]],
  ["another passphrase", withPassphrase("printf wrong"), ["error agents/web-1/agent-cert-key.pem: is not decrypted"]],
  ["no passphrase file, in a staging area", `passphrase; rm out/${PASSPHRASE}`, []],
  [
    "no passphrase file, on the host itself",
    `passphrase; rm out/${PASSPHRASE}; sed -i "s#$D#$PWD/out/agents/web-1#g" out/agents/web-1/install-command.sh`,
    [`error ${PASSPHRASE}: is named by the command and does not exist`],
  ],
  [
    "a command that names no passphrase",
    "passphrase; sed -i 's/ --elastic-agent-cert-key-passphrase=[^ ]*//' out/agents/web-1/install-command.sh",
    ["error agents/web-1/agent-cert-key.pem: is encrypted, and the command names no passphrase for it"],
  ],
];

const output = (...lines: string[]): string =>
  `mkdir out/outputs; printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")} > out/outputs/default.yml`;
const CERTS = "/etc/elastic-agent/certs";
const VERSION = "--stack-version=9.5.2";
const PAIR = [`certificate: ${CERTS}/agent-cert.pem`, `key: ${CERTS}/agent-cert-key.pem`];
const SSL = [
  "type: elasticsearch",
  "hosts: [https://es.example.com:9200]",
  "ssl:",
  ` certificate_authorities: [${CERTS}/es-ca.pem]`,
];
const PATH = `key_passphrase_path: ${CERTS}/agent-cert-key-passphrase`;
const DEFEND: readonly Recipe[] = [
  [
    "an Elasticsearch output with an encrypted key",
    `passphrase; ${output(...SSL, ...[...PAIR, PATH].map((line) => ` ${line}`))}`,
    ["error outputs/default.yml: names an encrypted key, which Elastic Defend does not read"],
    "--defend",
    VERSION,
  ],
  [
    "the same output without Defend",
    `passphrase; ${output(...SSL, ...[...PAIR, PATH].map((line) => ` ${line}`))}`,
    [],
    VERSION,
  ],
  [
    "an output with a plain key",
    `mutual; ${output(...SSL, ...PAIR.map((line) => ` ${line}`))}`,
    [],
    "--defend",
    VERSION,
  ],
  ["an output without a pair", `passphrase; ${output(...SSL)}`, [], "--defend", VERSION],
];

const RECIPES = [...NAME_CONSTRAINTS, ...PARAMETERS, ...CERTUTIL, ...SECRETS, ...DEFEND];

test.each(RECIPES.map(([name, script, findings, ...args]) => ({ name, script, findings, args })))(
  "$name",
  async ({ script, findings, args }) => {
    const lines = await trees.linesOf(script, ...args);
    expect(lines).toEqual(findings.map((line) => expect.stringContaining(line) as unknown));
  },
);
