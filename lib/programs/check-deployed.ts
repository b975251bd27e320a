import { readFileSync } from "node:fs";

import { isOtherAuthority } from "../private/given/read-deployed";
import { runProgram } from "./run-program";

interface Input {
  /** The file of an earlier deploy, if there was one. */
  readonly file: string;
  /** The given CA as PEM. */
  readonly trust: string;
}

/** Says whether a file of an earlier deploy has another CA than the given one: `other`, or nothing. */
function program({ file, trust }: Input): string {
  return isOtherAuthority({ deployed: textOf(file), trust }) ? "other" : "";
}

/** There was no earlier deploy, or one of which nothing can be said. */
const UNREADABLE: readonly (string | undefined)[] = ["ENOENT", "ENOTDIR", "EISDIR", "EACCES"];

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (UNREADABLE.includes((error as NodeJS.ErrnoException).code)) {
      return "";
    }
    throw error;
  }
}

runProgram("check-deployed", program);
