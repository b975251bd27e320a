/**
 * What Windows refuses in a path, or drops (learn.microsoft.com/windows/win32/fileio/naming-a-file). Patterns of
 * JavaScript and of Terraform, upper and lower case alike; a drive's colon is the second character.
 */
export const REFUSED_BY_WINDOWS: readonly string[] = [
  '^.{2,}[<>:"|?*]',
  "[\\\\/](?:CON|PRN|AUX|NUL|(?:COM|LPT)[0-9¹²³])(?:[.:][^\\\\/]*)?(?:[\\\\/]|$)",
  "[^\\\\/.][. ]+(?:[\\\\/]|$)",
];

/** Whether Windows refuses a path or changes it. */
export function isRefusedByWindows(path: string): boolean {
  return REFUSED_BY_WINDOWS.some((pattern) => new RegExp(pattern, "i").test(path));
}
