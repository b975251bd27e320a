import * as fs from "node:fs";
import * as path from "node:path";

import type { TerraformProject } from "../support/terraform";
import { deployProject } from "./project";

const LIB = path.join(__dirname, "../../lib");

/** A fleet and its agents over stacks; what is deployed is said by the environment. */
const APP = `
import { App, LocalBackend, TerraformStack } from "cdktf";
import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";
import { AgentStacks, CertificateAuthoritySource, EnrollmentToken, MutualFleetTls, ServiceToken, TargetPlatform } from "${LIB}";

class Stack extends TerraformStack {
  constructor(scope, id) {
    super(scope, id);
    new TlsProvider(this, "tls");
    new LocalProvider(this, "local");
    this.addOverride("terraform.required_providers.local.version", "~> 2.6");
    new LocalBackend(this, { path: \`../../../terraform.\${id}.tfstate\` });
  }
}
const app = new App();
const { AGENTS = "web-1 web-2", STACKS = "2", ROTATION, DIRECTORY, GROUP, PER_STACK } = process.env;
const generation = () => CertificateAuthoritySource.generated();
const fleet = new MutualFleetTls(new Stack(app, "home"), "fleet", {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
  operatorPage: true,
  intermediatePerStack: PER_STACK === "1",
  agentCa: ROTATION && CertificateAuthoritySource.rotating({
    generations: { "1": generation(), "2": generation() },
    issuing: ROTATION,
    minimumOverlapHours: 48,
  }),
});
const agents = new AgentStacks(app, "agents", {
  fleet,
  stacks: Number(STACKS),
  stackFactory: { createStack: (scope, id) => new Stack(scope, id) },
});
// web-1 is in agents-0, web-2 and web-3 in agents-1.
for (const id of AGENTS.split(" ")) {
  agents.addAgent(id, id === "web-2" ? { platform: TargetPlatform.WINDOWS, hostDirectory: DIRECTORY } : { stackGroup: GROUP });
}
app.synth();
`;

let project: TerraformProject;
beforeAll(() => {
  project = deployProject();
  project.write("main.ts", APP);
});
afterAll(() => project.dispose());

const FOLDER = "fleet-tls/home/fleet";
const CERTIFICATE = `${FOLDER}/agents/web-1/agent-cert.pem`;
const WHOLE = ["md", "json", "html"].map((ending) => `${FOLDER}/whole-fleet.${ending}`);

async function deploy(environment: Record<string, string> = {}, ...args: string[]): Promise<string> {
  const { code, stderr } = await project.fleetTls(["deploy", ...args], environment);
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);
  return stderr;
}

async function refusal(environment: Record<string, string>, ...args: string[]): Promise<string> {
  const { code, stderr } = await project.fleetTls(["deploy", ...args], environment);
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 1/);
  return stderr.replace(/\s+/g, " ");
}

const hosts = (): string[] => JSON.parse(project.read(WHOLE[1]!)).hosts.map(({ id }: { id: string }) => id);

test("a synth needs no Terraform", async () => {
  const { code, stdout, stderr } = await project.fleetTls(["synth"], { TERRAFORM_BINARY_NAME: "no-such-terraform" });
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);
  expect(stdout.trim().split("\n")).toHaveLength(3);
});

test("a deploy puts the runbook, the page and the list of hosts together from every stack", async () => {
  const stderr = await deploy();
  expect(stderr).toMatch(/next: follow fleet-tls\/home\/fleet\/whole-fleet\.md\n$/);
  expect(hosts()).toEqual(["fleet-server", "elasticsearch", "web-1", "web-2"]);
  const runbook = project.read(WHOLE[0]!);
  expect(runbook).toMatch(/\| Agent 9.* on Windows, written by the stack `agents-1` \|.* agents\/web-2 \|/);
  expect(runbook).toContain("Put together by `fleet-tls` from the states of all stacks");
  expect(runbook).not.toContain("Agents of the stacks");
  const page = project.read(WHOLE[2]!);
  expect(page).toContain("web-1");
  expect(page).not.toContain("whole-fleet.html");
  for (const file of WHOLE) expect([file, project.mode(file)]).toEqual([file, 0o644]);
  expect(WHOLE.map((file) => project.read(file)).join("")).not.toMatch(/PRIVATE KEY/);
});

test("one agent more, and one less, is planned and applied in its stack alone", async () => {
  const key = project.read(CERTIFICATE);
  const skipped = "unchanged since its last deploy, skipped";
  const more = await deploy({ AGENTS: "web-1 web-2 web-3" });
  expect(more).toContain(`home: ${skipped}`);
  expect(more).toContain(`agents-0: ${skipped}`);
  expect(more).not.toContain(`agents-1: ${skipped}`);
  expect(hosts()).toEqual(["fleet-server", "elasticsearch", "web-1", "web-2", "web-3"]);
  const less = await deploy();
  expect([...less.matchAll(/^(\S+): unchanged/gm)].map(([, stack]) => stack).sort()).toEqual(["agents-0", "home"]);
  expect(hosts()).not.toContain("web-3");
  expect(project.read(CERTIFICATE)).toBe(key);
});

test("an agent whose group changes has every file, whichever stack is first", async () => {
  const files = (): string[] => fs.readdirSync(project.path(`${FOLDER}/agents/web-1`)).sort();
  const all = files();
  expect(all).toHaveLength(5);
  await deploy({ GROUP: "web-2" });
  expect(files()).toEqual(all);
  // Its next stack writes the files before its former one removes them.
  const stderr = await deploy({}, "--parallelism", "1");
  expect(stderr).toContain("agents-0: another stack removed files of it, which have to be written again");
  expect(files()).toEqual(all);
  expect(hosts()).toEqual(["fleet-server", "elasticsearch", "web-1", "web-2"]);
});

test("another number of stacks is refused at plan, and nothing is touched", async () => {
  const key = project.read(CERTIFICATE);
  const stderr = await refusal({ STACKS: "3" });
  expect(stderr).toContain(
    "agents: stacks is 3, but the agents are spread over 2 stacks, and another number moves most of them to another stack",
  );
  expect(stderr).toContain("set stacks: 2, and add another AgentStacks for more agents");
  // Each stack refuses it by itself too.
  expect(await refusal({ STACKS: "1" }, "agents-0", "--all")).toContain("agents: stacks is 1, but");
  expect(project.read(CERTIFICATE)).toBe(key);
});

test("a change that would cut agents off is refused in the stack of its agents alone", async () => {
  const stderr = await refusal({ DIRECTORY: "D:\\certs" });
  expect(stderr).toMatch(
    /agents-1: error: .*settings of running hosts still have their former platform, hostDirectory/,
  );
  expect(stderr).toContain("failed: agents-1");
  expect(stderr).not.toContain("failed: agents-0");
  await deploy();
});

test("a rotation waits for every stack: each has a gate, and a person confirms each", async () => {
  // A gate asks for the stack that has no agent too.
  const stderr = await deploy({ ROTATION: "1", AGENTS: "web-1" });
  expect(stderr).not.toContain("unchanged");
  for (const name of ["RUNBOOK.md", "whole-fleet.md"]) {
    const runbook = project.read(`${FOLDER}/${name}`);
    expect(runbook).toContain('`{ stack: "agents-0", generations: ["1", "2"], issuing: "1" }`');
    expect(runbook).toContain('`{ stack: "agents-1", generations: ["1", "2"], issuing: "1" }`');
  }
  const refused = await refusal({ ROTATION: "2" });
  expect(refused).toContain("which lacks generation 2 for agents-0, agents-1");
  await deploy({ ROTATION: "1" });
});

test("parts by several runners, or by cdktf, are assembled afterwards; a destroy of any stack removes what was assembled", async () => {
  await deploy({ ROTATION: "1", AGENTS: "web-1 web-2 web-3" }, "--stacks", "agents-*");
  expect(hosts()).not.toContain("web-3");
  const { code, stdout } = await project.fleetTls(["assemble"], { ROTATION: "1", AGENTS: "web-1 web-2 web-3" });
  expect({ code, stdout }).toEqual({ code: 0, stdout: WHOLE.map((file) => `${file}\n`).join("") });
  expect(hosts()).toContain("web-3");
  for (const [stacks, missing] of [
    ["home,agents-0", "agents-1"],
    ["agents-*", "the fleet's own stack"],
  ]) {
    const part = await project.fleetTls(["assemble", "--stacks", stacks!], { ROTATION: "1" });
    expect(part).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(`missing: ${missing}; add`) });
  }
  expect(hosts()).toContain("web-3");
  const one = await project.fleetTls(["destroy", "agents-0", "--yes"], { ROTATION: "1", AGENTS: "web-1 web-2 web-3" });
  expect([one.stderr, WHOLE.filter((file) => project.exists(file))]).toEqual([expect.any(String), []]);
  expect(project.exists(`${FOLDER}/RUNBOOK.md`)).toBe(true);
  const { stderr } = await project.fleetTls(["destroy", "--yes"], { ROTATION: "1", AGENTS: "web-1 web-2 web-3" });
  expect([stderr, project.exists("fleet-tls")]).toEqual([expect.any(String), false]);
});
