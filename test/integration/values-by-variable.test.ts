import type { App } from "cdktf";
import { Token } from "cdktf";

import type { FleetTlsProps } from "../../lib";
import { EnrollmentToken, MutualFleetTls, ServiceToken, TargetPlatform } from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

/** Values that are usable, by the names of their variables. */
const GOOD: Readonly<Record<string, string>> = {
  fleet_url: "https://fleet.example.com:8220",
  es_url: "https://[fd00::1]:9200/es",
  name: "10.1.2.3",
  directory: "/etc/fleet certs",
  windows: "C:\\fleet certs",
  port: "8221",
  logstash: "[fd00::2]:5044",
  kafka: "kafka.example.com:9093",
  proxy_url: "https://proxy.example.com:8220",
  token: "AAEAAWVsYXN0aWM",
  service_token: "AAEAAWVsYXN0aWM",
};

type Values = Readonly<Record<string, string>>;

/** A fleet with every value from `values`: literals, or tokens of variables. */
function build(stack: TestStack, value: (name: string) => string, more: Partial<FleetTlsProps>, port: number): void {
  const fleet = new MutualFleetTls(stack, "fleet", {
    ...fleetProps({ fleetServerUrl: value("fleet_url"), elasticsearchUrl: value("es_url"), ...more }),
    fleetServer: { names: [value("name")], hostDirectory: value("directory"), port },
  });
  fleet.addAgent("desk-1", { platform: TargetPlatform.WINDOWS, hostDirectory: value("windows") });
  fleet.addLogstash("logstash", { hosts: [value("logstash")] });
  fleet.addKafkaBroker("kafka", { advertisedListener: value("kafka") });
  fleet.addProxy("proxy", {
    url: value("proxy_url"),
    upstreamUrl: "https://origin.example.com:8220",
  });
}

/** What a literal is refused with at synth. */
function literally(values: Values): string {
  return refusalOf((stack) => build(stack, (name) => values[name]!, {}, Number(values["port"])));
}

describe("a value that only Terraform knows is refused at plan as a literal is at synth", () => {
  const project = new TerraformProject((app: App) => {
    const stack = new TestStack(app);
    const tokens = {
      agentEnrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "token")),
      serviceToken: ServiceToken.fromVariable(secretVariable(stack, "service_token")),
    };
    build(stack, (name) => variable(stack, name), tokens, Token.asNumber(variable(stack, "port")));
  });
  afterAll(() => project.dispose());

  test("usable values are accepted both ways", async () => {
    expect(() => literally(GOOD)).toThrow("it was not refused");
    await project.plan("stack", { variables: GOOD });
  });

  test.each([
    ["fleet_url", "fleetServerUrl", ["https://10.1.2.03:8220", "https://0.0.0.0:8220", "https://[::]:8220"]],
    ["fleet_url", "fleetServerUrl", ["https://a_b.example.com:8220", "https://fleet.example.com", "https://a:0"]],
    ["fleet_url", "fleetServerUrl", ["https://user:secret@a:8220", "http://a:8220", "https://a:8220?x=1"]],
    [
      "es_url",
      "elasticsearchUrl",
      ["https://fd00::1:9200", "https://[es.example.com]", "https://[1:2]", "https://a:65536"],
    ],
    ["es_url", "elasticsearchUrl", ["https://10.1.2.03", "https://0.0.0.0", "https://a_b", "https://*.a", ""]],
    ["name", "names", ["a_b.example.com", "10.1.2.03", "0.0.0.0", "::", "https://a", "a:8220", ""]],
    [
      "directory",
      "hostDirectory",
      ["certs", "/a,b", "/a ", "/a\nb", "/opt/Elastic/Agent/certs", "/opt//Elastic/Agent"],
    ],
    [
      "windows",
      "hostDirectory",
      ["\\\\files\\certs\\a", "//files/certs/a", "certs", "/certs", "C:certs", "c:\\program files\\elastic\\agent\\x"],
    ],
    ["port", "port", ["0", "65536", "-1", "80.5"]],
    ["logstash", "hosts", ["10.1.2.03:5044", "a_b:5044", "0.0.0.0:5044", "a:0", "a:65536", "https://a:5044", "a"]],
    ["kafka", "advertisedListener", ["[fd00::1]:9093", "a_b:9093", "10.1.2.03:9093", "a:99999"]],
    ["proxy_url", "url", ["https://10.1.2.03:8220", "https://0.0.0.0:8220", "https://a_b:8220", "https://a:8220/path"]],
  ])("%s: %s", async (name, prop, bad) => {
    for (const value of bad) {
      const values = { ...GOOD, [name]: value };
      expect(literally(values)).toContain(`: ${prop}`);
      const refusal = await project.refusal("stack", { variables: values });
      expect(`${value}: ${refusal}`).toMatch(new RegExp(`${prop} (?:is|contains) `));
    }
  });

  test.each([
    ["token", "enrollmentToken", ["a\nb", "a b", "", "\n"]],
    ["service_token", "serviceToken", ["a\n", "a b", ""]],
  ])("%s, which is not shown", async (name, prop, bad) => {
    for (const value of bad) {
      const refusal = await project.refusal("stack", { variables: { ...GOOD, [name]: value } });
      expect(refusal).toContain(`${prop} is not usable; write the token`);
    }
  });
});
