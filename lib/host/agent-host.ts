import type { HostCommand, HostReload } from "./fleet-host";
import { HostBase } from "./host-base";
import { HostKind } from "./host-kind";
import type { HostCommands } from "./private/commands";

/** elastic-agent 9.5 made `certificate_reload` the default; earlier versions do not have it or turn it off. */
const RELOADS_FROM = "9.5";

/** Host that runs `elastic-agent`: an agent or a Fleet Server. */
export abstract class AgentHost extends HostBase {
  /** @internal */
  protected abstract readonly _commands: HostCommands;

  /**
   * The complete install command: an agent's on one line, a Fleet Server's with one flag per line, as on Elastic's page.
   * A Terraform token.
   */
  public get installCommand(): string {
    return this._commands.installText;
  }

  /** Whether the command contains a secret, so that an output of it must be sensitive. */
  public get installCommandContainsSecret(): boolean {
    return this._commands.install.containsSecret;
  }

  /** The settings as environment variables, where the agent runs in a container. */
  public get containerEnvironment(): { [name: string]: string } | undefined {
    return this._commands.containerEnvironment;
  }

  /** The install command, or the environment of the agent's container. */
  public get commands(): HostCommand[] {
    return [this._commands.written];
  }

  /** Whether the agent runs in a container. */
  public get isContainer(): boolean {
    return this.containerEnvironment !== undefined;
  }

  /**
   * The complete `enroll` command in the same form, for an agent that is installed already. It has every setting,
   * because enrolling resets the others; how the agent was installed stays. A Terraform token.
   */
  public get enrollCommand(): string {
    return this._commands.enrollText();
  }

  /** How the agent applies changed files. */
  public get reload(): HostReload {
    const { isContainer, platform } = this;
    const hosts = this.kind === HostKind.AGENT ? "agents" : "Fleet Servers";
    const isAutomatic = this.stackVersion?.isAtLeast(RELOADS_FROM) === true;
    const restart = isContainer ? "restart the container" : "restart";
    const load = "loads files by itself";
    return {
      isAutomatic,
      instruction: `Restart ${hosts} before ${RELOADS_FROM}; from ${RELOADS_FROM} on they load the file within five seconds.`,
      // A running Fleet Server does not come to accept the clients of an added CA.
      afterCopy: !isAutomatic ? restart : hosts === "agents" ? load : `${load}; ${restart} for an added agent CA`,
      command: isContainer
        ? undefined
        : platform.isWindows
          ? "& 'C:\\Program Files\\Elastic\\Agent\\elastic-agent.exe' restart"
          : "sudo elastic-agent restart",
    };
  }
}
