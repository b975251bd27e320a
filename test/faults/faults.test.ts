import { TerraformProject } from "../support/terraform";
import { buildFleet, STACK } from "./fleet";
import { killOnce } from "./kill-trial";
import { SCENARIOS } from "./scenarios";
// A sample: `npm run test:faults` runs all of it.

test("kill -9 of Terraform half-way through a first apply: the next deploy leaves everything right", async () => {
  const project = new TerraformProject(buildFleet({}));
  try {
    await project.init(STACK);
    const damage = await killOnce(
      {
        backend: "local",
        phase: "first apply",
        target: "terraform",
        moment: { resources: 30 },
        destroyAgain: false,
        planAfter: true,
      },
      { project, resources: 60, milliseconds: 60_000 },
    );
    expect(damage.tooLate).toBe(false);
  } finally {
    project.dispose();
  }
});

test.each(["symlink", "open-key", "ignored-case"])("the scenario %s passes", async (name) => {
  const scenario = SCENARIOS.find((one) => one.name === name)!;
  await expect(scenario.run({ seed: "1", kills: 0 })).resolves.toHaveProperty("detail");
});

test("every scenario has a name of its own", () => {
  const names = SCENARIOS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
