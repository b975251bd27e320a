import { checkArguments } from "../private/check-props";
import type { SecretSource } from "../private/secret-source";
import { requireToken, requireVariableName } from "../private/secret-source";

/**
 * Source of Fleet Server's Elasticsearch service token.
 *
 * @example
 * const token = new TerraformVariable(stack, "service-token", { type: "string", sensitive: true });
 * new OneWayFleetTls(stack, "fleet", { ...props, serviceToken: ServiceToken.fromVariable(token.stringValue) });
 */
export class ServiceToken {
  /**
   * The token is stored in a file on the host: it is in no state, file or command of this library.
   *
   * @param path absolute path on the host; the file must contain the token and nothing else, not even a newline, because
   * Fleet Server reads it raw (fleet-server internal/pkg/config/output.go)
   */
  public static onHost(path: string): ServiceToken {
    checkArguments("ServiceToken.onHost", { path });
    return new ServiceToken({ kind: "host", path });
  }

  /**
   * Writes the token into a file of the host's folder, mode 0600, and names that file in the command.
   * The token is then in Terraform's state.
   *
   * @param token a Terraform token, such as a sensitive variable's `stringValue`
   * @throws if it is a literal
   */
  public static fromVariable(token: string): ServiceToken {
    checkArguments("ServiceToken.fromVariable", { token });
    return new ServiceToken({ kind: "file", value: requireToken("ServiceToken.fromVariable", token) });
  }

  /**
   * Puts the token on the command line, as Elastic's page does. Whoever may list processes on the host can read it
   * during the install, and it is in Terraform's state; the command's output becomes sensitive.
   *
   * @param token a Terraform token, such as a sensitive variable's `stringValue`
   * @throws if it is a literal
   */
  public static onCommandLine(token: string): ServiceToken {
    checkArguments("ServiceToken.onCommandLine", { token });
    return new ServiceToken({ kind: "argument", value: requireToken("ServiceToken.onCommandLine", token) });
  }

  /**
   * The command reads the token from a variable of the shell that runs it, and fails when that is unset or empty.
   * The token is in no state.
   *
   * @param name the variable's name, e.g. `FLEET_SERVER_SERVICE_TOKEN`
   * @throws if no shell could read such a variable
   */
  public static fromEnvironment(name: string): ServiceToken {
    checkArguments("ServiceToken.fromEnvironment", { name });
    return new ServiceToken({ kind: "environment", name: requireVariableName("ServiceToken.fromEnvironment", name) });
  }

  /** @internal */
  public readonly _source: SecretSource;

  private constructor(source: SecretSource) {
    this._source = source;
  }
}
