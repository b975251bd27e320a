import { posix, win32 } from "node:path";

import type { TargetPlatform } from "../target-platform";

/** Whether a path is a directory or is below it, as the platform's file system sees it. */
export function isWithin(path: string, directory: string, { isWindows, pathSeparator }: TargetPlatform): boolean {
  const folded = (text: string): string => {
    const normal = isWindows ? win32.normalize(text).toLowerCase() : posix.normalize(text);
    return normal.endsWith(pathSeparator) ? normal : normal + pathSeparator;
  };
  return folded(path).startsWith(folded(directory));
}
