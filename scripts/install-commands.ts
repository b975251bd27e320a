/** What cdktf writes with --outputs-file: by stack, nested as the constructs are. */
export type Outputs = Readonly<Record<string, unknown>>;

/** An output that cdktf leaves out of that file, unless it is told not to. */
export interface SensitiveOutput {
  /** The ids from the stack down to the output. */
  readonly path: readonly string[];
  /** The command that shows it. */
  readonly show: string;
}

interface Section {
  readonly heading: string;
  readonly servers: string[];
  readonly agents: string[];
}

// Named after the fleet where an output lies in a stack of its own, by these words alone below the fleet.
const COMMANDS = /^(?:(.*)-)?(agent-commands|fleet-server-commands?)(?:-sensitive)?$/;

/** Every install command, exact and unwrapped, each below a comment that names its host: a text to paste from. */
export function installCommands(outputs: Outputs, sensitive: readonly SensitiveOutput[] = []): string {
  const sections = new Map<string, Section>();
  collect(sections, [], outputs);
  for (const { path, show } of sensitive.filter((output) => isWithheld(outputs, output.path))) {
    const id = path.at(-1)!;
    hostsOf(sections, path.slice(0, -1), id)?.push(
      `# ${id} holds secrets and is not shown: run install-command.sh of the host's folder, or see\n# ${show}`,
    );
  }
  return [...sections.values()]
    .map(({ heading, servers, agents }) => [heading, ...servers, ...agents].join("\n\n") + "\n")
    .join("\n");
}

function collect(sections: Map<string, Section>, path: readonly string[], content: Outputs): void {
  for (const [id, value] of Object.entries(content)) {
    const hosts = hostsOf(sections, path, id);
    if (hosts && typeof value === "string") hosts.push(command("fleet-server", value));
    else if (hosts && isRecord(value)) {
      for (const [host, text] of Object.entries(value)) hosts.push(command(host, String(text)));
    } else if (isRecord(value)) {
      collect(sections, [...path, id], value);
    }
  }
}

/** Where the commands of an output belong, if it is one of commands. */
function hostsOf(sections: Map<string, Section>, path: readonly string[], id: string): string[] | undefined {
  const [, fleet, kind] = COMMANDS.exec(id) ?? [];
  if (kind === undefined) return undefined;
  const ids = fleet === undefined || path.at(-1) === fleet ? path : [...path, fleet];
  const heading = comment(ids.join("/"));
  const section = sections.get(heading) ?? { heading, servers: [], agents: [] };
  sections.set(heading, section);
  return kind === "agent-commands" ? section.agents : section.servers;
}

// A stack that was not deployed has nothing to tell of.
function isWithheld(outputs: Outputs, path: readonly string[]): boolean {
  const value = path.reduce<unknown>((node, id) => (isRecord(node) ? node[id] : undefined), outputs);
  return path[0]! in outputs && value === undefined;
}

function command(host: string, text: string): string {
  return `${comment(host)}\n${text.trimEnd()}`;
}

// One line whatever the id holds: what follows a line break would be run by the shell it is pasted into.
function comment(text: string): string {
  return `# ${text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")}`;
}

function isRecord(value: unknown): value is Outputs {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
