import type { Finding } from "../../../private/x509/checks";
import { error } from "../../../private/x509/finding";
import type { CommandCheck, CommandContext } from "./command-check";
import { when } from "./command-check";
import { FLAG_SET_CHECKS } from "./command-flag-sets";
import {
  checkAuthorityList,
  checkHeaders,
  checkPaths,
  checkRepeats,
  checkUrl,
  checkVersion,
  checkWords,
} from "./command-values";
import type { InstallArguments } from "./install-arguments";

/** Checks a command alone, without files (facts 1 to 34). */
export function checkCommand(
  command: InstallArguments,
  context: CommandContext,
): { readonly checked: readonly number[]; readonly findings: readonly Finding[] } {
  const applying = [...VALUE_CHECKS, ...FLAG_SET_CHECKS].filter(({ applies }) => applies?.(command, context) ?? true);
  return {
    checked: applying.flatMap(({ facts }) => facts),
    findings: applying.flatMap(({ find }) => find(command, context)),
  };
}

/** What the values of flags must be, each by itself. */
const VALUE_CHECKS: readonly CommandCheck[] = [
  {
    facts: [5, 6],
    applies: (command) => command.known("url") !== undefined,
    find: checkUrl,
  },
  { facts: [7], find: checkRepeats },
  { facts: [8, 12], find: (command, { platform }) => checkPaths(command, platform) },
  {
    facts: [9, 10],
    applies: (command) => command.has("certificate-authorities"),
    find: (command, { platform }) => checkAuthorityList(command, platform),
  },
  {
    facts: [11],
    applies: (command) => command.has("fleet-server-es-ca"),
    find: (command) =>
      when(
        command.known("fleet-server-es-ca")?.includes(",") === true,
        error(
          11,
          "has a comma in --fleet-server-es-ca, which is one path and never split",
          "put the CAs into one bundle file",
        ),
      ),
  },
  {
    facts: [13],
    applies: (command) => command.known("fleet-server-client-auth") !== undefined,
    find: (command) =>
      when(
        !["none", "optional", "required"].includes(command.clientAuthentication),
        error(
          13,
          "has a --fleet-server-client-auth that is no mode",
          "write none, optional or required, in lower case",
        ),
      ),
  },
  {
    facts: [22],
    applies: (command) => command.known("fleet-server-es-ca-trusted-fingerprint") !== undefined,
    find: (command) =>
      when(
        !/^[0-9a-fA-F]{64}$/.test(command.known("fleet-server-es-ca-trusted-fingerprint")!),
        error(
          22,
          "has a trusted fingerprint that is not 64 hex digits",
          "take the colons out of openssl x509 -fingerprint -sha256",
        ),
      ),
  },
  {
    facts: [23],
    applies: (command) => command.known("ca-sha256") !== undefined,
    find: (command) =>
      when(
        !command.list("ca-sha256")!.every((pin) => /^[A-Za-z0-9+/]{43}=$/.test(pin)),
        error(
          23,
          "has a --ca-sha256 that is not 32 bytes in base64",
          "give the SHA-256 of the public key (SPKI), not of the certificate",
        ),
      ),
  },
  {
    facts: [24],
    applies: (command) => command.known("fleet-server-port") !== undefined,
    find: (command) => {
      const port = command.known("fleet-server-port")!;
      const right = /^[0-9]{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
      return when(!right, error(24, "has a --fleet-server-port that is none", "write a number from 1 to 65535"));
    },
  },
  {
    facts: [32],
    applies: (_, { stackVersion }) => stackVersion !== undefined,
    find: (command, { stackVersion }) => checkVersion(command, stackVersion!),
  },
  { facts: [33], applies: (command) => command.has("header") || command.has("proxy-header"), find: checkHeaders },
  { facts: [34], find: checkWords },
];
