import { TargetPlatform } from "../../lib";

const { LINUX, MACOS, WINDOWS } = TargetPlatform;

test.each([
  [LINUX, ["/x", "/"], ["x", "", "C:\\x", "\\\\server\\share\\x", "~/x"]],
  [WINDOWS, ["C:\\x", "c:/x", "\\\\server\\share\\x"], ["\\x", "/x", "C:x", "x", "\\\\server", ""]],
])("%s knows its absolute paths as Go does", (platform, absolute, others) => {
  expect(absolute.filter((path) => !platform.isAbsolute(path))).toEqual([]);
  expect(others.filter((path) => platform.isAbsolute(path))).toEqual([]);
});

test("paths are joined with the platform's separator", () => {
  expect(LINUX.join("/certs", "a.pem")).toBe("/certs/a.pem");
  expect(LINUX.join("/certs/", "a.pem")).toBe("/certs/a.pem");
  expect(WINDOWS.join("C:\\certs", "a.pem")).toBe("C:\\certs\\a.pem");
  expect(WINDOWS.join("C:/certs/", "a.pem")).toBe("C:/certs/a.pem");
});

test("an agent with a base path is installed two folders below it", () => {
  expect(LINUX.agentDirectoryBelow("/opt")).toBe(LINUX.agentDirectory);
  expect(MACOS.agentDirectoryBelow("/Library/")).toBe(MACOS.agentDirectory);
  expect(WINDOWS.agentDirectoryBelow("C:\\Program Files")).toBe(WINDOWS.agentDirectory);
});

test("each platform has the agent's path before and after the install", () => {
  expect([LINUX, MACOS, WINDOWS].map(({ executable }) => executable)).toEqual([
    "elastic-agent",
    "elastic-agent",
    ".\\elastic-agent.exe",
  ]);
  expect([LINUX, MACOS, WINDOWS].map(({ installedExecutable }) => installedExecutable)).toEqual([
    "elastic-agent",
    "elastic-agent",
    "& 'C:\\Program Files\\Elastic\\Agent\\elastic-agent.exe'",
  ]);
});
