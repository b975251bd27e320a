import * as fs from "node:fs";

import type { App } from "cdktf";

import { CertificateAuthoritySource, KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { Pair } from "../support/openssl";
import { Server } from "../support/openssl";
import { CLIENT, Pki, SERVER } from "../support/pki";
import { TerraformProject } from "../support/terraform";

describe("OpenSSL shakes hands with the files of", () => {
  const project = new TerraformProject();
  const pki = new Pki(project.path("theirs"));
  let stranger: Pair;

  beforeAll(async () => {
    pki.authority("strangers");
    stranger = pki.leaf("stranger", "strangers", CLIENT);
    pki.authority("es-ca");
    pki.leaf("es", "es-ca", SERVER, ["DNS:es.example.com"]);
    project.synth((app) => build(app));
    await Promise.all(["one-way", "mutual", "existing"].map((stack) => project.apply(stack)));
    // The flag's list is one pool: it contains the fleet CA in addition to the agents' CA.
    const pool = ["fleet-ca", "agent-ca"].map((name) => fs.readFileSync(path(`mutual/fleet/fleet-server/${name}.pem`)));
    fs.writeFileSync(project.path("pool.pem"), Buffer.concat(pool));
  });
  afterAll(() => project.dispose());

  function build(app: App): void {
    new OneWayFleetTls(new TestStack(app, "one-way"), "fleet", fleetProps()).addAgent("web-1");
    new MutualFleetTls(new TestStack(app, "mutual"), "fleet", {
      ...fleetProps(),
      agentKeyPassphrase: KeyPassphrase.generated(),
    }).addAgent("web-1");
    new MutualFleetTls(
      new TestStack(app, "existing"),
      "fleet",
      fleetProps({ elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "theirs/es-ca.pem" }) }),
    ).addAgent("web-1");
  }

  const path = (file: string): string => project.path("fleet-tls", file);
  const pair = (prefix: string): Pair => ({ certificate: path(`${prefix}.pem`), key: path(`${prefix}-key.pem`) });
  const encrypted = (prefix: string): Pair => ({ ...pair(prefix), passphrase: path(`${prefix}-key-passphrase`) });

  async function withServer(own: Pair, clientCas: string | undefined, use: (server: Server) => Promise<void>) {
    const server = await Server.start(own, clientCas);
    try {
      await use(server);
    } finally {
      await server.close();
    }
  }

  test.each(["fleet.example.com", "localhost", "127.0.0.1"])(
    "a one-way fleet: an agent finds its Fleet Server at %s",
    async (name) => {
      await withServer(pair("one-way/fleet/fleet-server/fleet-cert"), undefined, async (fleetServer) => {
        const trust = path("one-way/fleet/agents/web-1/fleet-ca.pem");
        expect(await fleetServer.dial({ trust, name })).toMatchObject({ accepted: true });
      });
    },
  );

  test.each(["fleet-server", "agents/web-1"])("a one-way fleet: %s finds Elasticsearch", async (host) => {
    await withServer(pair("one-way/fleet/elasticsearch/es-cert"), undefined, async (elasticsearch) => {
      const trust = path(`one-way/fleet/${host}/es-ca.pem`);
      expect(await elasticsearch.dial({ trust, name: "es.example.com" })).toMatchObject({ accepted: true });
    });
  });

  test("a one-way fleet: a client refuses a server under a wrong name, and one of another CA", async () => {
    await withServer(pair("one-way/fleet/fleet-server/fleet-cert"), undefined, async (fleetServer) => {
      const trust = path("one-way/fleet/agents/web-1/fleet-ca.pem");
      const wrongName = await fleetServer.dial({ trust, name: "other.example.com" });
      expect(wrongName.accepted).toBe(false);
      expect(wrongName.text).toMatch(/hostname mismatch/i);
      const otherCa = await fleetServer.dial({
        trust: path("mutual/fleet/agents/web-1/fleet-ca.pem"),
        name: "fleet.example.com",
      });
      expect(otherCa.accepted).toBe(false);
      expect(otherCa.text).toMatch(/unable to get local issuer certificate/);
    });
  });

  describe("a mutual fleet:", () => {
    const agentTrust = () => path("mutual/fleet/agents/web-1/fleet-ca.pem");
    const toFleetServer = (use: (server: Server) => Promise<void>) =>
      withServer(pair("mutual/fleet/fleet-server/fleet-cert"), project.path("pool.pem"), use);
    const toElasticsearch = (use: (server: Server) => Promise<void>) =>
      withServer(pair("mutual/fleet/elasticsearch/es-cert"), path("mutual/fleet/elasticsearch/es-client-ca.pem"), use);

    test("an agent is admitted by Fleet Server, its key decrypted with its passphrase file", async () => {
      await toFleetServer(async (fleetServer) => {
        const own = encrypted("mutual/fleet/agents/web-1/agent-cert");
        const client = { trust: agentTrust(), name: "fleet.example.com", pair: own };
        expect(await fleetServer.dial(client)).toMatchObject({ accepted: true });
      });
    });

    test("the Fleet Server's own agent is admitted by it, dialling localhost", async () => {
      await toFleetServer(async (fleetServer) => {
        const own = encrypted("mutual/fleet/fleet-server/agent-cert");
        const client = { trust: path("mutual/fleet/fleet-server/fleet-ca.pem"), name: "localhost", pair: own };
        expect(await fleetServer.dial(client)).toMatchObject({ accepted: true });
      });
    });

    test("Fleet Server refuses a client without a certificate", async () => {
      await toFleetServer(async (fleetServer) => {
        const { accepted, text } = await fleetServer.dial({ trust: agentTrust(), name: "fleet.example.com" });
        expect(accepted).toBe(false);
        expect(text).toMatch(/certificate required/);
      });
    });

    test("Fleet Server refuses a client of another CA", async () => {
      await toFleetServer(async (fleetServer) => {
        for (const own of [stranger, pair("existing/fleet/agents/web-1/agent-cert")]) {
          const client = { trust: agentTrust(), name: "fleet.example.com", pair: own };
          const { accepted, text } = await fleetServer.dial(client);
          expect(accepted).toBe(false);
          expect(text).toMatch(/alert (unknown ca|decrypt error|bad certificate)/);
        }
      });
    });

    test("Fleet Server refuses a server certificate that is used as a client's, even of a CA that it trusts", async () => {
      await toFleetServer(async (fleetServer) => {
        const own = pair("mutual/fleet/fleet-server/fleet-cert");
        const client = { trust: agentTrust(), name: "fleet.example.com", pair: own };
        const { accepted, text } = await fleetServer.dial(client);
        expect(accepted).toBe(false);
        expect(text).toMatch(/alert unsupported certificate/);
      });
    });

    test("a client refuses a client certificate that is used as a server's", async () => {
      await withServer(encrypted("mutual/fleet/agents/web-1/agent-cert"), undefined, async (impostor) => {
        const trust = path("mutual/fleet/fleet-server/agent-ca.pem");
        const { accepted, text } = await impostor.dial({ trust, name: "web-1" });
        expect(accepted).toBe(false);
        expect(text).toMatch(/unsuitable certificate purpose|unsupported certificate purpose/);
      });
    });

    test("Fleet Server and an agent are admitted by Elasticsearch, each with its own certificate", async () => {
      await toElasticsearch(async (elasticsearch) => {
        const clients = [
          { host: "fleet-server", own: pair("mutual/fleet/fleet-server/fleet-es-cert") },
          { host: "agents/web-1", own: encrypted("mutual/fleet/agents/web-1/agent-cert") },
        ];
        for (const { host, own } of clients) {
          const client = { trust: path(`mutual/fleet/${host}/es-ca.pem`), name: "es.example.com", pair: own };
          expect(await elasticsearch.dial(client)).toMatchObject({ accepted: true });
        }
      });
    });

    test("Elasticsearch refuses a client without a certificate, and one of another CA", async () => {
      await toElasticsearch(async (elasticsearch) => {
        const dial = { trust: path("mutual/fleet/fleet-server/es-ca.pem"), name: "es.example.com" };
        expect((await elasticsearch.dial(dial)).text).toMatch(/certificate required/);
        expect((await elasticsearch.dial({ ...dial, pair: stranger })).text).toMatch(/alert unknown ca/);
      });
    });
  });

  test("with an existing Elasticsearch: it admits Fleet Server by the agents' CA, and is trusted by its own CA", async () => {
    const theirs = pki.pair("es");
    await withServer(theirs, path("existing/fleet/elasticsearch/es-client-ca.pem"), async (elasticsearch) => {
      for (const [host, kind] of [
        ["fleet-server", "fleet-es"],
        ["agents/web-1", "agent"],
      ]) {
        const own = pair(`existing/fleet/${host}/${kind}-cert`);
        const client = { trust: path(`existing/fleet/${host}/es-ca.pem`), name: "es.example.com", pair: own };
        expect(await elasticsearch.dial(client)).toMatchObject({ accepted: true });
      }
    });
  });
});
