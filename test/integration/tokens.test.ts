import type { App } from "cdktf";

import { MutualFleetTls, TargetPlatform } from "../../lib";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { fleetProps, variable } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { PasteShell } from "../support/paste";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

const LOCAL = "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";

describe("a fleet whose every text is a Terraform variable", () => {
  const project = new TerraformProject();
  const shell = new PasteShell(project.path("bin"));
  const common = {
    elasticsearch: "https://es.example.com:9200/path",
    policy: "it's a policy",
    output: "somewhere/else",
    directory: "/opt/fleet certs",
    name: "fleet-a.internal",
  };

  function build(app: App): void {
    const stack = new TestStack(app, "stack");
    new MutualFleetTls(
      stack,
      "fleet",
      fleetProps({
        fleetServerUrl: variable(stack, "url"),
        elasticsearchUrl: variable(stack, "elasticsearch"),
        fleetServerPolicy: variable(stack, "policy"),
        outputDirectory: variable(stack, "output"),
        hostDirectory: variable(stack, "directory"),
        fleetServer: { names: [variable(stack, "name")] },
      }),
    ).addAgent("web-1");
  }

  beforeAll(async () => {
    project.synth(build);
    await project.apply("stack", { variables: { ...common, url: "https://fleet.example.com:8220" } });
  });
  afterAll(() => project.dispose());

  const fleetCert = () => certificatesOf(project.path("somewhere/else/fleet-server/fleet-cert.pem"))[0]!;

  test("is written into the folder that a variable names, relative to the project", () => {
    expect(filesBelow(project.path("somewhere/else"))).toContain("agents/web-1/agent-cert-key.pem");
    expect(filesBelow(project.path("fleet-tls"))).toEqual([]);
  });

  test("has the host of each URL, and every further name, in its certificates", () => {
    expect(fleetCert().subjectAltName).toBe(
      "DNS:localhost, DNS:fleet.example.com, DNS:fleet-a.internal, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
    );
    const es = certificatesOf(project.path("somewhere/else/elasticsearch/es-cert.pem"))[0]!;
    expect(es.subjectAltName).toBe("DNS:es.example.com");
  });

  test("has commands that are quoted where they must be", async () => {
    const outputs = await project.outputs("stack");
    const given = await shell.argumentsOf(String(outputs["fleet-fleet-server-command"]!.value));
    expect(given).toContain("--url=https://fleet.example.com:8220");
    expect(given).toContain("--fleet-server-policy=it's a policy");
    expect(given).toContain("--certificate-authorities=/opt/fleet certs/fleet-ca.pem,/opt/fleet certs/agent-ca.pem");
  });

  test("plans no change a second time", async () => {
    const { json } = await project.plan("stack", { variables: { ...common, url: "https://fleet.example.com:8220" } });
    expect(changesOf(json)).toEqual({});
  });

  test.each([
    ["https://10.20.30.40:8220", "DNS:localhost, DNS:fleet-a.internal, IP Address:10.20.30.40, "],
    ["https://[fd00::5]:8220", "DNS:localhost, DNS:fleet-a.internal, IP Address:FD00:0:0:0:0:0:0:5, "],
  ])("has the address in %s for an address, not for a name", async (url, names) => {
    const variables = { ...common, url };
    // A first deploy each time: another URL of a live fleet is refused without `formerUrls`.
    await project.destroy("stack", { variables });
    await project.apply("stack", { variables });
    const sorted = (text: string) =>
      text
        .split(", ")
        .filter((name) => name !== "")
        .sort();
    expect(sorted(fleetCert().subjectAltName!)).toEqual(sorted(`${names}${LOCAL.replace("DNS:localhost, ", "")}`));
    const outputs = await project.outputs("stack");
    expect(await shell.argumentsOf(String(outputs["fleet-fleet-server-command"]!.value))).toContain(`--url=${url}`);
    expect(changesOf((await project.plan("stack", { variables })).json)).toEqual({});
  });

  // Several wrong values are tried in one plan, since Terraform tells of everything that is wrong at once.
  test.each([
    { url: "http://fleet.example.com:8220", elasticsearch: "es:9200", directory: "relative/certs", name: "not a name" },
    { url: "https://fleet.example.com", elasticsearch: "https://", directory: "/a,b", name: "" },
    { url: "https://user@fleet.example.com:8220", elasticsearch: "https://es:0", directory: "/a ", name: "a:1" },
    { url: "https://fleet.example.com:65536", elasticsearch: "https://es/?a=b", directory: "", name: "[::1]" },
    { url: "https://*.example.com:8220", elasticsearch: "https://es x", directory: "C:\\certs", name: "10.0.0.0/8" },
  ])("is refused at plan, each with its own error: %j", async (wrong) => {
    const refusal = await project.refusal("stack", { variables: { ...common, ...wrong } });
    for (const message of [
      "fleetServerUrl is not usable; write a URL such as https://fleet.example.com:8220",
      "elasticsearchUrl is not usable; write a URL such as https://es.example.com:9200",
      "stack/fleet/fleet-server: hostDirectory is no absolute linux path without commas",
      "stack/fleet/agents/web-1: hostDirectory is no absolute linux path without commas",
      "stack/fleet/fleet-server: names contains an entry that is no DNS name and no IP address",
    ]) {
      expect(refusal).toContain(message);
    }
    expect(refusal).not.toContain("Error in function call");
  });
});

test("a folder of a Windows host that Windows refuses or changes is refused at plan", async () => {
  const taken = ["D:/certs (new)", "C:\\Program Files\\.elastic\\nul-certs", "C:\\certs\\..\\a"];
  const refused = [
    ...["\\\\server\\share", "C:\\a:b", "C:/a?", 'C:/"a"', "c:\\con", "C:/certs/nul.pem/b", "C:\\com¹", "C:\\a.\\b"],
    ...["C:\\a \\b", "C:\\certs.", "c:/program files/elastic/agent/certs"],
  ];
  const directories = [...taken, ...refused];
  const project = new TerraformProject((app) => {
    const stack = new TestStack(app, "stack");
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    directories.forEach((_, index) =>
      fleet.addAgent(`web-${index}`, { platform: TargetPlatform.WINDOWS, hostDirectory: variable(stack, `d${index}`) }),
    );
  });
  const variables = Object.fromEntries(directories.map((directory, index) => [`d${index}`, directory]));
  const refusal = await project.refusal("stack", { variables });
  project.dispose();
  const named = directories.filter((_, index) =>
    refusal.includes(`agents/web-${index}: hostDirectory is no absolute local windows path`),
  );
  expect(named).toEqual(refused);
});
