import type { StackVersion } from "../lib/command/stack-version";

/**
 * Whether a version has a change that was released in these versions: the last one counts for everything after it,
 * each other one for later patches of its own minor version.
 */
export function hasAny(version: StackVersion, releases: readonly string[]): boolean {
  return releases.some((release, i) => {
    const [major, minor] = release.split(".").map(Number);
    const isSameMinor = version.major === major && version.minor === minor;
    return version.isAtLeast(release) && (isSameMinor || i === releases.length - 1);
  });
}

/** Whether a version is one of these, both included. */
export function isBetween(version: StackVersion, first: string, last: string): boolean {
  return version.isAtLeast(first) && (!version.isAtLeast(last) || version.toString() === last);
}
