import { parse } from "yaml";

import { CertificateAuthoritySource, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { Pki, SERVER } from "../support/pki";
import { TerraformProject } from "../support/terraform";
import type { JsonReport } from "../verify/fleet-fixture";
import { findingLines, fleetTls } from "../verify/fleet-fixture";
import { HOST, need, splitBySh } from "./elastic-fixture";
import { missing } from "./programs";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

jest.setTimeout(300_000);

const project = new TerraformProject();
const pki = new Pki(project.path("pki"));
const host = (folder: string, file = ""): string => project.path("out", folder, file);

beforeAll(async () => {
  pki.authority("proxy-ca");
  pki.leaf("proxy", "proxy-ca", SERVER, ["DNS:proxy.example.com"]);
  pki.authority("mirror-ca");
  project.synth((app) => {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
      ...fleetProps({ outputDirectory: "out", pinFleetCa: true }),
    });
    const at = {
      url: "https://proxy.example.com:3128",
      ca: CertificateAuthoritySource.trustOnly({ file: "pki/proxy-ca.pem" }),
    };
    const fleetProxy = fleet.addFleetProxy("branch", at);
    const fleetServerHosts = fleet.addFleetServerHosts("branch", {
      urls: ["https://fleet.example.com:8220"],
      fleetProxy,
    });
    const downloadSource = fleet.addDownloadSource("mirror", {
      url: "https://artifacts.example.com/downloads/",
      ca: CertificateAuthoritySource.trustOnly({ file: "pki/mirror-ca.pem" }),
      fleetProxy: fleet.addFleetProxy("mirror", at),
    });
    const dataOutput = fleet.addOutput("branch", { fleetProxy });
    fleet.addAgent("web-1", {
      policy: fleet.addAgentPolicy("branch", { fleetServerHosts, dataOutput, downloadSource }),
    });
    fleet.addAgent("web-2");
    fleet.addKibana("kibana");
  });
  await project.apply("stack");
});
afterAll(() => project.dispose());

test("Kibana's settings contain a CA only for the download source, and that has both", () => {
  const settings = parse(project.read("out/kibana/kibana/kibana.tls.yml")) as Record<string, Record<string, unknown>[]>;
  const [branch, mirror] = settings["xpack.fleet.proxies"]!;
  expect(Object.keys(branch!)).toEqual(["id", "name", "url"]);
  expect(mirror!["certificate_authorities"]).toBe(pki.text("mirror-ca") + pki.text("proxy-ca"));
  const [, hosts] = settings["xpack.fleet.fleetServerHosts"]!;
  expect(hosts).toMatchObject({ id: "stack-fleet-branch", proxy_id: branch!["id"] });
  const output = settings["xpack.fleet.outputs"]!.find(({ id }) => id === "stack-fleet-branch");
  expect(output).toMatchObject({
    proxy_id: branch!["id"],
    config: {
      ssl: {
        certificate: `${HOST}/agent-cert.pem`,
        certificate_authorities: [expect.anything(), pki.text("proxy-ca")],
      },
    },
  });
  expect(JSON.parse(project.read("out/fleet-proxies/branch.json"))).toEqual(branch);
});

test("verify finds nothing wrong", async () => {
  const { out } = await fleetTls(["verify", "--json", "--stack-version", "9.6.0", project.path("out")]);
  expect(findingLines(JSON.parse(out) as JsonReport, project.path("out"))).toEqual([]);
});

test("a second plan changes nothing", async () => {
  expect((await project.plan("stack")).text).toContain("No changes.");
});

const whereGoIs = missing("elastic-v0.46.3") === undefined ? describe : describe.skip;

whereGoIs("Elastic's own TLS code", () => {
  let all: Validators;
  let elastic: Validator;

  beforeAll(async () => {
    all = await startValidators(["elastic-v0.46.3"]);
    elastic = all.validators[0]!;
  });
  afterAll(() => all.close());

  const portOf = async (certificate: string, key: string): Promise<number> =>
    need(await elastic.request({ op: "serve", certificate, key })).port;
  const proxyPort = (): Promise<number> => portOf(pki.path("proxy.pem"), pki.path("proxy-key.pem"));
  const fleetPort = (): Promise<number> =>
    portOf(host("fleet-server", "fleet-cert.pem"), host("fleet-server", "fleet-cert-key.pem"));
  const directoriesOf = (agent: string): Record<string, string> => ({ [HOST]: host(`agents/${agent}`) });

  async function dialBy(agent: string, port: number, serverName?: string): Promise<boolean> {
    const commands = (await project.outputs("stack"))["fleet-agent-commands"]!.value as Record<string, string>;
    const argv = splitBySh(commands[agent]!.replaceAll(/\$\{?FLEET_ENROLLMENT_TOKEN[^ "]*/g, "dGVzdA=="));
    const { command } = need(await elastic.request({ op: "command", argv, directories: directoriesOf(agent) }));
    return (await elastic.request({ op: "connect", command, edge: "agent-to-fleet", port, serverName })).ok;
  }

  test("an agent of the branch accepts the proxy and Fleet Server, another one Fleet Server alone", async () => {
    const [proxy, fleet] = [await proxyPort(), await fleetPort()];
    expect(await dialBy("web-1", fleet)).toBe(true);
    expect(await dialBy("web-1", proxy, "proxy.example.com")).toBe(true);
    expect(await dialBy("web-1", proxy, "other.example.com")).toBe(false);
    expect(await dialBy("web-2", fleet)).toBe(true);
    expect(await dialBy("web-2", proxy, "proxy.example.com")).toBe(false);
  });

  test("the output accepts the proxy and Elasticsearch, by names, and another output Elasticsearch alone", async () => {
    const sslOf = (id: string) =>
      (parse(project.read(`out/outputs/${id}.yml`)) as { ssl: Record<string, unknown> }).ssl;
    const dial = async (id: string, port: number, serverName: string): Promise<boolean> =>
      (
        await elastic.request({
          op: "connect",
          output: sslOf(id),
          directories: directoriesOf("web-1"),
          port,
          serverName,
        })
      ).ok;
    const elasticsearch = await portOf(host("elasticsearch", "es-cert.pem"), host("elasticsearch", "es-cert-key.pem"));
    const proxy = await proxyPort();
    expect(await dial("branch", elasticsearch, "es.example.com")).toBe(true);
    expect(await dial("branch", proxy, "proxy.example.com")).toBe(true);
    expect(await dial("branch", proxy, "es.example.com")).toBe(false);
    expect(await dial("default", elasticsearch, "es.example.com")).toBe(true);
    expect(await dial("default", proxy, "proxy.example.com")).toBe(false);
  });
});
