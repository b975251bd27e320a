import { VERIFY_HELP } from "../bin/verify";
import { CHECKS } from "../verify/checks";

/** The page of `fleet-tls verify`, from the help that it prints and the facts that it checks. */
export function verifyPage(): string {
  const checks = Object.entries(CHECKS).map(
    ([check, { text, needs }]) => `| <a id="check-${check}"></a>${check} | ${text} | ${needs ?? ""} |`,
  );
  return `# fleet-tls verify

Generated from \`verify/checks.ts\` and the program's own help by \`npm run docs\`.

Reads the folders of hosts and their \`elastic-agent\` commands, as this library writes them or as somebody made them by hand, and names everything that the agent, Fleet Server, Elasticsearch, Kibana or a strict TLS stack would refuse, each with what to do. It is what to reach for at \`x509: certificate signed by unknown authority\`.

\`\`\`
npx fleet-tls verify fleet-tls/mutual/fleet                   # what a deploy wrote, every host against every other
sudo npx fleet-tls verify /etc/elastic-agent/certs            # on a host
npx fleet-tls verify certs --command install.txt              # a folder and a command from anywhere
npx fleet-tls verify fleet-tls/mutual/fleet --expiring 30d    # for cron
npx fleet-tls verify fleet-tls/mutual/fleet/agents/web-1 --connect
\`\`\`

## What it prints

One finding a line: how bad it is, where, what is wrong, what to do, and the number of the fact. An **error** is refused by something; a **warning** works today, or for most. A secret is never printed, nor a line of a file that may hold one. \`--json\` prints the same for programs: \`summary\`, \`findings\` (\`host\`, \`file\`, \`facts\`, \`severity\`, \`what\`, \`fix\`), \`facts\` (\`fact\`, \`text\`, \`status\`: \`holds\`, \`broken\` or \`nothing to check\`), \`certificates\` (names, dates, fingerprint, pin) and \`notes\`.

\`\`\`
error    fleet-server/fleet-cert.pem               lacks the name fleet.example.com; names: localhost, 127.0.0.1; reissue it with a SAN for fleet.example.com, or dial another name (check 45)
error    agents/web-1/agent-cert-key-passphrase    has a newline, which counts as part of the passphrase; write it again with printf %s, which adds none (check 35)
warning  fleet-server/install-command.sh           has a --url with port 443 while Fleet Server listens on 8220; write the same port, unless it is mapped (check 6)
\`\`\`

## What it reads

| file | by |
| --- | --- |
| certificates, keys, passphrases, tokens | the flag of the command that names them, looked up by file name in the folder; without a command the names that this library uses |
| the command | \`install-command.sh\` or \`.ps1\`, \`enroll-command.sh\` or \`.ps1\`, \`container.env\`, or \`--command FILE\`; POSIX shells and PowerShell are read as they read it, and nothing is run |
| Elasticsearch's and Kibana's settings | \`elasticsearch.yml\`, \`kibana.yml\` and the \`.tls.yml\` of this library in the host's folder |
| Fleet's outputs | \`outputs/*.yml\` beside the hosts' folders, and \`xpack.fleet.outputs\` of Kibana's settings |

Owners and modes are looked at where the system has them. On a machine where somebody else owns the files, run it as the user who does, or as root. A file that a command names and the folder lacks is an error on the host itself, a warning in a staging area, and no more than a note for what may never leave the host: keys, passphrases and tokens.

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

\`--connect\` is the only option that uses the network. It dials what the command dials, presents what the command names, and sends one request, since a client learns only then, under TLS 1.3, that it was refused.

## What it checks

A fact that needs something is checked where that is there; \`--facts\` says of each how it stands.

| fact | what has to hold | needs |
| --- | --- | --- |
${checks.join("\n")}
`;
}
