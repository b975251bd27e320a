import type { Finding } from "../../private/x509/finding";
import { error } from "../../private/x509/finding";
import type { FlagUse, FlagValue } from "./install-arguments";
import { InstallArguments } from "./install-arguments";
import { FLAGS } from "./install-flags";

/** Variables that the entry point reads if the variable of a flag is not set, in its order (`cmd/setup_config.go`). */
const FALLBACKS: Readonly<Record<string, readonly string[]>> = {
  "certificate-authorities": ["KIBANA_CA", "ELASTICSEARCH_CA"],
  "fleet-server-es": ["ELASTICSEARCH_HOST"],
  "fleet-server-es-ca": ["ELASTICSEARCH_CA"],
  "fleet-server-policy": ["FLEET_SERVER_POLICY"],
};

/** Address of Elasticsearch if no variable gives one. */
const DEFAULT_ELASTICSEARCH = "http://elasticsearch:9200";

/** Variables that other programs read too: alone they do not make an env file one of the agent. */
const SHARED = new Set(Object.values(FALLBACKS).flat());

/** Variables that Elastic's pages and recipes give, and the agent reads nowhere. */
const IGNORED = ["ELASTIC_AGENT_CERT_KEY_PASSPHRASE", "CERTIFICATE_AUTHORITIES"];

/** Several headers in one variable, which images read from 9.5 on (`cmd/container.go`, envStringMap). */
export const SEVERAL_HEADERS = "FLEET_HEADERS";

/** The flag that a variable becomes. */
interface VariableUse extends FlagUse {
  readonly variable?: string;
}

/** The arguments of the `enroll` that a container starts, by the variables that were written for them. */
export class ContainerArguments extends InstallArguments {
  constructor(
    private readonly variables: readonly VariableUse[],
    /** Errors of the environment that no flag shows. */
    public readonly findings: readonly Finding[],
  ) {
    super("install", [...variables, { name: "non-interactive" }], [], [], []);
  }

  public override nameOf(flag: string): string {
    // Without FLEET_SERVER_ENABLE, the address of Elasticsearch does not start a Fleet Server.
    if (flag === "fleet-server-es" && !this.has(flag)) {
      return "FLEET_SERVER_ENABLE";
    }
    const written = this.variables.find(({ name }) => name === flag)?.variable;
    return written ?? this.ownNameOf(flag);
  }

  /** The variable that no other program reads, instead of a fallback. */
  public override ownNameOf(flag: string): string {
    return FLAGS[flag]?.variable ?? `--${flag}`;
  }
}

/**
 * Reads an env file for `docker run --env-file`, one unquoted variable per line, as the entry point does (elastic-agent,
 * `cmd/setup_config.go` and `buildEnrollArgs` of `cmd/container.go`). A name without a value takes its value from
 * outside. Undefined if the agent reads none of the variables.
 */
export function containerArguments(text: string): ContainerArguments | undefined {
  const variables = readVariables(text);
  const flags = Object.entries(FLAGS).flatMap(([name, { variable }]) =>
    variable === undefined ? [] : [[name, [variable, ...(FALLBACKS[name] ?? [])]] as const],
  );
  const isEnrolled = isOn(variables, "FLEET_ENROLL");
  const isEnabled = isOn(variables, "FLEET_SERVER_ENABLE");
  const own = new Set([SEVERAL_HEADERS, "FLEET_ENROLL", "FLEET_SERVER_ENABLE", ...flags.flatMap(([, names]) => names)]);
  if (![...variables.keys()].some((name) => own.has(name) && !SHARED.has(name))) {
    return undefined;
  }
  const isServer = isEnabled || (!isEnrolled && [...variables.keys()].some((name) => name.startsWith("FLEET_SERVER_")));
  const findings = isEnrolled || isEnabled ? [] : [standalone(isServer)];
  const uses = flags.flatMap(([flag, names]): VariableUse[] => {
    // The first variable that is set decides, even if it is empty; an empty value makes no flag.
    const variable = names.find((name) => variables.has(name));
    const isOfServer = flag.startsWith("fleet-server-");
    const isUnused = isOfServer && !isServer && (flag === "fleet-server-es" || SHARED.has(variable ?? ""));
    return variable === undefined || isUnused
      ? []
      : variables.get(variable)!.flatMap((value) => useOf(flag, variable, value));
  });
  uses.push(...(variables.get(SEVERAL_HEADERS) ?? []).flatMap(headerUses));
  const has = (name: string): boolean => uses.some((use) => use.name === name);
  if (isServer && !has("fleet-server-es")) {
    const isEmpty = ["FLEET_SERVER_ELASTICSEARCH_HOST", "ELASTICSEARCH_HOST"].find((name) => variables.has(name));
    findings.push(noElasticsearch(isEmpty));
    uses.push({ name: "fleet-server-es", value: fromOutside("FLEET_SERVER_ELASTICSEARCH_HOST") });
  }
  // Secrets may be in the container's own environment instead of the file, and a container never prompts.
  const token = isServer ? "fleet-server-service-token" : "enrollment-token";
  const tokenVariable = FLAGS[token]?.variable ?? token;
  if (!has(token) && !has(`${token}-path`) && !variables.has(tokenVariable)) {
    uses.push({ name: token, value: fromOutside(tokenVariable) });
  }
  return new ContainerArguments(uses, findings);
}

/** Variables of an env file that the agent does not read, although Elastic's pages give them. */
export function ignoredVariables(text: string): string[] {
  return IGNORED.filter((name) => new RegExp(`^${name}(=|$)`, "m").test(text));
}

type Variables = ReadonlyMap<string, readonly (string | undefined)[]>;

/** Values of each variable; undefined for one that comes from outside. */
function readVariables(text: string): Variables {
  const variables = new Map<string, (string | undefined)[]>();
  for (const line of text.split("\n")) {
    const [, variable, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/.exec(line) ?? [];
    if (variable !== undefined) {
      variables.set(variable, [...(variables.get(variable) ?? []), value]);
    }
  }
  return variables;
}

function isOn(variables: Variables, name: string): boolean {
  const values = variables.get(name);
  return values !== undefined && isTrue(values.at(-1));
}

/** Values that the entry point takes for true (envBool); a value from outside is trusted to be one of them. */
function isTrue(value: string | undefined): boolean {
  return value === undefined || /^(1|true|yes|y)$/i.test(value);
}

function useOf(name: string, variable: string, value: string | undefined): VariableUse[] {
  if (value === "") {
    return [];
  }
  const text = FLAGS[name]?.kind === "switch" && value !== undefined ? String(isTrue(value)) : value;
  const known = { text: text ?? "", references: [], splits: false };
  return [{ name, variable, value: text === undefined ? fromOutside(variable) : known }];
}

/** Headers as envStringMap finds them: `a=b,c="d, e"`; the rest is kept, so that its rule reports it. */
function headerUses(value: string | undefined): VariableUse[] {
  if (value === undefined) {
    return [{ name: "header", variable: SEVERAL_HEADERS, value: fromOutside(SEVERAL_HEADERS) }];
  }
  const found = [...value.matchAll(/([\w-]+)=(?:"([^"]*)"|([^,]+))/g)].map(
    ([, name, quoted, plain]) => `"${`${name}=${quoted ?? plain}`.replaceAll('"', '""')}"`,
  );
  return (found.length > 0 || value === "" ? found : [value]).map((text) => ({
    name: "header",
    variable: SEVERAL_HEADERS,
    value: { text, references: [], splits: false },
  }));
}

function standalone(isServer: boolean): Finding {
  const what = "has neither FLEET_ENROLL nor FLEET_SERVER_ENABLE on, so the agent runs standalone and never enrolls";
  return error(26, what, `set ${isServer ? "FLEET_SERVER_ENABLE" : "FLEET_ENROLL"}=1; allowed: 1, true, yes or y`);
}

function noElasticsearch(empty: string | undefined): Finding {
  const what =
    empty === undefined
      ? `has no FLEET_SERVER_ELASTICSEARCH_HOST, so Fleet Server connects to ${DEFAULT_ELASTICSEARCH}`
      : `has an empty ${empty}, so Fleet Server has no address of Elasticsearch`;
  return error(1, what, "set FLEET_SERVER_ELASTICSEARCH_HOST to the https URL of Elasticsearch");
}

function fromOutside(variable: string): FlagValue {
  return { text: `\${${variable}}`, references: [{ name: variable, guarded: false }], splits: false };
}
