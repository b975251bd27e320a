import { LastDeploy } from "./last-deploy";
import { inOrder } from "./schedule";
import type { Stack } from "./stack";
import { State } from "./state";
import type { Terraform } from "./terraform";

interface Reading {
  readonly stack: Stack;
  /** Nothing where Terraform refuses, which it does too while the app writes the stack. */
  readonly state: Promise<State | undefined>;
}

/** States that are read while the app synthesises: those of the stacks that it synthesised last. */
export class EarlyStates {
  private readonly readings = new Map<string, Reading>();
  private hasEnded = false;

  private constructor(private readonly terraform: Terraform) {}

  /** Reads the states of stacks with a record of their last deploy until the work is done, several at a time. */
  public static async during<T>(
    terraform: Terraform,
    stacks: readonly Stack[],
    parallelism: number,
    work: () => Promise<T>,
  ): Promise<{ result: T; states: EarlyStates }> {
    const states = new EarlyStates(terraform);
    const tasks = stacks
      .filter((stack) => new LastDeploy(stack, terraform).isKnown)
      .map((stack) => ({ name: stack.name, dependencies: [], stack }));
    // Those that have begun when the work ends are waited for by whoever asks for them.
    void inOrder(
      tasks,
      parallelism,
      ({ stack }) => states.read(stack),
      () => states.hasEnded,
    );
    try {
      return { result: await work(), states };
    } finally {
      states.hasEnded = true;
    }
  }

  /** The state of a stack, if it was read where the stack keeps it now. */
  public of(stack: Stack): Promise<State | undefined> | undefined {
    const reading = this.readings.get(stack.name);
    return reading?.stack.sharesState(stack)
      ? reading.state.then((state) => state ?? State.pull(this.terraform, stack))
      : undefined;
  }

  /** The state of a stack is another one from now on. */
  public forget(name: string): void {
    this.readings.delete(name);
  }

  private async read(stack: Stack): Promise<boolean> {
    const state = State.pull(this.terraform, stack).catch(() => undefined);
    this.readings.set(stack.name, { stack, state });
    return (await state) !== undefined;
  }
}
