import { error, warning } from "../../../private/x509/finding";
import type { CommandCheck } from "./command-check";
import { when } from "./command-check";
import { urlHost } from "../../../../verify/dialled-url";
import type { InstallArguments } from "./install-arguments";

const isFleetServer = (command: InstallArguments): boolean => command.isFleetServer;
const isAgent = (command: InstallArguments): boolean => !command.hasFleetServerFlags;
const asksClients = (command: InstallArguments): boolean =>
  ["optional", "required"].includes(command.clientAuthentication);

/** Which flags a command needs, which belong together, and which it must not have. */
export const FLAG_SET_CHECKS: readonly CommandCheck[] = [
  {
    facts: [1],
    applies: (command) => command.hasFleetServerFlags && !looksLikeAgent(command),
    find: (command) => {
      const es = command.known("fleet-server-es");
      const fix = "name Elasticsearch: --fleet-server-es=https://HOST:9200";
      return [
        ...when(
          !command.isFleetServer,
          error(1, "has no --fleet-server-es, without which no Fleet Server starts", fix),
        ),
        ...when(
          es !== undefined && urlHost(es) === undefined,
          error(1, "has a --fleet-server-es that is no URL with a host", fix),
        ),
      ];
    },
  },
  {
    facts: [2],
    applies: isFleetServer,
    find: (command) => {
      const both = ["fleet-server-service-token", "fleet-server-service-token-path"].filter((name) =>
        command.has(name),
      );
      const fix =
        "give --fleet-server-service-token-path alone: a token in the command is seen by every user of the host";
      return when(
        both.length !== 1,
        error(2, both.length === 0 ? "has no service token" : "has two service tokens", fix),
      );
    },
  },
  pair(3, "fleet-server-cert", "fleet-server-cert-key"),
  {
    facts: [4],
    applies: (command) => command.has("fleet-server-cert"),
    find: (command) =>
      when(
        !command.has("url"),
        error(4, "has a server certificate and no --url", "add --url=https://NAME:8220, a name of the certificate"),
      ),
  },
  {
    facts: [14],
    applies: asksClients,
    find: (command) =>
      when(
        !command.has("fleet-server-cert") || !command.has("fleet-server-cert-key"),
        error(
          14,
          "asks for client certificates without a server certificate",
          "add --fleet-server-cert and --fleet-server-cert-key",
        ),
      ),
  },
  {
    facts: [15],
    applies: (command) => command.clientAuthentication === "required",
    find: (command) =>
      when(
        !command.has("elastic-agent-cert") || !command.has("elastic-agent-cert-key"),
        error(
          15,
          "requires client certificates, and this host's own agent has none",
          "add --elastic-agent-cert and --elastic-agent-cert-key: the agent enrols through the same listener",
        ),
      ),
  },
  passphrase(18, "elastic-agent"),
  passphrase(19, "fleet-server"),
  pair(21, "fleet-server-es-cert", "fleet-server-es-cert-key"),
  {
    facts: [25],
    find: (command) =>
      command.subcommand === "enroll"
        ? when(
            command.unknown.includes("non-interactive"),
            error(25, "has --non-interactive on enroll, which knows no such flag", "write --force"),
          )
        : when(
            !command.isOn("non-interactive") && !command.isOn("force"),
            error(25, "asks before it installs, so a script hangs", "add --non-interactive"),
          ),
  },
  {
    facts: [26],
    applies: (command) => !command.isFleetServer && (isAgent(command) || looksLikeAgent(command)),
    find: (command) =>
      ["url", "enrollment-token"].flatMap((name) =>
        when(
          !command.has(name) || command.known(name) === "",
          error(26, `has no --${name}, so the agent installs standalone and says nothing`, `add --${name}`),
        ),
      ),
  },
  {
    facts: [27],
    applies: isFleetServer,
    find: (command) =>
      when(
        command.isOn("delay-enroll"),
        error(27, "has --delay-enroll, which loses every Fleet Server option", "leave it out on a Fleet Server"),
      ),
  },
  {
    facts: [28],
    find: (command) =>
      ["insecure", "fleet-server-insecure-http", "fleet-server-es-insecure"].flatMap((name) =>
        when(
          command.isOn(name),
          error(28, `has --${name}, which switches verification off`, "leave it out, and give the right CA"),
        ),
      ),
  },
  {
    facts: [29],
    applies: (command) => !command.isFleetServer,
    find: (command) =>
      when(
        looksLikeAgent(command) && command.hasFleetServerFlags,
        error(
          29,
          "enrols an agent and has a --fleet-server flag, which installs the servers flavour",
          "leave those flags out",
        ),
      ),
  },
  {
    facts: [31],
    applies: (command) =>
      isFleetServer(command) && command.has("fleet-server-cert") && command.clientAuthentication === "none",
    find: (command) =>
      when(
        command.has("elastic-agent-cert"),
        warning(
          31,
          "has an agent certificate that its Fleet Server never asks for",
          "add --fleet-server-client-auth=required for mutual TLS",
        ),
      ),
  },
];

function pair(fact: number, certificate: string, key: string): CommandCheck {
  return {
    facts: [fact],
    applies: (command) => command.has(certificate) || command.has(key),
    find: (command) =>
      when(
        command.has(certificate) !== command.has(key),
        error(fact, `has one of --${certificate} and --${key}`, "give both, or neither"),
      ),
  };
}

function passphrase(fact: number, of: "elastic-agent" | "fleet-server"): CommandCheck {
  const flag = `${of}-cert-key-passphrase`;
  return {
    facts: [fact],
    applies: (command) => command.has(flag),
    find: (command) =>
      when(
        !command.has(`${of}-cert`) || !command.has(`${of}-cert-key`),
        error(fact, `has --${flag} without certificate and key`, `add --${of}-cert and --${of}-cert-key`),
      ),
  };
}

/** An enrolment token and no Elasticsearch: whatever else it has, it was meant for an agent. */
function looksLikeAgent(command: InstallArguments): boolean {
  return command.has("enrollment-token") && !command.isFleetServer;
}
