import { CHECKS, FIRST_FILE_CHECK } from "../../verify/checks";
import { REMEDIES } from "../../verify/remedies";
import { SERVER } from "../support/pki";
import { certificateCases } from "./check-cases-certificates";
import { commandCases } from "./check-cases-commands";
import { fileCases } from "./check-cases-files";
import { kibanaCases } from "./check-cases-kibana";
import { settingsCases } from "./check-cases-settings";
import { trustCases } from "./check-cases-trust";
import { CheckFixture, FLEET_NAMES, SERVER_SCRIPT, withFlag } from "./check-fixture";
import { fleetTls, PASSPHRASE, TOKEN, verifyJson } from "./fleet-fixture";

const fixture = new CheckFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

const CASES = [
  ...commandCases(fixture),
  ...fileCases(fixture),
  ...trustCases(fixture),
  ...certificateCases(fixture),
  ...settingsCases(fixture),
  ...kibanaCases(fixture),
];

/** Options without which a check, or one case of it, is not made. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  41: ["--fips"],
  69: ["--defend"],
  "a proxy in a release that loses it": ["--stack-version", "9.1.0"],
};
const argumentsOf = (check: number, title: string) => ARGUMENTS[title] ?? ARGUMENTS[check];

test("a topology that is right has no finding, and every applicable check passes", async () => {
  const t = fixture.topology();
  const pin = `--ca-sha256=${pki.read("fleet-ca").spkiPinSha256}`;
  const fingerprint = `--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256.toUpperCase()}`;
  t.edit(SERVER_SCRIPT, withFlag(`${pin} ${fingerprint} --header=a=b`));
  t.write("agents/web-1/logstash-key.pem", pki.text("web-1-key"));
  const { lines, checks } = await verifyJson(t, ["--stack-version", "9.5.2"]);
  expect(lines).toEqual([]);
  expect(checks.filter(({ status }) => status !== "passed").map(({ check, status }) => [check, status])).toEqual([
    [19, "not applicable"],
    [31, "not applicable"],
    [41, "not applicable"],
    [46, "not applicable"],
    [51, "not applicable"],
    [68, "not applicable"],
    [69, "not applicable"],
    [71, "not applicable"],
    [72, "not applicable"],
    [73, "not applicable"],
  ]);
});

test.each(CASES)("check %i: reports %s", async (check, title, spoil, line) => {
  const t = fixture.topology();
  spoil(t);
  const { lines, checks, findings } = await verifyJson(t, argumentsOf(check, title));
  expect(lines).toContainEqual(expect.stringContaining(line));
  // Nothing but this defect; a command may lack both halves of a pair, which are one finding each.
  expect(check < FIRST_FILE_CHECK ? [check] : findings).toHaveLength(1);
  expect(findings.filter(({ checks: numbers }) => !numbers.includes(check))).toEqual([]);
  expect(checks.find((one) => one.check === check)!.status).toBe("failed");
  const printed = JSON.stringify(findings) + (await fleetTls(["verify", t.root])).out;
  for (const secret of [PASSPHRASE, TOKEN, pki.text("fleet-cert-key").split("\n")[1]!]) {
    expect(printed).not.toContain(secret);
  }
});

test.each(CASES)("check %i: does not report what comes close to %s", async (check, title, _, __, close) => {
  const t = fixture.topology();
  close(t);
  expect((await verifyJson(t, argumentsOf(check, title))).lines).toEqual([]);
});

test("check 54: reports what has ended, is not yet valid, or outlives its CA", async () => {
  const t = fixture.topology();
  const years = (count: number) => new Date(Date.now() + count * 365 * 86_400_000);
  expect((await verifyJson(t, [], years(2))).lines).toContainEqual(
    expect.stringContaining("fleet-cert.pem: CN=fleet-cert: expired on"),
  );
  expect((await verifyJson(t, [], years(-1))).lines).toContainEqual(
    expect.stringContaining("CN=fleet-cert: not valid before"),
  );
  fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES], "fleet-ca", 4000);
  expect((await verifyJson(t)).lines).toEqual([
    expect.stringMatching(
      /^warning fleet-server\/fleet-cert.pem: is valid until .*, longer than its CA CN=fleet-ca \(54\)$/,
    ),
  ]);
});

test("check 69: reports keys that Elastic Defend before 8.19 does not read, of CAs and of servers too", async () => {
  const t = fixture.topology();
  fixture.plainKeys(t);
  const { lines } = await verifyJson(t, ["--defend", "--stack-version", "8.18.0"]);
  const what = "has EC keys, which Elastic Defend of 8.18.0 drops silently (69)";
  for (const file of ["agents/web-1/agent-cert.pem", "agents/web-1/fleet-ca.pem", "elasticsearch/es-cert.pem"]) {
    expect(lines).toContain(`error ${file}: ${what}`);
  }
  expect((await verifyJson(t, ["--defend", "--stack-version", "8.19.0"])).lines).toEqual([]);
});

/** Checks that other tests fail: of time, of endpoints (connect.test.ts), of services (recipes-services.test.ts). */
const ELSEWHERE = [54, 68, 71, 72];

test("every check has a remedy, which quotes what a case reports", () => {
  expect(Object.keys(REMEDIES)).toEqual(Object.keys(CHECKS));
  const quoted = Object.entries(REMEDIES).filter(
    ([number, { says }]) =>
      !ELSEWHERE.includes(Number(number)) &&
      !CASES.some(([check, , , line]) => check === Number(number) && line.includes(says)),
  );
  expect(quoted).toEqual([]);
});

test("every check is failed by a case", () => {
  const failed = new Set([...ELSEWHERE, ...CASES.map(([check]) => check)]);
  expect(
    Object.keys(CHECKS)
      .map(Number)
      .filter((check) => !failed.has(check)),
  ).toEqual([]);
});
