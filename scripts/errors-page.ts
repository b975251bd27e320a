import { CHECKS } from "../verify/checks";
import type { ErrorText } from "./error-texts";
import { errorTexts, REST } from "./error-texts";

/** One part of the page: errors with a common reason. */
interface Group {
  readonly title: string;
  /** Why these errors exist, and where to read on. */
  readonly intro: string;
  /** Source files or folders of the errors. */
  readonly from: readonly string[];
  /** Title of the column of reasons, if the errors of the group have reasons of their own. */
  readonly why?: string;
  /** Fix of the errors of the group that contain none. */
  readonly fix?: string;
}

const GROUPS: readonly Group[] = [
  {
    title: "Gates of a rotation",
    intro:
      "Printed at plan; nothing has changed. After the step, some hosts would not trust the certificates of the servers or clients that they meet. Deploy the steps one by one and follow `RUNBOOK.md` after each ([rotation.md](rotation.md)).",
    from: [
      "lib/authority/private/anchor-rules.ts",
      "lib/authority/private/rotation-rules.ts",
      "lib/authority/private/identity-guard.ts",
    ],
  },
  {
    title: "Gates of a live fleet",
    intro:
      "Printed at plan; nothing has changed. Running hosts keep the settings with which they enrolled, so some changes need a step on the hosts first. The message prints the line that confirms it ([live-changes.md](live-changes.md)).",
    from: ["lib/fleet/private/live"],
  },
  {
    title: "Lost states and several stacks",
    intro:
      "Printed at plan or at synth. New CAs would cut off every host that has files of the old ones ([lost-state.md](lost-state.md), [scale.md](scale.md)).",
    from: ["lib/fleet/private/lost-state.ts", "lib/fleet/private/stacks", "lib/fleet/agent-stacks.ts"],
  },
  {
    title: "Types of props",
    intro:
      "Printed at synth. The TypeScript compiler finds these mistakes earlier; this check is for JavaScript, Python and values of type `any`. The error shows the value after `got`, unless it may be secret. [props.md](props.md) has every prop with its type.",
    from: ["lib/private/check-props.ts", "lib/private/prop-tokens.ts", "lib/host/private/flag-types.ts"],
  },
  {
    title: "Secrets",
    intro:
      "Printed at synth. A secret in plain text would be in `cdk.tf.json` and in version control, so only a Terraform token is accepted ([state.md](state.md)).",
    from: ["lib/private/secret-source.ts", "lib/host/kafka-output.ts"],
  },
  {
    title: "URLs, names, ids and folders",
    intro:
      "Printed at synth, or at plan if only Terraform knows the value. A URL's host becomes a name in a certificate, an id becomes a folder and a common name, and no two hosts may write to one folder.",
    from: [
      "lib/private/urls.ts",
      "lib/private/names.ts",
      "lib/private/construct-id.ts",
      "lib/private/terraform/host-id.ts",
      "lib/private/terraform/path-id.ts",
      "lib/host/private/directory.ts",
      "lib/host/private/enrollment-url.ts",
      "lib/host/private/input-pair.ts",
      "lib/host/host-files.ts",
      "lib/host/private/host-file-contents.ts",
      "lib/fleet/private/output-directory.ts",
      "lib/fleet/operator-page.ts",
      "lib/fleet/private/outputs.ts",
      "lib/host/kibana-id.ts",
    ],
  },
  {
    title: "Install commands",
    intro:
      "Printed at synth, or at plan if only Terraform knows the value. `fleet-tls verify` reports the same errors for any command, with the names of the flags. [command-rules.md](command-rules.md) has every rule with its source.",
    from: [
      "lib/command/rules",
      "lib/command/stack-version.ts",
      "lib/host/private/command-preconditions.ts",
      "lib/host/private/commands.ts",
    ],
    why: "why",
  },
  {
    title: "Policies and Fleet Server hosts",
    intro:
      "Printed at synth. An agent follows the policy of its token from its first check-in on, so its command and the policy must name the same servers ([deployment-models.md](deployment-models.md#agent-policies)).",
    from: [
      "lib/host/agent.ts",
      "lib/host/agent-policy.ts",
      "lib/host/private/with-policy.ts",
      "lib/host/private/fleet-server-list.ts",
      "lib/host/fleet-server-hosts.ts",
      "lib/host/download-source.ts",
      "lib/host/fleet-proxy.ts",
      "lib/host/private/fleet-proxy-options.ts",
      "lib/fleet/private/fleet-server-hosts.ts",
    ],
  },
  {
    title: "Certificates and keys",
    intro:
      "Printed at synth, or at plan for passphrases. Otherwise the program that reads the key would fail later, or a certificate would be valid for longer than its CA ([certificate-sources.md](certificate-sources.md), [keys-on-hosts.md](keys-on-hosts.md)).",
    from: [
      "lib/certificate",
      "lib/authority/private/generation.ts",
      "lib/host/private/pair.ts",
      "lib/host/private/client-props.ts",
      "lib/host/private/fleet-server-pairs.ts",
      "lib/host/private/setup.ts",
      "lib/programs/encrypt-key.ts",
    ],
  },
  {
    title: "One-way, mutual and external fleets",
    intro:
      "Printed at synth. A CA by which Fleet Server admits clients must not issue certificates to others, and an option must have an effect in its model ([deployment-models.md](deployment-models.md), [trust-model.md](trust-model.md), [elastic-cloud.md](elastic-cloud.md)).",
    from: [
      "lib/fleet/private/client-tls.ts",
      "lib/fleet/external-fleet-tls.ts",
      "lib/fleet/fleet-tls.ts",
      "lib/fleet/private/input-ca.ts",
      "lib/host/elasticsearch.ts",
      "lib/host/public-elasticsearch.ts",
    ],
  },
  {
    title: "CAs, keys and requests that you give",
    intro:
      "Printed at synth for PEM in the code, and at plan for files and variables, in one line with the file's name. `fleet-tls verify` reports the same errors for files on hosts, by [the number of a check](verify.md#what-it-checks).",
    from: ["lib/private/given", "lib/private/x509", "lib/programs"],
    why: "requirement",
    fix: "create the key again, with its certificate, by OpenSSL or by its CA",
  },
  {
    title: "Sources of CAs and rotations in code",
    intro: "Printed at synth ([certificate-sources.md](certificate-sources.md), [rotation.md](rotation.md)).",
    from: [
      "lib/authority/certificate-authority-source.ts",
      "lib/authority/certificate-authority.ts",
      "lib/authority/rotation-plan.ts",
    ],
  },
  {
    title: "Kibana, outputs, receivers and proxies",
    intro:
      "Printed at synth, or at plan if only Terraform knows the value ([elasticsearch-and-kibana.md](elasticsearch-and-kibana.md), [outputs.md](outputs.md), [proxies.md](proxies.md)).",
    from: [
      "lib/host/kibana.ts",
      "lib/host/private/kibana-server.ts",
      "lib/host/private/kibana-setup.ts",
      "lib/host/logstash.ts",
      "lib/host/kafka-broker.ts",
      "lib/host/fleet-output.ts",
      "lib/host/remote-elasticsearch.ts",
      "lib/host/reverse-proxy.ts",
      "lib/host/private/root.ts",
      "lib/fleet/private/add-proxy.ts",
      "lib/host/private/output-agreement.ts",
      "lib/host/private/output-problems.ts",
      "lib/host/private/output-trust-checks.ts",
      "lib/host/private/receiver.ts",
      "lib/host/private/receiver-paths.ts",
      "lib/host/private/proxy",
      "lib/host/private/settings",
    ],
  },
  {
    title: "Commands that verify cannot read",
    intro:
      "Printed by `fleet-tls verify`: the shell would not run the command as it is written ([verify.md](verify.md)).",
    from: ["lib/command/parse"],
    why: "requirement",
    fix: "add what is missing, or copy the command again from where it was generated",
  },
  {
    title: "fleet-tls",
    intro:
      "Printed by `fleet-tls deploy`, `diff`, `destroy` and `assemble` ([deploy.md](deploy.md)), and from `verify` and `expiring` for a wrong command line. Terraform's own errors are printed verbatim, without the values of expressions: see [troubleshooting.md](troubleshooting.md#deploys).",
    from: ["deploy", "bin"],
  },
  {
    title: "The context of cdktf.json",
    intro: "Printed by this repository's own app ([cdktf-json.md](cdktf-json.md)).",
    from: ["app"],
  },
];

/** Encodings that no reader accepts: one list, because the fix is one. */
const ENCODINGS = /^(?!.*(?:read-|file\.ts|key\.ts|pem\.ts)).*lib\/private\/x509\//;

/** An error as the page shows it. */
export interface ErrorRow {
  /** The error's text; `…` stands for what only a run knows. */
  readonly text: string;
  readonly why: string;
  readonly fix: string;
}

/** The page of every error and refusal, from the code that prints them. */
export function errorsPage(): string {
  const texts = errorTexts(["lib", "deploy", "bin", "app"], (check) => CHECKS[check]?.text ?? "");
  const groups = new Map<Group, ErrorText[]>(GROUPS.map((group) => [group, []]));
  for (const text of texts) {
    groups.get(groupOf(text.file))!.push(text);
  }
  const sections = [...groups].map(([group, errors]) => section(group, errors));
  const contents = ["Scripts on hosts", ...GROUPS.map(({ title }) => title)].map(
    (title) =>
      `[${title}](#${title
        .toLowerCase()
        .replace(/[^a-z -]/g, "")
        .replaceAll(" ", "-")})`,
  );
  return [INTRO, contents.join(" · "), "", HOST_SCRIPTS, ...sections].join("\n");
}

function groupOf(file: string): Group {
  // Of two that match, the longer one is about this file.
  const matches = GROUPS.flatMap((group) =>
    group.from.filter((from) => file === from || file.startsWith(`${from}/`)).map((from) => ({ group, from })),
  );
  const [best] = matches.sort((one, other) => other.from.length - one.from.length);
  if (best === undefined) {
    throw new Error(
      `errors-page: ${file} has errors and no group; add it to the group of scripts/errors-page.ts that it belongs to`,
    );
  }
  return best.group;
}

function section({ title, intro, why, fix }: Group, errors: readonly ErrorText[]): string {
  const isEncoding = (error: ErrorText): boolean => ENCODINGS.test(error.file) && error.fix === "" && error.why === "";
  const row = (error: ErrorText): ErrorRow => rowOf(error, fix);
  const rows = distinct(errors.filter((error) => !isEncoding(error)).map(row));
  const encodings = distinct(errors.filter(isEncoding).map(row)).map(({ text }) => `- ${code(text)}`);
  const columns = why === undefined ? ["error", "what to do"] : ["error", why, "what to do"];
  const unfixed = rows.filter((one) => one.fix === "").map(({ text }) => text);
  if (unfixed.length > 0) {
    throw new Error(`errors-page: add to FIXES what to do about ${unfixed.map((text) => `"${text}"`).join(", ")}`);
  }
  const cells = rows.map((one) =>
    [code(one.text), ...(why === undefined ? [] : [one.why]), one.fix].map((cell) =>
      cell.replaceAll("|", "\\|").replaceAll("\n", " "),
    ),
  );
  const line = (parts: readonly string[]): string => `| ${parts.join(" | ")} |`;
  return [
    `## ${title}`,
    "",
    intro,
    "",
    line(columns),
    line(columns.map(() => "---")),
    ...cells.map(line),
    "",
    ...(encodings.length === 0 ? [] : [ENCODING_INTRO, "", ...encodings, ""]),
  ].join("\n");
}

/** Takes an error apart that contains its fix. */
function rowOf({ what, fix, why }: ErrorText, groupFix = ""): ErrorRow {
  const [whole = "", ...rest] = what.split(/; |, allowed are (?=such as)/);
  const text = whole.replace(/, got …$/, "");
  const own = FIXES[text] ?? groupFix;
  if (fix !== "") {
    return { text: what, why, fix: fix.startsWith(`use ${REST} or`) ? own : fix };
  }
  const [allowed = "", ...fixes] = rest;
  const said = allowed.startsWith("allowed: ") ? fixes : rest;
  // Steps that are written elsewhere are in the list below.
  return {
    text,
    why,
    fix: said[0] === REST && own !== "" ? [own, ...said.slice(1)].join("; ") : said.join("; ") || own,
  };
}

/** Fixes of errors that depend on the value, or that contain no fix. */
const FIXES: Readonly<Record<string, string>> = {
  "is an empty string": "leave the prop out for its default, or give it a value",
  "this change takes more than one step from what is deployed, or the step before it was not finished, and would cut hosts off":
    "take the steps that the message names: for another CA of a proxy, or another issuer of fleet-es-cert.pem ([live-changes.md](live-changes.md))",
  "does not implement …": "give an object that has every member that the message names",
  "has the wrong type": "give one of the types that the message names",
  "is a Terraform token, and must be known at synthesis":
    "write a value that the program knows; in a list or a map each entry may be a token of its own",
  "is a version whose flags were never read": "use a version that the message names, the nearest older one",
  "is a version that checks the host name of agents' certificates": "upgrade to 8.16 or newer, or use OneWayFleetTls",
  "not deployed: declined": "run it again and answer yes, or pass --yes",
  "nothing is destroyed: … was not typed": "run it again and type the name of each fleet, or pass --yes",
  "--var: not NAME=VALUE": "write --var NAME=VALUE, or set TF_VAR_NAME",
  'not usable, got "…", allowed are whole numbers from 1 to 1000': "give a whole number",
  "cannot be read: …": "correct the path, or the permissions of the file",
  "the app reported errors: fix the errors above": "the app printed each error above: correct its code",
  'the app could not be synthesised: "…" ended with exit code …': "the app printed the reason above: correct its code",
  'the app wrote no …: "…" has to call app.synth()': "end the app with app.synth()",
  "stacks depend on each other in a circle: …": "remove one of the references between these stacks",
  'there is no stack "…", allowed are …': "use one of the names that the message lists",
  "terraform show -json ended with …: …": "run it again; the text after the code is Terraform's reason",
  "--kibana: … cannot be read: …": "correct the path, or the permissions of the file",
  "--kibana: a URL needs an API key, in the variable KIBANA_API_KEY or by --kibana-key-file":
    "export KIBANA_API_KEY, or pass --kibana-key-file",
  "--kibana: the API key has blanks or other characters that no key has": "copy the key again, in its encoded form",
  "--kibana: not a URL of Kibana, such as https://kibana.example.com:5601": "write the URL with https:// and its port",
  "an answer of more than … bytes": "check that the URL is Kibana's",
  "no answer within 10 s": "check that the URL can be reached from this machine",
  "no host folder: it contains no certificate, no install command and no settings file":
    "give the folder of a host, or a folder above several",
  "not a directory, give the folder that contains the files": "give the folder that contains the files",
  "ends in …": "deploy soon: this certificate ends within --expiring",
  "--command: is for one host, got … host folders, give the folder of that host": "give the folder of that host",
};

function distinct(rows: readonly ErrorRow[]): ErrorRow[] {
  // A text that goes on with a value inside a word is only a part of others.
  const whole = rows.filter(({ text }) => !/[a-z]…$/.test(text) && text.replace(/--\w+|\W/g, "").length > 5);
  return [...new Map(whole.map((row) => [`${row.text}\0${row.fix}`, row])).values()];
}

function code(text: string): string {
  return text.includes("`") ? text : `\`${text}\``;
}

const ENCODING_INTRO =
  "A file that is no DER as Go reads it is refused with one of these texts after the name of the field. Make it again with OpenSSL or with its CA:";

const INTRO = `# Errors and refusals

Generated from the source code by \`npm run docs\`; a test compares it.

An error is one line: the place, what is wrong, what was got, what is allowed, and the fix.

\`\`\`
stack/fleet: fleetServerUrl is not an https URL, got "http://fleet.example.com:8220"; allowed: a URL such as https://fleet.example.com:8220; write https://, since everything here exists to make TLS work
\`\`\`

The place is the construct's path and the prop. Search this page for the words after it; \`…\` stands for a value. All errors of one construct are printed at once.

| when | where it appears | what has changed |
| --- | --- | --- |
| at synth | in the output of the app, before Terraform runs | nothing |
| at plan | as \`Resource precondition failed\`, or as the one line of a program | nothing |
| on a host | in the shell, from the install script | nothing: the script checks before it installs |
| later, by the agent, Fleet Server or Elasticsearch | in their logs | see [troubleshooting.md](troubleshooting.md) |
`;

const HOST_SCRIPTS = `## Scripts on hosts

| error | what to do |
| --- | --- |
| \`set it to the … before running this command\` | export the variable that the message names, in the shell that runs the script; with \`sudo\`, pass it on: \`sudo --preserve-env=NAME\` |
| \`set … to the token before running this command\` | in PowerShell: \`$env:NAME = '…'\` |
| \`set … to the password before running this command\` | the same for the password of a domain user |
| \`icacls could not protect the files\` | run PowerShell as administrator |
`;
