import { CHECKS } from "../../verify/checks";
import { SERVER_SCRIPT, withFlag } from "./check-fixture";
import { FleetFixture, fleetTls } from "./fleet-fixture";

const fixture = new FleetFixture();
afterAll(() => fixture.dispose());

interface Sarif {
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri: string }[] };
      };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
        }[];
        readonly suppressions?: readonly { readonly justification: string }[];
      }[];
    },
  ];
}

async function sarifOf(root: string, ...args: string[]): Promise<Sarif> {
  return JSON.parse((await fleetTls(["verify", "--sarif", root, ...args])).out) as Sarif;
}

test("SARIF has a rule for each check, and a result with its places for each finding", async () => {
  const t = fixture.topology();
  t.edit(SERVER_SCRIPT, withFlag("--insecure"));
  t.edit("agents/web-1/install-command.sh", withFlag("--insecure"));
  const { version, runs } = await sarifOf(t.root);
  const [{ tool, results }] = runs;
  expect(version).toBe("2.1.0");
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(Object.keys(CHECKS).map((check) => `check-${check}`));
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    ruleId: "check-28",
    level: "error",
    message: { text: expect.stringContaining("--insecure disables the verification") },
  });
  expect(tool.driver.rules[results[0]!.ruleIndex]!.helpUri).toMatch(/docs\/verify.md#check-28$/);
  expect(results[0]!.locations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri)).toEqual([
    `file://${t.root}/agents/web-1/install-command.sh`,
    `file://${t.root}/fleet-server/install-command.sh`,
  ]);
});

test("SARIF has accepted findings as suppressed, and nothing for a tree that is right", async () => {
  const t = fixture.topology();
  expect((await sarifOf(t.root)).runs[0].results).toEqual([]);
  t.edit(SERVER_SCRIPT, withFlag("--insecure"));
  expect((await sarifOf(t.root, "--allow", "28")).runs[0].results).toMatchObject([
    { suppressions: [{ kind: "external", justification: "--allow" }] },
  ]);
});
