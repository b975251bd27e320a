import { cpSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { missing } from "../programs";
import { startValidators } from "../validators";
import type { Validators } from "../validators";
import type { Lane, Listening, Processes, Shipping } from "./lanes";
import { KAFKA, KEPT, LANES, LOGSTASH, PROCESS_NAMES, processesOf, REMOTE } from "./lanes";
import { ShippingFleet } from "./shipping-fleet";
import { AGENT, agentWith, GENUINE, OTHER_NAME, receiverWith, WRONG_CLIENTS, WRONG_SERVERS } from "./wrong-ones";

const whereAllAre = PROCESS_NAMES.every((name) => missing(name) === undefined) ? describe : describe.skip;

whereAllAre("with the emitted settings of a deployed fleet", () => {
  let fleet: ShippingFleet;
  let all: Validators;
  let processes: Processes;

  beforeAll(async () => {
    [fleet, all] = await Promise.all([ShippingFleet.deploy(), startValidators(PROCESS_NAMES)]);
    processes = processesOf(all);
  });
  afterAll(async () => {
    await all.close();
    fleet.dispose();
  });

  /** An agent as it was deployed, but for the changes. */
  const ship = (lane: Lane, port: number, changes: Partial<Shipping> = {}) =>
    lane.ship(processes, { folder: fleet.host(AGENT), output: fleet.output(lane.output), port, ...changes });

  const listen = (lane: Lane, folder = fleet.copyOf(lane.host)): Promise<Listening> =>
    lane.serve(processes, folder, fleet.project.path());

  /** The receivers of one test end with it: all Kafka brokers share the memory of one process. */
  const ofOneTest: Listening[] = [];
  afterEach(async () => {
    for (const receiver of ofOneTest.splice(0)) await receiver.close();
  });
  const serve = async (lane: Lane, folder?: string): Promise<Listening> => {
    const receiver = await listen(lane, folder);
    ofOneTest.push(receiver);
    return receiver;
  };

  /** What the client's own error is when the receiver refuses its certificate. */
  const REFUSED_BY_RECEIVER = /remote error: tls|connection reset|broken pipe|EOF/;
  const REFUSED_BY_AGENT = /x509: |certificate signed by unknown authority/;
  const refused = (reason: RegExp) => ({ ok: false, error: expect.stringMatching(reason) });

  describe.each(LANES)("$output", (lane) => {
    let receiver: Listening;
    let port: number;
    beforeAll(async () => {
      receiver = await listen(lane);
      port = receiver.port;
    });
    afterAll(() => receiver.close());

    test("an agent is accepted, and what it ships is acknowledged", async () => {
      expect(await ship(lane, port)).toMatchObject({ ok: true });
    });

    test("an agent without a certificate is refused", async () => {
      const output = fleet.output(lane.output);
      const { certificate, key, ...ssl } = output.config.ssl;
      expect([certificate, key]).toEqual([expect.stringMatching(/^\//), expect.stringMatching(/^\//)]);
      const answer = await ship(lane, port, { output: { ...output, config: { ssl } } });
      expect(answer).toMatchObject(refused(REFUSED_BY_RECEIVER));
    });

    test("an agent without TLS is refused", async () => {
      expect(await ship(lane, port, { plaintext: true })).toMatchObject({ ok: false });
    });

    test.each(WRONG_CLIENTS)("an agent with a certificate $title is refused", async (wrong) => {
      const folder = await agentWith(fleet, lane, wrong);
      expect(await ship(lane, port, { folder })).toMatchObject(refused(REFUSED_BY_RECEIVER));
    });
  });

  describe.each(LANES.filter(({ output }) => output !== "sasl"))("an impostor of $output", (lane) => {
    test.each(WRONG_SERVERS)("with a certificate $title is refused", async (wrong) => {
      const { port } = await serve(lane, await receiverWith(fleet, lane, wrong));
      expect(await ship(lane, port)).toMatchObject(refused(REFUSED_BY_AGENT));
    });
  });

  test.each([LOGSTASH, REMOTE])("$output with a certificate for another name is refused", async (lane) => {
    const { port } = await serve(lane, await receiverWith(fleet, lane, OTHER_NAME));
    expect(await ship(lane, port)).toMatchObject(refused(/not logstash\.example\.com|not es\.berlin|x509: /));
  });

  test("a Kafka broker with a pair that is on its host is accepted, and refused with one of a foreign CA", async () => {
    const { port } = await serve(KEPT, await receiverWith(fleet, KEPT, GENUINE));
    expect(await ship(KEPT, port)).toMatchObject({ ok: true });
    const foreign = await serve(KEPT, await receiverWith(fleet, KEPT, WRONG_SERVERS[0]!));
    expect(await ship(KEPT, foreign.port)).toMatchObject(refused(REFUSED_BY_AGENT));
  });

  test.each(["2.1.0", "2.6.0"])("Kafka 4 accepts version %s of the protocol", async (version) => {
    const { port } = await serve(KAFKA);
    const output = { ...fleet.output(KAFKA.output), version };
    expect(await ship(KAFKA, port, { output })).toMatchObject({ ok: true });
  });

  describe("a Kafka broker whose stores' paths are set again", () => {
    const foreign = WRONG_SERVERS[0]!;
    const put = async (folder: string, wrong: typeof GENUINE): Promise<void> =>
      cpSync(await receiverWith(fleet, KAFKA, wrong), folder, { recursive: true });
    const start = async () => {
      const folder = await receiverWith(fleet, KAFKA, GENUINE);
      return { folder, ...(await serve(KAFKA, folder)) };
    };

    /** The first refusal: a broker loads its stores a moment after the command has ended. */
    const refusal = async (port: number) => {
      let answer = await ship(KAFKA, port);
      while (answer.ok) answer = await ship(KAFKA, port);
      return answer;
    };

    test("loads a changed key store then, and not before", async () => {
      const { folder, port, setStorePaths } = await start();
      await put(folder, foreign);
      expect(await ship(KAFKA, port)).toMatchObject({ ok: true });
      await setStorePaths();
      expect(await refusal(port)).toMatchObject(refused(REFUSED_BY_AGENT));
    });

    test("loads a changed trust store then, and not before", async () => {
      const { folder, port, setStorePaths } = await start();
      cpSync(fleet.signer.stranger().certificate, path.join(folder, "agent-ca.pem"));
      expect(await ship(KAFKA, port)).toMatchObject({ ok: true });
      await setStorePaths();
      expect(await refusal(port)).toMatchObject(refused(REFUSED_BY_RECEIVER));
    });
  });

  describe("a Kafka broker whose CA others have certificates of too", () => {
    const named = refused(/certificate is valid for other\.example\.com, not kafka\.example\.com/);
    const kafka = (ssl: Record<string, unknown>) => ({ ...fleet.output(KAFKA.output), config: { ssl } });

    test("checks no name in mode full, and checks it in mode strict without reloading", async () => {
      const { port } = await serve(KAFKA, await receiverWith(fleet, KAFKA, OTHER_NAME));
      const { ssl } = fleet.output(KAFKA.output).config;
      expect(await ship(KAFKA, port)).toMatchObject({ ok: true });
      const strict = { ...ssl, verification_mode: "strict" };
      expect(await ship(KAFKA, port, { output: kafka(strict) })).toMatchObject({ ok: true });
      const withoutReload = { ...strict, certificate_reload: { enabled: false } };
      expect(await ship(KAFKA, port, { output: kafka(withoutReload) })).toMatchObject(named);
    });

    test("with a public certificate is checked in mode strict, which outputs have there", async () => {
      const { certificate_authorities: cas, ...pair } = fleet.output(KAFKA.output).config.ssl;
      const ca = fleet.project.path("public-ca.pem");
      writeFileSync(ca, (cas as string[]).join("\n"));
      const trusting = await startValidators(["shipper"], { SSL_CERT_FILE: ca, SSL_CERT_DIR: fleet.project.path() });
      const [shipper] = trusting.validators;
      const send = (port: number, ssl: Record<string, unknown>) =>
        KAFKA.ship({ ...processes, shipper: shipper! }, { folder: fleet.host(AGENT), output: kafka(ssl), port });
      const [genuine, other] = [await serve(KAFKA), await serve(KAFKA, await receiverWith(fleet, KAFKA, OTHER_NAME))];
      const strict = { enabled: true, verification_mode: "strict", ...pair };
      expect(await send(genuine.port, strict)).toMatchObject({ ok: true });
      expect(await send(other.port, strict)).toMatchObject(named);
      expect(await send(other.port, { enabled: true, ...pair })).toMatchObject({ ok: true });
      await trusting.close();
    });
  });
});
