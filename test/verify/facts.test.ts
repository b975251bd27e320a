import { FACTS } from "../../verify/facts";
import { SERVER } from "../private/x509/fixtures";
import { certificateCases } from "./fact-cases-certificates";
import { fileCases } from "./fact-cases-files";
import { settingsCases } from "./fact-cases-settings";
import { FactFixture, FLEET_NAMES, SERVER_SCRIPT, withFlag } from "./fact-fixture";
import { fleetTls, PASSPHRASE, TOKEN, verifyJson } from "./fleet-fixture";

const fixture = new FactFixture();
const { pki } = fixture;
afterAll(() => fixture.dispose());

const CASES = [...fileCases(fixture), ...certificateCases(fixture), ...settingsCases(fixture)];

test("a topology that is right has no finding, and every fact with something to check holds", async () => {
  const t = fixture.topology();
  const pin = `--ca-sha256=${pki.read("fleet-ca").spkiPinSha256}`;
  const fingerprint = `--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256.toUpperCase()}`;
  t.edit(SERVER_SCRIPT, withFlag(`${pin} ${fingerprint} --header=a=b`));
  t.write("agents/web-1/logstash-key.pem", pki.text("web-1-key"));
  const { lines, facts } = await verifyJson(t, ["--stack-version", "9.5.2"]);
  expect(lines).toEqual([]);
  expect(facts.filter(({ status }) => status !== "holds").map(({ fact, status }) => [fact, status])).toEqual([
    [19, "nothing to check"],
    [31, "nothing to check"],
    [41, "nothing to check"],
    [51, "nothing to check"],
  ]);
});

test.each(CASES)("fact %i: names %s", async (fact, _, spoil, line) => {
  const t = fixture.topology();
  spoil(t);
  const { lines, facts, findings } = await verifyJson(t, fact === 41 ? ["--fips"] : []);
  expect(lines).toContainEqual(expect.stringContaining(line));
  expect(facts.find((one) => one.fact === fact)!.status).toBe("broken");
  const printed = JSON.stringify(findings) + (await fleetTls(["verify", t.root])).out;
  for (const secret of [PASSPHRASE, TOKEN, pki.text("fleet-cert-key").split("\n")[1]!]) {
    expect(printed).not.toContain(secret);
  }
});

test("fact 54: names what has ended, is not yet valid, or outlives its CA", async () => {
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

test("each of facts 35 to 61 is broken by a case", () => {
  const broken = new Set([54, ...CASES.map(([fact]) => fact)]);
  const facts = Object.keys(FACTS).map(Number);
  expect(facts).toHaveLength(61);
  expect(facts.filter((fact) => fact >= 35 && !broken.has(fact))).toEqual([]);
});
