import type { Command } from "../data/command";
import type { Text } from "../data/text";
import type { FlagProp } from "../data/flags";
import type { CommandProblem, CommandRule } from "./rule";
import { unpaired, wrong } from "./rule";

/** Rules for pairs of a certificate and its key, and for the passphrases of keys. */
export const PAIR_RULES: readonly CommandRule[] = [
  {
    id: "3",
    statement: "A Fleet Server has both certificate and key, or neither",
    reason: 'the agent stops with "certificate private key is required", or "certificate is required"',
    source: "elastic-agent internal/pkg/agent/cmd/enroll_cmd.go, prepareFleetTLS",
    unknown: "is set",
    check: (command) => unpaired(command, "fleetServerCert", "fleetServerCertKey"),
  },
  {
    id: "18",
    statement: "A passphrase for the agent's key comes with certificate and key",
    reason: "the agent refuses it without them",
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
