import { Host } from "../conformance/matrix/host";
import type { ValidatorName } from "../conformance/programs";
import type { ConnectRequest, ServerStats } from "../conformance/protocol";
import type { Validator } from "../conformance/validators";
import type { PasteShell } from "../support/paste";
import type { CheckIn } from "./live-checkin";

/** A release of Elastic's code, and what it does about files that change under it. */
export interface Release {
  readonly name: string;
  readonly validator: ValidatorName;
  readonly reloads: boolean;
}

/** 5 s in real life; a check-in that comes later than this finds the new files in any case. */
const RELOAD_MS = 100;

/** What each default is from the facts: on from 9.5, off in the newest patches before, not there at all before those. */
export const RELEASES = {
  "9.5": { name: "9.5", validator: "elastic-v0.46.3", reloads: true },
  "9.4": { name: "9.4", validator: "elastic-v0.46.3", reloads: false },
  "9.2": { name: "9.2", validator: "elastic-v0.31.0", reloads: false },
} satisfies Record<string, Release>;

export type HostKind = "Fleet Server" | "agent" | "Elasticsearch";

/** What the hosts of one fleet have in common on this machine. */
export interface Site {
  /** Runs the emitted scripts. */
  readonly shell: PasteShell;
  /** The service token, which people put onto hosts by hand. */
  readonly token: string;
  /** By which ports the hosts reach each other, once they listen. */
  readonly ports: { fleetServer: number; elasticsearch: number };
}

const HOST_DIRECTORY = "/etc/elastic-agent/certs";
/** What a check-in by the settings of a policy is called. */
export const OUTPUT = "output to Elasticsearch";

/** A host of the fleet: a folder that its files are copied into, and a process that works with them. */
export abstract class LiveHost {
  public readonly checkIns: CheckIn[] = [];
  /** What its policy says of its output, as it has last heard. */
  public output?: Record<string, unknown>;

  public constructor(
    public readonly kind: HostKind,
    /** Its folder in the output directory: `agents/web-1`. */
    public readonly place: string,
    /** Its own copy of that folder: what is at the host's paths. */
    public readonly folder: string,
    public readonly release: Release,
    public readonly validator: Validator,
    protected readonly site: Site,
  ) {}

  /** Begins to work, from the files as they are. */
  public abstract start(): Promise<void>;

  /** Ends and begins again. */
  public abstract restart(): Promise<void>;

  /** What came to it, where it listens. */
  public serverStats(): Promise<ServerStats | undefined> {
    return Promise.resolve(undefined);
  }

  protected get reload(): { reload?: boolean; reloadIntervalMs?: number } {
    if (this.release.validator === "elastic-v0.31.0") return {};
    return this.release.reloads ? { reload: true, reloadIntervalMs: RELOAD_MS } : { reload: false };
  }

  /** Loads the emitted command with the files of a folder, its own unless another deploy's is given. */
  protected async command(folder = this.folder): Promise<string> {
    const host = this.hostAt(folder);
    await host.readCommand(this.site.shell);
    const answer = await this.validator.request({ op: "command", argv: host.argv, directories: host.directories });
    if (!answer.ok) throw new Error(`${this.place}: ${answer.error}`);
    return answer.command;
  }

  protected outputRequest(folder = this.folder): Omit<ConnectRequest, "op"> {
    const { directories } = this.hostAt(folder);
    const { elasticsearch: port } = this.site.ports;
    return { port, output: this.output!, directories, serverName: "es.example.com", ...this.reload };
  }

  private hostAt(folder: string): Host {
    return new Host(folder, HOST_DIRECTORY, { [`${HOST_DIRECTORY}/service-token`]: this.site.token });
  }

  /** What its policy tells it: its output loads that, and nothing else of the host does. */
  public async hear(output: Record<string, unknown>): Promise<void> {
    this.output = output;
    await Promise.all(this.checkIns.filter(({ name }) => name === OUTPUT).map((checkIn) => checkIn.restart()));
  }
}
