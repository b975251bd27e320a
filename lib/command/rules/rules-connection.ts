import type { Unknown } from "../data/text";
import { isKnown } from "../data/text";
import type { CommandProblem, CommandRule } from "./rule";
import { isFleetServer, missing, wrong } from "./rule";

const URL_PARTS =
  /^(https?):\/\/(?:([^/?#@\s]*)@)?(?:\[[0-9A-Fa-f:.]+\]|[^/?#:@[\]\s]+)(?::([0-9]{1,9}))?(?:\/[^?#\s]*)?$/i;

/** Flags that turn off what all others make. */
const INSECURE = ["insecure", "fleetServerInsecureHttp", "fleetServerEsInsecure"] as const;

/** Flags that exist only for TLS. */
const TLS = [
  "certificateAuthorities",
  "caSha256",
  "elasticAgentCert",
  "elasticAgentCertKey",
  "fleetServerEsCa",
  "elasticsearchCaTrustedFingerprint",
  "fleetServerEsCert",
  "fleetServerCert",
  "fleetServerCertKey",
] as const;

const portIsUsable = (port: string | undefined): boolean =>
  port === undefined || (Number(port) >= 1 && Number(port) <= 65535);

const isPort = (port: number | Unknown): port is number =>
  isKnown(port) && Number.isInteger(port) && port >= 1 && port <= 65535;

/** Rules for URLs and ports, and for how Fleet Server authenticates to Elasticsearch. */
export const CONNECTION_RULES: readonly CommandRule[] = [
  {
    id: "1",
    statement: "A Fleet Server's Elasticsearch URL is http or https, and has a host and no user",
    reason: 'the agent refuses others as an "invalid connection string", and drops a user and a password silently',
    source:
      "elastic-agent internal/pkg/agent/configuration/fleet_server.go; fleet-server internal/pkg/config/output.go",
    unknown: "passes",
    check: (command) => {
      const url = command.flags.fleetServerEs;
      const parts = url === undefined || !isKnown(url) ? undefined : URL_PARTS.exec(url);
      return url === undefined || !isKnown(url) || (parts && parts[2] === undefined && portIsUsable(parts[3]))
        ? []
        : [
            wrong(command, "fleetServerEs", {
              what: "is not a URL of Elasticsearch",
              allowed: "a URL such as https://es.example.com:9200, without a user",
              fix: "write scheme, host and port",
            }),
          ];
    },
  },
  {
    id: "2",
    statement: "A Fleet Server has exactly one of service token and service token path",
    reason: "the agent refuses both together, and a Fleet Server without either",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go; configuration/fleet_server.go",
    unknown: "is set",
    check: (command) => {
      const given = [command.flags.fleetServerServiceToken, command.flags.fleetServerServiceTokenPath];
      const count = given.filter((token) => token !== undefined).length;
      return !isFleetServer(command) || count === 1
        ? []
        : [
            {
              prop: "fleetServerServiceToken",
              what: count === 0 ? "and its path are both missing" : "is set, and so is its path",
              allowed: "exactly one of {fleetServerServiceToken} and {fleetServerServiceTokenPath}",
              fix: count === 0 ? "name a source for the token" : "leave one of them out",
            },
          ];
    },
  },
  {
    id: "4",
    statement: "A Fleet Server with a certificate has a URL",
    reason: 'the agent stops with "url is required when a certificate is provided"',
    source: "elastic-agent internal/pkg/agent/cmd/enroll_cmd.go, prepareFleetTLS",
    unknown: "is set",
    check: ({ flags }) =>
      flags.fleetServerCert !== undefined && flags.url === undefined
        ? [missing("url", "", "the URL by which agents reach Fleet Server", "name it, with its port")]
        : [],
  },
  {
    id: "5",
    statement: "The URL is https without a user, or http together with --insecure",
    reason: "the agent refuses http otherwise, and a user in the URL would be readable everywhere",
    source: "elastic-agent internal/pkg/agent/application/enroll/options.go, RemoteConfig",
    unknown: "passes",
    check: (command) => {
      const { url, insecure } = command.flags;
      const parts = url === undefined || !isKnown(url) ? undefined : URL_PARTS.exec(url);
      return url === undefined ||
        !isKnown(url) ||
        (parts && parts[2] === undefined && (parts[1]!.toLowerCase() === "https" || insecure === true))
        ? []
        : [
            wrong(command, "url", {
              what: "is not an https URL",
              allowed: "a URL such as https://fleet.example.com:8220, without a user",
              fix: "write scheme, host and port",
            }),
          ];
    },
  },
  {
    id: "6",
    statement: "The URL has a port",
    reason: "the agent takes 443 for https, not Fleet Server's 8220",
    source: "elastic-agent internal/pkg/agent/application/enroll, MakeURL(…, 0)",
    severity: "warning",
    unknown: "passes",
    check: (command) => {
      const { url } = command.flags;
      const parts = url === undefined || !isKnown(url) ? undefined : URL_PARTS.exec(url);
      return parts && (parts[3] === undefined || !portIsUsable(parts[3]))
        ? [
            wrong(command, "url", {
              what: parts[3] === undefined ? "has no port" : "has a port that is not from 1 to 65535",
              allowed: "a URL with a port, such as https://fleet.example.com:8220",
              fix: "write the port: 443 in Elastic Cloud, else 8220 unless it is mapped",
            }),
          ]
        : [];
    },
  },
  {
    id: "24",
    statement: "The port is a whole number from 1 to 65535",
    reason: "the agent takes 0 for unset and refuses what does not fit into 16 bits",
    source: "elastic-agent internal/pkg/agent/cmd/enroll.go, Uint16P",
    unknown: "passes",
    check: (command) => {
      const port = command.flags.port;
      return port === undefined || !isKnown(port) || isPort(port)
        ? []
        : [
            wrong(command, "port", {
              what: "is not a port",
              got: String(port),
              allowed: "whole numbers from 1 to 65535",
              fix: "leave it out for 8220",
            }),
          ];
    },
  },
  {
    id: "28",
    statement: "No flag disables verification together with a flag that configures it, or in a fleet",
    reason: "the agent takes both and verifies nothing",
    source: "elastic-agent internal/pkg/agent/application/enroll/options.go, VerifyNone; cmd/enroll.go",
    unknown: "passes",
    check: (command) => {
      // A fleet knows its CA even where no flag names it, as where the host's operating system trusts it.
      const isFleet = command.files.fleetCas !== undefined;
      const named = TLS.find((prop) => command.flags[prop] !== undefined);
      const tls = named !== undefined ? `{${named}}` : isFleet ? "this fleet" : undefined;
      return tls === undefined
        ? []
        : INSECURE.filter((prop) => command.flags[prop] === true).map((prop) =>
            wrong(command, prop, {
              what: `disables the verification that ${tls} configures`,
              allowed: "one of the two",
              fix: "leave it out; fleet-tls verify says why a verification fails",
            }),
          );
    },
  },
  {
    id: "mapped-port",
    fact: 6,
    statement: "The URL of a Fleet Server has the port that it listens on",
    reason: "agents dial the URL's port, and only a load balancer or a port map answers on another one",
    source: "here",
    severity: "hint",
    unknown: "passes",
    check: (command) => {
      const { url, port: listening = 8220 } = command.flags;
      const port = url === undefined || !isKnown(url) ? undefined : URL_PARTS.exec(url)?.[3];
      return isFleetServer(command) && port !== undefined && isPort(listening) && Number(port) !== listening
        ? [
            wrong(command, "url", {
              what: `has port ${port} while Fleet Server listens on ${listening}`,
              allowed: `port ${listening}, or a port that is mapped to it`,
              fix: "write the same port, unless it is mapped",
            }),
          ]
        : [];
    },
  },
  {
    id: "url-host",
    fact: 45,
    statement: "The host of the URL is a DNS name or an IP address that a certificate can have",
    reason: "no certificate matches another one",
    source: "RFC 5280 4.2.1.6",
    severity: "hint",
    unknown: "passes",
    check: (command) => {
      const { url } = command.flags;
      const host =
        url === undefined || !isKnown(url) ? undefined : /^https?:\/\/(?:\[[^\]]*\]|([^/?#:@]+))/i.exec(url)?.[1];
      return host !== undefined && !/^[a-z0-9._-]+$/i.test(host)
        ? [
            wrong(command, "url", {
              what: "has a host that no certificate can have",
              allowed: "a DNS name or an IP address",
              fix: "write the name in ASCII (xn--…)",
            }),
          ]
        : [];
    },
  },
  {
    id: "proxy",
    statement: "A proxy is named, with its headers, or disabled",
    reason: "the agent takes both and uses no proxy",
    source: "elastic-agent internal/pkg/agent/application/enroll/options.go, NewHTTPClientProxySettings",
    severity: "warning",
    unknown: "is set",
    check: (command) =>
      (["proxyUrl", "proxyHeaders"] as const)
        .filter((prop) => command.flags.proxyDisabled === true && command.flags[prop] !== undefined)
        .map((prop): CommandProblem => ({
          prop,
          what: "is set although {proxyDisabled} is",
          allowed: "a proxy or {proxyDisabled}",
          fix: "leave one of them out",
        })),
  },
];
