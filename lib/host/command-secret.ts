import { checkArguments } from "../private/check-props";
import type { SecretSource } from "../private/secret-source";
import { requireToken, requireVariableName } from "../private/secret-source";

/** Source of a secret that `elastic-agent` does not read from a file: a replace token, a Windows password. */
export class CommandSecret {
  /**
   * Puts the secret on the command line. It is then in Terraform's state and the command's output is sensitive.
   *
   * @param token a Terraform token, such as a sensitive variable's `stringValue`
   * @throws if it is a literal
   */
  public static onCommandLine(token: string): CommandSecret {
    checkArguments("CommandSecret.onCommandLine", { token });
    return new CommandSecret({ kind: "argument", value: requireToken("CommandSecret.onCommandLine", token) });
  }

  /**
   * The command reads the secret from a variable of the shell that runs it, and fails when that is unset or empty.
   * The secret is in no state.
   *
   * @param name the variable's name, e.g. `AGENT_REPLACE_TOKEN`
   * @throws if no shell could read such a variable
   */
  public static fromEnvironment(name: string): CommandSecret {
    checkArguments("CommandSecret.fromEnvironment", { name });
    return new CommandSecret({ kind: "environment", name: requireVariableName("CommandSecret.fromEnvironment", name) });
  }

  /** @internal */
  public readonly _source: SecretSource;

  private constructor(source: SecretSource) {
    this._source = source;
  }
}
