import { readFileSync } from "node:fs";
import { get } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { connect, createServer } from "node:net";
import * as tls from "node:tls";

import { ElasticFixture, MUTUAL, MUTUAL_AGENT } from "./elastic-fixture";
import { missing } from "./programs";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

const describeWhereGoIs = missing("elastic-v0.46.3") === undefined ? describe : describe.skip;

/** What docs/hosts.md says of a load balancer in front of Fleet Servers. */
describeWhereGoIs("a load balancer in front of a Fleet Server that requires client certificates", () => {
  const fixture = new ElasticFixture();
  const balancers: Server[] = [];
  let all: Validators;
  let elastic: Validator;
  let fleetServer: number;

  beforeAll(async () => {
    all = await startValidators(["elastic-v0.46.3"]);
    elastic = all.validators[0]!;
    fleetServer = await fixture.portOf(elastic, { command: await fixture.handleOf(elastic, MUTUAL) });
  });
  afterAll(async () => {
    for (const balancer of balancers) balancer.close();
    await all.close();
    fixture.remove();
  });

  const read = (name: string): string => readFileSync(fixture.pki.path(name), "utf8");

  async function listen(balancer: Server): Promise<number> {
    balancers.push(balancer);
    await new Promise<void>((resolve) => balancer.listen(0, "127.0.0.1", resolve));
    return (balancer.address() as AddressInfo).port;
  }

  async function agentBy(port: number) {
    const command = await fixture.handleOf(elastic, MUTUAL_AGENT);
    return elastic.request({ op: "connect", command, edge: "agent-to-fleet", port });
  }

  test("that passes TCP through admits the agent by its certificate", async () => {
    const balancer = createServer((client) => {
      const upstream = connect(fleetServer, "127.0.0.1");
      client.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => client.destroy()).pipe(client);
    });
    expect(await agentBy(await listen(balancer))).toMatchObject({ ok: true, clientCertificate: true });
  });

  test("that ends TLS without a client certificate of its own admits nobody", async () => {
    const pair = { cert: read("fleet-cert.pem"), key: read("fleet-cert-key.pem") };
    let ended = 0;
    const balancer = tls.createServer({ ...pair, ca: read("agent-ca.pem"), requestCert: true }, (client) => {
      ended++;
      const upstream = tls.connect({ port: fleetServer, host: "127.0.0.1", ca: read("fleet-ca.pem") });
      client.on("error", () => upstream.destroy()).pipe(upstream);
      upstream.on("error", () => client.destroy()).pipe(client);
    });
    expect(await agentBy(await listen(balancer))).toMatchObject({ ok: false });
    expect(ended).toBeGreaterThan(0);
  });

  test("finds it by TCP, and gets no answer from /api/status without a certificate", async () => {
    const opened = new Promise((resolve, reject) => {
      const socket = connect(fleetServer, "127.0.0.1", () => resolve(socket.destroy()));
      socket.on("error", reject);
    });
    await expect(opened).resolves.toBeDefined();
    const status = (pair: tls.SecureContextOptions) =>
      new Promise((resolve, reject) => {
        const options = {
          port: fleetServer,
          host: "127.0.0.1",
          path: "/api/status",
          ca: read("fleet-ca.pem"),
          ...pair,
        };
        get(options, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
      });
    await expect(status({})).rejects.toThrow(/certificate required|bad certificate|reset/);
    const key = { key: read("agent-cert-key.pem"), passphrase: read("agent-cert-key-passphrase").trim() };
    await expect(status({ cert: read("agent-cert.pem"), ...key })).resolves.toEqual(expect.any(Number));
  });
});
