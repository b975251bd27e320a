import type { TerraformResource } from "cdktf";
import { Lazy } from "cdktf";
import { Construct } from "constructs";

import { createLocal } from "../../../private/terraform/local";
import { createMemory } from "../../../private/terraform/memory";
import type { LiveChanges } from "../live/live-changes";
import { HOSTS_CHANGED, REMOVED_HOST, REMOVED_SERVER, REMOVED_WITHOUT_CERTIFICATE } from "./changes-text";

/** Properties of the record of removed hosts. */
export interface RemovedHostsProps {
  readonly live: LiveChanges;
  readonly after: () => TerraformResource[];
  /** Hours for which an agent's certificate is valid unless its host has another validity. */
  readonly clientValidityHours: number;
  /** Time of the last deploy that changed something: an expression. */
  readonly now: string;
  /** Whether that deploy changed which hosts there are: an expression. */
  readonly isChanged: string;
}

/**
 * Names the hosts that a deploy removed. A resource that goes can no longer be read, so one more remembers every host and
 * its validity as of the last host that was added: it stays as it is while hosts go. It is replaced too when the host that
 * was added last goes, and then the runbook does not know the name.
 */
export class RemovedHosts extends Construct {
  /** Lines of the runbook: an expression of a list. */
  public readonly lines: string;

  constructor(scope: Construct, id: string, { live, after, clientValidityHours, now, isChanged }: RemovedHostsProps) {
    super(scope, id);
    const hours = createLocal(this, "hours", Lazy.anyValue({ produce: () => hoursOf(live) }));
    // Another validity of a host replaces the record.
    const validity = createMemory(this, "validity", {
      forEachOf: `[for folder, hours in ${hours} : "\${folder}|\${hours}" if hours != ${clientValidityHours}]`,
    });
    const times =
      `concat([for folder in ${live.hostList} : ${live.memories.host.address}[folder].input.planned], ` +
      `values(${validity.address})[*].input.planned)`;
    const seen = createMemory(this, "seen", {
      after,
      input: { planned: "${plantimestamp()}", hosts: `\${${hours}}` },
      replacedBy: `\${try(reverse(sort(${times}))[0], "")}`,
    });
    const text = createLocal(this, "text", REMOVED_HOST);
    const bare = createLocal(this, "text-without-certificate", REMOVED_WITHOUT_CERTIFICATE);
    const server = createLocal(this, "text-of-server", REMOVED_SERVER);
    const bareServer = `replace(${server}, ", at the latest on UNTIL", "")`;
    const until = (some: string): string => `formatdate("YYYY-MM-DD", timeadd(${now}, "\${${some}}h"))`;
    const gone =
      `[for folder, hours in ${seen.address}.input.hosts : ` +
      `replace(replace(!can(regex("^(?:agents|fleet-servers?)(?:/|$)", folder)) ? (hours == 0 ? ${bareServer} : ${server}) : hours == 0 ? ${bare} : ${text}, ` +
      `"UNTIL", ${until("hours")}), "HOST", folder) ` +
      `if !contains(${live.hostList}, folder)]`;
    const unknown = `replace(${createLocal(this, "unknown", HOSTS_CHANGED)}, "UNTIL", ${until(String(clientValidityHours))})`;
    this.lines = `!(${isChanged}) ? [] : length(${gone}) > 0 ? ${gone} : [${unknown}]`;
  }
}

/** Hours for which a host's certificates are valid at most, by its folder; 0 for a host without one. */
function hoursOf({ hosts }: LiveChanges): Record<string, number> {
  return Object.fromEntries(
    hosts.map(({ folder, certificates }) => [folder, Math.max(0, ...certificates.map((each) => each._validityHours))]),
  );
}
