import { AgentSubcommand } from "./agent-subcommand";
import type { InstallFlags } from "./install-flags";
import { FLAGS, givenFlags } from "./private/flags";
import type { Command } from "./private/rule";
import { checkCommand } from "./private/rules";
import { commandWords, secretOf } from "./private/values";
import type { CommandWord, Handover, Shell } from "./private/word";
import { containerVariables, environmentFile } from "./private/container-environment";
import { Faults } from "../private/faults";
import { posixShell } from "./private/posix-shell";
import { powershell } from "./private/powershell";
import { isKnown } from "../private/terraform/text";
import { StackVersion } from "./stack-version";
import type { TargetPlatform } from "./target-platform";

/** What the files are that a command names, as far as its rules have to know. Paths are paths on the host. */
export interface CommandFiles {
  /**
   * The CAs that sign for Fleet Servers. An empty list says that the host's operating system trusts them.
   *
   * @default - unknown, so that only an empty list of CAs is refused
   */
  readonly fleetCas?: string[];

  /**
   * The CAs that sign for agents.
   *
   * @default - unknown, so that only an empty list of CAs is refused
   */
  readonly agentCas?: string[];

  /**
   * The CAs that sign for Elasticsearch.
   *
   * @default - unknown
   */
  readonly elasticsearchCas?: string[];

  /**
   * The private keys that are encrypted.
   *
   * @default - none
   */
  readonly encryptedKeys?: string[];
}

/** What a command is made of. */
export interface InstallCommandProps {
  /** How the executable is called: words that stand before the subcommand as they are, e.g. `sudo ./elastic-agent`. */
  readonly executable: string;

  /** The host's operating system. */
  readonly platform: TargetPlatform;

  /** The flags. */
  readonly flags: InstallFlags;

  /**
   * What `elastic-agent` is told to do.
   *
   * @default AgentSubcommand.INSTALL
   */
  readonly subcommand?: AgentSubcommand;

  /**
   * The version that the command is for.
   *
   * @default StackVersion.LATEST
   */
  readonly stackVersion?: StackVersion;

  /**
   * What the files are that the flags name.
   *
   * @default - unknown
   */
  readonly files?: CommandFiles;

  /**
   * The folder of those files on the host, which the script protects or hands over.
   *
   * @default - the script leaves files alone
   */
  readonly hostDirectory?: string;

  /**
   * Whether the agent is Elastic's FIPS build.
   *
   * @default false
   */
  readonly fips?: boolean;

  /**
   * Whether the agent runs in a container, which reads the environment instead of a command.
   *
   * @default false
   */
  readonly container?: boolean;
}

/**
 * A complete `elastic-agent install` or `enroll` command that the agent accepts, and then does what it says. It knows
 * paths and strings, no certificates.
 */
export class InstallCommand {
  /** Whether a secret stands in the command. */
  public readonly holdsSecret: boolean;

  /** The name of the script's file. */
  public readonly scriptName: string;

  private readonly shell: Shell;
  private readonly words: CommandWord[];

  /** @throws with every rule that the command breaks */
  constructor(private readonly props: InstallCommandProps) {
    const subcommand = props.subcommand ?? AgentSubcommand.INSTALL;
    const faults = new Faults("InstallCommand");
    for (const { prop, ...fault } of checkCommand(this.commandOf(subcommand))) {
      faults.add(prop, fault);
    }
    faults.throwIfAny();
    this.shell = props.platform.isWindows ? powershell : posixShell;
    this.scriptName = `${subcommand.word}-command.${this.shell.scriptExtension}`;
    this.words = commandWords(subcommand, props.flags);
    this.holdsSecret = holdsSecret(props.flags);
  }

  /** The command on one line. */
  public get oneLine(): string {
    return this.shell.oneLine(this.props.executable, this.words);
  }

  /** The command with one flag a line, as Elastic's page prints it. */
  public get manyLines(): string {
    return this.shell.manyLines(this.props.executable, this.words);
  }

  /** A script that runs the command, once it has protected the files or handed them to the agent's user. */
  public get script(): string {
    return this.shell.script(this.manyLines, this.handover);
  }

  /** The same settings as environment variables of a container; a secret that its own environment holds is not there. */
  public get containerEnvironment(): { [name: string]: string } {
    return containerVariables(this.props.flags);
  }

  /** Those variables as an env file, for `docker run --env-file`: one a line, nothing quoted. */
  public get environmentFile(): string {
    return environmentFile(this.props.flags);
  }

  private commandOf(subcommand: AgentSubcommand): Command {
    const { props } = this;
    return {
      flags: props.flags,
      subcommand,
      platform: props.platform,
      stackVersion: props.stackVersion ?? StackVersion.LATEST,
      executable: props.executable,
      files: props.files ?? {},
      fips: props.fips ?? false,
      container: props.container ?? false,
    };
  }

  private get handover(): Handover | undefined {
    const { flags, hostDirectory } = this.props;
    const paths = (kind: string): string[] =>
      FLAGS.filter((flag) => flag.kind === kind && flag.prop !== "basePath" && flags[flag.prop] !== undefined).map(
        ({ prop }) => flags[prop] as string,
      );
    return hostDirectory === undefined
      ? undefined
      : {
          directory: hostDirectory,
          secretPaths: paths("secret path"),
          publicPaths: [...(flags.certificateAuthorities ?? []), ...paths("path")],
          user: flags.user,
          group: flags.group,
        };
  }
}

/** Whether a flag carries a secret, or may: a header or a proxy's URL that only Terraform knows. */
function holdsSecret(flags: InstallFlags): boolean {
  const maybe = [flags.proxyUrl, ...Object.values(flags.headers ?? {}), ...Object.values(flags.proxyHeaders ?? {})];
  return (
    givenFlags(flags).some((flag) => secretOf(flag, flags)?.kind === "argument") ||
    maybe.some((value) => value !== undefined && !isKnown(value))
  );
}
