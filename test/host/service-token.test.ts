import { OneWayFleetTls, ServiceToken } from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function fleetWith(token: (stack: TestStack) => ServiceToken): SynthesizedStack {
  return synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps({ serviceToken: token(stack) }));
  });
}

const commandOf = (stack: SynthesizedStack) => String(stack.local("fleet_fleet-server_command"));
const paths = (stack: SynthesizedStack) => stack.resources().map(({ path }) => path);

test("a token that exists on the host is named by its path, and nothing is written", () => {
  const stack = fleetWith(() => ServiceToken.onHost("/etc/tokens/fleet"));
  expect(commandOf(stack)).toContain("--fleet-server-service-token-path=/etc/tokens/fleet ");
  expect(commandOf(stack)).not.toContain("--fleet-server-service-token=");
  expect(paths(stack)).not.toContain("stack/fleet/fleet-server/files/service-token");
});

test("a path on the host may be a token of Terraform's", () => {
  const stack = fleetWith((stack) => ServiceToken.onHost(secretVariable(stack, "path")));
  expect(commandOf(stack)).toContain("var.path");
});

test("a token from a variable is written without a newline, closed to others, and named by its path", () => {
  const stack = fleetWith((stack) => ServiceToken.fromVariable(secretVariable(stack, "token")));
  const file = stack.resource("fleet/fleet-server/files/service-token");
  expect(file.type).toBe("local_sensitive_file");
  expect(file.attributes).toMatchObject({ content: "${var.token}", file_permission: "0600" });
  expect(commandOf(stack)).toContain("--fleet-server-service-token-path=/etc/elastic-agent/certs/service-token ");
  expect(commandOf(stack)).not.toContain("var.token");
  expect(stack.outputs["fleet-fleet-server-command"]).not.toHaveProperty("sensitive");
});

test("a token on the command line makes the output sensitive and closes the script to others", () => {
  const stack = fleetWith((stack) => ServiceToken.onCommandLine(secretVariable(stack, "token")));
  expect(commandOf(stack)).toContain("--fleet-server-service-token=");
  expect(commandOf(stack)).toContain("var.token");
  expect(stack.outputs["fleet-fleet-server-command"]).toMatchObject({ sensitive: true });
  const script = stack.resource("fleet/fleet-server/files/install-command.sh");
  expect([script.type, script.attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
});

test("a token from the environment is read by the shell that runs the command", () => {
  const stack = fleetWith(() => ServiceToken.fromEnvironment("SERVICE_TOKEN"));
  expect(commandOf(stack)).toContain(
    '--fleet-server-service-token="$${SERVICE_TOKEN:?set it to the token before running this command}"',
  );
  expect(stack.outputs["fleet-fleet-server-command"]).not.toHaveProperty("sensitive");
});

test.each([
  ["fromVariable", (value: string) => ServiceToken.fromVariable(value)],
  ["onCommandLine", (value: string) => ServiceToken.onCommandLine(value)],
])("a literal is refused by %s, and not shown", (factory, make) => {
  const message = refusalOf(() => make("AAEAAWVsYXN0aWM"));
  expect(message).toContain(`ServiceToken.${factory}: the secret is a literal, got "…"; allowed: a Terraform token;`);
  expect(message).toContain("sensitive: true");
  expect(message).not.toContain("AAEAAWVsYXN0aWM");
});

test.each(["1TOKEN", "MY-TOKEN", "A B", "A;rm"])("%p is refused as the name of a variable", (name) => {
  expect(refusalOf(() => ServiceToken.fromEnvironment(name))).toContain(
    `ServiceToken.fromEnvironment: the name of an environment variable is unusable, got ${JSON.stringify(name)}; ` +
      "allowed: letters, digits and underscores, no digit first; write it as in FLEET_ENROLLMENT_TOKEN",
  );
});

test("a relative path on the host is refused", () => {
  const message = refusalOf((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps({ serviceToken: ServiceToken.onHost("certs/token") }));
  });
  expect(message).toContain('"certs/token"');
  expect(message).toMatch(/absolute/);
});
