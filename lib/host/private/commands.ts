import type { Precondition } from "cdktf";
import { Fn, Lazy, TerraformLocal } from "cdktf";

import { AgentSubcommand } from "../../command/agent-subcommand";
import type { HostCommand } from "../fleet-host";
import type { HostBase } from "../host-base";
import type { IFleetTls } from "../ifleet-tls";
import type { HostFiles } from "../host-files";
import type { CommandFiles, InstallCommandProps } from "../install-command";
import { InstallCommand } from "../install-command";
import type { InstallFlags } from "../install-flags";
import type { InstallOptions } from "../install-options";
import { FLAGS } from "../../command/data/flags";
import { commandPreconditions } from "./command-preconditions";
import { hostDirectoryPreconditions } from "./directory";
import { urlPreconditions } from "../../private/urls";
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
import { expression, isKnown, literalArgument } from "../../private/terraform/text";
import { keptFlags } from "./kept-flags";

/** Props of a host by flag, where the names differ. */
export type HostProps = { readonly [flag in keyof InstallFlags]?: string };

/** Properties of a host's commands. */
export interface HostCommandsProps {
  readonly fleet: IFleetTls;
  readonly options: ResolvedHostOptions;
  /** Flags, without those of the agent's client certificate. */
  readonly flags: InstallFlags;
  readonly files: CommandFiles;
  /** The agent's client certificate. */
  readonly agentPair: Pair | undefined;
  /** The host's other certificates. */
  readonly otherPairs?: (Pair | undefined)[];
  readonly isContainer: boolean | undefined;
  /** Further variables of the container. */
  readonly variables?: { readonly [name: string]: string };
  readonly layout: "oneLine" | "manyLines";
  /** The host's own names for flags. */
  readonly props: HostProps;
  /** Preconditions of the command's file, in addition to those of the fleet's URLs and of the flags. */
  readonly preconditions?: Precondition[];
}

/** Default name of the agent's user (elastic-agent internal/pkg/agent/install/install.go). */
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

/** The CA of a proxy as a file of its own, and that file's path. */
export function writeProxyCa(problems: Problems, files: HostFiles, pem: string | undefined): string | undefined {
  const text = proxyCaText(problems, pem);
  return text === undefined ? undefined : files.addPublic("proxy-ca.pem", text).hostPath;
}

/** The CA of a proxy as a file contains it. */
export function proxyCaText(problems: Problems, pem: string | undefined): string | undefined {
  if (pem === undefined || !isKnown(pem)) {
    return pem;
  }
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (!certificates || pem.includes("PRIVATE KEY-----")) {
    problems.add("proxyCaPem", {
      what: certificates ? "contains a private key" : "contains no certificate",
      allowed: "PEM of certificates alone",
      fix: certificates ? "remove the key" : "convert DER with: openssl x509 -inform der -in FILE",
    });
    return undefined;
  }
  return certificates.map((certificate) => `${certificate.replace(/\r/g, "")}\n`).join("");
}

/** The commands of one host, which have the same flags: one installs the agent, the other one enrolls it again. */
export class HostCommands {
  /** The install command. */
  public readonly install: InstallCommand;

  /** The install command as a value of Terraform's. */
  public readonly installText: string;

  /** What a person copies from the command's file. */
  public readonly written: HostCommand;

  private readonly flags: InstallFlags;
  private readonly files: CommandFiles;
  private enrollToken?: string;

  /** Adds errors to `problems`, under the host's own names of props, and throws all of them. */
  constructor(
    problems: Problems,
    private readonly host: HostBase,
    private readonly props: HostCommandsProps,
  ) {
    const { options, agentPair, otherPairs = [] } = props;
    const encryptedKeys = [agentPair, ...otherPairs].flatMap((pair) => (pair?.passphrasePath ? [pair.keyPath] : []));
    this.files = { ...props.files, encryptedKeys };
    this.flags = {
      ...props.flags,
      elasticAgentCert: agentPair?.certificatePath,
      elasticAgentCertKey: agentPair?.keyPath,
      elasticAgentCertKeyPassphrase: agentPair?.passphrasePath,
    };
    const propOf = (prop: string): string =>
      props.props[prop as keyof InstallFlags] ?? HOST_PROPS[prop as keyof InstallFlags] ?? prop;
    const install = problems.collect(() => new InstallCommand(this.installProps), propOf);
    if (install !== undefined && options.installedExecutable !== undefined) {
      // The enroll command is created on demand; errors in the only prop that it alone reads are reported now.
      problems.collect(
        () => this.enroll,
        (prop) => (prop === "executable" ? "installedExecutable" : propOf(prop)),
      );
    }
    problems.throwIfAny();
    this.install = install as InstallCommand;
    this.installText = valueOf(new TerraformLocal(host, "command", this.install[props.layout]));
    this.written = this.write(host.files);
  }

  /** The enroll command as a value of Terraform's, created on demand: few users need it. */
  public enrollText(): string {
    this.enrollToken ??= new TerraformLocal(this.host, "enroll-command", this.enroll[this.props.layout]).asString;
    return this.enrollToken;
  }

  /** Variables of a container. */
  public get containerEnvironment(): { [name: string]: string } | undefined {
    const { isContainer, variables } = this.props;
    return isContainer ? { ...this.install.containerEnvironment, ...variables } : undefined;
  }

  /** Writes the script, or the env file of a container. */
  private write(files: HostFiles): HostCommand {
    const { install, host } = this;
    const { fleet, options, isContainer, preconditions = [] } = this.props;
    const all = [
      ...urlPreconditions(fleet),
      ...hostDirectoryPreconditions(host, options),
      ...preconditions,
      ...commandPreconditions(host, commandFlags(this.flags), options),
    ];
    const handOver = install._handOverScript;
    const [name, content] = isContainer
      ? ["container.env", this.environmentFile]
      : [install.scriptName, handOver ? this.withAllCas("script", ({ script }) => script) : install.script];
    const file = install.containsSecret ? files.addSecret(name, content, all) : files.addPublic(name, content, all);
    if (handOver) {
      files.addPublic(
        handOver.name,
        this.withAllCas("hand-over", ({ _handOverScript: late }) => late?.content ?? ""),
      );
    }
    const text = isContainer && !install.containsSecret ? file.content : this.installText;
    return {
      file: name,
      text,
      containsSecret: install.containsSecret,
      keptOptions: keptFlags(commandFlags(this.flags)),
      prerequisites: prerequisites(this.flags, files, isContainer === true),
    };
  }

  /** A script that hands over every CA of the folder: outputs add theirs later. */
  private withAllCas(id: string, scriptOf: (install: InstallCommand) => string): string {
    const produce = (): string => {
      const named = [...Object.values(this.flags).flat(), ...(this.files.elasticsearchCas ?? [])];
      const cas = this.host.files.files.filter(({ name }) => name.endsWith("-ca.pem")).map(({ hostPath }) => hostPath);
      const others = cas.filter((path) => !named.includes(path));
      const elasticsearchCas = [...(this.files.elasticsearchCas ?? []), ...others];
      return scriptOf(new InstallCommand({ ...this.installProps, files: { ...this.files, elasticsearchCas } }));
    };
    return new TerraformLocal(this.host, id, Lazy.anyValue({ produce })).asString;
  }

  private get installProps(): InstallCommandProps {
    const { options, isContainer } = this.props;
    return {
      ...this.shared,
      executable: options.executable,
      flags: this.flags,
      container: isContainer,
      hostDirectory: options.platform.isWindows || this.flags.unprivileged ? options.hostDirectory : undefined,
    };
  }

  private get environmentFile(): string {
    const further = Object.entries(this.props.variables ?? {});
    return further.length === 0
      ? this.install.environmentFile
      : Fn.join("", [
          this.install.environmentFile,
          ...further.flatMap(([name, value]) => [`${name}=`, expression(value), literalArgument("\n")]),
        ]);
  }

  /** Enrolling resets the settings that it does not name, so it has every flag but those of the installation itself. */
  private get enroll(): InstallCommand {
    const { flags } = this;
    const { options } = this.props;
    const kept = FLAGS.filter(({ installOnly, prop }) => !installOnly && prop !== "delayEnroll");
    return new InstallCommand({
      ...this.shared,
      subcommand: AgentSubcommand.ENROLL,
      executable: options.installedExecutable ?? this.installedExecutable,
      flags: { ...Object.fromEntries(kept.map(({ prop }) => [prop, flags[prop]])), force: true },
    });
  }

  private get installedExecutable(): string {
    const { basePath, unprivileged, user } = this.flags;
    const { platform } = this.props.options;
    const word = (shell: Shell, value: string): string => rawText(shell.quote(terraformText(value)));
    if (platform.isWindows && basePath !== undefined) {
      // Elsewhere a wrapper in the path leads to wherever the agent was installed (install.go, ShellWrapperPath).
      const executable = platform.join(platform.agentDirectoryBelow(basePath), "elastic-agent.exe");
      return `& ${word(powershell, executable)}`;
    }
    return unprivileged === true && !platform.isWindows
      ? // Older agents enroll only as the user that owns their files (elastic-agent#9604).
        `sudo -u ${word(posixShell, user ?? DEFAULT_USER)} elastic-agent`
      : platform.installedExecutable;
  }

  private get shared(): Pick<InstallCommandProps, "platform" | "stackVersion" | "files" | "fips"> {
    const { platform, stackVersion, fips } = this.props.options;
    return { platform, stackVersion, files: this.files, fips };
  }
}

/** Names of flags that are the same for every host. */
const HOST_PROPS: HostProps = { url: "fleetServerUrl" };
