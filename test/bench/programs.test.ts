import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "bench-test-"));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

type Counts = Record<string, number>;

/** Resources by type that the programs of `npm run bench` synthesise. */
function synthesise(program: string, agents: number, mode: string): { printed: string; counts: Counts } {
  const folder = path.join(scratch, `${program}-${agents}-${mode}`);
  const printed = execFileSync(process.execPath, [path.join("bench", program), String(agents), mode, folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const { resource } = JSON.parse(fs.readFileSync(path.join(folder, "stacks/bench/cdk.tf.json"), "utf8"));
  const counts = Object.entries(resource as Record<string, object>).map(([type, named]): [string, number] => [
    type,
    Object.keys(named).length,
  ]);
  return { printed, counts: Object.fromEntries(counts) };
}

test.each(["one-way", "mutual", "encrypted"])("the app of a %s fleet says how long its synth took", (mode) => {
  const { printed } = synthesise("app.cjs", 1, mode);
  const { synthSeconds, commandSeconds } = JSON.parse(printed) as Counts;
  expect(commandSeconds).toBeGreaterThan(0);
  expect(synthSeconds).toBeGreaterThan(commandSeconds!);
});

test("an agent by hand has the keys, certificates and files that it has by the library", () => {
  const each = (program: string): Counts => {
    const [one, two] = [1, 2].map((agents) => synthesise(program, agents, "mutual").counts);
    const added = Object.entries(two!).map(([type, count]): [string, number] => [type, count - (one![type] ?? 0)]);
    return Object.fromEntries(added.filter(([type, count]) => count > 0 && type !== "terraform_data"));
  };
  expect(each("by-hand.cjs")).toEqual(each("app.cjs"));
});
