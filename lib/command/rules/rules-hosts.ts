import type { Command, Secret } from "../data/command";
import { givenFlags } from "../data/command";
import { isKnown } from "../data/text";
import type { CommandProblem, CommandRule } from "./rule";
import { asksForCertificates, headersOf, isFleetServer, missing, wrong } from "./rule";
import { quoted } from "../../private/problems";
import type { Since } from "../data/stack-features";
import {
  AGENT_SENDS_HEADERS,
  CONTAINER_READS_HEADERS,
  hasFeature,
  MUTUAL_TLS,
  OLDEST,
  sinceText,
} from "../data/stack-features";

/** Rules for the host: its version, the agent's account, and containers. */
export const HOST_RULES: readonly CommandRule[] = [
  {
    id: "version",
    fact: 32,
    statement: "The version is one whose flags were read",
    reason: "what an older agent takes is unknown here",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, oldest release tag read",
    unknown: "passes",
    check: (command) => tooOld(command, OLDEST, "is a version whose flags were never read"),
  },
  {
    id: "mutual-version",
    fact: 32,
    statement: "Client certificates of agents need 8.16",
    reason: "an older Fleet Server checks the agent's host name against its certificate, which names none",
    source: "elastic-agent#5554; fleet-server#4042",
    unknown: "is set",
    check: (command) =>
      asksForCertificates(command) || command.flags.elasticAgentCert !== undefined
        ? tooOld(
            command,
            MUTUAL_TLS,
            "[[is a version that|is a version whose Fleet Server]] checks the host name of agents' certificates",
          )
        : [],
  },
  {
    id: "agent-headers",
    fact: 32,
    statement: "Headers of an agent without a Fleet Server need 8.19, or 9.1",
    reason: "an older agent takes them for Fleet Server's connection to Elasticsearch, and silently drops them",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, EnrollOptions.Headers, at each release tag",
    unknown: "passes",
    check: (command) =>
      !isFleetServer(command) &&
      headersOf(command.flags).length > 0 &&
      !hasFeature(command.stackVersion, AGENT_SENDS_HEADERS)
        ? [
            {
              prop: "headers",
              what: `are sent by no agent of ${command.stackVersion.toString()}`,
              got: command.stackVersion.toString(),
              allowed: `stack ${sinceText(AGENT_SENDS_HEADERS)}`,
              fix: "leave them out, or upgrade the agents first",
            },
          ]
        : [],
  },
  {
    id: "unprivileged",
    fact: 42,
    statement: "An unprivileged agent has a user or a group that exists, and only it has one",
    reason: "the enrollment runs as that user, who cannot read files of root, and a failed enrollment uninstalls",
    source: "elastic-agent internal/pkg/agent/cmd/install.go; install/prereq.go, EnsureUserAndGroup",
    severity: "warning",
    unknown: "is set",
    check: (command) => {
      const { unprivileged, user, group } = command.flags;
      return unprivileged === true && user === undefined && group === undefined
        ? [
            missing(
              "group",
              ", and {unprivileged} is set",
              "a user or a group that exists on the host",
              "make it, and name it",
            ),
          ]
        : (["user", "group"] as const)
            .filter((prop) => unprivileged !== true && command.flags[prop] !== undefined)
            .map((prop) =>
              wrong(command, prop, {
                what: "is set without {unprivileged}, and the agent ignores it",
                allowed: "it together with {unprivileged}",
                fix: "add {unprivileged}, or leave it out",
              }),
            );
    },
  },
  {
    id: "password",
    statement: "A password is there for a user on Windows",
    reason: "the flag exists only there, and has no effect without a user",
    source: "elastic-agent internal/pkg/agent/cmd/install.go",
    unknown: "is set",
    check: (command) =>
      command.flags.password !== undefined && (!command.platform.isWindows || command.flags.user === undefined)
        ? [
            {
              prop: "password",
              what: command.platform.isWindows ? "is set without a user" : "is unknown outside Windows",
              got: command.platform.name,
              allowed: "it together with {user}, on Windows",
              fix: "name the user, or leave it out",
            },
          ]
        : [],
  },
  {
    id: "windows-user",
    statement: "On Windows, a user with a password is DOMAIN\\user, and one without is of this computer",
    reason: "the agent refuses the first, and in the second case looks for .\\DOMAIN\\user, which does not exist",
    source: "elastic-agent internal/pkg/agent/install/install_windows.go, withServiceOptions",
    unknown: "passes",
    check: (command) => {
      const { user, password } = command.flags;
      const isOfDomain = user !== undefined && isKnown(user) && DOMAIN_USER.test(user);
      return !command.platform.isWindows ||
        user === undefined ||
        !isKnown(user) ||
        (password === undefined ? !user.includes("\\") : isOfDomain)
        ? []
        : [
            wrong(command, "user", {
              what: password === undefined ? "is of a domain and has no password" : "is not of the form DOMAIN\\user",
              allowed: "DOMAIN\\user with its password, or the name of a user of this computer without one",
              fix: password === undefined ? "name its password too" : "write its domain, without hyphens, before it",
            }),
          ];
    },
  },
  {
    id: "container",
    statement: "A container has only flags with an environment variable",
    reason: "it reads its settings only from the environment",
    source: "elastic-agent internal/pkg/agent/cmd/setup_config.go; cmd/container.go",
    unknown: "is set",
    check: (command) => (command.container ? containerProblems(command) : []),
  },
];

/** A user with a domain, as the agent recognizes it. */
const DOMAIN_USER = /^[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*\\[A-Za-z0-9.-]{1,104}$/;

function tooOld({ stackVersion }: Command, since: Since, why: string): CommandProblem[] {
  return hasFeature(stackVersion, since)
    ? []
    : [
        {
          prop: "stackVersion",
          what: why,
          got: stackVersion.toString(),
          allowed: `[[stackVersion|stack]] ${sinceText(since)}`,
          fix: "upgrade the stack first",
        },
      ];
}

function containerProblems(command: Command): CommandProblem[] {
  const { flags, platform, stackVersion } = command;
  const unknown = givenFlags(flags)
    .filter(({ prop, variable }) => variable === undefined && prop !== "nonInteractive" && flags[prop] !== false)
    .map(({ prop }) =>
      wrong(command, prop, {
        what: "has no environment variable in a container",
        allowed: "variables that the container's entry point reads",
        fix: "leave it out, or run the agent on a host",
      }),
    );
  const elsewhere = givenFlags(flags).flatMap((flag) => {
    const source = flag.kind === "secret" ? (flags[flag.prop] as Secret) : undefined;
    return source?.kind === "environment" && flag.variable !== undefined && source.name !== flag.variable
      ? [
          {
            prop: flag.prop,
            what: "is read from another variable than the container's own",
            got: quoted(source.name),
            allowed: flag.variable,
            fix: "use that name: the env file passes it on from the environment that starts the container",
          },
        ]
      : [];
  });
  const headers = headersOf(flags).length;
  // envStringMap knows no escape for a quote, and enroll then takes a comma for the end of a header.
  const unreadable = headersOf(flags)
    .filter(([name, value]) => headers > 1 && (!/^[\w-]+$/.test(name) || (isKnown(value) && /[",]|^$/.test(value))))
    .map(([name]): CommandProblem => ({
      prop: "headers",
      what: "contains a header that a container cannot read together with others",
      got: quoted(name),
      allowed: "names of letters, digits, hyphens and underscores, values without commas and quotes",
      fix: "leave the others out",
    }));
  return [
    ...unknown,
    ...elsewhere,
    ...unreadable,
    ...(headers > 1 && !hasFeature(stackVersion, CONTAINER_READS_HEADERS)
      ? [
          {
            prop: "headers" as const,
            what: `contains ${headers} headers, and a container of ${stackVersion.toString()} reads one`,
            got: stackVersion.toString(),
            allowed: `one header, or stack ${sinceText(CONTAINER_READS_HEADERS)}`,
            fix: "leave the others out",
          },
        ]
      : []),
    ...(platform.name === "linux"
      ? []
      : [
          {
            prop: "platform" as const,
            what: "has no container image",
            got: platform.name,
            allowed: "[[TargetPlatform.LINUX|Linux]]",
            fix: "leave container out",
          },
        ]),
  ];
}
