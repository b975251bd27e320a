import type { App } from "cdktf";
import { Construct } from "constructs";

import type { FleetTlsProps, MutualFleetTlsProps } from "../lib";
import { Agent, CertificateAuthoritySource, MutualFleetTls, OneWayFleetTls, TargetPlatform, Validity } from "../lib";
import { refusalOf, TestStack } from "./support/apps";
import { notOnErrorsPage } from "./support/errors-page";
import { fleetProps } from "./support/fleets";

/*
 * Refusals at synth, as a user reads them: what is wrong, what was got, what is allowed, how to fix it.
 * The rules themselves are tested next to the files that contain them.
 */

const oneWay =
  (more: Partial<FleetTlsProps>) =>
  (stack: TestStack): void =>
    void new OneWayFleetTls(stack, "fleet", fleetProps(more));

const mutual =
  (more: Partial<MutualFleetTlsProps>) =>
  (stack: TestStack): void =>
    void new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more });

const withAgents =
  (...ids: string[]) =>
  (stack: TestStack): void => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    for (const id of ids) fleet.addAgent(id);
  };

type Build = (stack: TestStack, app: App) => void;

const REFUSED: [string, Build, string[]][] = [
  [
    "a URL that is not https",
    oneWay({ fleetServerUrl: "http://fleet.example.com:8220" }),
    [
      "stack/fleet: fleetServerUrl is not an https URL",
      'got "http://fleet.example.com:8220"',
      "allowed: a URL such as https://fleet.example.com:8220",
      "write https://",
    ],
  ],
  [
    "a URL without a host",
    oneWay({ elasticsearchUrl: "https://:9200" }),
    [
      "stack/fleet: elasticsearchUrl has no host",
      'got "https://:9200"',
      "allowed: a URL",
      "write the name that clients dial",
    ],
  ],
  [
    "a URL with a user",
    oneWay({ elasticsearchUrl: "https://elastic@es.example.com:9200" }),
    [
      "elasticsearchUrl has a user or a password",
      'got "https://(hidden)@',
      "allowed: a URL",
      "take them out of the URL",
    ],
  ],
  [
    "a URL with a query",
    oneWay({ fleetServerUrl: "https://fleet.example.com:8220/?a=b" }),
    ["fleetServerUrl has a query or a fragment", 'got "https://fleet', "allowed: a URL", "end the URL after the host"],
  ],
  [
    "a Fleet Server URL without a port",
    oneWay({ fleetServerUrl: "https://fleet.example.com" }),
    [
      "fleetServerUrl has no port, which elastic-agent takes for 443",
      "got",
      "allowed: a URL",
      "write the port: 443 in Elastic Cloud, else 8220",
    ],
  ],
  [
    "a port in a URL that is none",
    oneWay({ fleetServerUrl: "https://fleet.example.com:65536" }),
    ["has a port that is no number from 1 to 65535", "got", "allowed: a URL", "write the port as a number"],
  ],
  ...[0, 65536, 8220.5, Number.NaN].map((port): [string, Build, string[]] => [
    `Fleet Server's port ${port}`,
    oneWay({ fleetServer: { port } }),
    ["stack/fleet/fleet-server: port", `got ${port}`, "allowed:", "65535"],
  ]),
  [
    "a relative host directory",
    oneWay({ hostDirectory: "certs" }),
    [
      "hostDirectory is not absolute on the host's platform",
      'got "certs"',
      "allowed: an absolute path on linux such as /etc/elastic-agent/certs",
      "write the whole path",
    ],
  ],
  [
    "a POSIX host directory on Windows",
    oneWay({ platform: TargetPlatform.WINDOWS, hostDirectory: "/etc/certs" }),
    [
      "hostDirectory is not absolute",
      'got "/etc/certs"',
      "allowed: an absolute path on windows",
      "write the whole path",
    ],
  ],
  [
    "a host directory with a comma",
    oneWay({ hostDirectory: "/etc/a,b" }),
    [
      "hostDirectory contains a comma, a newline or a NUL",
      'got "/etc/a,b"',
      "allowed: an absolute path",
      "splits its list",
    ],
  ],
  [
    "a host directory with a newline",
    oneWay({ hostDirectory: "/etc/a\nb" }),
    [
      "hostDirectory contains a comma, a newline or a NUL",
      'got "/etc/a\\nb"',
      "allowed: an absolute path",
      "rename it",
    ],
  ],
  [
    "a host directory that ends with a blank",
    oneWay({ hostDirectory: "/etc/certs " }),
    [
      "hostDirectory begins or ends with a blank",
      'got "/etc/certs "',
      "allowed: an absolute path",
      "take the blank away",
    ],
  ],
  [
    "a host directory below the agent's own",
    oneWay({ hostDirectory: "/opt/Elastic/Agent/certs" }),
    ["is below the agent's own install directory", "got", "allowed: an absolute path", "choose another folder"],
  ],
  [
    "an agent that is there already",
    withAgents("web-1", "web-1"),
    ["stack/fleet/agents: id is already in use", 'got "web-1"', "allowed:", "choose another id"],
  ],
  [
    "an agent whose folder another one has on a file system that ignores case",
    withAgents("web-1", "WEB-1"),
    [
      'stack/fleet/agents: id differs from "web-1" in upper and lower case alone',
      'got "WEB-1"',
      "allowed: an id that nothing else in stack/fleet/agents has",
      "choose another id",
    ],
  ],
  [
    "an agent of another stack whose folder one of the fleet's own has",
    (stack, app) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addAgent("web-1");
      new Agent(new TestStack(app, "away"), "web-1", { fleet });
    },
    [
      "away/web-1: id is already in use: stack/fleet/agents/web-1 has the same folder",
      "got",
      "allowed: one folder for each host",
    ],
  ],
  [
    "two fleets in one folder, in two stacks",
    (stack, app) => {
      new OneWayFleetTls(stack, "fleet", fleetProps({ outputDirectory: "out" }));
      new OneWayFleetTls(new TestStack(app, "other"), "fleet", fleetProps({ outputDirectory: "OUT/" }));
    },
    ["other/fleet/fleet-server: outputDirectory is the folder of stack/fleet/fleet-server already"],
  ],
  [
    "two fleets in one folder that is written in two ways",
    (stack) => {
      new OneWayFleetTls(stack, "one", fleetProps({ outputDirectory: "out/fleet" }));
      new OneWayFleetTls(stack, "two", fleetProps({ outputDirectory: "./out//x/../fleet" }));
    },
    ["stack/two/fleet-server: outputDirectory is the folder of stack/one/fleet-server already"],
  ],
  [
    "a leading digit in the id of a host that sits directly in a stack",
    (stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      new Agent(stack, "1st", { fleet });
    },
    [
      "stack: id begins with a digit",
      'got "1st"',
      "allowed: a letter or an underscore first",
      "put a letter before it, or add the host through the fleet",
    ],
  ],
  ...["a/b", "a b", ".a", "-a", "a".repeat(65), "ä"].map((id): [string, Build, string[]] => [
    `the id ${JSON.stringify(id)} of a host`,
    withAgents(id),
    ["id ", `got ${JSON.stringify(id)}`, "allowed: 1 to 64 letters, digits, dots, hyphens and underscores", "choose"],
  ]),
  [
    "an empty name",
    oneWay({ fleetServer: { names: [""] } }),
    ["stack/fleet/fleet-server: names[0] is empty", 'got ""', "allowed: names such as", "write one name or address"],
  ],
  [
    "a name that is neither a name nor an address",
    oneWay({ elasticsearch: { names: ["es.example.com", "es:9200"] } }),
    ["stack/fleet/elasticsearch: names[1] is no DNS name and no IP address", 'got "es:9200"', "allowed: names such as"],
  ],
  [
    "a CA whose own renewal does not start twice the longest leaf's validity before its end",
    oneWay({
      fleetCa: CertificateAuthoritySource.generated({ validity: Validity.years(2) }),
      validity: Validity.years(1),
    }),
    [
      "stack/fleet/fleet-server/fleet-cert/certificate: validity is too long for its CA",
      "got 365 days",
      "allowed: half of",
      "shorten it",
    ],
  ],
  [
    "an agent CA whose own renewal is chosen too short",
    mutual({
      agentCa: CertificateAuthoritySource.generated({ validity: Validity.years(9, { renewBeforeHours: 19_055 }) }),
    }),
    [
      "agent-cert/certificate: validity is too long for its CA",
      "got 397 days",
      "renewed 793 days before its end",
      "renewBeforeHours of 19056 or more",
    ],
  ],
  [
    "an agent without an enrollment token",
    (stack) =>
      void new OneWayFleetTls(stack, "fleet", fleetProps({ agentEnrollmentToken: undefined })).addAgent("web-1"),
    ["stack/fleet/agents/web-1: enrollmentToken", "allowed: EnrollmentToken.", "agentEnrollmentToken"],
  ],
  [
    "two fleets of one name whose agents are in one stack",
    (stack, app) => {
      for (const id of ["one", "two"]) {
        const fleet = new OneWayFleetTls(new TestStack(app, id), "fleet", fleetProps());
        new Agent(new Construct(stack, `of-${id}`), `agent-${id}`, { fleet });
      }
    },
    [
      "two/fleet: id is that of one/fleet",
      'got "fleet-agent-commands"',
      "allowed: one fleet of a name",
      "outputs: false",
    ],
  ],
  [
    "a folder and a page for a fleet that writes no files",
    oneWay({ writeFiles: false, outputDirectory: "out", operatorPage: true }),
    [
      "stack/fleet: outputDirectory is given, but writeFiles is false",
      "remove outputDirectory, or writeFiles: false",
      "stack/fleet: operatorPage is given, but writeFiles is false",
      "remove operatorPage, or writeFiles: false",
    ],
  ],
];

test.each(REFUSED)("%s is refused", (_what, build, parts) => {
  const message = refusalOf(build);
  for (const part of parts) expect(message).toContain(part);
  expect(notOnErrorsPage([message])).toEqual([]);
});

test("all errors of a fleet and its default hosts are reported at once, one a line", () => {
  const message = refusalOf(
    mutual({
      fleetServerUrl: "http://fleet",
      elasticsearchUrl: "es",
      hostDirectory: "certs",
      fleetServer: { port: 0, names: [""] },
      elasticsearch: { names: ["a b"] },
    }),
  );
  const lines = message.split("\n");
  for (const part of [
    "fleetServerUrl",
    "elasticsearchUrl",
    "hostDirectory",
    "port",
    "names[0] is empty",
    "names[0] is no",
  ]) {
    expect(lines.filter((line) => line.includes(part)).length).toBeGreaterThan(0);
  }
  for (const line of lines) expect(line).toMatch(/^stack\/fleet\S*: \S+ .*; allowed: .*; .*$/);
});

test("a leading digit is fine where the fleet adds the host itself", () => {
  expect(() => refusalOf(withAgents("10.0.0.1"))).toThrow("it was not refused");
});
