import { setImmediate } from "node:timers/promises";

import { SERVER } from "../../support/pki";
import { HOST, need, splitBySh } from "../elastic-fixture";
import { missing } from "../programs";
import type { ServeRequest } from "../protocol";
import { startValidators } from "../validators";
import type { Validator, Validators } from "../validators";
import { NAME, ProxiedElasticsearch } from "./proxied-elasticsearch";
import { PROGRAMS } from "./proxied-hosts";
import type { Program, ProxyProcess } from "./proxy-process";
import { missingProgram } from "./proxy-process";

const reason = missing("elastic-v0.46.3") ?? PROGRAMS.map(missingProgram).find((each) => each !== undefined);
const describeWherePossible = reason === undefined ? describe : describe.skip;

describeWherePossible("nginx and HAProxy in front of a stub Elasticsearch that requires certificates", () => {
  const fleet = new ProxiedElasticsearch();
  const proxies = {} as Record<Program, ProxyProcess>;
  let all: Validators;
  let elastic: Validator;
  let upstream: string;

  /** The stand-in with the emitted files of Elasticsearch. */
  const listener = (): Omit<ServeRequest, "op"> => ({
    certificate: fleet.host("elasticsearch", "es-cert.pem"),
    key: fleet.host("elasticsearch", "es-cert-key.pem"),
    clientCas: [fleet.host("elasticsearch", "es-client-ca.pem")],
    clientAuth: "required",
  });
  const serve = async (): Promise<void> => {
    upstream = need(await elastic.request({ op: "serve", ...listener(), port: fleet.ports.upstream })).server;
  };
  const commandOf = async (): Promise<string> => {
    const directories = { [HOST]: fleet.host("fleet-server").replace(/\/$/, "") };
    const argv = splitBySh(await fleet.command());
    return need(await elastic.request({ op: "command", argv, directories })).command;
  };
  const asFleetServer = async (program: Program) =>
    elastic.request({
      op: "connect",
      command: await commandOf(),
      edge: "fleet-to-elasticsearch",
      port: fleet.ports[program],
    });
  const asAgent = (program: Program) =>
    elastic.request({ op: "connect", ...fleet.output, serverName: NAME, port: fleet.ports[program] });
  const dialWith = (program: Program, pair: { certificate?: string; key?: string } = {}, serverName = NAME) =>
    elastic.request({
      op: "connect",
      port: fleet.ports[program],
      serverName,
      cas: [fleet.host("agents/web-1", "es-ca.pem")],
      ...pair,
    });
  const agentPair = () => fleet.agentPair("web-1");

  beforeAll(async () => {
    all = await startValidators(["elastic-v0.46.3"]);
    elastic = all.validators[0]!;
    await fleet.deploy();
    await serve();
    for (const program of PROGRAMS) proxies[program] = await fleet.start(program);
  });
  afterAll(async () => {
    await all.close();
    await fleet.dispose();
  });

  test.each(PROGRAMS)(
    "%s: Fleet Server's command and an agent's output are admitted, and Elasticsearch sees the proxy's certificate",
    async (program) => {
      const seen = { ok: true, clientCertificate: true, subject: `CN=${program}` };
      expect(await asFleetServer(program)).toMatchObject(seen);
      expect(await asAgent(program)).toMatchObject(seen);
    },
  );

  test.each(PROGRAMS)("%s: no certificate, a stranger's and an expired one are refused", async (program) => {
    const pairs = [{}, fleet.pki.pair("stranger"), fleet.expired()];
    for (const pair of pairs) expect(await dialWith(program, pair)).toMatchObject({ ok: false });
    expect(await dialWith(program, agentPair())).toMatchObject({ ok: true });
  });

  test.each(PROGRAMS)("%s: a name that is not in the proxy's certificate is refused", async (program) => {
    expect(await dialWith(program, agentPair(), "fleet.example.com")).toMatchObject({ ok: false });
  });

  test.each(PROGRAMS)(
    "%s: an upstream with another CA's certificate, or for another name, gets no request",
    async (program) => {
      fleet.pki.leaf("impostor", "strangers", SERVER, ["DNS:localhost"]);
      const { certificate, key } = fleet.pki.pair("impostor");
      // Of the Elasticsearch CA, but for another name.
      const other = {
        certificate: fleet.host("elasticsearch-nodes/other", "es-cert.pem"),
        key: fleet.host("elasticsearch-nodes/other", "es-cert-key.pem"),
      };
      await elastic.request({ op: "close", server: upstream });
      for (const pair of [{ certificate, key }, other]) {
        const impostor = need(await elastic.request({ op: "serve", ...pair, port: fleet.ports.upstream }));
        expect(await asFleetServer(program)).toMatchObject({ ok: false });
        expect(await asAgent(program)).toMatchObject({ ok: false });
        expect(need(await elastic.request({ op: "close", server: impostor.server })).requests).toBe(0);
      }
      await serve();
      expect(await asFleetServer(program)).toMatchObject({ ok: true });
    },
  );

  test("the CA of the proxies' server and client certificates is rotated under load, without one failed handshake", async () => {
    const reload = { reload: true, reloadIntervalMs: 50 } as const;
    const checkins = await Promise.all(
      PROGRAMS.map(async (program) => {
        const client = {
          command: await commandOf(),
          edge: "fleet-to-elasticsearch",
          port: fleet.ports[program],
        } as const;
        return need(await elastic.request({ op: "checkin-start", intervalMs: 20, ...client, ...reload })).checkin;
      }),
    );
    const succeeded = async (): Promise<number[]> =>
      Promise.all(
        checkins.map(async (checkin) => need(await elastic.request({ op: "checkin-stats", checkin })).fresh.succeeded),
      );
    for (const step of [1, 2, 3]) {
      await fleet.step(step);
      need(await elastic.request({ op: "restart", server: upstream, ...listener() }));
      for (const program of PROGRAMS) {
        proxies[program].reload();
        await fleet.presents(program);
      }
      const before = await succeeded();
      while ((await succeeded()).some((count, index) => count < before[index]! + 20)) await setImmediate();
    }
    for (const checkin of checkins) {
      expect(need(await elastic.request({ op: "checkin-stop", checkin }))).toMatchObject({
        fresh: { failed: 0, errors: {} },
        keptOpen: { failed: 0, errors: {} },
      });
    }
  });
});
