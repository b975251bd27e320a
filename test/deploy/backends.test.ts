import { Postgres } from "../faults/postgres";
import { Blocked } from "../faults/scenario";
import type { TerraformProject } from "../support/terraform";
import { HttpStates } from "./http-states";
import { deployProject } from "./project";
import { S3Server } from "./s3-server";

const PG = JSON.stringify({ type: "pg" });
const SECRET = "fleet-tls/mutual/fleet/agents/web-1/secret";
const KEY = "fleet-tls/mutual/fleet/agents/web-1/key.pub.pem";
const projects: TerraformProject[] = [];
afterEach(() => projects.splice(0).forEach((project) => project.dispose()));
afterAll(() => Postgres.stop());

function runner(environment: Record<string, string>): TerraformProject {
  const project = deployProject(environment);
  projects.push(project);
  return project;
}

/** A database of its own; nothing where PostgreSQL is not to be had. */
function createDatabase(): Record<string, string> | undefined {
  try {
    return Postgres.get().createDatabase();
  } catch (error) {
    if (!(error instanceof Blocked)) throw error;
    console.warn(`skipped: ${error.message}`);
    return undefined;
  }
}

async function withStates(use: (environment: Record<string, string>) => Promise<void>): Promise<void> {
  const states = await HttpStates.listen();
  try {
    await use(states.environment);
  } finally {
    states.close();
  }
}

/** Two runners over one state: what one deployed, the other one's code of before does not take for its own. */
async function sharesOneState(environment: Record<string, string>): Promise<void> {
  const [one, other] = [runner(environment), runner(environment)];
  expect(await one.fleetTls(["deploy"])).toMatchObject({ code: 0 });
  // The other one lacks its files alone, and writes the same bytes.
  const second = await other.fleetTls(["deploy"]);
  expect(second).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("mutual: plan: 2 to add, 0 to change, 0 to destroy"),
  });
  expect(other.read(KEY)).toBe(one.read(KEY));
  expect((await other.fleetTls(["deploy"])).stderr).toContain("mutual: unchanged since its last deploy, skipped");

  await other.fleetTls(["deploy"], { GENERATION: "2" });
  const back = await one.fleetTls(["deploy"]);
  expect(back.stderr).not.toContain("unchanged");
  expect(one.read(SECRET)).toBe("1");
  // No state of theirs is on either machine.
  expect(one.exists("terraform.mutual.tfstate") || other.exists("terraform.mutual.tfstate")).toBe(false);
}

test("two runners share a state on PostgreSQL, each with a part of the stacks and then with all", async () => {
  const database = createDatabase();
  if (database === undefined) return;
  const environment = { ...database, BACKEND: PG, SLOW: "10" };
  // A pipeline's matrix: both at once, a stack each.
  const [one, other] = [runner(environment), runner(environment)];
  const parts = await Promise.all([
    one.fleetTls(["deploy", "--stacks", "one-way"]),
    other.fleetTls(["deploy", "--stacks", "mutual"]),
  ]);
  expect(parts.map(({ code }) => code)).toEqual([0, 0]);
  // The same stack at once: one of them waits for the other one's lock, and both succeed.
  const both = await Promise.all([one.fleetTls(["deploy"]), other.fleetTls(["deploy"])]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  await sharesOneState({ ...Postgres.get().createDatabase(), BACKEND: PG });
});

test("first deploys of several stacks on one PostgreSQL database do not wait for each other", async () => {
  // Two stacks at once, each of which takes longer than the other one waits for the lock.
  const database = createDatabase();
  if (database === undefined) return;
  const project = runner({ ...database, BACKEND: PG, SLOW: "100" });
  const { code, stderr } = await project.fleetTls(["deploy", "--lock-timeout", "5s"]);
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);

  // Nor do those of approved plans.
  const approved = runner({ ...Postgres.get().createDatabase(), BACKEND: PG, SLOW: "100" });
  expect(await approved.fleetTls(["diff", "--plan-dir", "plans"])).toMatchObject({ code: 0 });
  const first = await approved.fleetTls(["deploy", "--plan-dir", "plans", "--lock-timeout", "5s"]);
  expect(`exit code ${first.code}: ${first.stderr}`).toMatch(/^exit code 0/);
});

test.each(["custom", "plain"] as const)("a dump of PostgreSQL is put back, in the format %s", async (format) => {
  const database = createDatabase();
  if (database === undefined) return;
  const project = runner({ ...database, BACKEND: PG });
  expect(await project.fleetTls(["deploy"])).toMatchObject({ code: 0 });
  const key = project.read(KEY);
  const restore = Postgres.get().dump(database, format);
  expect(await project.fleetTls(["deploy"], { CURVE: "P384" })).toMatchObject({ code: 0 });
  expect(project.read(KEY)).not.toBe(key);
  restore();
  const { code, stderr } = await project.fleetTls(["deploy"]);
  expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);
  expect(project.read(KEY)).toBe(key);
  // The restored states are written too.
  expect(await project.fleetTls(["deploy"], { GENERATION: "2" })).toMatchObject({ code: 0 });
  expect(project.read(KEY)).toBe(key);
  expect(project.read(SECRET)).toBe("2");
});

test("two runners share a state over http; the one that is locked out prints the lock", async () => {
  await withStates(async (environment) => {
    await sharesOneState(environment);
    const project = runner(environment);
    const lock = {
      ID: "1234",
      Operation: "OperationTypeApply",
      Who: "someone@elsewhere",
      Info: "",
      Version: "1",
      Created: new Date().toISOString(),
      Path: "",
    };
    await fetch(`${environment["ADDRESS"]}/mutual`, { method: "LOCK", body: JSON.stringify(lock) });
    const { code, stderr } = await project.fleetTls(["deploy", "mutual", "--lock-timeout", "1s"]);
    expect(code).toBe(1);
    expect(stderr).toContain("mutual: waiting for the lock of the state, which another run can have");
    expect(stderr).toMatch(/mutual: error: Error acquiring the state lock[^]*already locked: ID=1234/);
  });
});

test("a state that could not be saved is saved by the next deploy, with the same keys", async () => {
  const states = await HttpStates.listen();
  try {
    const project = runner(states.environment);
    const unsaved = "cdktf.out/stacks/mutual/errored.tfstate";
    states.before = (request) => Promise.resolve(request.startsWith("POST") ? 500 : 200);
    expect(await project.fleetTls(["deploy", "mutual"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("mutual: error: Failed to persist state to backend"),
    });
    expect(project.mode(unsaved)).toBe(0o600);
    const [key, state] = [project.read(KEY), project.read(unsaved)];
    states.before = () => Promise.resolve(200);
    const { code, stderr } = await project.fleetTls(["deploy", "mutual"]);
    expect(`exit code ${code}: ${stderr}`).toMatch(/^exit code 0/);
    expect(stderr).toContain("mutual: saved the state that the last run could not save\n");
    expect(stderr).toContain("mutual: no changes");
    expect([project.read(KEY), project.exists(unsaved)]).toEqual([key, false]);

    // Not over what somebody deployed since.
    expect(await project.fleetTls(["deploy", "mutual"], { GENERATION: "2" })).toMatchObject({ code: 0 });
    project.write(unsaved, state);
    const refused = await project.fleetTls(["deploy", "mutual", "--all"]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be saved: [^]*; if another run dep/),
    });
    expect(project.read(SECRET)).toBe("2");
  } finally {
    states.close();
  }
});

test("a runner of a part reads the states of stacks that it never initialised", async () => {
  await withStates(async (environment) => {
    expect(await runner({ ...environment, READS: "1" }).fleetTls(["deploy"])).toMatchObject({ code: 0 });
    const part = runner({ ...environment, READS: "1" });
    expect((await part.fleetTls(["diff", "mutual"])).stdout).toMatch(/^mutual:\n {2}3 files of 1 host are written\n/);
    expect(await part.fleetTls(["deploy", "mutual"])).toMatchObject({ code: 0 });
    const again = await part.fleetTls(["deploy", "mutual"]);
    expect(again.stderr).toContain("mutual: unchanged since its last deploy, skipped");
  });
});

test("two runners share a state on S3, each with a part of the stacks; the one that is locked out prints the lock", async () => {
  const server = await S3Server.start();
  try {
    const { environment } = server;
    const [one, other] = [runner({ ...environment, SLOW: "10" }), runner({ ...environment, SLOW: "10" })];
    const parts = await Promise.all([
      one.fleetTls(["deploy", "--stacks", "one-way"]),
      other.fleetTls(["deploy", "--stacks", "mutual"]),
    ]);
    expect(parts.map(({ code, stderr }) => `${code}: ${stderr}`)).toEqual([
      expect.stringMatching(/^0/),
      expect.stringMatching(/^0/),
    ]);
    const both = await Promise.all([one.fleetTls(["deploy"]), other.fleetTls(["deploy"])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    // No lock is left.
    expect(server.objects.sort()).toEqual(["mutual.tfstate", "one-way.tfstate"]);
    const lock = {
      ID: "1234",
      Operation: "OperationTypeApply",
      Who: "someone@elsewhere",
      Created: new Date().toISOString(),
    };
    await server.put("mutual.tfstate.tflock", JSON.stringify(lock));
    const { code, stderr } = await one.fleetTls(["deploy", "mutual", "--all", "--lock-timeout", "1s"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/mutual: error: Error acquiring the state lock[^]*1234/);
  } finally {
    await server.stop();
  }
});
