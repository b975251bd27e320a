import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ProviderSource } from "../../providers/mirror";
import { removeForeignLocks } from "../../scripts/foreign-locks";

const LOCK = "stacks/mutual/.terraform.lock.hcl";
const REGISTRY: ProviderSource = { origin: "registry", environment: {} };
const MIRROR: ProviderSource = { origin: "mirror", environment: {}, build: "1" };

let output: string;
beforeEach(() => (output = fs.mkdtempSync(path.join(os.tmpdir(), "foreign-locks-"))));
afterEach(() => fs.rmSync(output, { recursive: true, force: true }));

function isKept(last: ProviderSource, next: ProviderSource): boolean {
  removeForeignLocks(output, last);
  fs.mkdirSync(path.join(output, "stacks/mutual"), { recursive: true });
  fs.writeFileSync(path.join(output, LOCK), "");
  removeForeignLocks(output, next);
  return fs.existsSync(path.join(output, LOCK));
}

test.each([REGISTRY, MIRROR])("a lock of the same providers stays: %j", (source) => {
  expect(isKept(source, source)).toBe(true);
});

test.each([
  [REGISTRY, MIRROR],
  [MIRROR, REGISTRY],
  [MIRROR, { ...MIRROR, build: "2" }],
])("a lock of other providers is removed: %j, then %j", (last, next) => {
  expect(isKept(last, next)).toBe(false);
});

test("a lock whose providers are not known is removed", () => {
  fs.mkdirSync(path.join(output, "stacks/mutual"), { recursive: true });
  fs.writeFileSync(path.join(output, LOCK), "");
  removeForeignLocks(output, MIRROR);
  expect(fs.existsSync(path.join(output, LOCK))).toBe(false);
});

test("a missing output folder is created, closed to others", () => {
  removeForeignLocks(path.join(output, "new"), MIRROR);
  expect(fs.statSync(path.join(output, "new")).mode & 0o777).toBe(0o700);
});
