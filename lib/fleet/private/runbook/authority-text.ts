import { HostKind } from "../../../host/host-kind";
import { AGENT_CA, ELASTICSEARCH_CA, FLEET_CA } from "../authority-role";
import type { RunbookAuthority, RunbookFile, RunbookModel } from "./model";
import { phaseOf } from "./model";

/** Steps of this deploy for one CA: copies, restarts, checks, and the next deploy. */
export function authoritySection(authority: RunbookAuthority, model: RunbookModel): string[] {
  const { role, rotation } = authority;
  const list = `generation${rotation.generations.length === 1 ? "" : "s"} ${rotation.generations.join(" and ")}`;
  return [
    `## ${role.title}: hosts trust ${list}, generation ${rotation.issuing} signs`,
    "",
    ...(rotation.emergency ? emergencyText(authority) : []),
    ...(rotation.inlinePemInKibana ? inlineText(authority) : []),
    ...phaseText(authority, model),
    ...otherStacksText(authority, model),
  ];
}

function phaseText(authority: RunbookAuthority, model: RunbookModel): string[] {
  const { role, rotation } = authority;
  const { prop, title } = role;
  const { generations, issuing } = rotation;
  const rotating = (ids: string[], signs: string): string =>
    `\`${prop}: CertificateAuthoritySource.rotating({ generations: { ${ids.map((id) => `"${id}": …`).join(", ")} }, issuing: "${signs}" })\``;
  const next = String(Number(generations.at(-1)) + 1);
  switch (phaseOf(rotation)) {
    case "steady":
      return [
        `No rotation is under way. To begin one, deploy ${rotating(["1", "2"], "1")} and follow the runbook of that deploy.`,
        "",
      ];
    case "introduced":
      return [
        ...bundlesText(authority, true),
        ...policyText(authority),
        ...pinText(authority, model),
        `Next, once **every** host is done${waitText(authority)}: deploy ${rotating(generations, generations.at(-1) as string)}. ` +
          `To go back instead: ${rotating([issuing], issuing)}.`,
        "",
      ];
    case "switched":
      return [
        `Generation ${issuing} signs, with the keys and passphrases that there were before. Files of this step, on their ` +
          "hosts in any order, every one of them before the next step:",
        "",
        ...leafTable(authority),
        "",
        ...restartAfterLeaves(authority),
        `Next, once **every** host is done${waitText(authority)}: deploy ${rotating([issuing], issuing)}. ` +
          `To go back instead: ${rotating(generations, generations[0] as string)}.`,
        "",
      ];
    default:
      return [
        `Generation ${issuing} is the only one.`,
        "",
        ...bundlesText(authority, false),
        ...policyText(authority),
        ...pinText(authority, model),
        `The ${title} of an older generation is trusted by a host until that host is done, so a compromised one is ` +
          "harmless only then. Keep the dropped generation out of `generations` for good.",
        "",
        `Next: nothing. The next rotation lists generations ${issuing} and ${next}: ${rotating([issuing, next], issuing)}.`,
        "",
      ];
  }
}

function emergencyText({ rotation }: RunbookAuthority): string[] {
  return [
    "> **Emergency.** This deploy checked no step. Hosts without **all** their files of this deploy are cut off",
    "> until somebody copies them by hand: Fleet Servers and Elasticsearch first, then agents, each restarted. Then deploy",
    `> once more without \`emergency\`, still with generation ${rotation.generations.join(" and ")}, of which ${rotation.issuing} signs.`,
    "",
  ];
}

function inlineText({ rotation }: RunbookAuthority): string[] {
  return [
    `> Agents take generations ${(rotation.inlinePemInKibana ?? []).join(", ")} as PEM text from Kibana (\`inlinePemInKibana\`),`,
    "> which comes before their files. A running agent does not apply a change of TLS alone: after each change there,",
    "> restart the agents, or better, empty that setting or name the files' paths in it.",
    "",
  ];
}

/** The files by which hosts trust the CA, or how somebody else gets its certificates. */
function bundlesText(authority: RunbookAuthority, isAdding: boolean): string[] {
  const { bundles, elsewhere, rotation } = authority;
  const generations = rotation.generations.map((id) => `"${id}"`).join(", ");
  const given = elsewhere.flatMap(({ name, title, output, reload }) => [
    `No host of this fleet verifies these certificates: ${title} does. Give its operator the certificates above (the ` +
      `Terraform output that ends in \`${output}\`)` +
      (isAdding
        ? `, to trust in addition to those it has. ${reload} Once they are trusted there, add ` +
          `\`{ stack: "${name}", generations: [${generations}], issuing: "${rotation.issuing}" }\` to \`confirmedStacks\` of ` +
          "the next step."
        : ", to trust in place of those it has, once every host has its new certificate."),
    "",
  ]);
  return [
    ...given,
    ...(bundles.length === 0
      ? []
      : [
          isAdding
            ? "Files of this step, on their hosts in any order:"
            : "If this deploy dropped a generation, only these files changed. Copy each to its hosts, hosts in any order:",
          "",
          ...bundleTable(authority),
          "",
          ...restartAfterBundles(authority, isAdding),
        ]),
  ];
}

function bundleTable({ bundles }: RunbookAuthority): string[] {
  return [
    "| file | hosts | its SHA-256, once it is in place |",
    "|---|---|---|",
    ...bundles.map(
      (file) =>
        `| \`${file.name}\` | ${hostsText(file)} | ${file.sha256 ? `\`${file.sha256}\`` : "that of the host's folder here"} |`,
    ),
  ];
}

function leafTable({ leaves, issuerName, rotation }: RunbookAuthority): string[] {
  const issuer = issuerName === undefined ? `generation ${rotation.issuing}` : `\`CN = ${issuerName}\``;
  return [
    "| file | hosts | its issuer, once it is in place |",
    "|---|---|---|",
    ...leaves.map((file) => `| \`${file.name}\` | ${hostsText(file)} | ${issuer} |`),
  ];
}

/** A running listener of Elastic's drops removed CAs, but trusts added ones only after a restart. */
function restartAfterBundles({ role, bundles }: RunbookAuthority, isAdding: boolean): string[] {
  const isForServers = role === AGENT_CA && isAdding;
  return [
    ...(isForServers
      ? [
          "- **Restart every Fleet Server, on 9.5 too**: it loads changed files by itself, but a running one does not " +
            "trust the clients of an added CA. Without this restart, the next step cuts agents off.",
        ]
      : []),
    ...instructions(bundles, (kind) => !(isForServers && kind === HostKind.FLEET_SERVER)),
    "",
  ];
}

function restartAfterLeaves({ leaves }: RunbookAuthority): string[] {
  return [...instructions(leaves), ""];
}

/** Instructions for applying some files, each kind of host once. */
function instructions(files: RunbookFile[], isWanted: (kind: HostKind) => boolean = () => true): string[] {
  const hosts = files.flatMap((file) => file.hosts).filter(({ kind }) => isWanted(kind));
  return [...new Set(hosts.map(({ reload }) => `- ${reload.instruction}`))];
}

function codeList(files: readonly string[]): string {
  return files.map((file) => `\`${file}\``).join(" and ");
}

/** Agents that trust a CA by their policies' outputs have to know a generation before a server presents its certificates. */
function policyText({ role, settings }: RunbookAuthority): string[] {
  const listed = `put the PEM of every generation above into the output's certificate authorities${
    settings.length === 0 ? "" : `, as ${codeList(settings)} here ${settings.length > 1 ? "have" : "has"} it`
  }`;
  if (role === ELASTICSEARCH_CA) {
    return [
      "Before the files, change Kibana (Fleet > Settings > Outputs), since an output's list comes before " +
        `\`--fleet-server-es-ca\`: ${listed}. An output, or a Fleet Server, that uses \`ca_trusted_fingerprint\` has ` +
        "one value and cannot overlap: move it to such a list and remove the fingerprint before any step of a rotation.",
      "",
    ];
  }
  if (role.name === "download" && settings.length > 0) {
    return [
      "Before the server presents its certificate, change Kibana (Fleet > Settings > Agent binary download): put the PEM of " +
        `every generation above into the certificate authorities of the download source, as ${codeList(settings)} here ` +
        `${settings.length > 1 ? "have" : "has"} it. Agents cannot upgrade otherwise.`,
      "",
    ];
  }
  if (role.name === "fleetProxy" && settings.length > 0) {
    return [
      "Before the proxy presents its certificate, change Kibana (Fleet > Settings): put the PEM of every generation above " +
        `where ${codeList(settings)} here ${settings.length > 1 ? "have" : "has"} it. Agents send no data otherwise.`,
      "",
    ];
  }
  return role.name !== "receiver" || settings.length === 0
    ? []
    : [
        `Before the files, change Kibana (Fleet > Settings > Outputs): ${listed}. No file on a host does this. An agent is ` +
          "done when Fleet > Agents shows the newest revision of its policy.",
        "",
      ];
}

/** An agent uses the pins that it enrolled with; no file contains them. */
function pinText({ role }: RunbookAuthority, { pinsFleetCa }: RunbookModel): string[] {
  return role === FLEET_CA && pinsFleetCa
    ? [
        "`pinFleetCa` is set, so the commands changed too: each host requires the public keys that its command names. Before " +
          "the next step, run every host's `enroll` command (`enrollCommand`) once its files are in place, or it refuses " +
          "the generation whose pin it does not have.",
        "",
      ]
    : [];
}

function otherStacksText(
  { bundles, leaves, rotation }: RunbookAuthority,
  { stack, agentStacks }: RunbookModel,
): string[] {
  const files = [...bundles, ...leaves];
  // A gate asks for stacks without an agent too.
  const named = [...agentStacks.flat(), ...files.flatMap(({ hosts }) => hosts.map((host) => host.stack))];
  const others = [...new Set(named)].filter((one) => one !== stack);
  if (others.length === 0 || phaseOf(rotation) === "steady") {
    return [];
  }
  const generations = rotation.generations.map((id) => `"${id}"`).join(", ");
  const confirmations = others.map(
    (one) => `\`{ stack: "${one}", generations: [${generations}], issuing: "${rotation.issuing}" }\``,
  );
  return [
    `Other stacks have hosts of this CA: ${others.map((one) => `\`${one}\``).join(", ")}. Terraform does not see from ` +
      "here whether they are deployed: deploy each with this same step, update its hosts as above, and only then add it to " +
      `\`confirmedStacks\` of the next step: ${confirmations.join(", ")}.`,
    "",
  ];
}

function waitText({ rotation: { minimumOverlapHours = 0 } }: RunbookAuthority): string {
  return minimumOverlapHours === 0 ? "" : ` and ${minimumOverlapHours} h have passed since this deploy`;
}

function hostsText({ hosts }: RunbookFile): string {
  const kinds = [...new Set(hosts.map(({ kind }) => kind))];
  return kinds
    .map(
      (kind) =>
        `${kind.title}: ${hosts
          .filter((host) => host.kind === kind)
          .map(({ folder }) => folder)
          .join(", ")}`,
    )
    .join("; ");
}
