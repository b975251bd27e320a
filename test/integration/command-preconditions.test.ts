import type { App } from "cdktf";
import { Token } from "cdktf";

import { EnrollmentToken, OneWayFleetTls, ServiceToken } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

const GOOD = {
  port: "8443",
  fingerprint: "ab".repeat(32),
  timeout: "90s",
  token_path: "/secrets/service token",
  policy: "policy",
  enrollment: "token==",
  tag: 'a,"b"',
  header: "Bearer a,b",
};

function build(app: App): void {
  const stack = new TestStack(app, "tokens");
  const fleet = new OneWayFleetTls(stack, "fleet", {
    ...fleetProps({
      fleetServerPolicy: variable(stack, "policy"),
      serviceToken: ServiceToken.onHost(variable(stack, "token_path")),
      agentEnrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "enrollment")),
    }),
    fleetServer: {
      port: Token.asNumber(variable(stack, "port")),
      elasticsearchCaTrustedFingerprint: variable(stack, "fingerprint"),
      fleetServerTimeout: variable(stack, "timeout"),
    },
  });
  fleet.addAgent("web-1", {
    tags: [variable(stack, "tag")],
    headers: { Authorization: secretVariable(stack, "header") },
  });
}

describe("values that only Terraform knows", () => {
  const project = new TerraformProject(build);
  afterAll(() => project.dispose());

  test("stand in the commands as they are", async () => {
    await project.apply("tokens", { variables: GOOD });
    const outputs = await project.outputs("tokens");
    const lines = (outputs["fleet-fleet-server-command"]!.value as string).split(" \\\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        `--fleet-server-es-ca-trusted-fingerprint=${GOOD.fingerprint}`,
        "--fleet-server-service-token-path='/secrets/service token'",
        "--fleet-server-policy=policy",
        "--fleet-server-port=8443",
        "--fleet-server-timeout=90s",
      ]),
    );
    const agent = outputs["fleet-agent-commands-sensitive"]!;
    expect(agent.sensitive).toBe(true);
    expect((agent.value as Record<string, string>)["web-1"]).toContain(
      ` --enrollment-token=token== --header='"""Authorization=Bearer a,b"""' --tag='"""a,""""b"""""""' `,
    );
  });

  test("are refused at plan where the agent would refuse them, or do something else", async () => {
    const bad = { port: "65536", fingerprint: "AB:CD", timeout: "soon", token_path: "token", policy: "", tag: "a\nb" };
    const refusal = await project.refusal("tokens", { variables: { ...GOOD, ...bad, enrollment: " " } });
    expect(
      [
        "port",
        "elasticsearchCaTrustedFingerprint",
        "Timeout",
        "ServiceTokenPath",
        "Policy",
        "tags",
        "enrollmentToken",
      ].filter((prop) => !new RegExp(`${prop} is not usable`).test(refusal)),
    ).toEqual([]);
  });
});
