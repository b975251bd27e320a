import { VERIFY_HELP } from "../bin/verify";
import { CHECKS } from "../verify/checks";
import { REMEDIES } from "../verify/remedies";

/** The page of `fleet-tls verify`, from the help that it prints and the facts that it checks. */
export function verifyPage(): string {
  const checks = Object.entries(CHECKS).map(([check, { text, needs }]) => {
    const { says, fix } = REMEDIES[Number(check)]!;
    return `| <a id="check-${check}"></a>${check} | ${text} | ${needs ?? ""} | ${says} | ${fix} |`;
  });
  return `# fleet-tls verify

Generated from \`verify/checks.ts\` and the program's own help by \`npm run docs\`.

\`fleet-tls verify\` reads the folders of hosts and their \`elastic-agent\` commands, written by this library or by hand. It names everything that the agent, Fleet Server, Elasticsearch, Kibana or a strict TLS stack would refuse, with a fix for each. Use it when you see \`x509: certificate signed by unknown authority\`.

\`\`\`
npx fleet-tls verify fleet-tls/mutual/fleet                   # what a deploy wrote, every host against every other
sudo npx fleet-tls verify /etc/elastic-agent/certs            # on a host
npx fleet-tls verify certs --command install.txt              # a folder and a command from anywhere
npx fleet-tls verify fleet-tls/mutual/fleet --expiring 30d    # for cron
npx fleet-tls verify fleet-tls/mutual/fleet/agents/web-1 --connect
\`\`\`

## What it prints

One finding a line: the severity, the place, the problem, the fix, and the number of the check. The same finding on several hosts is printed once, with its places. An **error** is refused by the agent, Fleet Server, Elasticsearch or Kibana; a **warning** works today, or with most programs. Secrets are never printed, nor lines of files that may contain one. \`--json\` prints a report for programs, by the schema [verify.schema.json](verify.schema.json); \`--sarif\` prints SARIF 2.1.0 for pipelines.

\`\`\`
error    fleet-server/fleet-cert.pem               lacks the name fleet.example.com; names: localhost, 127.0.0.1; reissue it with a SAN for fleet.example.com, or dial another name (check 45)
error    agents/web-1/agent-cert-key-passphrase    has a newline, which counts as part of the passphrase; write it again with printf %s, which adds none (check 35)
warning  fleet-server/install-command.sh           has a --url with port 443 while Fleet Server listens on 8220; write the same port, unless it is mapped (check 6)
\`\`\`

## What it reads

| what | where |
| --- | --- |
| certificates, keys, passphrases, tokens | the flag of the command that names them, looked up by file name in the folder; without a command the names that this library uses |
| the command | every \`.sh\`, \`.bash\`, \`.ps1\`, \`.cmd\`, \`.bat\` and \`.txt\` that installs or enrolls an agent, \`container.env\`, or \`--command FILE\`; the script is read as a POSIX shell, PowerShell or cmd.exe would read it, with the variables and arrays that it assigns, and with commands in \`sh -c\`, \`ssh HOST\`, \`powershell -Command\`, \`Start-Process\` and an MSI package's \`INSTALLARGS\`; nothing is run |
| Elasticsearch's and Kibana's settings | \`elasticsearch.yml\`, \`kibana.yml\` and the \`.tls.yml\` of this library in the host's folder |
| Fleet's outputs | \`outputs/*.yml\` next to the hosts' folders, and \`xpack.fleet.outputs\` of Kibana's settings |
| Kibana's objects | \`xpack.fleet.fleetServerHosts\`, \`outputs\`, \`proxies\` and \`agentPolicies\` of \`kibana.yml\`, or \`--kibana\` |
| proxies | \`nginx*.conf\`, \`haproxy*.cfg\`, \`envoy*.yaml\`: their certificate, their clients' CA, and the server behind them |
| receivers of agents' output | Logstash's \`pipeline*.conf\` and Kafka's \`server*.properties\` with PEM stores |
| containers | \`docker-compose.yml\`, \`docker run\` lines, Kubernetes Secrets, ConfigMaps, Deployments, DaemonSets, and values of the elastic-agent Helm chart, whose \`valueFromSecret\` is looked up among the Secrets of the same folder; mounted files are looked up by their path in the container |

Files that are not read, such as a PKCS#12 store, are named in a note with the command that converts them. If only the files of a host were checked, because it has no command that could be read, the summary says so. A URL or a CA that only the running shell or cluster knows is named in a note too. In a path, only the file's name counts.

A tree may have several clusters and several Fleet Servers: each host is checked against those that have a name of its URLs.

Each file is judged as its reader reads it: what Elastic's own code or Elasticsearch's does not load is an error, and what they ignore, such as a block of another label, is a warning. Many ways to write each file are tried with real handshakes (\`test/conformance/mutants/files.test.ts\`). A certificate and its key may share one file that only its owner can read.

Owners and modes are checked on systems that have them, against the user who will run the agent (root, or on the host itself the account of \`--unprivileged\`, \`--user\` or \`sudo -u\`, which must be able to read every file that the command names and to enter every folder above it). If another user owns the files, run it as that user or as root. A file that a command names and the folder does not have is an error on the host itself, a warning in a staging area, and a note for keys, passphrases and tokens, which may never leave the host.

## Kibana's API

After enrollment, Kibana's settings override the command: the CAs of a Fleet Server host or a proxy replace the command's CA, and its URLs replace \`--url\`. Check them from Kibana itself or from saved answers:

\`\`\`
curl -H "Authorization: ApiKey $KIBANA_API_KEY" https://kibana.example.com:5601/api/fleet/fleet_server_hosts > hosts.json
npx fleet-tls verify fleet-tls/mutual/fleet --kibana hosts.json --kibana outputs.json
KIBANA_API_KEY=… npx fleet-tls verify fleet-tls/mutual/fleet --connect --kibana https://kibana.example.com:5601
\`\`\`

Only \`GET\` requests are sent, to \`/api/fleet/fleet_server_hosts\`, \`outputs\`, \`proxies\`, \`agent_policies\` and \`agent_download_sources\`. The key needs no more than *Read* for Fleet's *Settings* and *Agent policies* (the route privileges \`fleet-settings-read\` and \`fleet-agent-policies-read\` of Kibana's API reference). Values are never printed; a secret in plain text among them is itself a finding (check 66).

## Accepted findings

A port that is mapped, or a name that only a load balancer has, is correct and still a finding. Accept it, so that \`--strict\` passes: \`--allow 6:fleet-server/*\`, or a file for \`--accepted\` with reasons and end dates:

\`\`\`yaml
- check: 6
  place: fleet-server/*
  reason: the load balancer maps 443 to 8220
  until: 2027-06-30
\`\`\`

\`place\` and \`what\` (a part of the text) are optional. After \`until\` the finding counts again.

## Options and exit codes

\`\`\`
${VERIFY_HELP.trimEnd()}
\`\`\`

| code | when |
| --- | --- |
| 0 | nothing is wrong |
| 1 | there is an error, or with \`--strict\` a warning |
| 2 | the command line is wrong, or there is no host folder |
| 3 | nothing is wrong, and a certificate ends within \`--expiring\` |

\`--connect\` is the only option that uses the network. It connects to the endpoints of the command, presents its certificate, and sends one request: under TLS 1.3 a client learns of a refusal only then.

## What it checks

\`--checks\` lists the status of each check: passed, failed or not applicable. How many mistakes of each kind it finds: [verify-proof.md](verify-proof.md).

A check that needs an option or a file is not applicable without it. Each finding also gives the fix for its own place.

| check | requirement | needs | what it says, for example | fix |
| --- | --- | --- | --- | --- |
${checks.join("\n")}
`;
}
