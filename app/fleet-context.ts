import type { Construct } from "constructs";

import { EnrollmentToken } from "../lib/command/enrollment-token";
import type { FleetTlsProps } from "../lib/fleet/fleet-tls-props";
import { KeyAlgorithm } from "../lib/certificate/key-algorithm";
import { Faults, quoted } from "../lib/private/faults";
import { ServiceToken } from "../lib/command/service-token";
import { Validity } from "../lib/certificate/validity";

type Check<T> = (value: unknown) => T | undefined;

const KEY_ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = {
  ECDSA_P256: KeyAlgorithm.ECDSA_P256,
  ECDSA_P384: KeyAlgorithm.ECDSA_P384,
  ECDSA_P521: KeyAlgorithm.ECDSA_P521,
  RSA_2048: KeyAlgorithm.RSA_2048,
  RSA_3072: KeyAlgorithm.RSA_3072,
  RSA_4096: KeyAlgorithm.RSA_4096,
  ED25519: KeyAlgorithm.ED25519,
};

const text: Check<string> = (value) => (typeof value === "string" && value !== "" ? value : undefined);

const texts: Check<string[]> = (value) =>
  Array.isArray(value) && value.every((item) => text(item) !== undefined) ? (value as string[]) : undefined;

const variableName: Check<string> = (value) =>
  typeof value === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? value : undefined;

const days: Check<number> = (value) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 365_000 ? Number(value) : undefined;

const keyAlgorithm: Check<KeyAlgorithm> = (value) =>
  typeof value === "string" && Object.hasOwn(KEY_ALGORITHMS, value) ? KEY_ALGORITHMS[value] : undefined;

/**
 * A fleet described by the `context` of `cdktf.json`, so that a pipeline changes JSON and no code.
 *
 * Keys: `fleetServerUrl`, `elasticsearchUrl`, `fleetServerPolicy`, `serviceTokenPath`, `enrollmentTokenVariable`,
 * `agents`; optional ones: `executable`, `outputDirectory`, `hostDirectory`, `keyAlgorithm` (e.g. `ECDSA_P256`),
 * `validityDays`.
 */
export class FleetContext {
  /**
   * Reads the context that a construct sees.
   *
   * @throws naming every key that is missing or wrong
   */
  public static of(scope: Construct): FleetContext {
    return new FleetContext(scope);
  }

  /** The ids of the agents. */
  public readonly agents: string[];

  private readonly shared: FleetTlsProps;
  private readonly outputDirectory: string;

  private constructor(scope: Construct) {
    const faults = new Faults("cdktf.json");
    const optional = <T>(key: string, check: Check<T>, allowed: string): T | undefined => {
      const value: unknown = scope.node.tryGetContext(key);
      const checked = value === undefined ? undefined : check(value);
      if (value !== undefined && checked === undefined) {
        const fix = "correct it in the context of cdktf.json";
        faults.add(`context.${key}`, { what: "is not usable", got: quoted(value), allowed, fix });
      }
      return checked;
    };
    const required = <T>(key: string, check: Check<T>, allowed: string, otherwise: T): T => {
      if (scope.node.tryGetContext(key) === undefined) {
        faults.add(`context.${key}`, { what: "is missing", allowed, fix: "add it to the context of cdktf.json" });
      }
      return optional(key, check, allowed) ?? otherwise;
    };
    const fleetServerUrl = required("fleetServerUrl", text, "a URL such as https://fleet.example.com:8220", "");
    const elasticsearchUrl = required("elasticsearchUrl", text, "a URL such as https://es.example.com:9200", "");
    const fleetServerPolicy = required("fleetServerPolicy", text, "the id of the Fleet Server policy", "");
    const serviceTokenPath = required("serviceTokenPath", text, "an absolute path on the Fleet Server host", "/");
    const variable = required(
      "enrollmentTokenVariable",
      variableName,
      "a name such as FLEET_ENROLLMENT_TOKEN",
      "UNKNOWN",
    );
    this.agents = required("agents", texts, 'a list of agent ids such as ["web-1"]; it may be empty', []);
    this.outputDirectory = optional("outputDirectory", text, "a folder") ?? "fleet-tls";
    const executable = optional("executable", text, "how hosts call the agent, such as sudo ./elastic-agent");
    const hostDirectory = optional("hostDirectory", text, "an absolute path on the hosts");
    const algorithm = optional("keyAlgorithm", keyAlgorithm, Object.keys(KEY_ALGORITHMS).join(", "));
    const validityDays = optional("validityDays", days, "a whole number of days from 1 to 365000");
    faults.throwIfAny();

    this.shared = {
      fleetServerUrl,
      elasticsearchUrl,
      fleetServerPolicy,
      serviceToken: ServiceToken.onHost(serviceTokenPath),
      agentEnrollmentToken: EnrollmentToken.fromEnvironment(variable),
      executable,
      hostDirectory,
      keyAlgorithm: algorithm,
      validity: validityDays === undefined ? undefined : Validity.days(validityDays),
    };
  }

  /**
   * The props of a fleet.
   *
   * @param folder the fleet's folder in the output directory, e.g. `mutual/fleet`
   */
  public props(folder: string): FleetTlsProps {
    return { ...this.shared, outputDirectory: `${this.outputDirectory}/${folder}` };
  }
}
