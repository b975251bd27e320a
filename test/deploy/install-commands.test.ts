import type { DeployedOutput } from "../../deploy/private/install-commands";
import { fleetOf, installCommands as render } from "../../deploy/private/install-commands";

type Outputs = { readonly [id: string]: unknown };

/** Outputs as they are nested by their constructs, down to those named as commands are. */
function outputsBelow(ids: readonly string[], outputs: Outputs): DeployedOutput[] {
  return Object.entries(outputs).flatMap(([id, value]) => {
    const below = [...ids, id];
    const isOutput = fleetOf(below) !== undefined || typeof value !== "object" || value === null;
    return isOutput ? [{ ids: below, value, show: "never" }] : outputsBelow(below, value as Outputs);
  });
}

const installCommands = (outputs: Outputs, sensitive: readonly DeployedOutput[] = []) =>
  render([...outputsBelow([], outputs), ...sensitive]);

const SERVER = "elastic-agent install \\\n--url='https://fleet.example.com:8220' \\\n--non-interactive";

test("every command is printed verbatim below its host's comment, by stack and fleet", () => {
  const outputs = {
    mutual: {
      fleet: { "fleet-server-command": SERVER, "agent-commands": { "web-1": "install 1", "web-2": "install 2" } },
    },
    "one-way": { fleet: { "fleet-server-command": SERVER } },
  };

  expect(installCommands(outputs)).toBe(`# mutual/fleet

# fleet-server
${SERVER}

# web-1
install 1

# web-2
install 2

# one-way/fleet

# fleet-server
${SERVER}
`);
});

test("outputs of a stack's own scope are distinguished by the fleet in their names", () => {
  const outputs = {
    prod: {
      "fleet-server-command": "of the stack",
      "eu-fleet-server-command": "of eu",
      "eu-agent-commands": { "web-1": "eu's agent" },
      eu: { "fleet-server-commands": { "fs-2": "eu's second" } },
    },
  };

  expect(installCommands(outputs)).toBe(
    "# prod\n\n# fleet-server\nof the stack\n\n" +
      "# prod/eu\n\n# fleet-server\nof eu\n\n# fs-2\neu's second\n\n# web-1\neu's agent\n",
  );
});

test("Fleet Servers come before agents in any order of the outputs", () => {
  const outputs = { a: { "agent-commands": { web: "w" }, "fleet-server-commands": { two: "t" } } };

  expect(installCommands(outputs)).toBe("# a\n\n# two\nt\n\n# web\nw\n");
});

test("a long command is not wrapped, and quotes and backslashes stay as they are", () => {
  const long = `install --url='it'\\''s' ${"--proxy-header=x ".repeat(50)}`.trim();

  expect(installCommands({ a: { "agent-commands": { web: long } } }).split("\n")).toContain(long);
});

test("other outputs are not commands", () => {
  const outputs = {
    a: { endpoint: "https://x", "cross-stack-output-commands": "x", nested: { list: ["agent-commands"] } },
  };

  expect(installCommands(outputs)).toBe("");
});

test("no output is no text", () => {
  expect(installCommands({})).toBe("");
});

test("a withheld command prints where to read it, among its fleet's commands", () => {
  const outputs = { a: { fleet: { "fleet-server-command": "s" } } };
  const sensitive = [
    { ids: ["a", "fleet", "agent-commands-sensitive"], show: "terraform output -json fleet-agent-commands-sensitive" },
    { ids: ["a", "fleet", "ca-private-key"], show: "never" },
  ];

  expect(installCommands(outputs, sensitive)).toBe(`# a/fleet

# fleet-server
s

# agent-commands-sensitive contains secrets and is not shown: run install-command.sh of the host's folder, or see
# terraform output -json fleet-agent-commands-sensitive
`);
});

test("the one command of a Fleet Server is distinguished from a map of commands", () => {
  expect(fleetOf(["a", "fleet", "fleet-server-command"])).toEqual({ fleet: ["a", "fleet"], isMap: false });
  expect(fleetOf(["a", "fleet-fleet-server-commands"])).toEqual({ fleet: ["a", "fleet"], isMap: true });
  expect(fleetOf(["a", "endpoint"])).toBeUndefined();
});

test("an id with a line break cannot leave its comment", () => {
  expect(installCommands({ a: { "agent-commands": { "web\nrm -rf /\r\n": "w" } } })).toBe(
    "# a\n\n# web rm -rf / \nw\n",
  );
});
