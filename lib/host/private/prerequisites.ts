import { givenFlags } from "../../command/data/command";
import type { SecretSource } from "../../private/secret-source";
import type { HostFiles } from "../host-files";
import type { InstallFlags } from "../install-flags";

/** Paths that `install` makes itself. */
const MADE_BY_INSTALL = "basePath";

/**
 * What a person has to provide on a host before its command runs, one line each: variables that contain secrets, and
 * files that are not in the host's folder here.
 */
export function prerequisites(flags: InstallFlags, files: HostFiles, isContainer: boolean): string[] {
  const written = new Set(files.files.map(({ hostPath }) => hostPath));
  return givenFlags(flags).flatMap(({ prop, name, kind }): string[] => {
    const value: unknown = flags[prop];
    if (kind === "secret") {
      const source = (value as { readonly _source: SecretSource })._source;
      const where = isContainer ? "the container's environment" : "the shell";
      return source.kind === "environment" ? [`the variable \`${source.name}\` in ${where}, for \`${name}\``] : [];
    }
    if (prop === MADE_BY_INSTALL || !kind.includes("path")) {
      return [];
    }
    const paths = (Array.isArray(value) ? value : [value]) as string[];
    return paths
      .filter((path) => !written.has(path))
      .map((path) => `the file \`${path}\` on the host, for \`${name}\``);
  });
}
