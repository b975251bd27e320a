/** An output of a deployed stack. */
export interface DeployedOutput {
  /** The ids from the stack down to the output. */
  readonly ids: readonly string[];
  /** The command; absent if it is sensitive. */
  readonly value?: unknown;
  /** The command that shows it. */
  readonly show: string;
}

interface Section {
  readonly heading: string;
  readonly servers: string[];
  readonly agents: string[];
}

// Named after the fleet where an output is in a stack of its own, by these words alone below the fleet.
const COMMANDS = /^(?:(.*)-)?(agent-commands|fleet-server-commands?)(?:-sensitive)?$/;

/** The fleet that an output of commands belongs to, by its ids; nothing for other outputs. */
export function fleetOf(ids: readonly string[]): { readonly fleet: string[]; readonly isMap: boolean } | undefined {
  const [, prefix, kind] = COMMANDS.exec(ids.at(-1)!) ?? [];
  if (kind === undefined) return undefined;
  const above = ids.slice(0, -1);
  const fleet = prefix === undefined || above.at(-1) === prefix ? above : [...above, prefix];
  return { fleet, isMap: kind !== "fleet-server-command" };
}

/** Every install command, exact and unwrapped, each below a comment that names its host: a text to paste from. */
export function installCommands(outputs: readonly DeployedOutput[]): string {
  const sections = new Map<string, Section>();
  for (const { ids, value, show } of outputs) {
    const found = fleetOf(ids);
    if (!found) continue;
    const heading = comment(found.fleet.join("/"));
    const section = sections.get(heading) ?? { heading, servers: [], agents: [] };
    sections.set(heading, section);
    const hosts = ids.at(-1)!.includes("agent-commands") ? section.agents : section.servers;
    if (typeof value === "string") hosts.push(command("fleet-server", value));
    else if (typeof value === "object" && value !== null) {
      for (const [host, text] of Object.entries(value)) hosts.push(command(host, String(text)));
    } else if (value === undefined) {
      const name = comment(ids.at(-1)!);
      hosts.push(
        `${name} contains secrets and is not shown: run install-command.sh of the host's folder, or see\n${comment(show)}`,
      );
    }
  }
  return [...sections.values()]
    .map(({ heading, servers, agents }) => [heading, ...servers, ...agents].join("\n\n") + "\n")
    .join("\n");
}

function command(host: string, text: string): string {
  return `${comment(host)}\n${text.trimEnd()}`;
}

// One line for every id: what follows a line break would be run by the shell it is pasted into.
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")}`;
}
