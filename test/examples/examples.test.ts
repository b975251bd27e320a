import type { Stage } from "../../examples/one-way-to-mutual";
import { OneWayToMutual } from "../../examples/one-way-to-mutual";
import { Containers } from "../../examples/containers";
import { MutualThroughAProxy } from "../../examples/mutual-through-a-proxy";
import type { SynthesizedStack } from "../support/synth";
import { synthApp } from "../support/synth";

const stage = (name: Stage): SynthesizedStack => synthApp((app) => new OneWayToMutual(app, "live", name))["live"]!;

const enroll = (stack: SynthesizedStack, host: string): string => stack.local(`fleet_${host}_enroll-command`) as string;

test("from one-way to mutual, nothing that is there moves", () => {
  const [oneWay, optional, required] = (["one-way", "optional", "required"] as const).map(stage);
  expect(oneWay!.addresses.filter((address) => !optional!.addresses.includes(address))).toEqual([]);
  expect(required!.addresses).toEqual(optional!.addresses);
});

test("from one-way to mutual, each stage's enrol commands are complete", () => {
  expect(enroll(stage("one-way"), "agents_web-1")).not.toContain("--elastic-agent-cert");
  for (const mode of ["optional", "required"] as const) {
    const stack = stage(mode);
    expect(enroll(stack, "fleet-server").split(" \\\n")).toEqual(
      expect.arrayContaining([
        "elastic-agent enroll --url=https://fleet.example.com:8220",
        "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem,/etc/elastic-agent/certs/agent-ca.pem",
        "--elastic-agent-cert=/etc/elastic-agent/certs/agent-cert.pem",
        `--fleet-server-client-auth=${mode}`,
        "--fleet-server-service-token-path=/etc/elastic-agent/certs/service-token",
        "--force",
      ]),
    );
    expect(enroll(stack, "agents_web-1")).toContain(" --elastic-agent-cert=/etc/elastic-agent/certs/agent-cert.pem ");
    expect(stack.outputs["enroll-agents"]!["value"]).toHaveProperty("web-2");
  }
});

test("through a proxy: the proxy's CA is trusted, the names that agents dial are in the certificate", () => {
  const stack = synthApp((app) => new MutualThroughAProxy(app, "proxy"))["proxy"]!;
  const command = stack.local("fleet_agents_branch_command") as string;
  expect(command).toContain("/fleet-ca.pem,/etc/elastic-agent/certs/proxy-ca.pem ");
  expect(command).toContain(" --proxy-url=https://proxy.branch.example.com:3128 ");
  expect(stack.resource("fleet/fleet-server/fleet-cert/request").attributes).toMatchObject({
    dns_names: expect.arrayContaining(["fleet.branch.example.com"]),
    ip_addresses: expect.arrayContaining(["10.20.0.5"]),
  });
  expect(Object.keys(stack.outputs)).toEqual(
    expect.arrayContaining(["fleet-agent-commands", "fleet-agent-commands-sensitive"]),
  );
  const script = stack.resource("fleet/agents/branch/files/install-command.sh");
  expect([script.type, script.attributes["file_permission"]]).toEqual(["local_sensitive_file", "0600"]);
});

test("in containers: an env file beside the certificates, without a token, and the same as a map", () => {
  const stack = synthApp((app) => new Containers(app, "containers"))["containers"]!;
  const file = (host: string): string =>
    stack.resource(`fleet/${host}/files/container.env`).attributes["content"] as string;
  expect(file("fleet-server").split("\n")).toEqual(
    expect.arrayContaining([
      "FLEET_SERVER_ENABLE=1",
      "FLEET_CA=/certs/fleet-ca.pem,/certs/agent-ca.pem",
      "FLEET_SERVER_CLIENT_AUTH=required",
      "FLEET_SERVER_SERVICE_TOKEN",
    ]),
  );
  const lines = file("agents/node").split("\n").slice(0, -1);
  expect(lines.filter((line) => !line.includes("="))).toEqual(["FLEET_ENROLLMENT_TOKEN"]);
  expect(stack.outputs["agent-environment"]!["value"]).toEqual(
    Object.fromEntries(lines.filter((line) => line.includes("=")).map((line) => line.split(/=(.*)/s).slice(0, 2))),
  );
});
