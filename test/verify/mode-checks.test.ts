import { findFolders } from "../../bin/read-folders";
import { verifyHosts } from "../../verify/verify-hosts";
import { withFlag } from "./check-fixture";
import { FleetFixture } from "./fleet-fixture";

const fixture = new FleetFixture();
afterAll(() => fixture.dispose());

const AGENT = "agents/web-1/install-command.sh";
const account = { uid: 990, gids: [991] };

/** The findings about owners on the agent's host itself, whose files have this owner, group and mode. */
function ownersOf(
  gid: number,
  mode: number,
  accounts = new Map([["elastic-agent-user", account]]),
  parents = [{ path: "/etc", uid: 0, gid: 0, mode: 0o755 }],
) {
  const t = fixture.topology();
  t.edit(AGENT, (text) =>
    withFlag("--unprivileged --group=elastic")(text).split("/etc/elastic-agent/certs").join(t.path("agents/web-1")),
  );
  const [folder] = findFolders([t.path("agents/web-1")]);
  const files = new Map([...folder!.files].map(([name, file]) => [name, { ...file, uid: 0, gid, mode }]));
  const input = { folders: [{ ...folder!, uid: 0, gid, mode: 0o750, files, parents }], outputs: [], kibana: [] };
  const machine = { uid: 0, accounts };
  const { report } = verifyHosts(input, { at: new Date(Date.now() + 60_000), publicRoots: [], fips: false, machine });
  return {
    found: report.entries.filter(({ checks }) => checks.includes(42)).map(({ what }) => what),
    notes: report.notes,
  };
}

test("an unprivileged agent must be able to read its keys and enter its folder", () => {
  const what = "cannot be read by elastic-agent-user, who runs the agent";
  expect(ownersOf(0, 0o600).found).toEqual(
    expect.arrayContaining([what, "cannot be entered by elastic-agent-user, who runs the agent"]),
  );
  expect(ownersOf(991, 0o600).found).toEqual([what, what, what, what]);
  expect(ownersOf(991, 0o640).found).toEqual([]);
});

test("an account that this machine does not have is named in a note", () => {
  const { found, notes } = ownersOf(991, 0o640, new Map());
  expect(found).toEqual([]);
  expect(notes).toContainEqual(expect.stringContaining("owners are not checked"));
});

test("an unprivileged agent must be able to enter every folder above its files", () => {
  const closed = [{ path: "/etc/elastic-agent", uid: 0, gid: 0, mode: 0o700 }];
  expect(ownersOf(991, 0o640, undefined, closed).found).toEqual([
    "is below /etc/elastic-agent, which elastic-agent-user, who runs the agent, cannot enter",
  ]);
  expect(ownersOf(991, 0o640, undefined, [{ ...closed[0]!, mode: 0o711 }]).found).toEqual([]);
});
