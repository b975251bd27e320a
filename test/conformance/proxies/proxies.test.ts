import { setImmediate } from "node:timers/promises";

import { SERVER } from "../../support/pki";
import { HOST, need, splitBySh } from "../elastic-fixture";
import { missing } from "../programs";
import { startValidators } from "../validators";
import type { Validator, Validators } from "../validators";
import { HoldingServer, poll } from "./long-poll";
import { NAME, ProxiedFleet } from "./proxied-fleet";
import { PROGRAMS } from "./proxied-hosts";
import type { Program, ProxyProcess } from "./proxy-process";
import { missingProgram, presented } from "./proxy-process";

const reason = missing("elastic-v0.46.3") ?? PROGRAMS.map(missingProgram).find((each) => each !== undefined);
const describeWherePossible = reason === undefined ? describe : describe.skip;

describeWherePossible(
  "nginx and HAProxy in front of a stub Fleet Server, with Elastic's TLS code as the client",
  () => {
    let fleet: ProxiedFleet;
    let all: Validators;
    let elastic: Validator;
    let upstream: { port: number; server: string };
    const proxies = {} as Record<Program, ProxyProcess>;

    const commandOf = async (agent?: string): Promise<string> => {
      const folder = agent === undefined ? "fleet-server" : `agents/${agent}`;
      const argv = splitBySh((await fleet.command(agent)).replaceAll(/\$\{?FLEET_ENROLLMENT_TOKEN[^ "]*/g, "dGVzdA=="));
      const command = { op: "command", argv, directories: { [HOST]: fleet.host(folder).replace(/\/$/, "") } } as const;
      return need(await elastic.request(command)).command;
    };
    const serve = async (): Promise<void> => {
      const command = await commandOf();
      upstream = need(await elastic.request({ op: "serve", command, port: fleet.ports.upstream }));
    };
    const dial = async (program: Program) =>
      elastic.request({
        op: "connect",
        command: await commandOf(program),
        edge: "agent-to-fleet",
        port: fleet.ports[program],
      });
    const dialWith = (program: Program, pair: { certificate?: string; key?: string } = {}, serverName = NAME) =>
      elastic.request({
        op: "connect",
        port: fleet.ports[program],
        serverName,
        cas: [fleet.host(`agents/${program}`, "fleet-ca.pem")],
        ...pair,
      });

    beforeAll(async () => {
      all = await startValidators(["elastic-v0.46.3"]);
      elastic = all.validators[0]!;
      fleet = new ProxiedFleet();
      await fleet.deploy();
      await serve();
      for (const program of PROGRAMS) proxies[program] = await fleet.start(program);
    });
    afterAll(async () => {
      await all.close();
      await fleet.dispose();
    });

    test.each(PROGRAMS)(
      "%s: the emitted command is admitted, and the proxy shows Fleet Server its own certificate",
      async (program) => {
        expect(await dial(program)).toMatchObject({ ok: true, clientCertificate: true, subject: `CN=${program}` });
      },
    );

    test.each(PROGRAMS)("%s: no certificate, a stranger's and an expired one are refused", async (program) => {
      const pairs = [{}, fleet.pki.pair("stranger"), fleet.expired()];
      for (const pair of pairs) expect(await dialWith(program, pair)).toMatchObject({ ok: false });
      expect(await dialWith(program, fleet.agentPair(program))).toMatchObject({ ok: true });
    });

    test.each(PROGRAMS)("%s: a name that is not in the proxy's certificate is refused", async (program) => {
      expect(await dialWith(program, fleet.agentPair(program), "fleet.example.com")).toMatchObject({ ok: false });
    });

    test.each(PROGRAMS)(
      "%s: an upstream with another CA's certificate, or for another name, gets no request",
      async (program) => {
        fleet.pki.leaf("impostor", "strangers", SERVER, ["DNS:localhost"]);
        const { certificate, key } = fleet.pki.pair("impostor");
        // Of the fleet CA, but for another name.
        const other = {
          certificate: fleet.host("proxies/other", "proxy-cert.pem"),
          key: fleet.host("proxies/other", "proxy-cert-key.pem"),
        };
        await elastic.request({ op: "close", server: upstream.server });
        for (const pair of [{ certificate, key }, other]) {
          const impostor = need(await elastic.request({ op: "serve", ...pair, port: fleet.ports.upstream }));
          expect(await dial(program)).toMatchObject({ ok: false });
          const stats = need(await elastic.request({ op: "close", server: impostor.server }));
          expect(stats.requests).toBe(0);
        }
        await serve();
        expect(await dial(program)).toMatchObject({ ok: true });
      },
    );

    test.each(PROGRAMS)("%s: reloading drops none of the requests that wait for their answer", async (program) => {
      await elastic.request({ op: "close", server: upstream.server });
      const held = await HoldingServer.start(fleet);
      const polls = Array.from({ length: 10 }, () => poll(fleet, program));
      await held.received(10);
      proxies[program].reload();
      await presented(fleet.ports[program]);
      held.release();
      expect(await Promise.all(polls)).toEqual(Array(10).fill(200));
      expect(held.hosts).toEqual(new Set([`localhost:${fleet.ports.upstream}`]));
      await held.close();
      await serve();
    });

    test("the proxies' CA is rotated under load, without one failed handshake", async () => {
      const checkins = await Promise.all(
        PROGRAMS.map(async (program) => {
          const command = await commandOf(program);
          const client = {
            command,
            edge: "agent-to-fleet",
            port: fleet.ports[program],
            reload: true,
            reloadIntervalMs: 50,
          } as const;
          return need(await elastic.request({ op: "checkin-start", intervalMs: 20, ...client })).checkin;
        }),
      );
      const succeeded = async (): Promise<number[]> =>
        Promise.all(
          checkins.map(
            async (checkin) => need(await elastic.request({ op: "checkin-stats", checkin })).fresh.succeeded,
          ),
        );
      for (const step of [1, 2, 3]) {
        await fleet.step(step);
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
  },
);
