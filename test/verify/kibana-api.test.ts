import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createPlain } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";

import { SERVER } from "../support/pki";
import { FleetFixture, fleetTls, verifyJson } from "./fleet-fixture";
import { fromJavaScript } from "../support/javascript";

const fixture = new FleetFixture();
const { pki } = fixture;
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));
afterAll(() => fixture.dispose());

const PAGE = readFileSync(join(__dirname, "..", "..", "docs", "verify.md"), "utf8");

const run = (args: readonly string[], env: Record<string, string>) => fleetTls(args, undefined, env);

const KEY = "aGVsbG86d29ybGQtc2VjcmV0";
const certs = "/etc/elastic-agent/certs";

/** What Kibana answers on a fleet that agrees with the fixture. */
const LISTS = {
  fleet_server_hosts: [{ id: "fs", name: "fs", is_default: true, host_urls: ["https://fleet.example.com:8220"] }],
  outputs: [
    {
      id: "default",
      name: "default",
      type: "elasticsearch",
      is_default: true,
      hosts: ["https://es.example.com:9200"],
      config_yaml: `ssl.certificate_authorities: ["${certs}/es-ca.pem"]`,
    },
    {
      id: "remote",
      name: "remote",
      type: "remote_elasticsearch",
      hosts: ["https://other.example.com:9200"],
      secrets: { service_token: { id: "x" } },
    },
  ],
  proxies: [{ id: "edge", name: "edge", url: "https://proxy.example.com:3128" }],
  agent_download_sources: [
    { id: "mirror", name: "mirror", is_default: true, host: "https://artifacts.example.com/downloads/" },
  ],
  agent_policies: [{ id: "p", name: "p", namespace: "default", fleet_server_host_id: "fs", data_output_id: "default" }],
};

type Lists = Readonly<Record<string, readonly object[]>>;

const requests: string[] = [];

function answer(lists: Lists) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${request.method} ${request.url}`);
    const [, list = ""] = /^\/kb\/api\/fleet\/(\w+)(?:\?.*)?$/.exec(request.url ?? "") ?? [];
    const status = request.headers.authorization !== `ApiKey ${KEY}` ? 401 : list in lists ? 200 : 403;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: lists[list] ?? [], total: 1, page: 1, perPage: 1000 }));
  };
}

function listen(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

async function kibana(lists: Lists): Promise<string> {
  const names = [...SERVER, "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  pki.certificate("kibana-server", { issuer: "es-ca", extensions: names });
  const pair = { cert: pki.text("kibana-server"), key: pki.text("kibana-server-key") };
  return `https://127.0.0.1:${await listen(createServer(pair, answer(lists)))}/kb`;
}

async function verifyWith(url: string, key = KEY, ...args: string[]) {
  const t = fixture.topology();
  const ca = ["--kibana-ca", pki.path("es-ca.pem")];
  return run(
    ["verify", t.path("fleet-server"), t.path("agents"), t.path("elasticsearch"), "--kibana", url, ...ca, ...args],
    { KIBANA_API_KEY: key },
  );
}

test("reads the lists that docs/verify.md names, with GET alone, and finds nothing wrong with objects that agree", async () => {
  requests.length = 0;
  const { out, err } = await verifyWith(await kibana(LISTS), KEY, "--connect", "127.0.0.1:1", "--allow", "68");
  expect(err).toBe("");
  expect(out).not.toContain(KEY);
  expect(out).not.toMatch(/ (fs|default|remote|edge|mirror) /);
  expect(requests.sort()).toEqual([
    "GET /kb/api/fleet/agent_download_sources",
    "GET /kb/api/fleet/agent_policies?perPage=1000",
    "GET /kb/api/fleet/fleet_server_hosts",
    "GET /kb/api/fleet/outputs",
    "GET /kb/api/fleet/proxies",
  ]);
  const [, lists = ""] = /^Only `GET` requests are sent, to ([^.]*)\./m.exec(PAGE) ?? [];
  const named = [...lists.matchAll(/`(?:\/api\/fleet\/)?(\w+)`/g)].map(([, list]) => list);
  expect(named.sort()).toEqual(Object.keys(LISTS).sort());
});

test.each<[string, string, (lists: typeof LISTS) => object]>([
  [
    "a Fleet Server host with the Elasticsearch CA for agents",
    "Fleet Server host fs has ssl.agent_certificate_authorities, which replaces the CA that agents enrolled with",
    (lists) => ({
      fleet_server_hosts: [
        { ...lists.fleet_server_hosts[0], ssl: { agent_certificate_authorities: [`${certs}/es-ca.pem`] } },
      ],
    }),
  ],
  [
    "a proxy whose CA replaces the fleet CA",
    "Fleet Server host fs has proxy edge, whose CA replaces the fleet CA",
    (lists) => ({
      fleet_server_hosts: [{ ...lists.fleet_server_hosts[0], proxy_id: "edge" }],
      proxies: [{ ...lists.proxies[0], certificate_authorities: pki.text("es-ca") }],
    }),
  ],
  [
    "an output without a CA",
    "output default names no Elasticsearch CA",
    (lists) => ({ outputs: [{ ...lists.outputs[0], config_yaml: "" }] }),
  ],
  [
    "a secret in plain text",
    "output remote has service_token in plain text",
    (lists) => ({ outputs: [lists.outputs[0], { ...lists.outputs[1], service_token: "hunter2-hunter2" }] }),
  ],
  [
    "a download source whose proxy replaces its CA",
    "download source mirror has proxy edge, whose CA replaces",
    (lists) => ({
      agent_download_sources: [
        {
          ...lists.agent_download_sources[0],
          proxy_id: "edge",
          ssl: { certificate_authorities: [pki.text("es-ca")] },
        },
      ],
      proxies: [{ ...lists.proxies[0], certificate_authorities: pki.text("fleet-ca") }],
    }),
  ],
  [
    "a policy of an unknown output",
    "agent policy p has a data_output_id of no output",
    (lists) => ({ agent_policies: [{ ...lists.agent_policies[0], data_output_id: "gone" }] }),
  ],
])("reports %s, from Kibana and from a saved answer alike", async (_, line, change) => {
  const lists = fromJavaScript<Lists>({ ...LISTS, ...change(LISTS) });
  const { out, code } = await verifyWith(await kibana(lists), KEY, "--connect", "127.0.0.1:1");
  expect([code, out]).toEqual([1, expect.stringContaining(line)]);
  expect(out).not.toContain("hunter2");
  const t = fixture.topology();
  t.remove("kibana");
  t.write("saved.json", JSON.stringify(Object.entries(lists).map(([, items]) => ({ items }))));
  const saved = await verifyJson(t, ["--kibana", t.path("saved.json")]);
  expect(saved.lines).toContainEqual(expect.stringContaining(line));
  expect(JSON.stringify(saved)).not.toContain("hunter2");
});

test("a key that Kibana refuses, or that may not read a list, ends the run with what to do", async () => {
  const url = await kibana(LISTS);
  const { code, err } = await verifyWith(url, "other", "--connect");
  expect([code, err]).toEqual([2, expect.stringContaining("the API key is not accepted (401)")]);
  const fewer = Object.fromEntries(Object.entries(LISTS).filter(([list]) => list !== "outputs"));
  expect((await verifyWith(await kibana(fewer), KEY, "--connect")).err).toContain(
    "it needs to read Fleet's settings and agent policies (403)",
  );
});

test.each<[string, string[], string, string]>([
  ["a URL without --connect", [], KEY, "a URL needs --connect"],
  ["a URL without a key", ["--connect"], "", "a URL needs an API key, in the variable KIBANA_API_KEY"],
  ["a key with a blank", ["--connect"], "a b", "the API key has blanks"],
])("refuses %s", async (_, args, key, message) => {
  const { code, err } = await verifyWith("https://127.0.0.1:1", key, ...args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test("never sends a key in plain text to another machine, nor trusts a certificate that it cannot verify", async () => {
  expect((await verifyWith("http://kibana.example.com:5601", KEY, "--connect")).err).toContain(
    "would send the API key in plain text",
  );
  const t = fixture.topology();
  const url = await kibana(LISTS);
  const { err } = await run(["verify", t.root, "--kibana", url, "--connect"], { KIBANA_API_KEY: KEY });
  expect(err).toMatch(/--kibana: .*UNABLE_TO_VERIFY|self.signed|unable to/i);
  const plain = await listen(createPlain(answer(LISTS)));
  const local = await run(["verify", t.root, "--kibana", `http://127.0.0.1:${plain}/kb`, "--connect", "127.0.0.1:1"], {
    KIBANA_API_KEY: KEY,
  });
  expect(local.err).toBe("");
});

test.each([
  ["{", "is not JSON"],
  ['{"hello": 1}', "contains no object of Fleet's API"],
])("a saved answer of %j is an error", async (text, what) => {
  const t = fixture.topology();
  t.write("saved.json", text);
  expect((await verifyJson(t, ["--kibana", t.path("saved.json")])).lines).toContainEqual(expect.stringContaining(what));
});
