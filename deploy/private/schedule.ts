/** A task, which starts after the tasks that it depends on. */
export interface Task {
  readonly name: string;
  readonly dependencies: readonly string[];
}

/** End of a task: `blocked` was never started, because of a task before it or because of an interrupt. */
export type Outcome = "done" | "failed" | "blocked";

/**
 * Runs tasks in the order of their dependencies, several at a time. A task that fails blocks those that depend on it, and
 * no others.
 *
 * @param run whether the task succeeded
 * @param isStopped whether nothing new is to be started
 */
export async function inOrder<T extends Task>(
  tasks: readonly T[],
  parallelism: number,
  run: (task: T) => Promise<boolean>,
  isStopped: () => boolean,
): Promise<Map<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const names = new Set(tasks.map(({ name }) => name));
  const waiting = new Set(tasks);
  const running = new Set<Promise<void>>();
  for (;;) {
    for (const task of [...waiting]) {
      // What is not part of this run was done before it, or Terraform says that it was not.
      const before = task.dependencies.filter((name) => names.has(name) && name !== task.name);
      if (before.some((name) => outcomes.has(name) && outcomes.get(name) !== "done") || isStopped()) {
        waiting.delete(task);
        outcomes.set(task.name, "blocked");
      } else if (running.size < parallelism && before.every((name) => outcomes.get(name) === "done")) {
        waiting.delete(task);
        const ended: Promise<void> = run(task).then((succeeded) => {
          outcomes.set(task.name, succeeded ? "done" : "failed");
          running.delete(ended);
        });
        running.add(ended);
      }
    }
    if (running.size > 0) await Promise.race(running);
    else if (![...waiting].some((task) => task.dependencies.some((name) => outcomes.get(name) === "blocked"))) break;
  }
  if (waiting.size > 0) {
    throw new Error(`stacks depend on each other in a circle: ${[...waiting].map(({ name }) => name).join(", ")}`);
  }
  return outcomes;
}
