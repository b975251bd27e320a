import type { TerraformResource } from "cdktf";
import { Fn, Lazy, Op, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import { StackVersion } from "../../../command/stack-version";
import type { IFleetHost } from "../../../host/fleet-host";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { ownerOf } from "../../../authority/create-authority";
import type { ICertificateAuthority } from "../../../certificate/issuing-certificate-authority";
import { AgentPolicy } from "../../../host/agent-policy";
import { FleetProxy } from "../../../host/fleet-proxy";
import { DownloadSource } from "../../../host/download-source";
import { FleetServerHosts } from "../../../host/fleet-server-hosts";
import { Kibana, KIBANA_SETTINGS_FILE } from "../../../host/kibana";
import { FLEET_SERVER_HOST_FILE } from "../../../host/reverse-proxy";
import { outputsOf } from "../../../host/fleet-outputs";
import { outputPathOf, projectPath } from "../../../private/paths";
import { contentOf, createPublicFile, givenContentOf } from "../../../private/terraform/written-file";
import { expression, isKnown, literalArgument, plainText } from "../../../private/terraform/text";
import type { FleetAuthorities, FleetAuthority } from "../authorities";
import type { FleetRenewals } from "../renewals";
import type { AgentStackList } from "../stacks/agent-stack-list";
import type { LiveChanges } from "../live/live-changes";
import { lostStatePrecondition } from "../lost-state";
import { fleetPrerequisites } from "../prerequisites";
import type { RunbookFile, RunbookHost, RunbookModel } from "./model";
import { DeployChanges } from "./deploy-changes";
import { runbookText } from "./text";
import { authorityRecord } from "../../../authority/records";

/** Properties of a runbook. */
export interface RunbookProps {
  readonly fleet: IFleetTls;
  readonly authorities: FleetAuthorities;
  /** Record of the settings of running hosts. */
  readonly live: LiveChanges;
  readonly renewals: FleetRenewals;
  /** Mode of Fleet Server's client authentication; absent if it runs elsewhere. */
  readonly clientAuthentication?: string;
  /** Hours for which an agent's certificate is valid. */
  readonly clientValidityHours: number;
  /** Stacks over which agents are spread. */
  readonly agentStacks: AgentStackList;
}

/** Writes `RUNBOOK.md` into the output directory: the steps for a person after this deploy. */
export class Runbook extends Construct {
  private readonly props: RunbookProps;
  private readonly file: TerraformResource;
  private readonly changes: DeployChanges;

  constructor(scope: Construct, id: string, props: RunbookProps) {
    super(scope, id);
    this.props = props;
    this.changes = new DeployChanges(this, "changes", props);
    const path = outputPathOf(props.fleet, "RUNBOOK.md");
    const precondition = path && lostStatePrecondition(this, path, props.authorities.all);
    this.file = createPublicFile(this, "file", {
      path: path && projectPath(path),
      // Hosts may be added until synthesis.
      content: Lazy.stringValue({ produce: () => plainText(runbookText(this.model())) }),
      // Last, so that a deploy that was killed leaves no runbook of itself.
      preconditions: precondition ? [precondition] : [],
      dependsOn: [...this.authorities.flatMap(({ ca }) => authorityRecord(ca).completion), this.changes.last],
    });
  }

  /** Remembers the files of a host of the fleet's own stack. */
  public addHost(host: IFleetHost): void {
    if (TerraformStack.of(host) === TerraformStack.of(this)) {
      this.changes.addHost(host);
    }
  }

  /** Its content. A Terraform token. */
  public get text(): string {
    return contentOf(this.file);
  }

  /** A CA that only signs elsewhere is rotated there. */
  private get authorities(): FleetAuthority[] {
    return this.props.authorities.own.filter(({ ca }) => ca.canIssue);
  }

  /** Data of the runbook in the fleet's own stack. */
  public model(): RunbookModel {
    const { fleet, agentStacks } = this.props;
    return this.modelOf(
      TerraformStack.of(this),
      fleet.hosts.filter((host) => !agentStacks.has(host)),
    );
  }

  /** Data of some of the hosts, as their stack knows it. */
  public modelOf(stack: TerraformStack, hostsHere: readonly IFleetHost[]): RunbookModel {
    const { fleet, agentStacks } = this.props;
    const isHome = stack === TerraformStack.of(this);
    const hosts = new Map(hostsHere.filter(hasFiles).map((host) => [host.files as Construct, describe(host)]));
    return {
      fleet: fleet.node.path,
      stack: stack.node.path,
      hosts: [...hosts.values()],
      agentStacks: isHome ? agentStacks.paths : [],
      changes: isHome ? this.changes.text : "",
      warnings: isHome ? warningsSection(this.props.authorities.warnings) : undefined,
      prerequisites: fleetPrerequisites(fleet, hostsHere),
      hasPolicies: AgentPolicy.of(fleet).length > 0 || FleetServerHosts.of(fleet).length > 1,
      hasFleetProxies: FleetProxy.of(fleet).length > 0,
      pinsFleetCa: fleet.fleetCaPins !== undefined,
      nextRenewal: this.props.renewals.nextIn(stack),
      authorities: this.authorities.map(({ role, ca }) => ({
        role,
        rotation: authorityRecord(ca).rotation,
        issuerName: authorityRecord(ca).issuerName,
        bundles: filesOf(authorityRecord(ca).bundleFiles, hosts, stack),
        leaves: filesOf(authorityRecord(ca).leafFiles, hosts),
        settings: settingsWith(fleet, ca),
        elsewhere: authorityRecord(ca).verifiersElsewhere,
      })),
    };
  }
}

/** Files with settings for Kibana that contain a CA: outputs, and what declares them. */
function settingsWith(fleet: IFleetTls, ca: ICertificateAuthority): string[] {
  const outputs = outputsOf(fleet).filter((output) => output._listedCas.some((each) => ownerOf(each) === ownerOf(ca)));
  const sources = DownloadSource.of(fleet).filter((one) =>
    one._listedCas.some((each) => ownerOf(each) === ownerOf(ca)),
  );
  const declares = (host: IFleetHost): boolean =>
    host instanceof Kibana && (outputs.length > 0 ? host.declaresFleet : host.declaresDownloadSources);
  const kibanas = fleet.hosts.filter(declares);
  const files = [
    ...outputs.map(({ node }) => `outputs/${node.id}.yml`),
    ...sources.map(({ node, fleetProxy }) =>
      fleetProxy ? `fleet-proxies/${fleetProxy.node.id}.json` : `download-sources/${node.id}.json`,
    ),
  ];
  return files.length === 0 ? [] : [...files, ...kibanas.map(({ folder }) => `${folder}/${KIBANA_SETTINGS_FILE}`)];
}

/** A cluster that exists elsewhere may need no file from here. */
function hasFiles({ files }: IFleetHost): boolean {
  return files.files.length > 0;
}

function describe({ kind, folder, files, platform, isContainer, stackVersion, reload }: IFleetHost): RunbookHost {
  return {
    kind,
    folder,
    stack: TerraformStack.of(files).node.path,
    directory: files.hostDirectory,
    isWindows: platform.isWindows,
    isContainer,
    handsOver: files.files.some(({ name }) => name.startsWith("hand-over.")),
    isFleetServerProxy: files.files.some(({ name }) => name === FLEET_SERVER_HOST_FILE),
    version: stackVersion?.toString(),
    isLatestVersion: stackVersion === StackVersion.LATEST,
    reload,
  };
}

/** Files of one name together; of bundles also of one content, whose digest then says whether a host has it. */
function filesOf(
  resources: readonly TerraformResource[],
  hosts: Map<Construct, RunbookHost>,
  digestsOf?: TerraformStack,
): RunbookFile[] {
  const groups = new Map<string, { name: string; hosts: RunbookHost[]; sha256?: string }>();
  for (const file of resources) {
    const host = hosts.get(file.node.scope as Construct);
    const name = file.node.id;
    // Settings that contain a bundle are described in words.
    if (host === undefined || !name.endsWith(".pem")) continue;
    const content = digestsOf ? givenContentOf(file) : "";
    const key = digestsOf ? `${name}\n${content}` : name;
    const group = groups.get(key) ?? { name, hosts: [] };
    group.hosts.push(host);
    // A digest of what another stack alone knows would make the two depend on each other.
    if (digestsOf && TerraformStack.of(file) === digestsOf && !isKnown(content)) {
      group.sha256 ??= Fn.sha256(expression(content));
    }
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** The warnings of given CAs as a section of its own; empty where there are none. */
function warningsSection(warnings: string[] | undefined): string | undefined {
  if (warnings === undefined) {
    return undefined;
  }
  const section = [literalArgument("## Given CAs\n\n"), Fn.join("\n", Fn.formatlist("- %s", [warnings])), "\n\n"];
  return Fn.conditional(Op.gt(Fn.lengthOf(warnings), ZERO), Fn.join("", section), Fn.rawString("")) as string;
}

/** `Op` loses a 0. */
const ZERO = Fn.parseint("0", 10);
