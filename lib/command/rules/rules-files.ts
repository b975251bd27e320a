import type { Command } from "../data/command";
import { isKnown } from "../data/text";
import { isWithin } from "../data/host-paths";
import type { CommandProblem, CommandRule, NamedPath } from "./rule";
import { isFleetServer, isInlinePem, knownItems, knownPaths, wrong } from "./rule";
import { quoted } from "../../private/problems";

/** Rules for the paths that a command names, and for its list of CAs. */
export const FILE_RULES: readonly CommandRule[] = [
  {
    id: "8",
    statement: "Every path is absolute on the host's platform",
    reason: "the agent refuses others; /x is not absolute on Windows, C:\\x is not on Linux",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, filepath.IsAbs",
    unknown: "passes",
    check: (command) => relative(command, ({ isListed }) => !isListed),
  },
  {
    id: "9",
    statement: "Every path of the list of CAs is absolute",
    reason: "the agent looks at the first one only, and looks for the others in its working directory",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, IsAbs on the whole list",
    unknown: "passes",
    check: (command) => relative(command, ({ isListed }) => isListed),
  },
  {
    id: "10",
    statement: "No path of the list of CAs has a comma, or a blank at an end",
    reason: "the agent splits the list at commas and trims the parts",
    source: "elastic-agent internal/pkg/cli/flags.go, StringToSlice",
    unknown: "passes",
    check: (command) =>
      knownPaths(command)
        .filter(
          ({ isListed, path }) =>
            isListed && !isInlinePem(path) && (/,/.test(path) || path !== path.trim() || path === ""),
        )
        .map(({ prop, path }) => ({
          prop,
          what: "contains an empty path, or one with a comma or a blank at an end",
          got: quoted(path),
          allowed: "paths without commas and surrounding blanks",
          fix: "rename the file or its folder",
        })),
  },
  {
    id: "11",
    statement: "Fleet Server's Elasticsearch CA is one path without a comma",
    reason: "the agent takes a list for the name of one file",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, CAs: []string{esCA}",
    unknown: "passes",
    check: (command) => {
      const path = command.flags.fleetServerEsCa;
      return path !== undefined && isKnown(path) && !isInlinePem(path) && path.includes(",")
        ? [
            wrong(command, "fleetServerEsCa", {
              what: "is a list, or a path with a comma",
              allowed: "one path",
              fix: "put several CAs into one file",
            }),
          ]
        : [];
    },
  },
  {
    id: "12",
    statement: "No path is PEM",
    reason: "the agent takes PEM in its configuration, and refuses it on the command line as a relative path",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; elastic-agent-libs transport/tlscommon/tls.go",
    unknown: "passes",
    check: (command) =>
      knownPaths(command)
        .filter(({ path }) => isInlinePem(path))
        .map(({ prop }) => ({
          prop,
          what: "begins with a hyphen, as PEM does",
          allowed: "a path on the host",
          fix: "write it into a file and name that",
        })),
  },
  {
    id: "17",
    statement: "The list of CAs contains the issuer of Fleet Server's certificate",
    reason: "the agent's own CAs replace the system's, and without them it knows no authority for a private CA",
    source: "elastic-agent-libs transport/tlscommon/tls_config.go",
    unknown: "passes",
    check: (command) => {
      const { certificateAuthorities: list = [], fleetServerCert, insecure } = command.flags;
      const listed = isKnown(list) ? list : [];
      const { fleetCas } = command.files;
      const problem = (what: string, allowed: string, fix: string): CommandProblem[] => [
        { prop: "certificateAuthorities", what, got: quoted(listed), allowed, fix },
      ];
      if (insecure === true || !isKnown(list)) {
        return [];
      }
      if (fleetCas?.length === 0) {
        return listed.length === 0
          ? []
          : problem(
              "replaces the system's roots, by which the host trusts Fleet Server's certificate",
              "no list, or one with that CA",
              "give the fleet CA as PEM or as a file on the host",
            );
      }
      const absent = (fleetCas ?? []).filter((path) => isKnown(path) && !listed.includes(path));
      return absent.length === 0 && (listed.length > 0 || fleetServerCert === undefined)
        ? []
        : problem(
            "lacks the issuer of Fleet Server's certificate",
            `a list with ${absent.join(" and ") || "that CA"}`,
            "add it to the list",
          );
    },
  },
  {
    id: "30",
    statement: "An agent without a Fleet Server trusts neither the agents' CA nor that of Elasticsearch",
    reason:
      "anybody with a certificate of one of those could pose as its Fleet Server; they belong in the policy's output",
    source: "elastic-agent-libs transport/tlscommon/tls_config.go",
    severity: "warning",
    unknown: "passes",
    check: (command) => {
      const others = [...(command.files.agentCas ?? []), ...(command.files.elasticsearchCas ?? [])];
      const extra = knownItems(command.flags.certificateAuthorities).filter((path) => others.includes(path));
      return isFleetServer(command) || extra.length === 0
        ? []
        : [
            {
              prop: "certificateAuthorities",
              what: "contains a CA that does not sign for Fleet Server",
              got: quoted(extra),
              allowed: "the fleet CA, and that of a proxy",
              fix: "take it out of the list",
            },
          ];
    },
  },
  {
    id: "agent-directory",
    statement: "No file is below the agent's own install directory",
    reason: "an uninstall empties it, and a failed enrollment uninstalls",
    source: "elastic-agent internal/pkg/agent/cmd/install.go",
    unknown: "passes",
    check: (command) => {
      const { platform, flags } = command;
      const { basePath } = flags;
      if (basePath !== undefined && !isKnown(basePath)) {
        return [];
      }
      const agent = basePath === undefined ? platform.agentDirectory : platform.agentDirectoryBelow(basePath);
      return knownPaths(command)
        .filter(({ prop, path }) => prop !== "basePath" && isWithin(path, agent, platform))
        .map(({ prop, path }) => ({
          prop,
          what: "is below the agent's own install directory",
          got: quoted(path),
          allowed: `any folder but ${agent}`,
          fix: "choose another folder, or another {basePath}",
        }));
    },
  },
];

function relative(command: Command, select: (path: NamedPath) => boolean): CommandProblem[] {
  return knownPaths(command)
    .filter(
      (named) =>
        select(named) &&
        named.path.trim() !== "" &&
        !isInlinePem(named.path) &&
        !command.platform.isAbsolute(named.path.trimStart()),
    )
    .map(({ prop, path }) => ({
      prop,
      what: "is not absolute on the host's platform",
      got: quoted(path),
      allowed: `absolute paths on ${command.platform.name}, such as ${command.platform.defaultHostDirectory}`,
      fix: "write the whole path: elastic-agent refuses relative ones",
    }));
}
