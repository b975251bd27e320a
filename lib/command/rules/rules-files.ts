import type { Command } from "../data/command";
import type { Text } from "../data/text";
import { isKnown } from "../data/text";
import type { FlagProp } from "../data/flags";
import { isWithin } from "../data/host-paths";
import type { CommandProblem, CommandRule, NamedPath } from "./rule";
import { isFleetServer, isInlinePem, knownItems, knownPaths, unpaired, wrong } from "./rule";
import { quoted } from "../../private/problems";

/** Which files a command names, and what they must be to each other. */
export const FILE_RULES: readonly CommandRule[] = [
  {
    id: "3",
    statement: "A Fleet Server has both certificate and key, or neither",
    reason: 'the agent stops with "certificate private key is required", or "certificate is required"',
    source: "elastic-agent internal/pkg/agent/cmd/enroll_cmd.go, prepareFleetTLS",
    unknown: "is set",
    check: (command) => unpaired(command, "fleetServerCert", "fleetServerCertKey"),
  },
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
    reason: "the agent looks at the first one only, and looks for the others in whatever folder it runs in",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, IsAbs on the whole list",
    unknown: "passes",
    check: (command) => relative(command, ({ isListed }) => isListed),
  },
  {
    id: "10",
    statement: "No path of the list of CAs has a comma, or a blank at an end",
    reason: "the agent splits the list at commas and trims what it gets",
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
    statement: "The list of CAs holds the issuer of Fleet Server's certificate",
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
    id: "18",
    statement: "A passphrase for the agent's key comes with certificate and key",
    reason: "the agent refuses it alone",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, validateEnrollFlags",
    unknown: "is set",
    check: (command) => passphraseAlone(command, "elasticAgentCertKeyPassphrase", "elasticAgentCertKey"),
  },
  {
    id: "19",
    statement: "A passphrase for Fleet Server's key comes with certificate and key",
    reason: "the agent does not look, and Fleet Server runs with a certificate of its own making",
    source: "elastic-agent internal/pkg/agent/cmd/enroll_cmd.go, prepareFleetTLS",
    unknown: "is set",
    check: (command) => passphraseAlone(command, "fleetServerCertKeyPassphrase", "fleetServerCertKey"),
  },
  {
    id: "20",
    statement: "Fleet Server's key towards Elasticsearch is plain, every other encrypted key has its passphrase",
    reason: "no flag takes a passphrase for that key, and an encrypted key without one is read as no key at all",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; elastic-agent-libs transport/tlscommon/tls.go",
    unknown: "passes",
    check: (command) =>
      ENCRYPTABLE.filter(([key, passphrase]) => {
        const path = command.flags[key];
        const isEncrypted = path !== undefined && (command.files.encryptedKeys ?? []).includes(path as Text);
        return isEncrypted && (passphrase === undefined || command.flags[passphrase] === undefined);
      }).map(([key, passphrase]) =>
        wrong(command, key, {
          what: "is encrypted and has no passphrase",
          allowed: passphrase === undefined ? "a plain key" : `a plain key, or an encrypted one with {${passphrase}}`,
          fix: passphrase === undefined ? "leave this key plain" : `name {${passphrase}}`,
        }),
      ),
  },
  {
    id: "21",
    statement: "Fleet Server's certificate and key towards Elasticsearch come together",
    reason: "the agent does not look, and the connection to Elasticsearch fails later",
    source: "elastic-agent-libs transport/tlscommon, ErrKeyUnspecified",
    unknown: "is set",
    check: (command) => unpaired(command, "fleetServerEsCert", "fleetServerEsCertKey"),
  },
  {
    id: "30",
    statement: "An agent without a Fleet Server trusts neither the agents' CA nor that of Elasticsearch",
    reason: "whoever holds a certificate of those could pose as its Fleet Server; their place is the policy's output",
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
    statement: "No file lies below the agent's own install directory",
    reason: "an uninstall empties it, and a failed enrolment uninstalls",
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
  {
    id: "fips",
    fact: 41,
    statement: "Under FIPS every key is plain",
    reason: "Elastic's FIPS build reads no encrypted key",
    source: "elastic-agent-libs transport/tlscommon/decrypt_block_fips.go",
    unknown: "is set",
    check: (command) =>
      (["elasticAgentCertKeyPassphrase", "fleetServerCertKeyPassphrase"] as const)
        .filter((prop) => command.fips && command.flags[prop] !== undefined)
        .map((prop) =>
          wrong(command, prop, {
            what: "names a passphrase, and the FIPS build reads no encrypted key",
            allowed: "plain keys",
            fix: "leave the passphrase out[[, or fips|]]",
          }),
        ),
  },
];

const ENCRYPTABLE: readonly (readonly [FlagProp, FlagProp?])[] = [
  ["elasticAgentCertKey", "elasticAgentCertKeyPassphrase"],
  ["fleetServerCertKey", "fleetServerCertKeyPassphrase"],
  ["fleetServerEsCertKey"],
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

function passphraseAlone(command: Command, passphrase: FlagProp, key: FlagProp): CommandProblem[] {
  const certificate = key.slice(0, -"Key".length) as FlagProp;
  const absent = [certificate, key].filter((prop) => command.flags[prop] === undefined);
  // One of the two alone is the problem of the pair.
  return command.flags[passphrase] !== undefined && absent.length === 2
    ? [
        wrong(command, passphrase, {
          what: "is set without certificate and key",
          allowed: `it together with {${certificate}} and {${key}}`,
          fix: "name the pair, or leave the passphrase out",
        }),
      ]
    : [];
}
