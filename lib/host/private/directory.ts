import { posix } from "node:path";

import type { Precondition } from "cdktf";
import { Op } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import { isWithin } from "../../command/data/host-paths";
import type { TargetPlatform } from "../../command/target-platform";
import { claim } from "../../private/terraform/app-registry";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";
import { matches } from "../../private/terraform/hidden-condition";
import { isKnown } from "../../private/terraform/text";
import { isRefusedByWindows, REFUSED_BY_WINDOWS } from "../../private/windows-paths";

/** Folder of a host's files on the host. */
export interface HostLocation {
  readonly platform: TargetPlatform;
  readonly hostDirectory: string;
}

/** Refuses a folder that another host of the app has, also on a file system that ignores case. */
export function claimOutputDirectory(
  problems: Problems,
  scope: Construct,
  fleet: { readonly hosts: readonly IConstruct[] },
  directory: string,
): void {
  const owner = claim(scope, `directory ${posix.normalize(`${directory}/`).toLowerCase()}`);
  if (owner !== undefined) {
    const isOfFleet = fleet.hosts.some(({ node }) => node.path === owner);
    problems.add(isOfFleet ? "id" : "outputDirectory", {
      what: isOfFleet
        ? `is already in use: ${owner} has the same folder, upper and lower case alike`
        : `is the folder of ${owner} already, upper and lower case alike`,
      got: quoted(directory),
      allowed: "one folder for each host",
      fix: isOfFleet ? "choose another id" : "give the host another id, or the fleet another outputDirectory",
    });
  }
}

/**
 * Refuses a host directory in which the agent would not find its files, or would lose them. Returns the default one in
 * its place, so that the rest can still be checked.
 */
export function usableHostDirectory(problems: Problems, directory: string, platform: TargetPlatform): string {
  if (!isKnown(directory)) {
    return directory;
  }
  let usable = directory;
  const add = (what: string, fix: string): void => {
    usable = platform.defaultHostDirectory;
    problems.add("hostDirectory", {
      what,
      got: quoted(directory),
      allowed: `an absolute path on ${platform.name} such as ${platform.defaultHostDirectory}`,
      fix,
    });
  };
  if (platform.isWindows && /^[\\/]{2}/.test(directory)) {
    add("is a UNC path, which the agent's service account cannot open", "copy the files to a local disk of the host");
  } else if (!platform.isAbsolute(directory)) {
    add("is not absolute on the host's platform", "write the whole path: elastic-agent refuses relative ones");
  }
  if (platform.isWindows && isRefusedByWindows(directory)) {
    add(
      "has a part that Windows refuses in a path or changes",
      'leave out < > : " | ? *, device names such as CON and NUL, and dots and blanks at the end of a part',
    );
  }
  if (/[,\r\n\0]/.test(directory)) {
    add("contains a comma, a newline or a NUL", "rename it: elastic-agent splits its list of CAs at commas");
  }
  if (directory !== directory.trim()) {
    add("begins or ends with a blank", "take the blank away: elastic-agent trims the paths in its list of CAs");
  }
  if (isWithin(directory, platform.agentDirectory, platform)) {
    add("is below the agent's own install directory", "choose another folder: an uninstall empties that one");
  }
  return usable;
}

/** Condition that a path which only Terraform knows is absolute on the host, without a comma, a newline or a blank at its end. */
export function isAbsoluteCondition(path: string, platform: TargetPlatform): unknown {
  const root = platform.isWindows ? "(?:[A-Za-z]:[/\\\\]|[/\\\\]{2}[^/\\\\]+[/\\\\]+[^/\\\\]+[/\\\\])" : "/";
  return matches(path, `^${root}[^,[:cntrl:]]*[^,[:cntrl:] ]$`);
}

/** Condition that a path which only Terraform knows can be opened by the agent and outlives an uninstall. */
function isUsableCondition(path: string, platform: TargetPlatform): unknown {
  const separator = platform.isWindows ? "[/\\\\]" : "/";
  const agentDirectory = platform.agentDirectory
    .split(/[\\/]/)
    .map((part) => part.replace(/[.()]/g, "[$&]"))
    .join(`${separator}+`);
  const isBelow = matches(path, `${platform.isWindows ? "(?i)" : ""}^${agentDirectory}(?:${separator}|$)`);
  const onWindows = ["^[/\\\\]{2}", ...REFUSED_BY_WINDOWS.map((pattern) => `(?i)${pattern}`)];
  const refused = platform.isWindows ? onWindows.map((pattern) => matches(path, pattern)) : [];
  return [isBelow, ...refused].reduce((all, each) => Op.and(all, Op.not(each)), isAbsoluteCondition(path, platform));
}

/** Preconditions for a host directory that only Terraform knows. */
export function hostDirectoryPreconditions(host: Construct, { platform, hostDirectory }: HostLocation): Precondition[] {
  return isKnown(hostDirectory)
    ? []
    : [
        {
          condition: isUsableCondition(hostDirectory, platform),
          errorMessage: `${host.node.path}: hostDirectory is no ${platform.isWindows ? "absolute local windows path, with parts that Windows takes as they are, without commas" : `absolute ${platform.name} path without commas`} and outside the agent's own install directory; write one such as ${platform.defaultHostDirectory.replace(/\\/g, "\\\\")}`,
        },
      ];
}
