import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { LastDeploy } from "../../deploy/private/last-deploy";
import { Stack } from "../../deploy/private/stack";
import { State } from "../../deploy/private/state";
import type { Terraform } from "../../deploy/private/terraform";
import { fromJavaScript } from "../support/javascript";

const HOUR_MS = 3_600_000;
const NOW = new Date("2026-03-01T00:00:00Z");
const inHours = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "last-deploy-"))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Content {
  readonly terraform?: object;
  readonly data?: object;
  readonly module?: object;
  readonly locals?: object;
}

/** Whether a deploy of a stack is remembered, and still counts some hours later. */
async function counts(
  content: Content,
  hours = 1,
  attributes: object = {},
  meanwhile: () => void = () => undefined,
): Promise<boolean> {
  const type = "filename" in attributes ? "local_file" : "tls_locally_signed_cert";
  const text = JSON.stringify({ resources: [{ mode: "managed", type, instances: [{ attributes }] }] });
  const terraform = fromJavaScript<Terraform>({
    program: "terraform",
    workspace: () => "default",
    version: "1.11.4",
    env: {},
    read: async () => ({ code: 0, stdout: text, stderr: "" }),
  });
  const stack = new Stack("stack", folder, [], JSON.stringify(content));
  const state = (await State.pull(terraform, stack))!;
  const last = new LastDeploy(stack, terraform);
  last.forget();
  meanwhile();
  last.remember(state, [], NOW);
  return last.matches(state, [], inHours(hours));
}

test.each([
  [19, true],
  [20, false],
  [23, false],
])("a certificate that is to be renewed in 20 hours: skipped after %d hours: %s", async (hours, expected) => {
  const attributes = { validity_end_time: inHours(30).toISOString(), early_renewal_hours: 10 };
  expect(await counts({}, hours, attributes)).toBe(expected);
});

test.each([
  [23, true],
  [24, false],
  [-1, false],
])("a deploy counts for a day: after %d hours: %s", async (hours, expected) => {
  expect(await counts({}, hours)).toBe(expected);
});

test.each<[string, Content]>([
  ["no provider", {}],
  [
    "the two providers",
    { terraform: { required_providers: { a: { source: "hashicorp/tls" }, b: { source: "hashicorp/local" } } } },
  ],
  [
    "OpenTofu's name of one",
    { terraform: { required_providers: { a: { source: "registry.opentofu.org/hashicorp/tls" } } } },
  ],
  [
    "a program of this library",
    { data: { local_command: { a: { command: "node", arguments: ["${path.module}/assets/a.js"] } } } },
  ],
  [
    "what another stack of the app exports",
    { data: { terraform_remote_state: { "cross-stack-reference-input-a": {} } } },
  ],
  ["a file by its name", { locals: { a: '${file("./a.pem")}', b: '${fileexists("${path.module}/b")}' } }],
])("a stack with %s is remembered", async (_, content) => {
  expect(await counts(content)).toBe(true);
});

test.each<[string, Content]>([
  ["another provider", { terraform: { required_providers: { a: { source: "hashicorp/aws" } } } }],
  ["somebody else's tls provider", { terraform: { required_providers: { a: { source: "example/hashicorp/tls" } } } }],
  ["a program of the user's", { data: { local_command: { a: { command: "node", arguments: ["fetch.js"] } } } }],
  ["another command", { data: { local_command: { a: { command: "date" } } } }],
  ["a state of another app", { data: { terraform_remote_state: { other: {} } } }],
  ["a certificate that is fetched", { data: { tls_certificate: { a: { url: "https://x" } } } }],
  ["any other data source", { data: { http: { a: {} } } }],
  ["a module", { module: { a: {} } }],
  ["a file whose name is computed", { locals: { a: "${file(local.name)}" } }],
  ["a file whose name has a value in it", { locals: { a: '${file("${var.a}.pem")}' } }],
  ["a file in somebody's home", { locals: { a: '${file("~/a.pem")}' } }],
  ["a set of files", { locals: { a: '${fileset("a", "*")}' } }],
  ["a template", { locals: { a: '${templatefile("a", {})}' } }],
])("a stack with %s is not, since its plan depends on what is elsewhere", async (_, content) => {
  expect(await counts(content)).toBe(false);
});

test("a file that is not what the state says is planned, though it has not changed since", async () => {
  const written = (text: string): void => fs.writeFileSync(path.join(folder, "a.pem"), text);
  const attributes = { filename: "a.pem", content_sha256: createHash("sha256").update("a").digest("hex") };
  expect(await counts({}, 1, attributes)).toBe(false);
  expect(await counts({}, 1, attributes, () => written("edited"))).toBe(false);
  expect(await counts({}, 1, attributes, () => written("a"))).toBe(true);
});

test("a file that changed while the deploy read it is planned", async () => {
  const content = { locals: { a: '${file("./a.pem")}' } };
  expect(await counts(content, 1, {}, () => fs.writeFileSync(path.join(folder, "a.pem"), "2"))).toBe(false);
  expect(await counts(content)).toBe(true);
});

test("what was forgotten does not count", async () => {
  await counts({});
  const last = new LastDeploy(new Stack("stack", folder, [], "{}"), {} as Terraform);
  fs.mkdirSync(path.join(folder, ".terraform"));
  expect(last.isKnown).toBe(true);
  last.forget();
  expect(last.isKnown).toBe(false);
});
