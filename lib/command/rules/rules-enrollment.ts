import type { Command } from "../data/command";
import { givenFlags } from "../data/command";
import type { FlagProp } from "../data/flags";
import type { CommandRule } from "./rule";
import { isFleetServer, missing, wrong } from "./rule";

/** Rules for enrollment: its requirements, its time, and flags that would change its kind. */
export const ENROLLMENT_RULES: readonly CommandRule[] = [
  {
    id: "26",
    statement: "An agent without a Fleet Server has a URL and an enrollment token",
    reason: "with --non-interactive and without one of them it is installed standalone, and the exit code is 0",
    source: "elastic-agent internal/pkg/agent/cmd/install.go, enroll = false",
    unknown: "is set",
    check: (command) => {
      const { url, enrollmentToken } = command.flags;
      return isFleetServer(command)
        ? []
        : [
            ...(url === undefined
              ? [missing("url", "", "the URL by which agents reach Fleet Server", "name it, with its port")]
              : []),
            ...(enrollmentToken === undefined
              ? [
                  missing(
                    "enrollmentToken",
                    ", and the agent would be installed standalone without an error",
                    "[[EnrollmentToken.fromEnvironment(NAME) or EnrollmentToken.onCommandLine(TOKEN)|a token of the agents' policy]]",
                    "[[set agentEnrollmentToken on the fleet or enrollmentToken on the agent|add {enrollmentToken}]]",
                  ),
                ]
              : []),
          ];
    },
  },
  {
    id: "27",
    statement: "A Fleet Server does not delay its enrollment",
    reason: "the agent tries to refuse that but checks the wrong flag, and enroll.yml then contains no server option",
    source: 'elastic-agent internal/pkg/agent/cmd/enroll_cmd.go; application/enroll/options.go, yaml:"-"',
    unknown: "is set",
    check: (command) =>
      isFleetServer(command) && command.flags.delayEnroll === true
        ? [
            wrong(command, "delayEnroll", {
              what: "loses every setting of a Fleet Server",
              allowed: "{delayEnroll} on agents only",
              fix: "leave it out",
            }),
          ]
        : [],
  },
  {
    id: "delay",
    statement: "A delayed enrollment has no time limit of its own",
    reason: "the agent does not write it down for the later enrollment, which then waits for as long as it takes",
    source: "elastic-agent internal/pkg/agent/application/enroll/options.go; cmd/run.go, tryDelayEnroll",
    severity: "warning",
    unknown: "is set",
    check: (command) =>
      command.flags.delayEnroll === true && command.flags.enrollTimeout !== undefined
        ? [
            wrong(command, "enrollTimeout", {
              what: "is lost where the enrollment is delayed",
              allowed: "one of {enrollTimeout} and {delayEnroll}",
              fix: "leave one of them out",
            }),
          ]
        : [],
  },
  {
    id: "29",
    statement: "An agent without a Fleet Server has no flag of one",
    reason: "any of them installs the servers' flavour, and without --fleet-server-es none of them does anything",
    source: "elastic-agent internal/pkg/agent/cmd/install.go, isFleetServerFlagProvided",
    unknown: "is set",
    check: (command) =>
      isFleetServer(command)
        ? []
        : givenFlags(command.flags)
            .filter(({ name, prop }) => name.startsWith("--fleet-server-") && isSet(command, prop))
            .map(({ prop }) =>
              wrong(command, prop, {
                what: "is set without {fleetServerEs}",
                allowed: "flags of a Fleet Server in a command that starts one",
                fix: "name {fleetServerEs}, or leave it out",
              }),
            ),
  },
  {
    id: "replace",
    statement: "A replace token comes with the id of the agent that it replaces",
    reason: "it is valid only for that id",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go",
    unknown: "is set",
    check: ({ flags }) =>
      flags.replaceToken !== undefined && flags.agentId === undefined
        ? [missing("agentId", ", and {replaceToken} is set", "the id of the agent to replace", "name it")]
        : [],
  },
];

function isSet({ flags }: Command, prop: FlagProp): boolean {
  return flags[prop] !== undefined && flags[prop] !== false;
}
