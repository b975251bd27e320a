import type { Stage } from "../../examples/one-way-to-mutual";
import { OneWayToMutual } from "../../examples/one-way-to-mutual";
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
