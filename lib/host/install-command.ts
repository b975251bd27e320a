import { AgentSubcommand } from "../command/agent-subcommand";
import type { InstallFlags } from "./install-flags";
import { FLAGS } from "../command/data/flags";
import type { Command, CommandFlags } from "../command/data/command";
import { givenFlags } from "../command/data/command";
import type { Text } from "../command/data/text";
import { isKnown } from "../command/data/text";
import { headersOf } from "../command/rules/rule";
import type { CommandProblem } from "../command/rules/rules";
import { checkCommand, worded } from "../command/rules/rules";
import { containerSettings, environmentFile } from "../command/render/container-environment";
import { posixShell } from "../command/render/posix-shell";
import { powershell } from "../command/render/powershell";
import type { CommandWord, Handover, Shell } from "../command/render/word";
import { commandWords, secretOf } from "../command/render/words";
import { commandFlags, knownFiles } from "./private/command-flags";
import { typeProblems } from "./private/flag-types";
import { checkProps } from "../private/check-props";
import { Problems } from "../private/problems";
import { plain, terraformText } from "./private/terraform-text";
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
   * Certificates that inputs on the host present.
   *
   * @default - none
   */
  readonly inputCertificates?: string[];

  /**
   * The private keys of these certificates.
   *
   * @default - none
   */
  readonly inputKeys?: string[];

  /**
   * The private keys that are encrypted.
   *
   * @default - none
   */
  readonly encryptedKeys?: string[];
}

/** Properties of a command. */
export interface InstallCommandProps {
  /** Command in front of the subcommand, used verbatim, e.g. `sudo ./elastic-agent`. */
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
   * Version of the agent that runs the command.
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
   * Folder of those files on the host, whose permissions the script sets.
   *
   * @default - the script changes no permissions
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
 * A complete `elastic-agent install` or `enroll` command, checked by the rules of the agent. It contains paths and
 * strings, no certificates.
 */
export class InstallCommand {
  /** Whether the command contains a secret. */
  public readonly containsSecret: boolean;

  /** File name of the script. */
  public readonly scriptName: string;

  private readonly command: Command;
  private readonly shell: Shell;
  private readonly words: CommandWord[];

  /** @throws with every rule that the command breaks */
  constructor(private readonly props: InstallCommandProps) {
    checkProps("InstallCommand", "InstallCommandProps", props);
    throwProblems(typeProblems(props.flags));
    this.command = commandOf(props);
    throwProblems(checkCommand(this.command));
    this.shell = props.platform.isWindows ? powershell : posixShell;
    this.scriptName = `${this.command.subcommand.word}-command.${this.shell.scriptExtension}`;
    this.words = commandWords(this.command);
    this.containsSecret = containsSecret(this.command.flags);
  }

  /** The command on one line. */
  public get oneLine(): string {
    return plain(this.shell.oneLine(this.command.executable, this.words));
  }

  /** The command with one flag per line, as on Elastic's page. */
  public get manyLines(): string {
    return plain(this.lines);
  }

  /** Script that sets the permissions of the files and then runs the command. */
  public get script(): string {
    return plain(this.shell.script(this.lines, this.handover));
  }

  /**
   * Script that only gives the files to an unprivileged agent's user or group, for files that are copied later.
   *
   * @internal
   */
  public get _handOverScript(): { readonly name: string; readonly content: string } | undefined {
    return this.handover && this.props.flags.unprivileged === true && this.props.container !== true
      ? { name: `hand-over.${this.shell.scriptExtension}`, content: plain(this.shell.script("", this.handover)) }
      : undefined;
  }

  /**
   * The same settings as environment variables of a container, without secrets that its own environment has.
   */
  public get containerEnvironment(): { [name: string]: string } {
    const { variables } = containerSettings(this.command.flags);
    return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, plain(value)]));
  }

  /** Those variables as an env file, for `docker run --env-file`: one per line, unquoted. */
  public get environmentFile(): string {
    return plain(environmentFile(this.command.flags));
  }

  private get lines(): Text {
    return this.shell.manyLines(this.command.executable, this.words);
  }

  private get handover(): Handover | undefined {
    const { flags, hostDirectory, files } = this.props;
    const paths = (kind: string): string[] =>
      FLAGS.filter((flag) => flag.kind === kind && flag.prop !== "basePath" && flags[flag.prop] !== undefined).map(
        ({ prop }) => flags[prop] as string,
      );
    // No flag of an agent names Elasticsearch's CA: the policy does.
    const publicPaths = [
      ...(flags.certificateAuthorities ?? []),
      ...paths("path"),
      ...(files?.elasticsearchCas ?? []),
      ...(files?.inputCertificates ?? []),
    ];
    return hostDirectory === undefined
      ? undefined
      : {
          directory: terraformText(hostDirectory),
          secretPaths: [...paths("secret path"), ...(files?.inputKeys ?? [])].map(terraformText),
          // A file outside the folder may belong to others, for example to the operating system.
          publicPaths: [...new Set(publicPaths)].filter((path) => path.startsWith(hostDirectory)).map(terraformText),
          user: this.command.flags.user,
          group: this.command.flags.group,
        };
  }
}

function commandOf(props: InstallCommandProps): Command {
  const { flags, executable, files = {}, fips = false, container = false } = props;
  const { platform, subcommand = AgentSubcommand.INSTALL, stackVersion = StackVersion.LATEST } = props;
  return {
    flags: commandFlags(subcommand.word === "install" ? { nonInteractive: true, ...flags } : flags),
    subcommand,
    platform,
    stackVersion,
    executable: terraformText(executable),
    files: knownFiles(files),
    fips,
    container,
  };
}

function throwProblems(found: readonly CommandProblem[]): void {
  const problems = new Problems("InstallCommand");
  for (const each of found) {
    const { prop, ...problem } = worded(each, { isProps: true, nameOf: (name) => name });
    problems.add(prop, problem);
  }
  problems.throwIfAny();
}

/** Whether a flag carries a secret, or may: a header or a proxy's URL that only Terraform knows. */
function containsSecret(flags: CommandFlags): boolean {
  const headers = [...headersOf(flags, "headers"), ...headersOf(flags, "proxyHeaders")];
  return (
    givenFlags(flags).some((flag) => secretOf(flag, flags)?.kind === "argument") ||
    [flags.proxyUrl ?? "", ...headers.map(([, value]) => value)].some((value) => !isKnown(value))
  );
}
