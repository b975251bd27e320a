import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { containerArguments } from "../../support/container-arguments";
import type { PasteShell } from "../../support/paste";
import type { Pair } from "./signer";

/** A host's folder as a deploy left it: its command as a real shell splits it, and local paths of the host's paths. */
export class Host {
  /** The longest prefix wins, so a single file may be outside its directory. */
  public readonly directories: Record<string, string>;
  private words: string[] = [];
  private environment: Record<string, string> = {};

  public constructor(
    public readonly folder: string,
    hostDirectory: string,
    onHosts: Record<string, string>,
  ) {
    this.directories = { [hostDirectory]: folder, ...onHosts };
  }

  /** Runs the script that the deploy wrote, in a shell in which the agent does nothing but print its arguments. */
  public async readCommand(shell: PasteShell): Promise<void> {
    if (existsSync(join(this.folder, "container.env"))) {
      this.words = this.containerWords();
      return;
    }
    const script = join(this.folder, "install-command.sh");
    const named = readFileSync(script, "utf8").matchAll(/\$\{?([A-Za-z_][A-Za-z0-9_]*)/g);
    const { code, stdout, stderr } = await shell.run(
      script,
      Object.fromEntries([...named].map(([, name]) => [name!, "ZHVtbXk="])),
    );
    if (code !== 0) {
      throw new Error(`${script} ended with ${code}: ${stderr}`);
    }
    this.words = ["elastic-agent", ...stdout.split("\0").slice(0, -1)];
  }

  /** What the container's entry point makes of the emitted variables. */
  private containerWords(): string[] {
    const lines = readFileSync(join(this.folder, "container.env"), "utf8").split("\n").filter(Boolean);
    const variables = lines.map((line) => /^([^=]+)(?:=(.*))?$/.exec(line)!);
    this.environment = Object.fromEntries(variables.map(([, name, value]) => [name!, value ?? "ZHVtbXk="] as const));
    // Those of Kibana are for another step of the entry point.
    const enrolled = Object.entries(this.environment).filter(([name]) => !name.startsWith("KIBANA_FLEET_"));
    return ["elastic-agent", "enroll", ...containerArguments(Object.fromEntries(enrolled)), "--force"];
  }

  public get argv(): string[] {
    return this.words;
  }

  /** A container's environment file; a name alone is passed on from whatever starts the container. */
  public get variables(): Record<string, string> {
    return this.environment;
  }

  /** A flag's value in the command. */
  public flag(name: string): string | undefined {
    return this.words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  }

  /** Where a path of the host is here. */
  public local(path: string): string {
    const prefixes = Object.keys(this.directories).filter((each) => path === each || path.startsWith(`${each}/`));
    const [longest] = prefixes.sort((a, b) => b.length - a.length);
    if (longest === undefined) {
      throw new Error(`nothing is known of ${path} on the host ${this.folder}`);
    }
    return join(this.directories[longest]!, path.slice(longest.length));
  }

  /** The files that a flag lists. */
  public files(flag: string): string[] {
    return (this.flag(flag) ?? "")
      .split(",")
      .filter(Boolean)
      .map((path) => this.local(path));
  }

  /** The pair that the flags of one role name; none where the command has none. */
  public pair(role: CommandRole): HostPair | undefined {
    const [certificate, key, passphrase] = [role, `${role}-key`, `${role}-key-passphrase`].map((flag) =>
      this.flag(flag),
    );
    return certificate === undefined || key === undefined ? undefined : this.pairAt(certificate, key, passphrase);
  }

  public pairAt(certificate: string, key: string, passphrase?: string): HostPair {
    const hostPaths = { certificate, key, passphrase: passphrase ?? null };
    return {
      certificate: this.local(certificate),
      key: this.local(key),
      passphrase: passphrase === undefined ? null : this.local(passphrase),
      hostPaths,
    };
  }
}

export type CommandRole = "fleet-server-cert" | "elastic-agent-cert" | "fleet-server-es-cert";

/** A pair by its paths here, and by those that commands and settings name. */
export interface HostPair extends Pair {
  hostPaths: Pair;
}
