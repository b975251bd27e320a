import type { IFleetHost } from "../../../host/fleet-host";

/** A first deploy, or the first one with a record. */
export const FIRST =
  "Everything: this is the first deploy that this state has a record of. Copy each host's whole folder, then run its " +
  "command or apply its settings; Elasticsearch first, then Fleet Servers, then agents.";

/** Another URL, or one less. */
export const URL_TEXT = [
  "- **URLs.** No host has to enroll again. In this order: (1) copy the certificates listed above to the servers; (2) in " +
    "Kibana (Fleet > Settings), list the new and the former URL, the new one first; (3) when every agent has that policy, " +
    "remove the former URL there; (4) remove it from `formerUrls` and confirm it in `confirmedChanges`. If this deploy " +
    "removed a former URL, remove it in Kibana before you copy the certificates.",
  "- After another `elasticsearchUrl`, run `enrollCommand` on each Fleet Server, one after the other: its own connection is " +
    "in its command.",
].join("\n");

const SHUT_OUT =
  "Unenroll it in Fleet > Agents and remove its files there. To block it before that date, rotate the CA that issued its " +
  "certificate (`agentCa`; for a Fleet Server also the issuer of `fleet-es-cert.pem`).";

/** A host that this deploy removed; HOST and UNTIL are replaced. */
export const REMOVED_HOST = `- **Removed host** HOST: its certificate is accepted until it expires, at the latest on UNTIL. ${SHUT_OUT}`;

/** A removed host whose certificates, if any, are not of this library; HOST is replaced. */
export const REMOVED_WITHOUT_CERTIFICATE = `- **Removed host** HOST: a certificate that others issued to it is accepted until it expires. ${SHUT_OUT}`;

/** A removed host that serves others: Elasticsearch, Kibana, a receiver or a proxy; HOST and UNTIL are replaced. */
export const REMOVED_SERVER =
  "- **Removed host** HOST: before you stop it, move its clients away: outputs, Fleet Server hosts and policies in Kibana " +
  "that name it, and hosts whose command names it (`enrollCommand`). Its certificates are accepted until they expire, at " +
  "the latest on UNTIL: remove its files there.";

/** Hosts that were added or removed, where the state does not show which; UNTIL is replaced by a date. */
export const HOSTS_CHANGED =
  '- **Removed hosts.** If this deploy removed a host (its plan lists `…_live_host_…["FOLDER"]`, destroyed): its certificate ' +
  "is accepted until it expires, at the latest on UNTIL, or later if it had a longer validity of its own. If it serves " +
  `others, as Elasticsearch, Kibana, receivers and proxies do, move its clients away before you stop it. ${SHUT_OUT}`;

/** Steps after another mode of the Fleet Servers' client authentication. */
export const CLIENT_AUTHENTICATION: Readonly<Record<string, string>> = {
  optional:
    "- **Client certificates are optional now.** Coming from one-way, in this order: (1) `es-client-ca.pem` and the " +
    "settings with `optional` on every Elasticsearch node; (2) the new files on every host, Fleet Servers included; (3) " +
    "`enrollCommand` on each Fleet Server, one after the other, then on each agent; (4) the certificate and the key in the " +
    "output in Kibana (`outputClientCertificates: false` keeps them out of the settings here until then); then deploy " +
    "`ClientAuthentication.REQUIRED`. Going back from required: `enrollCommand` on each Fleet Server, then remove the " +
    "certificate and the key from the output in Kibana, wait until every agent has that policy, then deploy " +
    "`OneWayFleetTls`.",
  required:
    "- **Client certificates are required now.** (5) Only when every agent has enrolled with its certificate: run " +
    "`enrollCommand` on each Fleet Server, one after the other. Agents need nothing. An agent without a certificate is " +
    "cut off from then on. Elasticsearch's `client_authentication` comes last, when every client of it has one.",
  none:
    "- **No client certificates any more.** Run `enrollCommand` on each agent, then on each Fleet Server. Remove the agents' " +
    "certificates and keys only then, and set Elasticsearch's `client_authentication` to `none` last.",
};

/** Steps for the hosts of a changed file in addition to the copy, by its name. */
export const FILE_NOTES: Readonly<Record<string, string>> = {
  "agent-ca.pem":
    "; restart these Fleet Servers, on 9.5 too, one after the other: a running one does not trust an added CA",
  "es-client-ca.pem": "; before any `fleet-es-cert.pem` or `agent-cert.pem` of this deploy",
};

/** Follows hosts whose settings changed: an agent goes to or from a proxy. */
export const MOVED_AGENTS =
  "- **Another proxy.** If an agent above now goes through a proxy, another one, or none any more (`--url` and `--proxy-url` " +
  "of its command): start the new server first, and select its Fleet Server hosts in Kibana for the agent's policy. Until the " +
  "agent has enrolled, it goes the former way, whose server the new `fleet-ca.pem` or `proxy-ca.pem` may not verify.";

/** How a container enrolls again. */
export const RECREATE =
  "recreate the container with its `container.env`, without the volume of its former state or with `FLEET_FORCE=true` for " +
  "this one start";

/** A host that this deploy added. */
export function newHostText({ folder, commands, isContainer }: IFleetHost): string {
  const run = `${isContainer ? "then start the container with" : "then"} \`${commands[0]?.file}\``;
  const what = commands.length === 0 ? "apply its settings" : run;
  return `- **New host** ${folder}: copy its whole folder, ${what}. Other hosts do not change.`;
}

/** A running host whose platform, paths, key encryption or proxy changed. */
export function changedHostText({ folder, files, commands, isContainer }: IFleetHost): string {
  const enroll = isContainer ? RECREATE : "run its `enrollCommand`";
  return commands.length === 0
    ? `- **Settings changed** ${folder}: copy its files to \`${files.hostDirectory}\`, apply its settings, and restart it.`
    : `- **Settings changed** ${folder}: copy its files to \`${files.hostDirectory}\`, keeping the former ones, and ${enroll} ` +
        "at once: until then it looks for the former files with the former passphrase. Fleet Servers " +
        "first, one after the other. Where outputs name these paths, change them in Kibana afterwards, then remove the " +
        "former files.";
}
