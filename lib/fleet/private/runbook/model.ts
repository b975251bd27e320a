import type { VerifierElsewhere } from "../../../authority/authority-record";
import type { RotationPlan } from "../../../authority/rotation-plan";
import type { HostReload } from "../../../host/fleet-host";
import type { HostKind } from "../../../host/host-kind";
import type { Prerequisite } from "../../prerequisite";
import type { AuthorityRole } from "../authority-role";

/** A host as the runbook shows it. */
export interface RunbookHost {
  readonly kind: HostKind;
  /** Its folder in the output directory. */
  readonly folder: string;
  /** The stack that writes its files. */
  readonly stack: string;
  /** Folder of the files on the host; may be a token. */
  readonly directory: string;
  readonly isWindows: boolean;
  readonly isContainer: boolean;
  /** Whether it has a script that hands files to the user or the group of an unprivileged agent. */
  readonly handsOver: boolean;
  /** Whether it is a proxy whose URL Kibana has to know. */
  readonly isFleetServerProxy?: boolean;
  /** Version that it runs, if known. */
  readonly version?: string;
  /** Whether that is the newest that the package knows, so that it changes with the package. */
  readonly isLatestVersion?: boolean;
  readonly reload: HostReload;
}

/** A file that a rotation changes, and the hosts that have it. */
export interface RunbookFile {
  readonly name: string;
  readonly hosts: RunbookHost[];
  /** Its SHA-256; a token. Absent if the hosts have different files. */
  readonly sha256?: string;
}

/** A CA, the step of its rotation, and its files. */
export interface RunbookAuthority {
  readonly role: AuthorityRole;
  readonly rotation: RotationPlan;
  /** The common name of the generation that signs, where it is ours to choose; may be a token. */
  readonly issuerName?: string;
  readonly bundles: RunbookFile[];
  readonly leaves: RunbookFile[];
  /** Settings for Kibana that contain it, as files of the output directory. */
  readonly settings: string[];
  /** Parties that verify its certificates without a file from here. */
  readonly elsewhere: readonly VerifierElsewhere[];
}

/** Data of a runbook; it contains no secret. */
export interface RunbookModel {
  /** The fleet's path. */
  readonly fleet: string;
  /** The stack that the fleet is in. */
  readonly stack: string;
  /** The CAs that are made here, not those that exist elsewhere. */
  readonly authorities: RunbookAuthority[];
  readonly hosts: RunbookHost[];
  /** Stacks over which agents are spread, whose hosts only the whole runbook lists: those of each `AgentStacks`. */
  readonly agentStacks: string[][];
  /** Whether it is put together from several stacks. */
  readonly isWhole?: boolean;
  /** Files and secrets that the user provides before hosts are installed. */
  readonly prerequisites: readonly Prerequisite[];
  /** Changes of the deploy; a token. */
  readonly changes: string;
  /** Warnings about given CAs: a section, or a token that is one or empty. */
  readonly warnings?: string;
  /** Whether agents can be of different policies or Fleet Server hosts. */
  readonly hasPolicies: boolean;
  readonly hasFleetProxies: boolean;
  /** Whether hosts ask for the fleet CA's public key, by pins in their commands. */
  readonly pinsFleetCa: boolean;
  /** When the first certificate of the fleet's own stack is due; a token. */
  readonly nextRenewal: string;
}

/** The step of a rotation that a deploy with these generations stands for, whichever way it came there. */
export type RotationPhase = "steady" | "introduced" | "switched" | "retired";

export function phaseOf({ generations, issuing }: RotationPlan): RotationPhase {
  if (generations.length === 1) {
    return issuing === "1" ? "steady" : "retired";
  }
  return issuing === generations.at(-1) ? "switched" : "introduced";
}

/** The stacks of an `AgentStacks`, from the first to the last. */
export function rangeText(stacks: readonly string[]): string {
  return stacks.length < 2 ? `\`${stacks[0]}\`` : `\`${stacks[0]}\` to \`${stacks.at(-1)}\``;
}
