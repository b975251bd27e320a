import { Progress } from "../../scripts/progress";

const REDRAW = "\u001b[2K\u001b[1A\u001b[2K\u001b[G";

function shown(...pieces: string[]): string[] {
  const lines: string[] = [];
  const progress = new Progress((line) => lines.push(line));
  for (const piece of pieces) progress.push(piece);
  return lines;
}

function tail(...pieces: string[]): string[] {
  const progress = new Progress(() => undefined);
  for (const piece of pieces) progress.push(piece);
  return progress.tail();
}

test("plans and results are shown with their stack, colours and the plans' bodies are not", () => {
  expect(
    shown(
      `⠙  Synthesizing\n${REDRAW}\n0 Stacks deploying     0 Stacks done     2 Stacks waiting\n`,
      "one-way  \u001b[1m  # tls_private_key.key\u001b[0m will be created\n         + private_key_pem = (sensitive value)\n",
      "         \u001b[1mPlan:\u001b[0m 3 to add, 0 to change, 0 to destroy.\n",
      "mutual  No changes. Your infrastructure matches the configuration.\n",
      `${REDRAW}one-way  \u001b[0m\u001b[32m\n         Apply complete! Resources: 3 added, 0 changed, 0 destroyed.\n`,
      "mutual  Destroy complete! Resources: 3 destroyed.\n",
    ),
  ).toEqual([
    "one-way  Plan: 3 to add, 0 to change, 0 to destroy.",
    "mutual  No changes. Your infrastructure matches the configuration.",
    "one-way  Apply complete! Resources: 3 added, 0 changed, 0 destroyed.",
    "mutual  Destroy complete! Resources: 3 destroyed.",
  ]);
});

test("the outputs that cdktf wraps are not shown", () => {
  expect(shown("  one-way\n  fleet-server-command = elastic-agent install \\\n    --url=x\n")).toEqual([]);
});

test("a line that comes in pieces is one line", () => {
  expect(shown("one-way  Pla", "n: 1 to add", ", 0 to change.\n")).toEqual(["one-way  Plan: 1 to add, 0 to change."]);
});

test("warnings and errors are shown whole, and each once", () => {
  const box = "two  ╷\n     │ Error: Resource precondition failed\n     │\n     │   on line 41\n     ╵\n";

  expect(shown(box, box)).toEqual(["two  │ Error: Resource precondition failed", "two  │   on line 41"]);
});

test("a warning that every mirror causes is not shown", () => {
  expect(
    shown(
      "one-way  ╷\n         │ Warning: Incomplete lock file information for providers\n         │ text\n         ╵\n",
    ),
  ).toEqual([]);
});

test("the app's own warnings are shown, all their lines", () => {
  expect(shown("WARN [one-way/fleet]: the CA ends soon\nrenew it\n", "one-way  Initializing the backend...\n")).toEqual(
    ["WARN [one-way/fleet]: the CA ends soon", "renew it"],
  );
});

test("resources are counted in steps, each stack's by itself", () => {
  const done = (stack: string, count: number) =>
    Array(count).fill(`${stack}  tls_private_key.key: Creation complete after 0s [id=1]\n`).join("");

  expect(shown(done("a", 24), done("b", 25), done("a", 26))).toEqual([
    "b  25 resources done",
    "a  25 resources done",
    "a  50 resources done",
  ]);
});

test("a failure without a box is told by the last lines that were not shown", () => {
  expect(
    tail(
      "⠙  Synthesizing\n",
      "Error: fleetServerUrl has to be an https URL\n    at main.ts:5\n",
      "non-zero exit code 1",
    ),
  ).toEqual(["Error: fleetServerUrl has to be an https URL", "    at main.ts:5", "non-zero exit code 1"]);
});

test("a failure that a box told needs no line of Terraform's again", () => {
  expect(
    tail(
      "one-way  Initializing the backend...\n",
      "one-way  ╷\n         │ Error: execution halted\n         ╵\n",
      "Invoking Terraform CLI failed with exit code 1\n",
    ),
  ).toEqual(["Invoking Terraform CLI failed with exit code 1"]);
});

test("the last lines are few, and none is there twice", () => {
  const lines = Array.from({ length: 100 }, (_, index) => `trace of ${index}\n`);

  expect(tail(...lines, "trace of 99\n")).toHaveLength(40);
});

test("a state that Terraform prints when it cannot save it is named and not shown, nor in the last lines", () => {
  const lines: string[] = [];
  const progress = new Progress((line) => lines.push(line));
  const state = {
    version: 4,
    terraform_version: "1.11.4",
    resources: [{ content: "hunter2", n: [1, null], on: true }],
  };
  for (const line of JSON.stringify(state, null, 2).split("\n")) progress.push(`       ${line}\n`);
  progress.push('mutual  "private_key_pem": "-----BEGIN EC PRIVATE KEY-----\\nMHcC",\nInvoking Terraform CLI failed\n');
  expect(lines).toEqual([expect.stringMatching(/Error: Terraform could save its state nowhere, as on a full disk/)]);
  expect(progress.tail().filter((line) => /\w/.test(line))).toEqual([
    '         "version": 4,',
    "Invoking Terraform CLI failed",
  ]);
});
