import { isKnown } from "../data/text";
import type { CommandRule } from "./rule";
import { asksForCertificates, isFleetServer, missing, unpaired, wrong } from "./rule";
import { quoted } from "../../private/problems";

/** Rules for client certificates, on both sides. */
export const CLIENT_RULES: readonly CommandRule[] = [
  {
    id: "13",
    statement: "Client authentication is none, optional or required, in lower case",
    reason: "the agent refuses any other spelling",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, validateEnrollFlags",
    unknown: "passes",
    check: ({ flags: { fleetServerClientAuth: given } }) =>
      given === undefined || !isKnown(given) || ["none", "optional", "required"].includes(given)
        ? []
        : [
            {
              prop: "fleetServerClientAuth",
              what: "is not a client authentication mode",
              got: quoted(given),
              allowed: "[[ClientAuthentication.NONE, OPTIONAL or REQUIRED|none, optional or required, in lower case]]",
              fix: "choose one of them",
            },
          ],
  },
  {
    id: "14",
    statement: "Client authentication comes with Fleet Server's certificate and key",
    reason: "Fleet Server ignores it otherwise",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go",
    unknown: "is set",
    check: (command) =>
      asksForCertificates(command) &&
      command.flags.fleetServerCert === undefined &&
      command.flags.fleetServerCertKey === undefined
        ? (["fleetServerCert", "fleetServerCertKey"] as const).map((prop) =>
            missing(
              prop,
              ", so that client authentication does nothing",
              "{fleetServerCert} and {fleetServerCertKey}",
              "name them",
            ),
          )
        : [],
  },
  {
    id: "15",
    statement: "Where client certificates are required, the Fleet Server's own agent has one",
    reason: "it enrolls through the same listener, and is refused with `certificate required` for ever",
    source: "fleet-server internal/pkg/server/fleet.go; internal/pkg/config/input.go",
    unknown: "is set",
    check: (command) =>
      (["elasticAgentCert", "elasticAgentCertKey"] as const)
        .filter((prop) => command.flags.fleetServerClientAuth === "required" && command.flags[prop] === undefined)
        .map((prop) =>
          missing(
            prop,
            ", and Fleet Server would refuse its own agent",
            "{elasticAgentCert} and {elasticAgentCertKey}",
            "name them",
          ),
        ),
  },
  {
    id: "16",
    statement:
      "Where client certificates are requested, the list of CAs contains the root of every agent's certificate",
    reason: "it is the list of CAs whose clients are admitted; with `optional` nothing else would ever complain",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; application/enroll/options.go",
    unknown: "passes",
    check: (command) => {
      const list = command.flags.certificateAuthorities ?? [];
      const listed = isKnown(list) ? list : [];
      const absent = (command.files.agentCas ?? []).filter((path) => isKnown(path) && !listed.includes(path));
      return !asksForCertificates(command) || !isKnown(list) || (absent.length === 0 && listed.length > 0)
        ? []
        : [
            {
              prop: "certificateAuthorities",
              what: "lacks the CA of the agents' certificates",
              got: quoted(listed),
              allowed: `a list with ${absent.join(" and ") || "that CA"}`,
              fix: "add it to the list",
            },
          ];
    },
  },
  {
    id: "31",
    statement: "A Fleet Server that asks for no client certificate names none for its own agent",
    reason: "nothing checks the certificate in a one-way fleet",
    source: "here",
    severity: "warning",
    unknown: "is set",
    check: (command) =>
      (["elasticAgentCert", "elasticAgentCertKey"] as const)
        .filter((prop) => isFleetServer(command) && !asksForCertificates(command) && command.flags[prop] !== undefined)
        .map((prop) =>
          wrong(command, prop, {
            what: "is set although Fleet Server asks for no client certificate",
            allowed:
              "a client certificate together with [[ClientAuthentication.OPTIONAL or REQUIRED|{fleetServerClientAuth} optional or required]]",
            fix: "ask for certificates, or leave it out",
          }),
        ),
  },
  {
    id: "agent-pair",
    fact: 18,
    statement: "An agent's certificate and key come together",
    reason: "the agent does not look, and its enrollment fails later",
    source: "elastic-agent-libs transport/tlscommon, ErrKeyUnspecified",
    unknown: "is set",
    check: (command) =>
      command.flags.fleetServerClientAuth === "required"
        ? []
        : unpaired(command, "elasticAgentCert", "elasticAgentCertKey"),
  },
];
