import type { AgentSubcommand } from "../agent-subcommand";
import type { StackVersion } from "../stack-version";
import type { TargetPlatform } from "../target-platform";
import type { Flag, FLAG_LIST } from "./flags";
import { FLAGS } from "./flags";
import type { Text, Unknown } from "./text";
import { rememberLast } from "../../private/remember-last";

/** Source of a secret on a command line. */
export type Secret =
  { readonly kind: "argument"; readonly value: Text } | { readonly kind: "environment"; readonly name: string };

/** Values by kind of flag. */
interface Values {
  readonly text: Text;
  readonly url: Text;
  readonly path: Text;
  readonly "secret path": Text;
  readonly duration: Text;
  readonly "client authentication": Text;
  readonly "path list": readonly Text[] | Unknown;
  readonly list: readonly Text[] | Unknown;
  readonly repeated: readonly Text[] | Unknown;
  readonly headers: Readonly<Record<string, Text>> | Unknown;
  readonly number: number | Unknown;
  readonly switch: boolean | Unknown;
  readonly secret: Secret;
}

type ListedFlag = (typeof FLAG_LIST)[number];

/** Flags of a command by their props. */
export type CommandFlags = {
  readonly [F in ListedFlag as F["prop"]]?: Values[F["kind"]] | undefined;
};

/** Contents of the files that a command names, as far as its rules need them. Paths are paths on the host. */
export interface KnownFiles {
  /** CAs that sign for Fleet Servers; an empty list means that the host's operating system trusts them. */
  readonly fleetCas?: readonly Text[] | undefined;
  /** CAs that sign for agents. */
  readonly agentCas?: readonly Text[] | undefined;
  /** CAs that sign for Elasticsearch. */
  readonly elasticsearchCas?: readonly Text[] | undefined;
  /** Private keys that are encrypted. */
  readonly encryptedKeys?: readonly Text[] | undefined;
}

/** An `elastic-agent install` or `enroll` command as data: built from props, or parsed from a script. */
export interface Command {
  readonly flags: CommandFlags;
  readonly subcommand: AgentSubcommand;
  readonly platform: TargetPlatform;
  readonly stackVersion: StackVersion;
  readonly executable: Text;
  readonly files: KnownFiles;
  readonly fips: boolean;
  readonly container: boolean;
}

/** Flags that are set, in their order. Cached, because every rule asks for them. */
export const givenFlags = rememberLast((flags: { readonly [prop in keyof CommandFlags]?: unknown }): readonly Flag[] =>
  FLAGS.filter(({ prop }) => flags[prop] !== undefined),
);
