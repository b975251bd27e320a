import { EnrollmentToken, MutualFleetTls, OneWayFleetTls, TargetPlatform } from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const BERLIN = "https://fleet.berlin.example.com:8220";
const enrollmentToken = EnrollmentToken.fromEnvironment("WINDOWS_TOKEN");

/** A fleet with the default policy on Linux, and one of its own for Windows hosts of a site behind a proxy. */
function policies(): SynthesizedStack {
  return synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const fleetServerHosts = fleet.addFleetServerHosts("berlin", { urls: [BERLIN] });
    fleet.addFleetServer("berlin-1", { fleetServerHosts });
    const dataOutput = fleet.addOutput("windows");
    const proxyUrl = "http://proxy.example.com:3128";
    const policy = fleet.addAgentPolicy("desks", { enrollmentToken, fleetServerHosts, dataOutput, proxyUrl });
    fleet.addAgent("desk-1", { policy, platform: TargetPlatform.WINDOWS });
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
  });
}

describe("a policy", () => {
  const stack = policies();
  const command = (id: string): string => String(stack.local(`fleet_agents_${id}_command`));

  test("says the URL, the token and the proxy of its agents' commands", () => {
    expect(command("desk-1")).toContain(BERLIN);
    expect(command("desk-1")).toContain("WINDOWS_TOKEN");
    expect(command("desk-1")).toContain("http://proxy.example.com:3128");
  });

  test("changes nothing for agents of the default policy", () => {
    expect(command("web-1")).toContain("https://fleet.example.com:8220");
    expect(command("web-1")).toContain("FLEET_ENROLLMENT_TOKEN");
    expect(command("web-1")).not.toContain("proxy");
  });

  test("decides which hosts an output is for, so that its paths are those of its agents", () => {
    expect(String(stack.local("fleet_outputs_windows_settings"))).toContain("C:\\\\ProgramData");
    expect(String(stack.local("fleet_outputs_default_settings"))).not.toContain("ProgramData");
  });

  test("is declared in Kibana's settings with what it names, and its output too", () => {
    const settings = String(stack.local("fleet_kibana_settings"));
    expect(settings).toContain(
      '"xpack.fleet.agentPolicies" = [{"id" = "stack-fleet-desks", "name" = "stack-fleet desks", "namespace" = "default", ' +
        '"monitoring_enabled" = ["logs", "metrics"], "fleet_server_host_id" = "stack-fleet-berlin", ' +
        '"data_output_id" = "stack-fleet-windows", "monitoring_output_id" = "stack-fleet-windows", "package_policies" = []}]',
    );
    expect(settings).toContain('{"id" = "stack-fleet-windows", "name" = "stack-fleet windows"');
  });
});

test("without policies Kibana's settings declare none", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
  });
  expect(String(stack.local("fleet_kibana_settings"))).not.toContain("agentPolicies");
});

test("a policy of a proxy names the proxy's Fleet Server hosts, and its agents dial the proxy", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const fleetServerProxy = fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
    fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("edge", { fleetServerProxy }) });
    fleet.addKibana("kibana");
  });
  expect(String(stack.local("fleet_agents_web-1_command"))).toContain("--url=https://edge.example.com:8220");
  expect(String(stack.local("fleet_kibana_settings"))).toContain('"fleet_server_host_id" = "stack-fleet-edge"');
});

describe("is refused", () => {
  const refused = (build: (fleet: OneWayFleetTls, other: OneWayFleetTls) => void): string =>
    refusalOf((stack) => {
      const other = new OneWayFleetTls(stack, "other", fleetProps());
      build(new OneWayFleetTls(stack, "fleet", fleetProps()), other);
    });

  test("an option of an agent that its policy says too", () => {
    expect(
      refused((fleet) => {
        const policy = fleet.addAgentPolicy("web", { enrollmentToken });
        fleet.addAgent("web-1", { policy, enrollmentToken });
      }),
    ).toContain("stack/fleet/agents/web-1: enrollmentToken is given, but the policy web has one");
  });

  test("a policy of another fleet", () => {
    expect(refused((fleet, other) => fleet.addAgent("web-1", { policy: other.addAgentPolicy("web") }))).toContain(
      "stack/fleet/agents/web-1: policy is that of another fleet, got stack/other/agent-policies/web",
    );
  });

  test("an output of another fleet", () => {
    const build = (fleet: OneWayFleetTls, other: OneWayFleetTls): void => {
      fleet.addAgentPolicy("web", { dataOutput: other.addOutput("default") });
    };
    expect(refused(build)).toContain("stack/fleet/agent-policies/web: dataOutput is an output of another fleet");
  });

  test("an output for monitoring alone, which leaves the data to another policy's output", () => {
    const build = (fleet: OneWayFleetTls): void => {
      fleet.addAgentPolicy("web", { monitoringOutput: fleet.addOutput("monitoring") });
    };
    expect(refused(build)).toContain("monitoringOutput is given without dataOutput");
  });

  test("a proxy or Fleet Server hosts of an agent whose policy names others", () => {
    const build = (fleet: OneWayFleetTls): void => {
      const fleetServerProxy = fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
      fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("web"), fleetServerProxy });
    };
    expect(refused(build)).toContain("fleetServerProxy has other URLs than those that the policy web names in Kibana");
  });

  test("Fleet Server hosts together with a proxy", () => {
    expect(
      refused((fleet) => {
        const fleetServerProxy = fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
        fleet.addAgentPolicy("web", { fleetServerProxy, fleetServerHosts: fleet.fleetServerHosts[0] });
      }),
    ).toContain("fleetServerHosts is given together with fleetServerProxy");
  });

  test("a token by value of a policy without one: the fleet's, or the agent's own", () => {
    const build = (onAgent: boolean): string =>
      refusalOf((stack) => {
        const byValue = EnrollmentToken.onCommandLine(secretVariable(stack, "token"));
        const props = fleetProps({ agentEnrollmentToken: onAgent ? enrollmentToken : byValue });
        const fleet = new OneWayFleetTls(stack, "fleet", props);
        const policy = fleet.addAgentPolicy("web");
        fleet.addAgent("web-1", { policy, ...(onAgent && { enrollmentToken: byValue }) });
      });
    expect(build(false)).toContain(
      "enrollmentToken is the fleet's agentEnrollmentToken, which belongs to another policy",
    );
    expect(build(true)).toContain("enrollmentToken is a token by value, but the policy web has none");
  });

  test("a forward proxy that no command takes, before an agent has the policy", () => {
    expect(refused((fleet) => fleet.addAgentPolicy("web", { proxyUrl: "proxy.example.com:3128" }))).toContain(
      "stack/fleet/agent-policies/web: proxyUrl",
    );
    expect(refused((fleet) => fleet.addAgentPolicy("web", { proxyCaPem: "no PEM" }))).toContain(
      "stack/fleet/agent-policies/web: proxyCaPem contains no certificate",
    );
  });
});

test("a token by value of the policy itself, or a variable for its token, is taken", () => {
  synthStack((stack) => {
    const byValue = EnrollmentToken.onCommandLine(secretVariable(stack, "token"));
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("web", { enrollmentToken: byValue }) });
    fleet.addAgent("web-2", { policy: fleet.addAgentPolicy("other") });
  });
});

test("the runbook has the steps that move an agent to another policy, where there is one", () => {
  const text = (withPolicy: boolean): string =>
    synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      if (withPolicy) fleet.addAgentPolicy("web", { enrollmentToken });
    }).text;
  expect(text(true)).toContain("## How to move an agent to another policy or other Fleet Server hosts");
  expect(text(false)).not.toContain("How to move an agent");
});

test("Fleet Server hosts of a proxy say so", () => {
  synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const edge = fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
    expect(fleet.fleetServerHosts.map(({ proxy }) => proxy)).toEqual([undefined, edge]);
  });
});
