import { DEFEND_READS_EC_KEYS, hasFeature, sinceText } from "../lib/command/data/stack-features";
import { StackVersion } from "../lib/command/stack-version";
import type { Certificate } from "../lib/private/x509/certificate";
import { error } from "../lib/private/x509/finding";
import type { FleetObject } from "./fleet-objects";
import { adder, outputSsl } from "./fleet-objects";
import type { Host } from "./host";
import { fileName } from "./host-folder";
import { isEncryptedKey } from "./output-checks";
import type { Report } from "./report";

/** Checks keys for Elastic Defend, which reads fewer of them than the agent that starts it (check 69). */
export function checkDefend(
  hosts: readonly Host[],
  objects: readonly FleetObject[],
  report: Report,
  stackVersion = StackVersion.LATEST,
): void {
  const agents = hosts.filter(({ kind }) => kind === "agent" || kind === "fleet server");
  if (agents.length === 0) {
    return;
  }
  report.check(69);
  if (!hasFeature(stackVersion, DEFEND_READS_EC_KEYS)) {
    hosts.forEach((host) => checkAlgorithms(host, report, stackVersion));
  }
  objects.filter(({ kind }) => kind === "output").forEach((output) => checkOutputKey(output, agents, report));
}

/** Before 8.19, and in 9.0, Defend drops every key but RSA, those of CAs and servers too, without an error. */
function checkAlgorithms(host: Host, report: Report, version: StackVersion): void {
  const files: (readonly [string, readonly Certificate[]])[] = [
    ...(host.authorityFiles ?? []).map(({ name }) => [name, host.certificates(name)] as const),
    ...(["agentCert", "fleetCert", "esCa", "esCert"] as const).flatMap((role) =>
      host.allNamed(role).map(({ name }) => [name, host.certificates(name)] as const),
    ),
  ];
  for (const [name, certificates] of new Map(files)) {
    const other = certificates.find(({ publicKey }) => !publicKey.algorithm.startsWith("RSA"));
    if (other !== undefined) {
      const what = `has ${other.publicKey.algorithm} keys, which Elastic Defend of ${version.toString()} drops silently`;
      const fix = `issue it with RSA keys, or run ${sinceText(DEFEND_READS_EC_KEYS)}`;
      report.add(host.label, name, [error(69, what, fix)]);
    }
  }
}

/** The agent decrypts its key for Defend towards Fleet Server only (endpoint_component_modifier.go). */
function checkOutputKey(output: FleetObject, agents: readonly Host[], report: Report): void {
  const { prefix } = outputSsl(output);
  const key = output.settings.text(`${prefix}.key`) ?? output.settings.text("secrets.ssl.key") ?? "";
  const name = fileName(key);
  const isEncrypted = key.trimStart().startsWith("-")
    ? /ENCRYPTED/.test(key)
    : agents.some((host) => host.blocks(name).some(isEncryptedKey));
  if (isEncrypted) {
    const what = "names an encrypted key, which Elastic Defend does not read, so it has no client certificate there";
    adder(output, report)(error(69, what, "use plain keys on hosts with Elastic Defend"));
  }
}
