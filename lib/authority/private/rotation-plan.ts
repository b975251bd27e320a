import type { ConfirmedStack } from "../certificate-authority-options";

/** Which generations of a CA there are, and how carefully they change. */
export interface RotationPlan {
  /** The ids of the generations that hosts trust, in order. */
  readonly generations: string[];
  /** The id of the generation that signs. */
  readonly issuing: string;
  /** How long each step has to have been deployed before the next, in hours, where that is said. */
  readonly minimumOverlapHours?: number;
  /** Whether there was no earlier deploy, or its state is lost for good. */
  readonly startsHere: boolean;
  /** Whether hosts may be cut off. */
  readonly emergency: boolean;
  /** What a person has seen in other stacks. */
  readonly confirmedStacks: ConfirmedStack[];
  /** The generations that agents trust by PEM text in Kibana's settings, if there is any. */
  readonly inlinePemInKibana?: string[];
}

/** The generation of a CA that is not being rotated. */
export const FIRST_GENERATION = "1";

/** A CA that is not being rotated. */
export const NO_ROTATION: RotationPlan = {
  generations: [FIRST_GENERATION],
  issuing: FIRST_GENERATION,
  startsHere: false,
  emergency: false,
  confirmedStacks: [],
};

export function isPlainStart({ generations, issuing }: RotationPlan): boolean {
  return generations.length === 1 && issuing === FIRST_GENERATION;
}
