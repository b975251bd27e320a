import type { Precondition } from "cdktf";
import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { AgentSubcommand } from "../../command/agent-subcommand";
import type { HostCommand } from "../fleet-host";
import type { HostFiles } from "../host-files";
import type { CommandFiles, InstallCommandProps } from "../install-command";
import { InstallCommand } from "../install-command";
import type { InstallFlags } from "../install-flags";
import type { InstallOptions } from "../install-options";
import { FLAGS } from "../../command/data/flags";
import { commandPreconditions } from "./command-preconditions";
import { propTypesOf } from "../../private/check-props";
import type { Problems } from "../../private/problems";
import type { Pair } from "./pair";
import { prerequisites } from "./prerequisites";
import { valueOf } from "../../private/terraform/attributes";
import { posixShell } from "../../command/render/posix-shell";
import { powershell } from "../../command/render/powershell";
import { commandFlags } from "./command-flags";
import { rawText, terraformText } from "./terraform-text";
import type { Shell } from "../../command/render/word";
import type { ResolvedHostOptions } from "./setup";
import { isKnown } from "../../private/terraform/text";
import { toldFlags } from "./told-flags";

/** Which prop of a host a flag comes from, where it has another name there. */
export type HostProps = { readonly [flag in keyof InstallFlags]?: string };

/** What a host's commands are made of. */
export interface HostCommandsProps {
  readonly options: ResolvedHostOptions;
  readonly flags: InstallFlags;
  readonly files: CommandFiles;
  readonly isContainer: boolean;
  readonly layout: "oneLine" | "manyLines";
  /** The host's own names for flags. */
  readonly props: HostProps;
}

/** What the agent calls its user where none is named (elastic-agent internal/pkg/agent/install/install.go). */
const DEFAULT_USER = "elastic-agent-user";

/** Flags that a host's props have under the same names. */
export function hostFlags(
  struct: string,
  props: InstallOptions,
  { nonInteractive }: ResolvedHostOptions,
): InstallFlags {
  const known = new Set(Object.keys(propTypesOf(struct)));
  const given = FLAGS.filter(({ prop }) => known.has(prop)).map(({ prop }) => [prop, (props as InstallFlags)[prop]]);
  return { ...Object.fromEntries(given), nonInteractive };
}

/** The keys that are encrypted, as the commands' rules want to know. */
export function encryptedKeys(...pairs: (Pair | undefined)[]): string[] {
  return pairs.flatMap((pair) => (pair?.passphrasePath === undefined ? [] : [pair.keyPath]));
}

/** The CA of a proxy as a file of its own, and that file's path. */
export function writeProxyCa(problems: Problems, files: HostFiles, pem: string | undefined): string | undefined {
  const text = proxyCaText(problems, pem);
  return text === undefined ? undefined : files.addPublic("proxy-ca.pem", text).hostPath;
}

/** The CA of a proxy as it stands in a file. */
export function proxyCaText(problems: Problems, pem: string | undefined): string | undefined {
  if (pem === undefined || !isKnown(pem)) {
    return pem;
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!certificates || pem.includes("PRIVATE KEY-----")) {
    problems.add("proxyCaPem", {
      what: certificates ? "holds a private key" : "holds no certificate",
      allowed: "PEM of certificates alone",
      fix: certificates ? "take the key out" : "convert DER with: openssl x509 -inform der -in FILE",
    });
    return undefined;
  }
  return certificates.map((certificate) => `${certificate.replace(/\r/g, "")}\n`).join("");
}

/** The commands of one host: what installs it, and what enrols it anew, from the same flags. */
export class HostCommands {
  /** What installs the host's agent. */
  public readonly install: InstallCommand;

  /** The install command as a value of Terraform's. */
  public readonly installText: string;

  private enrollToken?: string;

  /** Adds what is wrong to `problems`, under the host's own names, and throws everything that they hold. */
  constructor(
    problems: Problems,
    private readonly host: Construct,
    private readonly props: HostCommandsProps,
  ) {
    const { options, isContainer } = props;
    const propOf = (prop: string): string =>
      props.props[prop as keyof InstallFlags] ?? HOST_PROPS[prop as keyof InstallFlags] ?? prop;
    const install = problems.collect(
      () =>
        new InstallCommand({
          ...this.shared,
          executable: options.executable,
          flags: props.flags,
          container: isContainer,
          hostDirectory: options.platform.isWindows || props.flags.unprivileged ? options.hostDirectory : undefined,
        }),
      propOf,
    );
    if (install !== undefined && options.installedExecutable !== undefined) {
      // Made when it is asked for; what is wrong with what it alone reads is told now.
      problems.collect(
        () => this.enroll,
        (prop) => (prop === "executable" ? "installedExecutable" : propOf(prop)),
      );
    }
    problems.throwIfAny();
    this.install = install as InstallCommand;
    this.installText = valueOf(new TerraformLocal(this.host, "command", this.install[this.props.layout]));
  }

  /** Writes the script, or a container's env file, and returns what a person copies from it. */
  public write(files: HostFiles, preconditions: Precondition[]): HostCommand {
    const { install, host } = this;
    const { flags, options } = this.props;
    const all = [...preconditions, ...commandPreconditions(host, commandFlags(flags), options)];
    const [name, content] = this.props.isContainer
      ? ["container.env", install.environmentFile]
      : [install.scriptName, install.script];
    const file = install.holdsSecret ? files.addSecret(name, content, all) : files.addPublic(name, content, all);
    const handOver = install._handOverScript;
    if (handOver) {
      files.addPublic(handOver.name, handOver.content);
    }
    const isReadFromFile = this.props.isContainer && !install.holdsSecret;
    const text = isReadFromFile ? file.content : this.installText;
    return {
      file: name,
      text,
      holdsSecret: install.holdsSecret,
      keptOptions: toldFlags(commandFlags(flags)),
      prerequisites: prerequisites(flags, files, this.props.isContainer),
    };
  }

  /** The enrol command as a value of Terraform's, made when it is first asked for: few ever need it. */
  public enrollText(): string {
    this.enrollToken ??= new TerraformLocal(this.host, "enroll-command", this.enroll[this.props.layout]).asString;
    return this.enrollToken;
  }

  /** A container's variables. */
  public get containerEnvironment(): { [name: string]: string } | undefined {
    return this.props.isContainer ? this.install.containerEnvironment : undefined;
  }

  /** Enrolling resets what it does not name, so it has every flag but those of the installation itself. */
  private get enroll(): InstallCommand {
    const { flags, options } = this.props;
    const kept = FLAGS.filter(({ installOnly, prop }) => !installOnly && prop !== "delayEnroll");
    return new InstallCommand({
      ...this.shared,
      subcommand: AgentSubcommand.ENROLL,
      executable: options.installedExecutable ?? this.installedExecutable,
      flags: { ...Object.fromEntries(kept.map(({ prop }) => [prop, flags[prop]])), force: true },
    });
  }

  private get installedExecutable(): string {
    const { basePath, unprivileged, user } = this.props.flags;
    const { platform } = this.props.options;
    const word = (shell: Shell, value: string): string => rawText(shell.quote(terraformText(value)));
    if (platform.isWindows && basePath !== undefined) {
      // Elsewhere a wrapper in the path leads to wherever the agent was installed (install.go, ShellWrapperPath).
      const executable = platform.join(platform.agentDirectoryBelow(basePath), "elastic-agent.exe");
      return `& ${word(powershell, executable)}`;
    }
    return unprivileged === true && !platform.isWindows
      ? // Older agents enrol only as the user that owns their files (elastic-agent#9604).
        `sudo -u ${word(posixShell, user ?? DEFAULT_USER)} elastic-agent`
      : platform.installedExecutable;
  }

  private get shared(): Pick<InstallCommandProps, "platform" | "stackVersion" | "files" | "fips"> {
    const { options, files } = this.props;
    return { platform: options.platform, stackVersion: options.stackVersion, files, fips: options.fips };
  }
}

/** What every host calls these flags. */
const HOST_PROPS: HostProps = { url: "fleetServerUrl" };
