import type { FleetTlsProps } from "../../lib";
import {
  Agent,
  CertificateSource,
  EnrollmentToken,
  FleetServer,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  TargetPlatform,
} from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthApp, synthStack } from "../support/synth";

const PAGE: Partial<FleetTlsProps> = { operatorPage: true };

const mutual = (grow: (fleet: MutualFleetTls) => void = () => undefined): SynthesizedStack =>
  synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", {
      ...fleetProps(PAGE),
      agentKeyPassphrase: KeyPassphrase.generated(),
    });
    grow(fleet);
  });

/** What the program is given. */
const input = (stack: SynthesizedStack): string =>
  String(stack.dataSource("fleet/operator-page/render").attributes["stdin"]);

test("there is none unless it is asked for", () => {
  const stack = synthStack((stack) => void new OneWayFleetTls(stack, "fleet", fleetProps()));
  expect(stack.addresses.filter((address) => address.includes("operator-page"))).toEqual([]);
});

test("it is one world-readable file next to the hosts' folders", () => {
  const { type, attributes } = mutual().resource("fleet/operator-page/file");
  expect(type).toBe("local_file");
  expect(attributes).toMatchObject({
    filename: "${path.module}/../../../fleet-tls/stack/fleet/index.html",
    file_permission: "0644",
    directory_permission: "0700",
  });
  expect(attributes["content"]).toMatch(/^\$\{data\.local_command\.\S+\.stdout\}$/);
});

test("it changes no address of the fleet", () => {
  const without = synthStack((stack) => {
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), agentKeyPassphrase: KeyPassphrase.generated() });
  });
  expect(mutual().addresses).toEqual(expect.arrayContaining(without.addresses));
});

test("neither a key nor a passphrase goes into it", () => {
  const text = input(mutual((fleet) => void fleet.addAgent("web-1")));
  expect(text).toContain("cert_pem");
  expect(text).not.toMatch(/private_key_pem|encrypted-key|random_|passphrase_\w+\.result/);
});

test("a command that contains a secret is shown as its file's name only", () => {
  const text = input(
    mutual((fleet) => {
      const token = secretVariable(fleet.node.scope!, "token");
      fleet.addAgent("secret-1", { enrollmentToken: EnrollmentToken.onCommandLine(token) });
    }),
  );
  expect(text).toContain("secret-1");
  expect(text).not.toContain("var.token");
  expect(text).not.toContain("fleet_agents_secret-1_command");
});

test("hosts of other stacks are named by their paths, and nothing of theirs is read", () => {
  const stacks = synthApp((app) => {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", fleetProps(PAGE));
    const edge = new TestStack(app, "edge");
    new Agent(edge, "far-1", { fleet });
    new FleetServer(edge, "far-server", { fleet });
  });
  const text = input(stacks["home"]!);
  expect(text).toContain('"agentsElsewhere" = ["edge/far-1"]');
  expect(text).toContain('"hostsElsewhere" = ["edge/far-server"]');
  expect(text).not.toContain("terraform_remote_state");
});

test("where the fleet names no output, it tells what one would have to say, for each kind of host, and makes none", () => {
  const stack = mutual((fleet) => {
    fleet.addAgent("web-1");
    fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
  });
  expect(input(stack)).toContain('"title" = "Output 1"');
  expect(input(stack)).toContain("C:\\\\ProgramData\\\\elastic-agent-certs\\\\agent-cert.pem");
  expect(stack.resources().filter(({ path }) => path.includes("/outputs/"))).toEqual([]);
});

test("the fleet's own outputs are listed by name, with whether kibana.yml declares them", () => {
  const stack = mutual((fleet) => {
    fleet.addAgent("web-1");
    fleet.addKibana("kibana", {
      clientCertificate: CertificateSource.generated(),
      outputs: [fleet.addOutput("linux")],
    });
  });
  expect(input(stack)).toContain('"title" = "Output linux"');
  expect(input(stack)).toContain('"isFleetDeclared" = true');
});

test("policies are on it by the names of what they name in Kibana, without a proxy's secret or a token's value", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", { ...fleetProps(), operatorPage: true });
    const token = secretVariable(stack, "token");
    const policy = fleet.addAgentPolicy("web", {
      enrollmentToken: EnrollmentToken.onCommandLine(token),
      dataOutput: fleet.addOutput("web"),
      downloadSource: fleet.addDownloadSource("mirror", { url: "https://artifacts.example.com/" }),
      proxyUrl: secretVariable(stack, "proxy"),
    });
    fleet.addAgent("web-1", { policy });
  });
  const text = input(stack);
  expect(text).toContain(
    '"policies" = [{"name" = "stack-fleet web", "enrollmentToken" = "in the commands", "fleetServerHosts" = ' +
      '"stack-fleet Fleet Server", "dataOutput" = "stack-fleet web", "monitoringOutput" = "stack-fleet web", ' +
      '"downloadSource" = "stack-fleet mirror", "hosts" = ["web-1"], "moreHosts" = 0}]',
  );
  expect(text).not.toMatch(/var\.(token|proxy)/);
});

test("agents of one folder are one group, however many there are", () => {
  const stack = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps(PAGE));
    for (let index = 1; index <= 20; index++) fleet.addAgent(`web-${index}`);
    fleet.addAgent("box-1", { container: true });
  });
  expect(input(stack).match(/"commandFile" = /g)).toHaveLength(2);
  expect(input(stack)).toContain('"commandFile" = "container.env"');
});
