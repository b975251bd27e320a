import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, Server } from "node:http";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";

import { ElasticFixture, MUTUAL_AGENT } from "./elastic-fixture";
import { missing } from "./programs";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

const describeWhereGoIs = missing("elastic-v0.46.3") === undefined ? describe : describe.skip;
const PROXY = "http://proxy.branch.example.com:3128";

/** What docs/mutual-through-a-proxy.md says of the agent, with the agent's own HTTP client. */
describeWhereGoIs("an agent behind a forward proxy", () => {
  const fixture = new ElasticFixture();
  const servers: Server[] = [];
  const tunnels: { readonly target?: string; readonly headers: IncomingHttpHeaders }[] = [];
  const requests: IncomingHttpHeaders[] = [];
  let all: Validators;
  let elastic: Validator;
  let fleetServer: number;
  let proxy: number;

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  beforeAll(async () => {
    all = await startValidators(["elastic-v0.46.3"], { HTTPS_PROXY: PROXY, NO_PROXY: "" });
    elastic = all.validators[0]!;
    const [cert, key, ca] = ["fleet-cert.pem", "fleet-cert-key.pem", "agent-ca.pem"].map((name) =>
      readFileSync(fixture.pki.path(name)),
    );
    fleetServer = await listen(
      https.createServer({ cert, key, ca, requestCert: true }, ({ headers, socket }, response) => {
        requests.push(headers);
        const subject = `CN=${String((socket as TLSSocket).getPeerCertificate().subject.CN)}`;
        response.end(JSON.stringify({ clientCertificate: true, subject }));
      }),
    );
    const connecting = http.createServer().on("connect", ({ url, headers }, client) => {
      tunnels.push({ target: url, headers });
      const upstream = connect(fleetServer, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
      client.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => client.destroy()).pipe(client);
    });
    proxy = await listen(connecting);
  });
  beforeEach(() => {
    tunnels.length = 0;
    requests.length = 0;
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await all.close();
    fixture.remove();
  });

  async function dial(flags: string, port: number) {
    const command = await fixture.handleOf(elastic, `${MUTUAL_AGENT} ${flags}`);
    return elastic.request({ op: "connect", command, edge: "agent-to-fleet", port, throughProxy: true });
  }

  test("opens a tunnel to Fleet Server's host and port, and presents its certificate through it", async () => {
    expect(await dial(`--proxy-url=${PROXY} --proxy-header=X-Branch=berlin`, proxy)).toMatchObject({
      ...{ ok: true, clientCertificate: true, subject: expect.stringMatching(/^CN=./) },
    });
    expect(tunnels).toMatchObject([{ target: "fleet.example.com:8220", headers: { "x-branch": "berlin" } }]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).not.toHaveProperty("x-branch");
  });

  test("uses HTTPS_PROXY without a URL, and ignores it when proxies are disabled", async () => {
    expect(await dial("", proxy)).toMatchObject({ ok: true });
    expect(tunnels).toMatchObject([{ target: "fleet.example.com:8220" }]);
    expect(await dial("--proxy-disabled", fleetServer)).toMatchObject({ ok: true });
    expect(tunnels).toHaveLength(1);
  });
});
