import { prerequisiteLine } from "../../prerequisite";
import { authoritySection } from "./authority-text";
import type { RunbookHost, RunbookModel } from "./model";
import { rangeText } from "./model";
import { copySection, doneSection, restartSection } from "./procedures-text";

/** Runbook of a deploy: the same text for the same state, so that a second plan is empty. */
export function runbookText(model: RunbookModel): string {
  return [
    `# Runbook of ${model.fleet}`,
    "",
    model.isWhole
      ? "Put together by `fleet-tls` from the states of all stacks; each complete deploy rewrites it. It contains no secret."
      : "Written by `terraform apply` for the state that is deployed now; every deploy rewrites it. It contains no secret.",
    "",
    `The next certificate is due for renewal on ${model.nextRenewal}: deploy then, or when \`npx fleet-tls expiring\` reports it,`,
    "and copy the changed files. A renewal changes certificates (and a CA's bundle, with the same key and name); hosts may get",
    "them in any order. If it also creates a new key (`keyRotation`), a host gets certificate and key before any restart.",
    "A changed `keyFormat` writes the same keys in another form: no host needs a copy.",
    "",
    ...changesSection(model),
    ...model.authorities.flatMap((authority) => authoritySection(authority, model)),
    ...(model.warnings === undefined ? [] : [model.warnings]),
    ...hostsSection(model),
    ...agentStacksSection(model),
    ...prerequisitesSection(model),
    ...proxySection(model),
    ...policySection(model),
    ...copySection(model),
    ...restartSection(model),
    ...doneSection(model),
    ...settingsSection(),
  ]
    .join("\n")
    .replace(/\n+$/, "\n");
}

/** Terraform fills it in, since it depends on the state. */
function changesSection({ changes, hosts, stack }: RunbookModel): string[] {
  const others = [...new Set(hosts.map((host) => host.stack))].filter((one) => one !== stack);
  return [
    "## What this deploy changed",
    "",
    "Copy these files to their hosts. If a rotation is under way, its section below adds the order and the restarts.",
    "",
    changes,
    "",
    ...(others.length === 0
      ? []
      : [
          `The files of other stacks (${others.map((one) => `\`${one}\``).join(", ")}) change with the deploys of those ` +
            "stacks and are not listed here.",
          "",
        ]),
  ];
}

function hostsSection({ hosts, stack }: RunbookModel): string[] {
  const groups = new Map<string, RunbookHost[]>();
  for (const host of hosts) {
    const what = host.isContainer ? "in a container" : host.isWindows ? "on Windows" : "on Linux or macOS";
    const version = host.version === undefined ? "" : ` ${host.version}`;
    const where = host.stack === stack ? "" : `, written by the stack \`${host.stack}\``;
    const key = `| ${host.kind.title}${version} ${what}${where} | \`${host.directory}\` | ${afterCopy(host)} |`;
    groups.set(key, [...(groups.get(key) ?? []), host]);
  }
  return [
    "## Hosts",
    "",
    "| hosts | files on the host | after a copy | folders here |",
    "|---|---|---|---|",
    ...[...groups].map(([key, members]) => `${key} ${members.map(({ folder }) => folder).join(", ")} |`),
    "",
    ...(hosts.some(({ isLatestVersion }) => isLatestVersion)
      ? [
          "**Set `stackVersion`.** Without it, hosts are taken for the newest version that this package knows, which changes",
          "with the package: commands can then name flags that hosts do not know yet.",
          "",
        ]
      : []),
  ];
}

/** Their agents come and go without a deploy of this stack. */
function agentStacksSection({ agentStacks, isWhole = false }: RunbookModel): string[] {
  return agentStacks.length === 0 || isWhole
    ? []
    : [
        `Agents of the stacks ${agentStacks.map(rangeText).join(", ")} are not listed here: \`whole-fleet.md\` in this folder has`,
        "every host of every stack. A complete `npx fleet-tls deploy` writes it, and so does `npx fleet-tls assemble`.",
        "",
      ];
}

function prerequisitesSection({ prerequisites }: RunbookModel): string[] {
  return prerequisites.length === 0
    ? []
    : [
        "## Before a host is installed",
        "",
        "Provide:",
        "",
        ...prerequisites.map((one) => `- ${prerequisiteLine(one)}`),
        "",
      ];
}

/** Agents go to the URL of their policy with their first check-in (elastic-agent handler_action_policy_change.go). */
function proxySection({ hosts }: RunbookModel): string[] {
  const proxies = hosts.filter(({ isFleetServerProxy }) => isFleetServerProxy);
  return proxies.length === 0
    ? []
    : [
        "## Proxies in front of Fleet Server",
        "",
        "**Before** the first agent enrolls through a proxy: start the proxy, add its URL to Kibana as a Fleet Server host, and",
        "select that host in the agents' policy. An agent leaves the proxy with its first check-in if its policy has another URL.",
        "",
        ...proxies.map(({ folder }) => `- \`${folder}/kibana-fleet-server-host.yml\``),
        "",
      ];
}

/** A policy without a proxy changes nothing (elastic-agent handler_action_policy_change.go, updateFleetConfig). */
const NO_WAY_BACK = [
  "An agent keeps the last Fleet proxy that a policy gave it, also under Fleet Server hosts without one. To remove it, run the",
  "agent's `enrollCommand` with `--id` and `--replace-token` after step 1.",
  "",
];

/** Agents try a new URL first and refuse the change if it fails (elastic-agent handler_action_policy_change.go). */
function policySection({ hasPolicies, hasFleetProxies }: RunbookModel): string[] {
  return !hasPolicies
    ? []
    : [
        "## How to move an agent to another policy or other Fleet Server hosts",
        "",
        "No new enrollment: it would create a second agent in Fleet. In this order:",
        "",
        "1. Change `policy`, `fleetServerHosts` or `fleetServerProxy` of the agent here, deploy, and copy its changed files: the",
        "   CA of another proxy or download source must be on the host first.",
        "2. If the agent verifies the new Fleet Server or proxy with another CA than before, run its `enrollCommand` with `--id`",
        "   and `--replace-token` instead of step 3: a running agent does not apply a change of TLS alone.",
        "3. In Kibana (Fleet > Agents > Assign to new policy), select the policy; for other Fleet Server hosts of the same policy,",
        "   change them in the policy's settings. Kibana does not change a policy that exists when `kibana.yml` changes.",
        "4. The agent tries the new URL first. If it fails, the agent keeps its former policy and reports it in Fleet > Agents:",
        "   check the URL from the host and repeat step 3.",
        "",
        ...(hasFleetProxies ? NO_WAY_BACK : []),
      ];
}

function afterCopy({ reload, isContainer }: RunbookHost): string {
  const restart = isContainer ? "restart the container" : "restart";
  return reload.afterCopy ?? (reload.isAutomatic ? "loads files by itself" : restart);
}

function settingsSection(): string[] {
  return [
    "## Kibana settings to leave empty",
    "",
    "Leave the TLS settings of Fleet Server hosts in Kibana (Fleet > Settings) empty, or name the same file paths in them",
    "as the commands do. PEM text there comes before the files on the hosts, and a running agent does not apply a change",
    "of TLS alone. If there is such text, list it in `inlinePemInKibana`; otherwise the steps above are not safe.",
    "",
  ];
}
