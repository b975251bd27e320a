import type { Precondition, TerraformResource } from "cdktf";
import { Fn, Lazy, TerraformStack } from "cdktf";
import { Construct } from "constructs";

import type { IFleetHost } from "../../../host/fleet-host";
import type { FleetOutput } from "../../../host/fleet-output";
import type { IFleetTls } from "../../../host/ifleet-tls";
import { outputsOf } from "../../../host/fleet-outputs";
import { TerraformData } from "../../../private/terraform/data";
import { createMemory, isNew } from "../../../private/terraform/memory";
import { plainText } from "../../../private/terraform/text";
import type { FormerEndpoints } from "./former";
import { addressSets, clientAuthenticationOf, namesOf, settingsText, urlSets } from "./host-facts";
import type { LiveLocals, LiveMemories } from "./live-rules";
import { ALWAYS, changedHosts, isFirstProxy, isLeaving, lostNames, PROXIES_KNOWN } from "./live-rules";
import { stableText } from "./stable-text";
import { createLocal } from "../../../private/terraform/local";

/** Properties of a record of hosts' settings. */
export interface LiveChangesProps {
  readonly fleet: IFleetTls;
  readonly former: FormerEndpoints;
  /** Mode of Fleet Server's client authentication; known in the fleet's own stack alone. */
  readonly clientAuthentication?: string;
  readonly confirmed: string[];
  /** Whether the record is that of the fleet's own stack. */
  readonly isHome: boolean;
  /** Resources that a complete deploy ends with. */
  readonly after: () => readonly TerraformResource[];
}

/** Ends of the scale that a mode of client authentication excludes: from `none` to `required` takes two steps. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  none: ["lets-in-without"],
  optional: ["asks", "lets-in-without"],
  required: ["asks"],
};

/** Key of the Fleet Servers among the modes. */
const FLEET_SERVERS = "Fleet Servers";

/** What running hosts keep when it leaves the code: the key of its absence, the confirmation, and the reason. */
const KEPT = {
  pins: {
    key: "pins|without",
    confirmation: "pins: none",
    reason:
      "running hosts keep the pins that they enrolled with, so a later rotation of fleetCa would cut them off; keep pinFleetCa, " +
      "or, to run enrollCommand on every host after this deploy, set confirmedChanges:",
  },
  clientCertificates: {
    key: "client certificates|without",
    confirmation: "client certificates: none",
    reason:
      "agents would lose their client certificates, which the Fleet Server elsewhere may require; keep agentCa, or, if that " +
      "Fleet Server admits agents without a certificate, set confirmedChanges:",
  },
} as const;

/**
 * Settings of the hosts of a stack, remembered in the state, and the refusal of changes that a running host has to be
 * prepared for. Adding or removing a host changes no other host and is not refused, and neither is a first deploy or one
 * over a state without this record.
 */
export class LiveChanges extends Construct {
  private readonly props: LiveChangesProps;
  /** Memories that show plans and runbooks what is new. */
  public readonly memories: LiveMemories;

  /** Memory of the whole record, written after the others and all files. */
  public readonly deployed: TerraformData;

  /** Everything that is remembered: expressions. */
  public readonly facts: readonly string[];

  private readonly locals: LiveLocals;

  constructor(scope: Construct, id: string, props: LiveChangesProps) {
    super(scope, id);
    this.props = props;
    this.locals = {
      hosts: this.local("hosts", () => this.hosts.map(({ folder }) => plainText(folder))),
      settings: this.local("settings-texts", () => this.byFolder(settingsText)),
      sets: this.local("sets", () => this.sets()),
      confirmed: this.local("confirmed", () => props.confirmed.map(plainText)),
    };
    const { hosts, settings, sets } = this.locals;
    const modes = this.local("modes", () => [...this.modes(), ...this.missing().map(({ key }) => key), PROXIES_KNOWN]);
    this.facts = [hosts, settings, sets, modes];
    // Not after the files: Terraform keeps with each instance a list of all that comes before it. In this order a deploy
    // that is killed between two of them leaves nothing that the next one would take for a change.
    const memory = (name: string, forEachOf: string, before: TerraformData[], replacedBy?: string): TerraformData =>
      createMemory(this, name, { after: () => before, forEachOf, ...(replacedBy !== undefined && { replacedBy }) });
    const set = memory("set", `keys(${sets})`, [], `\${join(" ", sort(${sets}[each.key]))}`);
    const name = memory("name", `flatten([for id, names in ${sets} : [for name in names : "\${id}|\${name}"]])`, [set]);
    const number = memory(
      "number",
      `flatten([for id, names in ${sets} : [for i in range(length(names)) : "\${id}|\${i}"]])`,
      [name],
    );
    const ofSettings = memory("settings", hosts, [], `\${${settings}[each.key]}`);
    const mode = memory("mode", modes, [ofSettings]);
    const host = memory("host", hosts, [number, mode]);
    const all = { host, settings: ofSettings, name, number, set, mode };
    this.deployed = createMemory(this, "deployed", { after: () => [...props.after(), host] });
    this.memories = { deployed: this.deployed, ...all };
    new TerraformData(this, "gate", { preconditions: () => this.rules() });
  }

  /** Folders of the hosts: an expression of a list. */
  public get hostList(): string {
    return this.locals.hosts;
  }

  /** The stack's hosts. */
  public get hosts(): IFleetHost[] {
    const stack = TerraformStack.of(this);
    return this.props.fleet.hosts.filter((host) => TerraformStack.of(host) === stack);
  }

  /** The stack's outputs. */
  public get outputs(): FleetOutput[] {
    const stack = TerraformStack.of(this);
    return outputsOf(this.props.fleet).filter((output) => TerraformStack.of(output) === stack);
  }

  /** Names of the sets of URLs. */
  public get urlSets(): string[] {
    return [...urlSets(this.props.fleet).map(([id]) => id), "elasticsearchUrl"];
  }

  /** A text for each of the stack's hosts, by its folder. */
  public byFolder(text: (host: IFleetHost) => string): Record<string, string> {
    return Object.fromEntries(this.hosts.map((host) => [host.folder, plainText(text(host))]));
  }

  /** Whether the settings of a host changed in nothing but that the state has its proxy now. */
  public isFirstProxy(folder: string): string {
    return isFirstProxy(this.locals.settings, this.memories, folder);
  }

  /** URLs of the fleet and its sites, and the names of each host. */
  private sets(): Record<string, unknown> {
    const { fleet, former, isHome } = this.props;
    const sets = [
      ...(isHome
        ? ([
            ...urlSets(fleet),
            ["elasticsearchUrl", [fleet.elasticsearchUrl, ...former.elasticsearch.map(({ url }) => url)]],
          ] as [string, string[]][])
        : []),
      ...addressSets(this.hosts),
      ...this.hosts
        .filter(({ certificates }) => certificates.some(({ names }) => names.length > 0))
        .map((host) => [`${host.folder} names`, [ALWAYS, ...namesOf(host)]] as const),
    ];
    return Object.fromEntries(
      sets.map(([id, names]) => [id, Fn.distinct(names.map((name) => stableText(this, name)))]),
    );
  }

  private modes(): string[] {
    const { clientAuthentication } = this.props;
    const modes: [string, string][] = [
      ...(clientAuthentication === undefined ? [] : [[FLEET_SERVERS, clientAuthentication] as [string, string]]),
      ...this.hosts.flatMap((host) => {
        const mode = clientAuthenticationOf(host);
        return mode === undefined ? [] : [[host.folder, mode] as [string, string]];
      }),
    ];
    return modes.flatMap(([server, mode]) => (MODES[mode] ?? []).map((end) => `${server}|${end}`));
  }

  /** What the fleet has not got, of what running hosts would keep. */
  private missing(): (typeof KEPT)[keyof typeof KEPT][] {
    const { fleet, isHome, clientAuthentication } = this.props;
    const isElsewhere = clientAuthentication === undefined;
    return [
      ...(isHome && fleet.fleetCaPins === undefined ? [KEPT.pins] : []),
      ...(isHome && isElsewhere && fleet.clientTls === undefined ? [KEPT.clientCertificates] : []),
    ];
  }

  private rules(): Precondition[] {
    const { deployed, host } = this.memories;
    const modes = this.modes();
    const changed = changedHosts(this.locals, this.memories);
    const lost = lostNames(this.locals, this.memories);
    const rule = (condition: string, errorMessage: string): Precondition => ({
      condition: `\${${isNew(deployed)} ? true : ${condition}}`,
      errorMessage: `${this.props.fleet.node.path}: ${errorMessage}`,
    });
    return [
      rule(
        `length(${changed}) == 0`,
        "the settings of running hosts still have their former platform, hostDirectory, key (plain or encrypted) or proxy, " +
          "and those hosts are cut off if they get the new files without enrolling again; keep the former values, or, to " +
          "change them by the steps of this deploy's runbook, confirm them (an agent goes to or from a proxy without a gap " +
          "while both servers present certificates of the same CA): confirmedChanges: " +
          `\${jsonencode(${changed})}`,
      ),
      rule(
        `length(${lost}) == 0`,
        "a name, a URL or an address that hosts may still use would be gone; list a former URL in formerUrls, which keeps " +
          "its name, and keep former names in names, until no host uses it; then confirm what remains: " +
          `confirmedChanges: \${jsonencode(${lost})}`,
      ),
      ...this.missing().map(({ key, confirmation, reason }) =>
        rule(
          `contains(${this.locals.confirmed}, "${confirmation}") || !(${isLeaving(this.memories, key)})`,
          `${reason} ["${confirmation}"]`,
        ),
      ),
      ...modes.flatMap((key) => {
        const [server, end] = key.split("|") as [string, string];
        const isOnly = !modes.some((other) => other.startsWith(`${server}|`) && other !== key);
        const isHostNew =
          server === FLEET_SERVERS ? "false" : isNew({ address: `${host.address}[${JSON.stringify(server)}]` });
        return isOnly
          ? [
              rule(
                `${isHostNew} || !(${isLeaving(this.memories, key)})`,
                end === "asks" ? tooStrict(server) : tooLax(server),
              ),
            ]
          : [];
      }),
    ];
  }

  private local(id: string, produce: () => unknown): string {
    return createLocal(this, id, Lazy.anyValue({ produce }));
  }
}

function tooStrict(server: string): string {
  return (
    `${server} would require client certificates in one step, which cuts off every client that has none yet; deploy ` +
    "clientAuthentication: ClientAuthentication.OPTIONAL first and follow the runbook of that deploy, then REQUIRED " +
    "(docs/one-way-to-mutual.md)"
  );
}

function tooLax(server: string): string {
  return (
    `${server} would go from required client certificates to none in one step, and clients that drop theirs are cut off ` +
    "until that server has changed; deploy clientAuthentication: ClientAuthentication.OPTIONAL first and follow the " +
    "runbook of that deploy (docs/one-way-to-mutual.md)"
  );
}
