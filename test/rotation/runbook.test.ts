import { createHash } from "node:crypto";
import * as fs from "node:fs";

import type { App } from "cdktf";

import type { MutualFleetTlsProps } from "../../lib";
import { MutualFleetTls, StackVersion, TargetPlatform } from "../../lib";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { TerraformProject } from "../support/terraform";
import type { Step } from "./small-rotation";
import { DEFAULT, HOME, INTRODUCED, RETIRED, sourceOf, SWITCHED } from "./small-rotation";

const FOLDER = "fleet-tls/stack/fleet";
const project = new TerraformProject();
afterAll(() => project.dispose());

type Ca = "fleetCa" | "agentCa" | "elasticsearchCa";
const steps: Record<Ca, Step> = { fleetCa: DEFAULT, agentCa: DEFAULT, elasticsearchCa: DEFAULT };

/** Hosts of every kind, platform and release, and an output whose settings contain the Elasticsearch CA. */
function build(app: App): void {
  const sources = Object.fromEntries(Object.entries(steps).map(([ca, step]) => [ca, sourceOf(step)]));
  const fleet = new MutualFleetTls(new TestStack(app, HOME), "fleet", {
    ...fleetProps(sources as Partial<MutualFleetTlsProps>),
  });
  fleet.addFleetServer("fleet-2", { names: ["fleet-2.example.com"], stackVersion: StackVersion.of("9.2.4") });
  fleet.addAgent("linux-1");
  fleet.addAgent("windows-1", { platform: TargetPlatform.WINDOWS });
  fleet.addAgent("pod-1", { container: true, stackVersion: StackVersion.of("8.19.10") });
  fleet.addElasticsearchNode("es-2", { names: ["es-2.example.com"] });
  const linux = fleet.addOutput("linux", { platform: TargetPlatform.LINUX });
  fleet.addKibana("kibana-1", { outputs: [linux] });
}

const AGENTS = ["agents/linux-1", "agents/windows-1", "agents/pod-1"];
const FLEET_SERVERS = ["fleet-server", "fleet-servers/fleet-2"];
const NODES = ["elasticsearch", "elasticsearch-nodes/es-2"];
const KIBANA = "kibana/kibana-1";
const each = (folders: string[], name: string): string[] => folders.map((folder) => `${folder}/${name}`);

/** Every side that verifies, and every certificate, by the CA. */
const SIDES: Record<Ca, { title: string; bundles: string[]; settings: string[]; leaves: string[] }> = {
  fleetCa: {
    title: "Fleet CA",
    bundles: each([...AGENTS, ...FLEET_SERVERS], "fleet-ca.pem"),
    settings: [],
    leaves: each(FLEET_SERVERS, "fleet-cert.pem"),
  },
  agentCa: {
    title: "Agent CA",
    bundles: [...each(FLEET_SERVERS, "agent-ca.pem"), ...each(NODES, "es-client-ca.pem")],
    settings: [],
    leaves: each([...AGENTS, ...FLEET_SERVERS], "agent-cert.pem"),
  },
  elasticsearchCa: {
    title: "Elasticsearch CA",
    bundles: [
      ...each([...AGENTS, ...FLEET_SERVERS, ...NODES, KIBANA], "es-ca.pem"),
      // It signs what Fleet Servers present to Elasticsearch too.
      ...each(NODES, "es-client-ca.pem"),
    ],
    settings: ["outputs/linux.yml", `${KIBANA}/kibana.tls.yml`],
    leaves: [...each(NODES, "es-cert.pem"), ...each(FLEET_SERVERS, "fleet-es-cert.pem")],
  },
};

async function deploy(): Promise<{ changed: string[]; runbook: string }> {
  const before = contentsBelow(project.path(FOLDER));
  project.synth(build);
  await project.apply(HOME);
  const { "RUNBOOK.md": runbook, ...after } = contentsBelow(project.path(FOLDER));
  expect(Object.keys(after)).toEqual(
    expect.arrayContaining(Object.keys(before).filter((name) => name !== "RUNBOOK.md")),
  );
  return { changed: Object.keys(after).filter((name) => after[name] !== before[name]), runbook: runbook! };
}

function section(runbook: string, title: string): string {
  return runbook.split(/^## /m).find((part) => part.startsWith(`${title}: `))!;
}

/** The files that a section says to copy, each with its host's folder. */
function filesToCopy(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].flatMap(([, name, hosts]) =>
    hosts!.split("; ").flatMap((group) =>
      each(
        group
          .replace(/^[^:]*: /, "")
          .trim()
          .split(", "),
        name!,
      ),
    ),
  );
}

function keys(): Record<string, unknown> {
  const found = project.state(HOME).filter(({ type }) => type === "tls_private_key");
  return Object.fromEntries(found.map(({ name, instances }) => [name, instances[0]!.attributes["id"]]));
}

test("a first deploy writes a runbook that names every host by kind, release and platform", async () => {
  const { runbook } = await deploy();
  expect(runbook).toMatch(/^# Runbook of stack\/fleet\n/);
  expect(runbook).toMatch(/due for renewal on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: deploy then/);
  const [, table] = /## Hosts\n\n([^]*?)\n\n/.exec(runbook)!;
  expect(table!.split("\n").slice(2)).toEqual([
    "| Fleet Server 9.5.2 on Linux or macOS | `/etc/elastic-agent/certs` | loads files by itself; restart for an added agent CA | fleet-server |",
    "| Elasticsearch on Linux or macOS | `/etc/elasticsearch/certs` | loads files by itself | elasticsearch, elasticsearch-nodes/es-2 |",
    "| Fleet Server 9.2.4 on Linux or macOS | `/etc/elastic-agent/certs` | restart | fleet-servers/fleet-2 |",
    "| Agent 9.5.2 on Linux or macOS | `/etc/elastic-agent/certs` | loads files by itself | agents/linux-1 |",
    "| Agent 9.5.2 on Windows | `C:\\ProgramData\\elastic-agent-certs` | loads files by itself | agents/windows-1 |",
    "| Agent 8.19.10 in a container | `/etc/elastic-agent/certs` | restart the container | agents/pod-1 |",
    "| Kibana on Linux or macOS | `/etc/kibana/certs` | restart | kibana/kibana-1 |",
  ]);
  expect(runbook).toContain("mv -f DIRECTORY/.FILE.new DIRECTORY/FILE");
  expect(runbook).toContain("[IO.File]::Replace(");
  expect(runbook).toContain(
    "- Container in which a step runs `enrollCommand`: recreate the container with its `container.env`, without the volume",
  );
  expect(runbook).toContain("& 'C:\\Program Files\\Elastic\\Agent\\elastic-agent.exe' restart");
  expect(runbook).not.toMatch(/PRIVATE KEY/);
});

describe.each(Object.keys(SIDES) as Ca[])("%s, in three deploys", (ca) => {
  const { title, bundles, settings, leaves } = SIDES[ca];
  const subjects = (name: string): string[] =>
    certificatesOf(project.path(FOLDER, name)).map(({ subject }) => /CN=(.*)/.exec(subject)![1]!);

  test("introducing changes the bundles of every side that verifies, at the same paths, and nothing else", async () => {
    const before = keys();
    steps[ca] = INTRODUCED;
    const { changed, runbook } = await deploy();
    expect(changed.sort()).toEqual([...bundles, ...settings].sort());
    const text = section(runbook, title);
    expect(text).toMatch(`${title}: hosts trust generations 1 and 2, generation 1 signs`);
    expect(filesToCopy(text).sort()).toEqual([...bundles].sort());
    for (const name of bundles)
      expect(subjects(name)).toEqual(expect.arrayContaining([`fleet ${title} 1`, `fleet ${title} 2`]));
    for (const name of settings)
      expect(fs.readFileSync(project.path(FOLDER, name), "utf8")).toMatch(/(BEGIN CERT[^]*){2}/);
    // Digests tell whether a host has its file.
    for (const [, name, hosts, digest] of text.matchAll(/^\| `([^`]+)` \| [^:]+: ([^|,;]+)[^|]*\| `(\w{64})` \|/gm)) {
      const content = fs.readFileSync(project.path(FOLDER, hosts!.trim(), name!));
      expect(createHash("sha256").update(content).digest("hex")).toBe(digest);
    }
    expect(keys()).toMatchObject(before);
    for (const name of settings) expect(text).toContain(`\`${name}\``);
    expect(text.includes("Restart every Fleet Server, on 9.5 too")).toBe(ca === "agentCa");
    expect(text).toContain(
      `deploy \`${ca}: CertificateAuthoritySource.rotating({ generations: { "1": …, "2": … }, issuing: "2" })\``,
    );
  });

  test("switching changes every leaf with the key that it had, and nothing else", async () => {
    const before = keys();
    const publicKeys = (): string[] =>
      leaves.map(
        (name) =>
          certificatesOf(project.path(FOLDER, name))[0]!.publicKey.export({ type: "spki", format: "pem" }) as string,
      );
    const old = publicKeys();
    steps[ca] = SWITCHED;
    const { changed, runbook } = await deploy();
    expect(changed.sort()).toEqual([...leaves].sort());
    expect(filesToCopy(section(runbook, title)).sort()).toEqual([...leaves].sort());
    expect(section(runbook, title)).toContain(`CN = fleet ${title} 2`);
    for (const name of leaves)
      expect(certificatesOf(project.path(FOLDER, name))[0]!.issuer).toContain(`CN=fleet ${title} 2`);
    expect(publicKeys()).toEqual(old);
    expect(keys()).toEqual(before);
  });

  test("retiring changes the bundles again, and nothing else", async () => {
    const before = keys();
    steps[ca] = RETIRED;
    const { changed, runbook } = await deploy();
    expect(changed.sort()).toEqual([...bundles, ...settings].sort());
    expect(filesToCopy(section(runbook, title)).sort()).toEqual([...bundles].sort());
    for (const name of bundles) expect(subjects(name)).not.toContain(`fleet ${title} 1`);
    expect(before).toMatchObject(keys());
    expect(section(runbook, title)).toContain("The next rotation lists generations 2 and 3");
  });
});
