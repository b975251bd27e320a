import {
  AgentSubcommand,
  ClientAuthentication,
  EnrollmentToken,
  ServiceToken,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import type { InstallFlags } from "../../lib";
import type { Command } from "../../lib/command/data/command";
import { commandFlags } from "../../lib/host/private/command-flags";

const DIRECTORY = "/etc/elastic-agent/certs";

/** The flags of a Fleet Server of a one-way fleet. */
export const ONE_WAY: InstallFlags = {
  url: "https://fleet.example.com:8220",
  certificateAuthorities: [`${DIRECTORY}/fleet-ca.pem`],
  fleetServerEs: "https://es.example.com:9200",
  fleetServerEsCa: `${DIRECTORY}/es-ca.pem`,
  fleetServerCert: `${DIRECTORY}/fleet-cert.pem`,
  fleetServerCertKey: `${DIRECTORY}/fleet-cert-key.pem`,
  fleetServerServiceTokenPath: `${DIRECTORY}/service-token`,
  fleetServerPolicy: "fleet-server-policy",
  port: 8220,
};

/** The flags of a Fleet Server of a mutual fleet. */
export const MUTUAL: InstallFlags = {
  ...ONE_WAY,
  certificateAuthorities: [`${DIRECTORY}/fleet-ca.pem`, `${DIRECTORY}/agent-ca.pem`],
  elasticAgentCert: `${DIRECTORY}/agent-cert.pem`,
  elasticAgentCertKey: `${DIRECTORY}/agent-cert-key.pem`,
  fleetServerEsCert: `${DIRECTORY}/fleet-es-cert.pem`,
  fleetServerEsCertKey: `${DIRECTORY}/fleet-es-cert-key.pem`,
  fleetServerClientAuth: ClientAuthentication.REQUIRED,
};

/** The flags of an agent of a one-way fleet. */
export const AGENT: InstallFlags = {
  url: "https://fleet.example.com:8220",
  certificateAuthorities: [`${DIRECTORY}/fleet-ca.pem`],
  enrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
};

/** A command with the props that it is built from. */
export type BuiltCommand = Command & { readonly props: InstallFlags };

/** A command of those flags that every rule accepts, with changes. */
export function command(given: InstallFlags, changes: Partial<Command> = {}): BuiltCommand {
  const isEnroll = changes.subcommand === AgentSubcommand.ENROLL;
  const flags = isEnroll ? given : { nonInteractive: true, ...given };
  return {
    props: flags,
    flags: commandFlags(flags),
    subcommand: AgentSubcommand.INSTALL,
    platform: TargetPlatform.LINUX,
    stackVersion: StackVersion.LATEST,
    executable: "elastic-agent",
    files: {
      fleetCas: [`${DIRECTORY}/fleet-ca.pem`],
      agentCas: flags.fleetServerClientAuth ? [`${DIRECTORY}/agent-ca.pem`] : undefined,
      elasticsearchCas: [`${DIRECTORY}/es-ca.pem`],
    },
    fips: false,
    container: false,
    ...changes,
  };
}

export const SERVICE_TOKEN = ServiceToken.fromEnvironment("SERVICE_TOKEN");
