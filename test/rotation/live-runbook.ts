import * as fs from "node:fs";
import * as path from "node:path";

import type { HostKind, Release } from "./live-host";

/** What a deploy's runbook tells a person to do for one CA. */
export class LiveRunbook {
  private readonly lines: string[];

  /**
   * @param folder the output directory
   * @param title the CA's heading
   */
  constructor(folder: string, title: string) {
    const text = fs.readFileSync(path.join(folder, "RUNBOOK.md"), "utf8");
    const section = text.split(/^## /m).find((each) => each.startsWith(`${title}:`));
    if (section === undefined) throw new Error(`the runbook of ${folder} has no section for the ${title}`);
    this.lines = section.split("\n");
  }

  /** The files to copy, each with the folder of its host, sorted. */
  public get files(): string[] {
    const rows = this.lines.flatMap((line) => {
      const [, name, hosts] = /^\| `([^`]+)` \| ([^|]+) \|/.exec(line) ?? [];
      return name === undefined ? [] : [{ name, groups: hosts!.split("; ") }];
    });
    // As in `Fleet Server: fleet-server; Agent: agents/web-1, agents/web-2`.
    return rows
      .flatMap(({ name, groups }) =>
        groups
          .flatMap((group) => group.replace(/^[^:]*: /, "").split(", "))
          .map((folder) => `${folder.trim()}/${name}`),
      )
      .sort();
  }

  /** Whether Kibana's outputs change before any file. */
  public get policyComesFirst(): boolean {
    return this.lines.some((line) => line.startsWith("Before the files, change Kibana"));
  }

  /** Whether a host of this kind and release has to be restarted once it has its files. */
  public restarts(kind: HostKind, release: Release): boolean {
    const advice = this.lines.filter((line) => line.startsWith("- ") && new RegExp(`\\b${kind}s?\\b`).test(line));
    if (advice.length !== 1) {
      throw new Error(`the runbook has ${advice.length} lines on what to do with a ${kind}:\n${this.lines.join("\n")}`);
    }
    const [line] = advice as [string];
    if (/\*\*Restart every/.test(line)) return true;
    if (/needs no restart/.test(line)) return false;
    if (/Restart [A-Za-z ]+ before 9\.5; from 9\.5 on they load/.test(line)) return !release.reloads;
    throw new Error(`the runbook says of a ${kind} what nobody here understands: ${line}`);
  }
}
