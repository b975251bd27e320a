import type { ConfirmedStack } from "../../lib";
import { certificatesOf } from "../support/openssl";
import type { Step } from "./small-rotation";
import { DEFAULT, HOME, INTRODUCED, OTHER, RETIRED, SmallRotation, SWITCHED } from "./small-rotation";

const rotation = new SmallRotation();
afterAll(() => rotation.dispose());

const INTRODUCED_THERE: ConfirmedStack = { stack: OTHER, generations: ["1", "2"], issuing: "1" };
const SWITCHED_THERE: ConfirmedStack = { stack: OTHER, generations: ["1", "2"], issuing: "2" };
const RETIRED_THERE: ConfirmedStack = { stack: OTHER, generations: ["2"], issuing: "2" };

function step(of: Step, ...confirmedStacks: ConfirmedStack[]): Step {
  return { ...of, hasOtherStack: true, minimumOverlapHours: 48, confirmedStacks };
}

function everywhere49HoursPass(): void {
  for (const stack of [HOME, OTHER]) rotation.hoursPass(49, stack);
}

const issuerThere = (): string =>
  /CN=(.*)/.exec(certificatesOf(rotation.project.path("other-host/leaf.pem"))[0]!.issuer)![1]!;

test("where a second stack has hosts, minimumOverlapHours has no default", () => {
  expect(() => rotation.synth({ ...INTRODUCED, hasOtherStack: true })).toThrow(
    /^stack\/ca: minimumOverlapHours is missing or 0, and the stack other has hosts of this CA too; allowed: whole hours above 0; set it to the longest/,
  );
});

test("a step waits for each stack's own clock and for the operator's confirmation of the other stack", async () => {
  await rotation.deploy({ ...DEFAULT, hasOtherStack: true });
  everywhere49HoursPass();
  await rotation.deploy(step(INTRODUCED), [HOME]);
  everywhere49HoursPass();

  // The other stack has not even been deployed, let alone its hosts updated; the home stack cannot see that.
  expect(await rotation.refusal(step(SWITCHED))).toMatch(
    /stack\/ca: issuing with 2 would cut off hosts of other stacks .* confirmedStacks, which lacks generation 2 for other/,
  );
  const onlyOne = { ...INTRODUCED_THERE, generations: ["1"] };
  expect(await rotation.refusal(step(SWITCHED, onlyOne))).toMatch(/lacks generation 2 for other/);

  await rotation.deploy(step(INTRODUCED), [OTHER]);
  await rotation.deploy(step(SWITCHED, INTRODUCED_THERE), [HOME]);
  expect(await rotation.refusal(step(SWITCHED, INTRODUCED_THERE), OTHER)).toMatch(
    /issuing with 2 has to wait until generations 1, 2 have been deployed for minimumOverlapHours \(48 h\)/,
  );
  rotation.hoursPass(49, OTHER);
  await rotation.deploy(step(SWITCHED, INTRODUCED_THERE), [OTHER]);
  expect(issuerThere()).toBe("CA 2");
  everywhere49HoursPass();

  // What was confirmed for the switch says nothing of the leaves that hosts present.
  expect(await rotation.refusal(step(RETIRED, INTRODUCED_THERE))).toMatch(
    /trusting generation 2 alone would cut off hosts of other stacks .* confirmedStacks, which lacks issuing 2 for other/,
  );
  expect(await rotation.refusal({ ...step(RETIRED, SWITCHED_THERE), minimumOverlapHours: undefined })).toMatch(
    /going to generations 2 issuing 2 needs a minimumOverlapHours, since the stacks other have hosts of this CA too/,
  );
  await rotation.deploy(step(RETIRED, SWITCHED_THERE));
  for (const stack of [HOME, OTHER]) {
    const memories = rotation.project.state(stack).filter(({ type }) => type === "terraform_data");
    expect([stack, memories.filter(({ name }) => name.includes("trusted-2_")).length]).toEqual([stack, 1]);
  }
});

test("the way back waits for the other stack too", async () => {
  everywhere49HoursPass();
  await rotation.deploy(step(SWITCHED));
  everywhere49HoursPass();
  expect(await rotation.refusal(step(INTRODUCED, RETIRED_THERE))).toMatch(/lacks generation 1 for other/);
  await rotation.deploy(step(INTRODUCED, SWITCHED_THERE));
  everywhere49HoursPass();
  expect(issuerThere()).toBe("CA 1");
  const back: Step = { generations: ["1"], issuing: "1" };
  expect(await rotation.refusal({ ...DEFAULT, hasOtherStack: true })).toMatch(/needs a minimumOverlapHours/);
  expect(await rotation.refusal(step(back, SWITCHED_THERE))).toMatch(/lacks issuing 1 for other/);
  await rotation.deploy(step(back, INTRODUCED_THERE));
  await rotation.deploy({ ...DEFAULT, hasOtherStack: true });
  expect(await rotation.pending()).toEqual({});
});
