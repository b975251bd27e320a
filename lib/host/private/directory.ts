import { posix } from "node:path";

import type { Precondition } from "cdktf";
import { Fn, Op } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import { isWithin } from "../../command/data/host-paths";
import type { TargetPlatform } from "../../command/target-platform";
import { claim } from "../../private/terraform/app-registry";
import type { Problems } from "../../private/problems";
import { quoted } from "../../private/problems";
import { expression, isKnown, literalArgument } from "../../private/terraform/text";

/** Where a host's files lie on the host. */
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
 * Refuses a host directory in which the agent would not find its files, or would lose them; another one then stands
 * in for it, so that the rest can still be checked.
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
  if (/[,\r\n\0]/.test(directory)) {
    add("holds a comma, a newline or a NUL", "rename it: elastic-agent splits its list of CAs at commas");
  }
  if (directory !== directory.trim()) {
    add("begins or ends with a blank", "take the blank away: elastic-agent trims the paths in its list of CAs");
  }
  if (isWithin(directory, platform.agentDirectory, platform)) {
    add("is below the agent's own install directory", "choose another folder: an uninstall empties that one");
  }
  return usable;
}

/** The condition that a path which only Terraform knows is absolute on the host, without a comma or a blank at its end. */
export function isAbsoluteCondition(path: string, platform: TargetPlatform): unknown {
  const root = platform.isWindows ? "(?:[A-Za-z]:[/\\\\]|[/\\\\]{2})" : "/";
  return Fn.can(Fn.regex(literalArgument(`^${root}[^,\\n]*[^,\\n ]$`), expression(path)));
}

const isUncCondition = (path: string): unknown => Fn.can(Fn.regex(literalArgument("^[/\\\\]{2}"), expression(path)));

/** What synth cannot check about a host directory that only Terraform knows. */
export function hostDirectoryPreconditions(host: Construct, { platform, hostDirectory }: HostLocation): Precondition[] {
  return isKnown(hostDirectory)
    ? []
    : [
        {
          condition: platform.isWindows
            ? Op.and(isAbsoluteCondition(hostDirectory, platform), Op.not(isUncCondition(hostDirectory)))
            : isAbsoluteCondition(hostDirectory, platform),
          errorMessage: `${host.node.path}: hostDirectory is no absolute ${platform.isWindows ? "local " : ""}${platform.name} path without commas; write one such as ${platform.defaultHostDirectory.replace(/\\/g, "\\\\")}`,
        },
      ];
}
