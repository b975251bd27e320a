import type { InstallFlags } from "../../install-flags";
import { FLAGS } from "../../../command/data/flags";
import { csvField, secretOf, textOf, textsOf } from "./values";
import { plainText } from "../../../private/terraform/text";

/** Several headers in one variable (elastic-agent cmd/container.go, envStringMap). */
const HEADERS = "FLEET_HEADERS";

/** What a container is told, and what it finds in the environment that starts it. */
interface ContainerSettings {
  readonly variables: { [name: string]: string };
  readonly inherited: string[];
}

/** The variables of a container; text for Terraform. */
export function containerVariables(flags: InstallFlags): { [name: string]: string } {
  const { variables } = settingsOf(flags);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, plainText(value)]));
}

/** The variables as an env file. A name alone takes its value from the environment that starts the container. */
export function environmentFile(flags: InstallFlags): string {
  const { variables, inherited } = settingsOf(flags);
  const lines = [...Object.entries(variables).map(([name, value]) => `${name}=${plainText(value)}`), ...inherited];
  return `${lines.join("\n")}\n`;
}

function settingsOf(flags: InstallFlags): ContainerSettings {
  const variables: { [name: string]: string } =
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
      variables[variable] = secret.kind === "host" ? secret.path : secret.value;
    } else if (kind === "switch") {
      variables[variable] = "1";
    } else if (kind === "headers") {
      Object.assign(variables, headerVariables(variable, flags));
    } else {
      // The entry point hands its text to --tag of enroll, which reads it as CSV.
      variables[variable] =
        textOf(flag, flags) ??
        textsOf(flag, flags)
          .map((text) => csvField(text, 1))
          .join(",");
    }
  }
  return { variables, inherited };
}

/** One header goes into FLEET_HEADER, which every version reads; its value is parsed as CSV by enroll. */
function headerVariables(variable: string, flags: InstallFlags): { [name: string]: string } {
  const headers = Object.entries(flags.headers ?? {});
  return headers.length > 1
    ? { [HEADERS]: headers.map(([name, value]) => `${name}="${value}"`).join(",") }
    : Object.fromEntries(headers.map(([name, value]) => [variable, csvField(`${name}=${value}`, 1)]));
}
