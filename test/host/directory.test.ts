import { TargetPlatform } from "../../lib";
import { Problems } from "../../lib/private/problems";
import { usableHostDirectory } from "../../lib/host/private/directory";

const { LINUX, WINDOWS, MACOS } = TargetPlatform;

function refusal(directory: string, platform: TargetPlatform): string {
  const problems = new Problems("host");
  // Another one stands in for it, so that nothing else is blamed.
  expect(usableHostDirectory(problems, directory, platform)).toBe(platform.defaultHostDirectory);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

test.each([
  ["", LINUX, "is not absolute"],
  ["certs", LINUX, "is not absolute"],
  ["/certs", WINDOWS, "is not absolute"],
  ["C:\\certs", LINUX, "is not absolute"],
  ["/a,b", LINUX, "contains a comma"],
  ["/a\nb", LINUX, "contains a comma, a newline or a NUL"],
  ["/certs ", LINUX, "begins or ends with a blank"],
  ["/opt/Elastic/Agent/certs", LINUX, "is below the agent's own install directory"],
  ["/Library/Elastic/Agent", MACOS, "is below the agent's own install directory"],
  ["c:/program files/elastic/agent/certs", WINDOWS, "is below the agent's own install directory"],
  ["\\\\server\\share\\certs", WINDOWS, "is a UNC path"],
  ["//server/share/certs", WINDOWS, "is a UNC path"],
  ...["C:\\a:b", "C:\\a*", 'C:\\a"b', "C:\\<a>", "C:\\a|b", "C:/a?", "C:\\CON", "C:/certs/nul", "C:\\aux.pem\\b"].map(
    (directory): [string, TargetPlatform, string] => [directory, WINDOWS, "has a part that Windows refuses"],
  ),
  ["C:\\a.\\certs", WINDOWS, "has a part that Windows refuses in a path or changes"],
  ["C:\\certs.", WINDOWS, "has a part that Windows refuses in a path or changes"],
  ["C:\\a \\certs", WINDOWS, "has a part that Windows refuses in a path or changes"],
])("%j is refused on %s", (directory, platform, what) => {
  expect(refusal(directory, platform)).toContain(`host: hostDirectory ${what}`);
});

test.each([
  ["/etc/elastic-agent/certs", LINUX],
  ["/opt/Elastic/Agents", LINUX],
  ["/it's a folder", MACOS],
  ["D:/certs", WINDOWS],
  ["C:\\Program Files\\certs (new)\\.elastic", WINDOWS],
  ["C:\\console\\..\\com\\nul-certs", WINDOWS],
  ["/a:b/CON/c.", LINUX],
])("%j is taken on %s", (directory, platform) => {
  const problems = new Problems("host");
  expect(usableHostDirectory(problems, directory, platform)).toBe(directory);
  problems.throwIfAny();
});
