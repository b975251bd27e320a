import type { FlagUse, FlagValue } from "./install-arguments";
import { InstallArguments } from "./install-arguments";
import { FLAGS } from "./install-flags";

const BY_VARIABLE = new Map(
  Object.entries(FLAGS).flatMap(([name, { variable }]) => (variable === undefined ? [] : [[variable, name] as const])),
);

/**
 * Reads an env file for `docker run --env-file`, one variable a line and nothing quoted, as the flags of the same
 * meaning (elastic-agent, `cmd/setup_config.go`); a name alone takes its value from outside. Undefined when none of its
 * variables is the agent's.
 */
export function containerArguments(text: string): InstallArguments | undefined {
  const uses: FlagUse[] = text.split("\n").flatMap((line) => {
    const [, variable, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/.exec(line) ?? [];
    const name = BY_VARIABLE.get(variable ?? "");
    if (name === undefined) {
      return [];
    }
    // The entry point has words of its own for what is on (elastic-agent, `cmd/container.go`, envBool).
    const text =
      FLAGS[name]?.kind === "switch" && value !== undefined ? String(/^(1|true|yes|y)$/i.test(value)) : value;
    return [{ name, value: text === undefined ? fromOutside(variable!) : { text, references: [], splits: false } }];
  });
  if (uses.length === 0) {
    return undefined;
  }
  const has = (name: string): boolean => uses.some((use) => use.name === name);
  // Secrets may be in the container's own environment instead of the file, and a container never prompts.
  const token = has("fleet-server-es") ? "fleet-server-service-token" : "enrollment-token";
  if (!has(token) && !has(`${token}-path`)) {
    uses.push({ name: token, value: fromOutside(FLAGS[token]?.variable ?? token) });
  }
  return new InstallArguments("install", [...uses, { name: "non-interactive" }], [], [], []);
}

/** Variables that Elastic's pages and recipes give, and the agent reads nowhere. */
const IGNORED = ["ELASTIC_AGENT_CERT_KEY_PASSPHRASE", "CERTIFICATE_AUTHORITIES"];

/** Those of them that an env file has. */
export function ignoredVariables(text: string): string[] {
  return IGNORED.filter((name) => new RegExp(`^${name}(=|$)`, "m").test(text));
}

function fromOutside(variable: string): FlagValue {
  return { text: "", references: [{ name: variable, guarded: false }], splits: false };
}
