import type { Construct } from "constructs";

import type { AgentOptions, FleetTlsProps } from "../lib";
import {
  ClientAuthentication,
  EnrollmentToken,
  KeyAlgorithm,
  ServiceToken,
  StackVersion,
  TargetPlatform,
  Validity,
} from "../lib";
import { nearest } from "../lib/private/nearest";
import type { StateBackend } from "./state-backend";
import { BACKEND_ALLOWED, LOCAL_STATE, readBackend } from "./state-backend";

/** An agent of the context. */
export interface ContextAgent {
  readonly id: string;
  readonly options: AgentOptions;
}

/** One kind of value that a key may have. */
interface Kind<T> {
  readonly allowed: string;
  /** `undefined` for a value of another kind. */
  read(value: unknown): T | undefined;
}

const KEY_ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = {
  ECDSA_P256: KeyAlgorithm.ECDSA_P256,
  ECDSA_P384: KeyAlgorithm.ECDSA_P384,
  ECDSA_P521: KeyAlgorithm.ECDSA_P521,
  RSA_2048: KeyAlgorithm.RSA_2048,
  RSA_3072: KeyAlgorithm.RSA_3072,
  RSA_4096: KeyAlgorithm.RSA_4096,
  ED25519: KeyAlgorithm.ED25519,
};

const PLATFORMS: Readonly<Record<string, TargetPlatform>> = {
  linux: TargetPlatform.LINUX,
  macos: TargetPlatform.MACOS,
  windows: TargetPlatform.WINDOWS,
};

const CLIENT_AUTHENTICATION: Readonly<Record<string, ClientAuthentication>> = {
  optional: ClientAuthentication.OPTIONAL,
  required: ClientAuthentication.REQUIRED,
};

const text = (allowed: string, pattern = /\S/): Kind<string> => ({
  allowed,
  read: (value) => (typeof value === "string" && pattern.test(value) ? value : undefined),
});

const oneOf = <T>(choices: Readonly<Record<string, T>>): Kind<T> => ({
  allowed: Object.keys(choices).join(", "),
  read: (value) => (typeof value === "string" && Object.hasOwn(choices, value) ? choices[value] : undefined),
});

const DAYS: Kind<number> = {
  allowed: "a whole number of days from 1 to 365000",
  read: (value) =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 365_000 ? Number(value) : undefined,
};

const SWITCH: Kind<boolean> = {
  allowed: "true or false",
  read: (value) => (typeof value === "boolean" ? value : undefined),
};

const VERSION: Kind<StackVersion> = {
  allowed: 'a version such as "9.5.2" or "8.19"',
  read: (value) => {
    try {
      return typeof value === "string" ? StackVersion.of(value) : undefined;
    } catch {
      return undefined;
    }
  },
};

const AGENTS: Kind<ContextAgent[]> = {
  allowed:
    'a list of ids such as "web-1", or of objects such as { "id": "pc-1", "platform": "windows" }; it may be empty',
  read: (value) => {
    const agents = Array.isArray(value) ? value.map(agentOf) : [undefined];
    return agents.every((agent) => agent !== undefined) ? agents : undefined;
  },
};

function agentOf(value: unknown): ContextAgent | undefined {
  if (typeof value === "string") {
    return value === "" ? undefined : { id: value, options: {} };
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  const { id, platform, ...rest } = value as { id?: unknown; platform?: unknown };
  const known = platform === undefined ? undefined : oneOf(PLATFORMS).read(platform);
  const isUsable = typeof id === "string" && id !== "" && Object.keys(rest).length === 0;
  return isUsable && (platform === undefined || known) ? { id, options: known ? { platform: known } : {} } : undefined;
}

/** Every key of the context, with the values that it may have. */
const KEYS = {
  fleetServerUrl: text("a URL such as https://fleet.example.com:8220"),
  elasticsearchUrl: text("a URL such as https://es.example.com:9200"),
  fleetServerPolicy: text("the id of the Fleet Server policy"),
  serviceTokenPath: text("an absolute path on the Fleet Server host"),
  enrollmentTokenVariable: text("a name such as FLEET_ENROLLMENT_TOKEN", /^[A-Za-z_][A-Za-z0-9_]*$/),
  agents: AGENTS,
  stackVersion: VERSION,
  clientAuthentication: oneOf(CLIENT_AUTHENTICATION),
  platform: oneOf(PLATFORMS),
  executable: text("how hosts call the agent, such as sudo ./elastic-agent"),
  outputDirectory: text("a folder"),
  hostDirectory: text("an absolute path on the hosts"),
  keyAlgorithm: oneOf(KEY_ALGORITHMS),
  validityDays: DAYS,
  elasticDefend: SWITCH,
  fips: SWITCH,
  certificateOutputs: SWITCH,
  pinFleetCa: SWITCH,
  backend: { allowed: BACKEND_ALLOWED, read: readBackend },
} satisfies Record<string, Kind<unknown>>;

const REQUIRED: readonly (keyof typeof KEYS)[] = [
  "fleetServerUrl",
  "elasticsearchUrl",
  "fleetServerPolicy",
  "serviceTokenPath",
  "enrollmentTokenVariable",
  "agents",
];

/** Keys of cdktf's own: cdktf itself, its command line, and `cdktf init` write them. */
const OF_CDKTF = /^(@?cdktf|aws:cdk:|excludeStackIdFromLogicalIds$|allowSepCharsInLogicalIds$)/;

type Values = { [K in keyof typeof KEYS]?: NonNullable<ReturnType<(typeof KEYS)[K]["read"]>> };

/** The fleets of `main.ts` as the `context` of `cdktf.json` describes them, so that a pipeline changes JSON and no code. */
export class FleetContext {
  /**
   * Reads the context of an app.
   *
   * @throws naming every key that is missing, wrong or unknown
   */
  public static of(scope: Construct): FleetContext {
    return new FleetContext(scope);
  }

  /** The agents. */
  public readonly agents: ContextAgent[];

  /** What Fleet Server of the mutual fleet asks of agents; `undefined` for the default. */
  public readonly clientAuthentication?: ClientAuthentication;

  /** Where the states are kept; in the project's folder by default. */
  public readonly backend: StateBackend;

  private readonly values: Values;

  private constructor(scope: Construct) {
    this.values = readContext(scope.node.getAllContext() as Record<string, unknown>);
    this.agents = this.values.agents!;
    this.clientAuthentication = this.values.clientAuthentication;
    this.backend = this.values.backend ?? LOCAL_STATE;
  }

  /**
   * The props of a fleet.
   *
   * @param folder the fleet's folder in the output directory, e.g. `mutual/fleet`
   */
  public props(folder: string): FleetTlsProps {
    const { values } = this;
    const { stackVersion, platform, executable, hostDirectory, keyAlgorithm } = values;
    const { elasticDefend, fips, certificateOutputs, pinFleetCa } = values;
    return {
      fleetServerUrl: values.fleetServerUrl!,
      elasticsearchUrl: values.elasticsearchUrl!,
      fleetServerPolicy: values.fleetServerPolicy!,
      serviceToken: ServiceToken.onHost(values.serviceTokenPath!),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment(values.enrollmentTokenVariable!),
      outputDirectory: `${values.outputDirectory ?? "fleet-tls"}/${folder}`,
      validity: values.validityDays === undefined ? undefined : Validity.days(values.validityDays),
      ...{ stackVersion, platform, executable, hostDirectory, keyAlgorithm },
      ...{ elasticDefend, fips, certificateOutputs, pinFleetCa },
    };
  }
}

function readContext(context: Record<string, unknown>): Values {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const key of REQUIRED.filter((name) => context[name] === undefined)) {
    const { allowed } = KEYS[key];
    problems.push(`context.${key} is missing; allowed: ${allowed}; add it to the context of cdktf.json`);
  }
  for (const [key, value] of Object.entries(context)) {
    if (!Object.hasOwn(KEYS, key)) {
      if (!OF_CDKTF.test(key)) {
        problems.push(unknownKey(key));
      }
      continue;
    }
    const { allowed, read } = KEYS[key as keyof typeof KEYS];
    values[key] = read(value);
    if (values[key] === undefined) {
      const got = shortened(JSON.stringify(value));
      problems.push(
        `context.${key} is not usable, got ${got}; allowed: ${allowed}; correct it in the context of cdktf.json`,
      );
    }
  }
  if (problems.length > 0) {
    throw new Error(problems.map((problem) => `cdktf.json: ${problem}`).join("\n"));
  }
  return values as Values;
}

function unknownKey(key: string): string {
  const names = Object.keys(KEYS);
  const near = nearest(key, names);
  const fix = near === undefined ? "remove it from the context of cdktf.json" : `did you mean ${near}?`;
  return `context has an unknown key, ${shortened(JSON.stringify(key))}; allowed: ${names.join(", ")}; ${fix}`;
}

const LONGEST = 120;

/** A value as JSON on one line, cut off if it is long. */
function shortened(json: string): string {
  const line = json.replace(/[\u007f-\u009f\u2028\u2029]/g, "?");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
