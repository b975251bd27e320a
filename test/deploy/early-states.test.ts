import { Stack } from "../../deploy/private/stack";
import type { TerraformProject } from "../support/terraform";
import { HttpStates } from "./http-states";
import { deployProject } from "./project";

const READS = ["GET /mutual", "GET /one-way"];
/** Sent by the app before it writes its stacks, which it does after the answer. */
const SYNTHESIS = "GET /synthesis";

let states: HttpStates;
let project: TerraformProject;
beforeEach(async () => {
  states = await HttpStates.listen();
  project = deployProject(states.environment);
  const app = `const { execFileSync } = require("node:child_process");
execFileSync(process.execPath, ["-e", "fetch(process.env.ADDRESS + '/synthesis').then((answer) => answer.text())"]);
app.synth();`;
  project.write("main.ts", project.read("main.ts").replace("app.synth();", app));
});
afterEach(() => {
  project.dispose();
  states.close();
});

/** Deploys, and answers the requests of the states. */
async function requests(args: string[] = [], env: Record<string, string> = {}): Promise<string[]> {
  states.requests.length = 0;
  expect(await project.fleetTls(["deploy", ...args], env)).toMatchObject({ code: 0 });
  return [...states.requests];
}

/** Holds the app's next synthesis back until each state has been read, and something else has been done. */
function holdSynthesis(further: () => Promise<unknown> = () => Promise.resolve()): void {
  let release: () => void;
  const areRead = new Promise<void>((resolve) => (release = resolve));
  let isHeld = false;
  states.before = async (request) => {
    if (READS.every((read) => states.requests.includes(read))) release();
    if (request === SYNTHESIS && !isHeld) {
      isHeld = true;
      await areRead;
      await further();
    }
    return 200;
  };
}

test("states are read while the app synthesises, once each", async () => {
  await requests();
  holdSynthesis();
  expect((await requests()).sort()).toEqual([...READS, SYNTHESIS].sort());
});

test("a state that could not be read during the synthesis is read after it", async () => {
  await requests();
  let refused = 0;
  states.before = (request) => Promise.resolve(request === "GET /mutual" && refused++ === 0 ? 403 : 200);
  const all = await requests();
  expect(all.filter((request) => request === "GET /mutual")).toHaveLength(2);
});

test("what a deploy changed is read again", async () => {
  project.write("main.ts", project.read("main.ts").replaceAll("process.env.READS", "true"));
  await requests();
  holdSynthesis();
  const { stderr } = await project.fleetTls(["deploy"], { CURVE: "P384" });
  expect(stderr).toContain("one-way: 2 added, 0 changed, 2 destroyed");
  // It reads the other one's output, and its own plan has changed with it.
  expect(stderr).toMatch(/mutual: [34] added, 0 changed, [34] destroyed/);
  states.before = () => Promise.resolve(200);
  expect(await requests([], { CURVE: "P384" })).not.toContainEqual(expect.stringMatching(/^LOCK/));
});

test("what another runner deploys during the synthesis is skipped, and planned by the next deploy", async () => {
  await requests();
  const other = deployProject(states.environment);
  let deployed: unknown;
  holdSynthesis(async () => (deployed = await other.fleetTls(["deploy", "mutual", "--yes"], { CURVE: "P384" })));
  const { code, stderr } = await project.fleetTls(["deploy"]);
  other.dispose();
  expect(deployed).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("mutual: 3 added, 0 changed, 1 destroyed"),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("mutual: unchanged since its last") });
  expect(await requests(["--yes"])).toContain("LOCK /mutual");
});

test.each([
  ["--all", ["--all"]],
  ["a selection", ["one-way"]],
])("with %s no state is read before the synthesis", async (_, args) => {
  await requests();
  expect((await requests(args))[0]).toBe(SYNTHESIS);
});

test("an app that fails fails the deploy, whatever is being read", async () => {
  await requests();
  const { code, stderr } = await project.fleetTls(["deploy"], { REFUSED: "1" });
  expect(code).toBe(1);
  expect(stderr).toContain("fleetServerUrl is refused");
});

test.each<[string, object, boolean]>([
  ["the same backend", { http: { address: "https://a" } }, true],
  ["another address", { http: { address: "https://b" } }, false],
  ["another backend", { s3: { bucket: "a" } }, false],
])("a state is that of the new stack with %s", (_, backend, isShared) => {
  const stack = (content: object, folder = "stacks/a"): Stack =>
    new Stack("a", folder, [], JSON.stringify({ terraform: { backend: content }, resource: {} }));
  const former = stack({ http: { address: "https://a" } });
  expect(former.sharesState(stack(backend))).toBe(isShared);
  expect(former.sharesState(stack(backend, "stacks/b"))).toBe(false);
});
