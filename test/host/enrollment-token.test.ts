import { EnrollmentToken, OneWayFleetTls } from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { synthStack } from "../support/synth";

test("a token from the environment is read by the shell that runs the command", () => {
  const stack = synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", fleetProps()).addAgent("web-1");
  });
  expect(stack.local("fleet_agents_web-1_command")).toContain(
    '--enrollment-token="$${FLEET_ENROLLMENT_TOKEN:?set it to the token before running this command}"',
  );
});

test("an agent's own token comes before the fleet's, since tokens belong to policies", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1", { enrollmentToken: EnrollmentToken.fromEnvironment("WEB_TOKEN") });
  });
  expect(stack.local("fleet_agents_web-1_command")).toContain("WEB_TOKEN");
  expect(stack.local("fleet_agents_web-1_command")).not.toContain("FLEET_ENROLLMENT_TOKEN");
});

test("commands with a token on the command line are in a map of their own, which is sensitive", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("plain");
    fleet.addAgent("secret", { enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "token")) });
  });
  expect(stack.outputs["fleet-agent-commands"]).not.toHaveProperty("sensitive");
  expect(Object.keys(stack.outputs["fleet-agent-commands"]!["value"])).toEqual(["plain"]);
  expect(stack.outputs["fleet-agent-commands-sensitive"]).toMatchObject({ sensitive: true });
  expect(Object.keys(stack.outputs["fleet-agent-commands-sensitive"]!["value"])).toEqual(["secret"]);
  const script = stack.resource("fleet/agents/secret/files/install-command.sh");
  expect([script.type, script.attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
});

test("a literal is refused, and not shown", () => {
  const message = refusalOf(() => EnrollmentToken.onCommandLine("b3BlbiBzZXNhbWU="));
  expect(message).toContain(
    'EnrollmentToken.onCommandLine: the secret is a literal, got "…"; allowed: a Terraform token;',
  );
  expect(message).toContain("sensitive: true");
  expect(message).not.toContain("b3BlbiBzZXNhbWU=");
});

test.each(["1TOKEN", "MY-TOKEN", "$TOKEN"])("%p is refused as the name of a variable", (name) => {
  expect(refusalOf(() => EnrollmentToken.fromEnvironment(name))).toContain(
    `EnrollmentToken.fromEnvironment: the name of an environment variable is unusable, got ${JSON.stringify(name)}`,
  );
});
