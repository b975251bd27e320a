import type { CommandRule } from "./rule";
import { asksForCertificates, isFleetServer, missing, unpaired, wrong } from "./rule";
import { quoted } from "../../private/faults";

/** What the certificates of clients need on both sides. */
export const CLIENT_RULES: readonly CommandRule[] = [
  {
    id: "13",
    statement: "Client authentication is none, optional or required, in lower case",
    reason: "the agent refuses any other spelling",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, validateEnrollFlags",
    check: ({ flags: { fleetServerClientAuth: given } }) =>
      given === undefined || ["none", "optional", "required"].includes(given.mode)
        ? []
        : [
            {
              prop: "fleetServerClientAuth",
              what: "is no way of client authentication",
              got: quoted(given.mode),
              allowed: "ClientAuthentication.NONE, OPTIONAL or REQUIRED",
              fix: "choose one of them",
            },
          ],
  },
  {
    id: "14",
    statement: "Client authentication comes with Fleet Server's certificate and key",
    reason: "Fleet Server ignores it otherwise",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go",
    check: (command) =>
      asksForCertificates(command) &&
      command.flags.fleetServerCert === undefined &&
      command.flags.fleetServerCertKey === undefined
        ? (["fleetServerCert", "fleetServerCertKey"] as const).map((prop) =>
            missing(
              prop,
              ", so that client authentication does nothing",
              "fleetServerCert and fleetServerCertKey",
              "name them",
            ),
          )
        : [],
  },
  {
    id: "15",
    statement: "Where client certificates are required, the Fleet Server's own agent has one",
    reason: "it enrols through the same listener, and is refused with `certificate required` for ever",
    source: "fleet-server internal/pkg/server/fleet.go; internal/pkg/config/input.go",
    check: (command) =>
      (["elasticAgentCert", "elasticAgentCertKey"] as const)
        .filter((prop) => command.flags.fleetServerClientAuth?.mode === "required" && command.flags[prop] === undefined)
        .map((prop) =>
          missing(
            prop,
            ", and Fleet Server would refuse its own agent",
            "elasticAgentCert and elasticAgentCertKey",
            "name them",
          ),
        ),
  },
  {
    id: "16",
    statement: "Where client certificates are asked for, the list of CAs holds the root of every agent's certificate",
    reason: "it is the list of CAs whose clients are admitted; with `optional` nothing else would ever complain",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; application/enroll/options.go",
    check: (command) => {
      const listed = command.flags.certificateAuthorities ?? [];
      const absent = (command.files.agentCas ?? []).filter((path) => !listed.includes(path));
      return !asksForCertificates(command) || (absent.length === 0 && listed.length > 0)
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
    reason: "that is a one-way fleet with half of a mutual one: nobody ever checks the certificate",
    source: "here",
    check: (command) =>
      (["elasticAgentCert", "elasticAgentCertKey"] as const)
        .filter((prop) => isFleetServer(command) && !asksForCertificates(command) && command.flags[prop] !== undefined)
        .map((prop) =>
          wrong(command, prop, {
            what: "is there although Fleet Server asks for no client certificate",
            allowed: "a client certificate beside ClientAuthentication.OPTIONAL or REQUIRED",
            fix: "ask for certificates, or leave it out",
          }),
        ),
  },
  {
    id: "agent-pair",
    statement: "An agent's certificate and key come together",
    reason: "the agent does not look, and its enrolment fails later",
    source: "elastic-agent-libs transport/tlscommon, ErrKeyUnspecified",
    check: (command) =>
      command.flags.fleetServerClientAuth?.mode === "required"
        ? []
        : unpaired(command, "elasticAgentCert", "elasticAgentCertKey"),
  },
];
