import { existsSync } from "node:fs";

import type { App } from "cdktf";

import { CommandSecret, EnrollmentToken, KeyPassphrase, MutualFleetTls, ServiceToken, TargetPlatform } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

/** Every secret that may be given as a variable. */
const GOOD = {
  service: "c2VydmljZQ",
  on_line: "b25saW5l",
  enrollment: "ZW5yb2w==",
  replace: "cmVwbGFjZQ",
  password: "pass word",
  passphrase: "correct horse",
  proxy: "http://user:secret@proxy.example.com:3128",
  header: "Bearer a,b",
  proxy_header: "Basic\tYTpi",
};

// The variables are not marked as sensitive: Terraform itself would print them.
function build(app: App): void {
  const stack = new TestStack(app, "secrets");
  const fleet = new MutualFleetTls(stack, "fleet", {
    ...fleetProps({
      serviceToken: ServiceToken.fromVariable(variable(stack, "service")),
      agentEnrollmentToken: EnrollmentToken.onCommandLine(variable(stack, "enrollment")),
    }),
    agentKeyPassphrase: KeyPassphrase.fromVariable(variable(stack, "passphrase")),
    certificateOutputs: false,
  });
  fleet.addFleetServer("second", { serviceToken: ServiceToken.onCommandLine(variable(stack, "on_line")) });
  fleet.addAgent("web-1", {
    agentId: "web-1",
    replaceToken: CommandSecret.onCommandLine(variable(stack, "replace")),
    proxyUrl: variable(stack, "proxy"),
    headers: { Authorization: variable(stack, "header") },
    proxyHeaders: { "Proxy-Authorization": variable(stack, "proxy_header") },
  });
  fleet.addAgent("desk-1", {
    platform: TargetPlatform.WINDOWS,
    unprivileged: true,
    user: "EXAMPLE\\elastic",
    password: CommandSecret.onCommandLine(variable(stack, "password")),
  });
}

describe("secrets by variable", () => {
  const project = new TerraformProject(build);
  afterAll(() => project.dispose());

  test("are accepted as Elastic makes them", async () => {
    await expect(project.plan("secrets", { variables: GOOD })).resolves.toBeDefined();
  });

  const canary = "CANARY-7f3a";
  test.each([
    ["a newline inside", `${canary}\n${canary}`],
    ["a control character", `${canary}\u0001${canary}`],
    ["a newline at the end", `${canary}\n`],
  ])("are refused at plan with %s, by name and without being shown", async (_, bad) => {
    const variables = { ...Object.fromEntries(Object.keys(GOOD).map((name) => [name, bad])), proxy: `http://${bad}` };
    const refusal = await project.refusal("secrets", { variables });
    expect(refused(refusal)).toEqual([
      "serviceToken",
      "fleetServerServiceToken",
      "enrollmentToken",
      "replaceToken",
      "password",
      "passphrase",
      "proxyUrl",
      "headers.Authorization",
      "proxyHeaders.Proxy-Authorization",
    ]);
    expect(refusal).not.toContain(canary);
    expect(existsSync(project.path("fleet-tls"))).toBe(false);
  });

  test("tokens are refused with a blank", async () => {
    const variables = { ...GOOD, service: "a b", on_line: " a", enrollment: "a ", replace: "" };
    const refusal = await project.refusal("secrets", { variables });
    expect(refused(refusal)).toEqual(["serviceToken", "fleetServerServiceToken", "enrollmentToken", "replaceToken"]);
  });
});

function refused(text: string): string[] {
  return [
    "serviceToken",
    "fleetServerServiceToken",
    "enrollmentToken",
    "replaceToken",
    "password",
    "passphrase",
    "proxyUrl",
    "headers.Authorization",
    "proxyHeaders.Proxy-Authorization",
  ].filter((name) => new RegExp(`\\b${name} is not usable`, "i").test(text.replace(/[\s│]+/g, " ")));
}
