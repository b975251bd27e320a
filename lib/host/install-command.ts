import { AgentSubcommand } from "../command/agent-subcommand";
import type { InstallFlags } from "./install-flags";
import { FLAGS } from "../command/data/flags";
import { givenFlags } from "../command/data/command";
import type { CommandProblem } from "../command/rules/rules";
import { checkCommand, worded } from "../command/rules/rules";
import { commandWords, secretOf } from "./private/render/values";
import type { CommandWord, Handover, Shell } from "./private/render/word";
import { containerVariables, environmentFile } from "./private/render/container-environment";
import { commandFlags, knownFiles, textOf } from "./private/command-flags";
import { typeProblems } from "./private/flag-types";
import { checkProps } from "../private/check-props";
import { Problems } from "../private/problems";
import { posixShell } from "./private/render/posix-shell";
import { powershell } from "./private/render/powershell";
import { isKnown } from "../private/terraform/text";
import { StackVersion } from "../command/stack-version";
import type { TargetPlatform } from "../command/target-platform";

/** Files that a command names, as far as the rules need them. Paths are paths on the host. */
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

/** Properties of a command. */
export interface InstallCommandProps {
  /** How the executable is called: words that stand before the subcommand as they are, e.g. `sudo ./elastic-agent`. */
  readonly executable: string;

  /** The host's operating system. */
  readonly platform: TargetPlatform;

  /** The flags. */
  readonly flags: InstallFlags;

  /**
   * Subcommand of `elastic-agent`.
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
   * Files that the flags name.
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
  /** Whether the command contains a secret. */
  public readonly holdsSecret: boolean;

  /** The name of the script's file. */
  public readonly scriptName: string;

  private readonly shell: Shell;
  private readonly words: CommandWord[];

  /** @throws with every rule that the command breaks */
  constructor(private readonly props: InstallCommandProps) {
    checkProps("InstallCommand", "InstallCommandProps", props);
    const subcommand = props.subcommand ?? AgentSubcommand.INSTALL;
    const problems = new Problems("InstallCommand");
    for (const found of this.check(subcommand)) {
      const { prop, ...problem } = worded(found, { isProps: true, nameOf: (name) => name });
      problems.add(prop, problem);
    }
    problems.throwIfAny();
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

  /**
   * A script that only hands the files to an unprivileged agent's user or group, for files that are copied later.
   *
   * @internal
   */
  public get _handOverScript(): { readonly name: string; readonly content: string } | undefined {
    return this.handover && this.props.flags.unprivileged === true && this.props.container !== true
      ? { name: `hand-over.${this.shell.scriptExtension}`, content: this.shell.script("", this.handover) }
      : undefined;
  }

  /**
   * The same settings as environment variables of a container; a secret that its own environment holds is not there.
   */
  public get containerEnvironment(): { [name: string]: string } {
    return containerVariables(this.props.flags);
  }

  /** Those variables as an env file, for `docker run --env-file`: one a line, nothing quoted. */
  public get environmentFile(): string {
    return environmentFile(this.props.flags);
  }

  private check(subcommand: AgentSubcommand): CommandProblem[] {
    const { flags, platform, stackVersion, executable, files, fips, container } = this.props;
    const wrongTypes = typeProblems(flags);
    return wrongTypes.length > 0
      ? wrongTypes
      : checkCommand({
          flags: commandFlags(subcommand.word === "install" ? { nonInteractive: true, ...flags } : flags),
          subcommand,
          platform,
          stackVersion: stackVersion ?? StackVersion.LATEST,
          executable: textOf(executable),
          files: knownFiles(files ?? {}),
          fips: fips ?? false,
          container: container ?? false,
        });
  }

  private get handover(): Handover | undefined {
    const { flags, hostDirectory } = this.props;
    const paths = (kind: string): string[] =>
      FLAGS.filter((flag) => flag.kind === kind && flag.prop !== "basePath" && flags[flag.prop] !== undefined).map(
        ({ prop }) => flags[prop] as string,
      );
    // No flag of an agent names Elasticsearch's CA: the policy does.
    const publicPaths = [
      ...(flags.certificateAuthorities ?? []),
      ...paths("path"),
      ...(this.props.files?.elasticsearchCas ?? []),
    ];
    return hostDirectory === undefined
      ? undefined
      : {
          directory: hostDirectory,
          secretPaths: paths("secret path"),
          // A file outside the folder may belong to others: to the operating system, say.
          publicPaths: [...new Set(publicPaths)].filter((path) => path.startsWith(hostDirectory)),
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
