import * as fs from "node:fs";
import * as path from "node:path";

import { parse } from "yaml";

/** How far a host has come with a deploy: nothing yet, its files copied, or also its command run or its settings applied. */
export type Progress = "old" | "copied" | "done";

export const PROGRESS: readonly Progress[] = ["old", "copied", "done"];

/** Hosts of a small fleet, by their folders. */
export const HOSTS = { agent: "agents/web-1", fleetServer: "fleet-server", elasticsearch: "elasticsearch" } as const;

export type HostName = keyof typeof HOSTS;

/** A pair that others put on a host, in place of one of this library's. */
export const OWN_PAIR = { certificate: "/etc/pki/own.pem", key: "/etc/pki/own-key.pem" } as const;

/** CAs that the operating system of every host trusts. */
export const SYSTEM_CAS = "/etc/ssl/cert.pem";

/** A host's folder of one deploy, and what others put on that host: the path there, and the file here. */
export interface DeployedHost {
  readonly folder: string;
  readonly others?: Readonly<Record<string, string>>;
}

/** A running host: the files on its disk, and what it was told last. */
export class HostDisk {
  private readonly files = new Map<string, string>();
  private readonly told: { readonly flags: Map<string, string>; readonly settings: Record<string, unknown> };

  /** @param before the former deploy, @param after the one that is being rolled out */
  constructor(before: DeployedHost, after: DeployedHost, progress: Progress) {
    this.copy(before);
    if (progress !== "old") this.copy(after);
    this.told = toldBy((progress === "done" ? after : before).folder);
  }

  /** A flag of the last command; absent where it has none. */
  public flag(name: string): string | undefined {
    return this.told.flags.get(name);
  }

  /** A setting of Elasticsearch's HTTP layer. */
  public setting(name: string): unknown {
    return this.told.settings[`xpack.security.http.ssl.${name}`];
  }

  /** The content of the file that a flag or a setting names. */
  public content(file: string | undefined): string | undefined {
    return file === undefined ? undefined : this.files.get(file.startsWith("/") ? file : `/etc/elasticsearch/${file}`);
  }

  private copy({ folder, others = {} }: DeployedHost): void {
    const directory = directoryOf(folder);
    for (const name of fs.existsSync(folder) ? fs.readdirSync(folder) : []) {
      this.files.set(`${directory}/${name}`, fs.readFileSync(path.join(folder, name), "utf8"));
    }
    for (const [there, here] of Object.entries(others)) this.files.set(there, fs.readFileSync(here, "utf8"));
  }
}

/** The directory on the host that a folder's command names. */
function directoryOf(folder: string): string {
  const { flags } = toldBy(folder);
  const files = ["--certificate-authorities", "--fleet-server-es-ca", "--fleet-server-cert"].flatMap(
    (flag) => flags.get(flag)?.split(",")[0] ?? [],
  );
  const own = files.find((file) => file !== OWN_PAIR.certificate);
  return own === undefined
    ? `/etc/${folder.endsWith("elasticsearch") ? "elasticsearch" : "elastic-agent"}/certs`
    : path.posix.dirname(own);
}

function toldBy(folder: string): { flags: Map<string, string>; settings: Record<string, unknown> } {
  const command = path.join(folder, "install-command.sh");
  const settings = path.join(folder, "elasticsearch.tls.yml");
  const text = fs.existsSync(command) ? fs.readFileSync(command, "utf8") : "";
  return {
    flags: new Map([...text.matchAll(/(--[a-z0-9-]+)[= ]'?([^\s'\\]+)'?/g)].map(([, name, value]) => [name!, value!])),
    settings: fs.existsSync(settings) ? (parse(fs.readFileSync(settings, "utf8")) as Record<string, unknown>) : {},
  };
}
