import { writeFileSync } from "node:fs";

import { SERVER_SCRIPT } from "./check-fixture";
import type { Topology } from "./fleet-fixture";
import { FleetFixture, fleetTls } from "./fleet-fixture";

const fixture = new FleetFixture();
afterAll(() => fixture.dispose());

/** A topology whose Fleet Server listens on another port than its URL has. */
function mapped(): Topology {
  const t = fixture.topology();
  t.edit(SERVER_SCRIPT, (text) => text.replace("--fleet-server-port=8220", "--fleet-server-port=9000"));
  return t;
}

const strict = (t: Topology, ...args: string[]) => fleetTls(["verify", "--strict", t.root, ...args]);

test("--allow accepts the findings of a check, so that --strict passes", async () => {
  const t = mapped();
  expect((await strict(t)).code).toBe(1);
  const { code, out } = await strict(t, "--allow", "6");
  expect([code, out.includes("0 warnings, 1 accepted")]).toEqual([0, true]);
  expect((await strict(t, "--allow", "6:fleet-server/*")).code).toBe(0);
  expect((await strict(t, "--allow", "6:agents/*")).code).toBe(1);
  expect((await strict(t, "--allow", "7")).out).toContain("note: nothing corresponds to the acceptance of check 7");
});

test("a file of accepted findings has reasons and end dates, after which they count again", async () => {
  const t = mapped();
  const file = t.path("accepted.yml");
  const until = (date: string) =>
    writeFileSync(
      file,
      `- check: 6\n  place: fleet-server/*\n  what: port\n  reason: mapped by the balancer\n  until: ${date}\n`,
    );
  until("2999-12-31");
  const { code, out } = await strict(t, "--accepted", file);
  expect(code).toBe(0);
  expect(out).toMatch(/^accepted: .*fleet-server\/install-command\.sh: .*port.* \(mapped by the balancer\)$/m);
  until("2020-01-31");
  const ended = await strict(t, "--accepted", file);
  expect(ended.code).toBe(1);
  expect(ended.out).toContain("note: the acceptance of check 6 ended on 2020-01-31");
});

test.each([
  ["- check: 6\n  until: 2999-12-31\n", "item 1 has no reason"],
  ["- check: 6\n  reason: x\n", "item 1 has no until, a date such as"],
  ["- reason: x\n  until: 2999-12-31\n", "item 1 has no check"],
  ["- check: 6\n  reason: x\n  until: 2999-12-31\n  host: y\n", 'item 1 has an unknown key "host"'],
  ["check: 6\n", "is no list"],
  ["- [\n", "is not YAML"],
])("refuses a file of %j", async (text, message) => {
  const t = fixture.topology();
  writeFileSync(t.path("accepted.yml"), text);
  expect(await strict(t, "--accepted", t.path("accepted.yml"))).toMatchObject({
    code: 2,
    err: expect.stringContaining(message),
  });
});

test("refuses an --allow that is no check", async () => {
  expect((await strict(fixture.topology(), "--allow", "all")).err).toContain('--allow: not a check, got "all"');
});

test("the same finding on several hosts is printed once, with its places", async () => {
  const t = fixture.topology();
  ["fleet-server", "agents/web-1", "elasticsearch"].forEach((host) =>
    t.edit(`${host}/es-ca.pem`, (text) => text + text),
  );
  const lines = (await fleetTls(["verify", t.root])).out.split("\n").filter((line) => line.includes("occurs twice"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${t.root}/agents/web-1/es-ca.pem, ${t.root}/elasticsearch/es-ca.pem`);
});
