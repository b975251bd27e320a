import type { CommandFlags } from "../data/command";
import { FLAGS } from "../data/flags";
import type { Text } from "../data/text";
import { concat, joined } from "../data/text";
import { csvField, secretOf, textOf, textsOf } from "./words";

/** Several headers in one variable (elastic-agent cmd/container.go, envStringMap). */
const HEADERS = "FLEET_HEADERS";

/** Settings of a container. */
export interface ContainerSettings {
  /** Variables with their values. */
  readonly variables: { readonly [name: string]: Text };
  /** Variables that the environment that starts the container already has. */
  readonly inherited: readonly string[];
}

/** The variables as an env file. A name alone takes its value from the environment that starts the container. */
export function environmentFile(flags: CommandFlags): Text {
  const { variables, inherited } = containerSettings(flags);
  const lines = Object.entries(variables).map(([name, value]) => concat(name, "=", value));
  return joined([...lines, ...inherited, ""], "\n");
}

/** Environment variables for the flags of a command. */
export function containerSettings(flags: CommandFlags): ContainerSettings {
  const variables: { [name: string]: Text } =
    flags.fleetServerEs === undefined ? { FLEET_ENROLL: "1" } : { FLEET_SERVER_ENABLE: "1" };
  const inherited: string[] = [];
  for (const flag of FLAGS) {
    const { variable, kind, prop } = flag;
    if (variable === undefined || flags[prop] === undefined || flags[prop] === false) {
      continue;
    }
    const secret = secretOf(flag, flags);
    if (secret?.kind === "environment") {
      inherited.push(variable);
    } else if (secret) {
      variables[variable] = secret.value;
    } else if (kind === "switch") {
      variables[variable] = "1";
    } else if (kind === "headers") {
      Object.assign(variables, headerVariables(variable, flags));
    } else {
      // The entry point passes its text to --tag of enroll, which reads it as CSV.
      variables[variable] =
        textOf(flag, flags) ??
        joined(
          textsOf(flag, flags).map((value) => csvField(value, 1)),
          ",",
        );
    }
  }
  return { variables, inherited };
}

/** One header goes into FLEET_HEADER, which every version reads; enroll parses its value as CSV. */
function headerVariables(variable: string, flags: CommandFlags): { [name: string]: Text } {
  const headers = Object.entries((flags.headers ?? {}) as Record<string, Text>);
  return headers.length > 1
    ? {
        [HEADERS]: joined(
          headers.map(([name, value]) => concat(name, '="', value, '"')),
          ",",
        ),
      }
    : Object.fromEntries(headers.map(([name, value]) => [variable, csvField(concat(name, "=", value), 1)]));
}
