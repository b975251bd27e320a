import { DeployError } from "../deploy-error";

/** Parses JSON that a program printed and that can contain secrets: the error of JSON.parse would repeat a part of it. */
export function secretJson<T>(program: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new DeployError(
      `${program} did not print JSON; if the program is a wrapper, let it print nothing of its own`,
    );
  }
}
