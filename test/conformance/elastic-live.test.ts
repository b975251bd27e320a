import { cpSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { ElasticFixture, MUTUAL, MUTUAL_AGENT, need } from "./elastic-fixture";
import { missing } from "./programs";
import type { CheckinStats } from "./protocol";
import { startValidators } from "./validators";
import type { Validators } from "./validators";

const fixture = new ElasticFixture();
let all: Validators;

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3"]);
});

afterAll(async () => {
  await all.close();
  fixture.remove();
});

whereGoIs(
  "agents check in without a failure while files are renamed into place, and lose a missing authority",
  async () => {
    const [elastic] = all.validators;
    const local = fixture.folder();
    cpSync(fixture.directory, local, { recursive: true });
    const replace = (name: string, content: string) => {
      writeFileSync(join(local, `.${name}`), content);
      renameSync(join(local, `.${name}`), join(local, name));
    };
    const reload = { reload: true, reloadIntervalMs: 100 };
    const served = need(
      await elastic!.request({ op: "serve", command: await fixture.handleOf(elastic!, MUTUAL, local), ...reload }),
    );
    const command = await fixture.handleOf(elastic!, MUTUAL_AGENT, local);
    const edge = "agent-to-fleet";
    const started = await elastic!.request({
      op: "checkin-start",
      command,
      edge,
      port: served.port,
      intervalMs: 20,
      ...reload,
    });
    const { checkin } = need(started);
    const statsWhen = async (holds: (stats: CheckinStats) => boolean): Promise<CheckinStats> => {
      for (;;) {
        const stats = need(await elastic!.request({ op: "checkin-stats", checkin }));
        if (holds(stats)) return stats;
        await setTimeout(20);
      }
    };
    await statsWhen(({ fresh }) => fresh.succeeded > 10);
    replace(
      "fleet-ca.pem",
      readFileSync(fixture.pki.path("fleet-ca.pem"), "utf8") + readFileSync(fixture.pki.path("foreign-ca.pem"), "utf8"),
    );
    const good = await statsWhen(({ fresh }) => fresh.succeeded > 30);
    expect(good).toMatchObject({ fresh: { failed: 0, errors: {} }, keptOpen: { failed: 0 } });
    replace("fleet-ca.pem", readFileSync(fixture.pki.path("foreign-ca.pem"), "utf8"));
    await statsWhen(({ fresh }) => fresh.failed > 0);
    const bad = need(await elastic!.request({ op: "checkin-stop", checkin }));
    expect(Object.keys(bad.fresh.errors).join()).toMatch("unknown authority");
    const stats = need(await elastic!.request({ op: "close", server: served.server }));
    expect(stats.withCertificates).toBe(bad.fresh.succeeded + bad.keptOpen.succeeded);
  },
);

whereGoIs(
  "a running fleet server drops a removed client authority but trusts an added one after a restart only",
  async () => {
    const [elastic] = all.validators;
    const bundle = join(fixture.directory, "client-cas.pem");
    const write = (...names: string[]) =>
      writeFileSync(bundle, names.map((name) => readFileSync(fixture.pki.path(`${name}.pem`), "utf8")).join(""));
    write("agent-ca", "es-ca");
    const pair = { certificate: fixture.pki.path("fleet-cert.pem"), key: fixture.pki.path("fleet-cert-key.pem") };
    const reload = { reload: true, reloadIntervalMs: 50 };
    const port = await fixture.portOf(elastic!, { ...pair, clientCas: [bundle], clientAuth: "required", ...reload });
    const knock = async (name: string) => {
      const passphrase = name === "agent-cert" ? fixture.pki.path("agent-cert-key-passphrase") : null;
      const client = {
        certificate: fixture.pki.path(`${name}.pem`),
        key: fixture.pki.path(`${name}-key.pem`),
        passphrase,
      };
      const cas = [fixture.pki.path("fleet-ca.pem")];
      return (await elastic!.request({ op: "connect", port, serverName: "localhost", cas, ...client })).ok;
    };
    const gone = async (name: string) => {
      while (await knock(name)) await setTimeout(20);
    };
    expect([await knock("agent-cert"), await knock("foreign-cert"), await knock("fleet-es-cert")]).toEqual([
      true,
      false,
      true,
    ]);
    write("agent-ca", "foreign-ca");
    // Once the removed authority is gone, the server has read the file again.
    await gone("fleet-es-cert");
    expect([await knock("agent-cert"), await knock("foreign-cert")]).toEqual([true, false]);
    write("foreign-ca");
    await gone("agent-cert");
    expect(await knock("foreign-cert")).toBe(false);
  },
);
