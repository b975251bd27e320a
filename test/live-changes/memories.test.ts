import * as fs from "node:fs";

import { Validity } from "../../lib";
import { contentsBelow } from "../support/files";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

let fleet: LiveFleet;
beforeEach(() => {
  fleet = new LiveFleet();
});
afterEach(() => fleet.dispose());

const agents = (count: number): FleetStep["agents"] =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`web-${index}`, {}]));

/** By resource: how many instances it has, and how many resources Terraform lists with each of them. */
async function sizes(count: number): Promise<Map<string, { instances: number; dependencies: number }>> {
  await fleet.deploy({ agents: agents(count) });
  return new Map(
    fleet.project.state("stack").map(({ type, name, instances }) => {
      const dependencies = Math.max(...instances.map((instance) => instance.dependencies?.length ?? 0));
      return [`${type}.${name}`, { instances: instances.length, dependencies }];
    }),
  );
}

test("a state grows with the number of hosts, not with its square", async () => {
  const few = await sizes(2);
  const many = await sizes(5);
  const growing = [...few].filter(([name, { instances }]) => many.get(name)!.instances >= instances + 3);
  expect(growing.length).toBeGreaterThan(0);
  for (const [name, { dependencies }] of growing) {
    expect(`${name}: ${many.get(name)!.dependencies}`).toBe(`${name}: ${dependencies}`);
  }
});

test("after a deploy that broke off, the next runbook lists what both of them changed", async () => {
  await fleet.deploy({ agents: agents(2) });
  const folder = fleet.project.path(FOLDER);
  const before = contentsBelow(folder);

  // A file in the place of a host's folder: Terraform writes all others.
  const step: FleetStep = { agents: agents(2), props: { validity: Validity.days(100) } };
  fs.renameSync(`${folder}/agents/web-1`, `${folder}/away`);
  fs.writeFileSync(`${folder}/agents/web-1`, "");
  fleet.synth(step);
  await fleet.project.init("stack");
  const broken = await fleet.project.terraform("stack", ["apply", "-auto-approve", "-no-color", "-refresh=false"]);
  expect(broken.stderr).toContain("not a directory");
  expect(contentsBelow(folder)["agents/web-0/agent-cert.pem"]).not.toBe(before["agents/web-0/agent-cert.pem"]);

  fs.rmSync(`${folder}/agents/web-1`);
  fs.renameSync(`${folder}/away`, `${folder}/agents/web-1`);
  await fleet.deploy({ ...step, agents: agents(3) });
  const after = contentsBelow(folder);
  const changed = Object.keys(before).filter((file) => file.endsWith("-cert.pem") && after[file] !== before[file]);
  expect(changed).toEqual(expect.arrayContaining(["agents/web-0/agent-cert.pem", "agents/web-1/agent-cert.pem"]));
  for (const file of changed) {
    const [, host, name] = /^(.*)\/([^/]*)$/.exec(file)!;
    expect(fleet.runbook).toContain(`\n- \`${name}\`: ${host}\n`);
  }
  expect(fleet.runbook).toContain("**New host** agents/web-2");
  expect(fleet.runbook).not.toContain("**New host** agents/web-1");

  // What an earlier deploy changed is not listed again.
  await fleet.deploy({ ...step, agents: agents(4) });
  expect(fleet.runbook).toContain("**New host** agents/web-3");
  expect(fleet.runbook).not.toContain("`agent-cert.pem`: agents/");
});

test("a deploy that is killed between two memories leaves nothing that the next one refuses", async () => {
  await fleet.deploy({ agents: agents(1) });
  fleet.synth({
    agents: agents(2),
    props: { fleetServer: { names: ["b.example.com"] } },
    more: (each) => each.addElasticsearchNode("es-2", { names: ["es-2.example.com"] }),
  });
  const memories = fleet.project.state("stack").filter(({ name }) => /^fleet_live_(?!gate|deployed)/.test(name));
  expect(memories).toHaveLength(6);
  const state = fleet.project.stateFile("stack");
  fs.copyFileSync(state, `${state}.before`);
  for (const { type, name } of memories) {
    // Terraform makes this one and what comes before it.
    fs.copyFileSync(`${state}.before`, state);
    await fleet.project.apply("stack", { env: { TF_CLI_ARGS_apply: `-target=${type}.${name}` } });
    expect((await fleet.project.plan("stack")).text).toContain("to add");
  }
  await fleet.project.apply("stack");
  expect(await fleet.pending()).toEqual([]);
});
