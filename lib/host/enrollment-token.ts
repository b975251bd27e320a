import { checkArguments } from "../private/check-props";
import type { SecretSource } from "../private/secret-source";
import { requireToken, requireVariableName } from "../private/secret-source";

/** Source of an agent's enrollment token, which `elastic-agent` does not read from a file. */
export class EnrollmentToken {
  /**
   * Puts the token on the command line. It is then in Terraform's state and the command's output is sensitive.
   *
   * @param token a Terraform token, such as a sensitive variable's `stringValue`
   * @throws if it is a literal
   */
  public static onCommandLine(token: string): EnrollmentToken {
    checkArguments("EnrollmentToken.onCommandLine", { token });
    return new EnrollmentToken({ kind: "argument", value: requireToken("EnrollmentToken.onCommandLine", token) });
  }

  /**
   * The command reads the token from a variable of the shell that runs it, and fails when that is unset or empty: an
   * empty token would install the agent standalone, without an error. The token is in no state.
   *
   * @param name the variable's name, e.g. `FLEET_ENROLLMENT_TOKEN`
   * @throws if no shell could read such a variable
   */
  public static fromEnvironment(name: string): EnrollmentToken {
    checkArguments("EnrollmentToken.fromEnvironment", { name });
    return new EnrollmentToken({
      kind: "environment",
      name: requireVariableName("EnrollmentToken.fromEnvironment", name),
    });
  }

  /** @internal */
  public readonly _source: SecretSource;

  private constructor(source: SecretSource) {
    this._source = source;
  }
}
