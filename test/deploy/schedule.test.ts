import type { Task } from "../../deploy/private/schedule";
import { inOrder } from "../../deploy/private/schedule";

const task = (name: string, ...dependencies: string[]): Task => ({ name, dependencies });
const never = () => false;

async function run(tasks: Task[], parallelism: number, failing: string[] = []) {
  const started: string[] = [];
  let running = 0;
  let most = 0;
  const outcomes = await inOrder(
    tasks,
    parallelism,
    async ({ name }) => {
      started.push(name);
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return !failing.includes(name);
    },
    never,
  );
  return { started, most, outcomes: Object.fromEntries(outcomes) };
}

test("dependencies come first in any order of the list", async () => {
  const { started } = await run([task("c", "b"), task("b", "a"), task("a")], 5);
  expect(started).toEqual(["a", "b", "c"]);
});

test("no more run at once than are allowed", async () => {
  const tasks = Array.from({ length: 9 }, (_, index) => task(`${index}`));
  expect(await run(tasks, 2)).toMatchObject({ most: 2 });
  expect(await run(tasks, 20)).toMatchObject({ most: 9 });
});

test("a failure blocks those that depend on it, near and far, and no others", async () => {
  const { outcomes } = await run([task("a"), task("b", "a"), task("c", "b"), task("d")], 1, ["a"]);
  expect(outcomes).toEqual({ a: "failed", b: "blocked", c: "blocked", d: "done" });
});

test("a dependency that is not part of the run is not waited for", async () => {
  expect((await run([task("b", "a")], 1)).outcomes).toEqual({ b: "done" });
});

test("nothing is started after a stop", async () => {
  let stopped = false;
  const outcomes = await inOrder(
    [task("a"), task("b")],
    1,
    async () => (stopped = true),
    () => stopped,
  );
  expect(Object.fromEntries(outcomes)).toEqual({ a: "done", b: "blocked" });
});

test("a circle is an error, not a wait", async () => {
  await expect(run([task("a", "b"), task("b", "a")], 1)).rejects.toThrow("in a circle: a, b");
});
