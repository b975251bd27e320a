import { readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";

import { SERVER_SCRIPT, withFlag } from "./check-fixture";
import { FleetFixture, fleetTls } from "./fleet-fixture";

const fixture = new FleetFixture();
afterAll(() => fixture.dispose());

const ajv = new Ajv({ strict: true });
addFormats(ajv);
const validate = ajv.compile(
  JSON.parse(readFileSync(join(__dirname, "../../docs/verify.schema.json"), "utf8")) as object,
);

async function reportOf(root: string, ...args: string[]): Promise<unknown> {
  return JSON.parse((await fleetTls(["verify", "--json", root, ...args])).out);
}

test("reports with and without findings are of the published schema", async () => {
  const t = fixture.topology();
  for (const args of [[], ["--expiring", "400d", "--stack-version", "8.12"], ["--fips", "--allow", "41"]]) {
    const isValid = validate(await reportOf(t.root, ...args));
    expect([validate.errors, isValid]).toEqual([null, true]);
  }
  t.edit(SERVER_SCRIPT, withFlag("--insecure"));
  t.write("notes", "x");
  expect(validate(await reportOf(t.root))).toBe(true);
});

test("the schema refuses what no report has", async () => {
  const report = (await reportOf(fixture.topology().root)) as Record<string, unknown>;
  expect(validate({ ...report, facts: [] })).toBe(false);
  expect(validate({ ...report, version: 2 })).toBe(false);
  expect(validate({ ...report, findings: [{ severity: "error", checks: [], what: "x", fix: "y", places: [] }] })).toBe(
    false,
  );
});
