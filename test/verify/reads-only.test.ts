import { createHook } from "node:async_hooks";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";

import { FleetFixture, fleetTls } from "./fleet-fixture";

const fixture = new FleetFixture();
const topology = fixture.topology();
const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "verify.md"), "utf8");

/** What Node creates for a connection, a datagram, a look-up of a name, and another program, which could do either. */
const USES = /^(TCPCONNECTWRAP|UDPWRAP|UDPSENDWRAP|GETADDRINFOREQWRAP|GETNAMEINFOREQWRAP|QUERYWRAP|PROCESSWRAP)$/;

let server: Server;
beforeAll(async () => {
  server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  topology.write("hosts.json", JSON.stringify({ items: [] }));
  topology.write("accepted.yml", "[]\n");
  topology.write("api-key", "aGVsbG86d29ybGQtc2VjcmV0");
});
afterAll(() => {
  server.close();
  fixture.dispose();
});

/** Runs the command line, and returns what it used of the network. */
async function usesOf(...args: string[]): Promise<{ code: number; uses: string[] }> {
  const uses: string[] = [];
  const hook = createHook({ init: (_id, type) => USES.test(type) && uses.push(type) }).enable();
  try {
    const { code } = await fleetTls(args);
    return { code, uses };
  } finally {
    hook.disable();
  }
}

/** What somebody sees of a folder: names, modes, times and contents. */
function filesOf(folder: string): string[][] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => {
    const place = join(entry.parentPath ?? entry.path, entry.name);
    const { mode, mtimeMs } = statSync(place);
    return [place, `${mode}`, `${mtimeMs}`, entry.isFile() ? readFileSync(place, "utf8") : ""];
  });
}

/** Every other option of verify, with a value. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  "--command": [topology.path("agents/web-1/install-command.sh")],
  "--kibana": [topology.path("hosts.json")],
  "--kibana-key-file": [topology.path("api-key")],
  "--kibana-ca": [fixture.pki.path("es-ca.pem")],
  "--expiring": ["30d"],
  "--stack-version": ["9.2.0"],
  "--fips": [],
  "--defend": [],
  "--strict": [],
  "--allow": ["6"],
  "--accepted": [topology.path("accepted.yml")],
  "--checks": [],
  "--json": [],
  "--sarif": [],
};

test("--connect is the only option that uses the network, and no option changes a file", async () => {
  const before = filesOf(topology.root);
  const help = PAGE.slice(PAGE.indexOf("fleet-tls verify DIR... [options]"), PAGE.indexOf("Exit codes:"));
  const options = [...help.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, option]) => option!);
  expect(options.filter((option) => option !== "--connect")).toEqual(Object.keys(VALUES));
  for (const [option, values] of Object.entries(VALUES)) {
    const { code, uses } = await usesOf("verify", topology.path("agents/web-1"), option, ...values);
    expect([option, code < 2, uses]).toEqual([option, true, []]);
  }
  expect(await usesOf("verify", topology.root)).toEqual({ code: 0, uses: [] });
  expect(await usesOf("expiring", topology.root)).toEqual({ code: 0, uses: [] });
  expect(filesOf(topology.root)).toEqual(before);
});

test("a URL of Kibana without --connect is an error, and not asked", async () => {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await usesOf("verify", topology.root, "--kibana", url)).toEqual({ code: 2, uses: [] });
});

test("--connect is seen to use it", async () => {
  const { port } = server.address() as AddressInfo;
  const { uses } = await usesOf("verify", topology.path("agents/web-1"), "--connect", `127.0.0.1:${port}`);
  expect(uses).toContain("TCPCONNECTWRAP");
});
