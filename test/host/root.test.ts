import * as fs from "node:fs";
import * as tls from "node:tls";

import { CertificateAuthoritySource, MutualFleetTls, OneWayFleetTls, ProxySoftware, ProxyTarget } from "../../lib";
import type { FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { fleetProps, variable } from "../support/fleets";
import { Pki, SERVER } from "../support/pki";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";

const { intermediate, trustOnly, rotating, generated, existing } = CertificateAuthoritySource;
const REFUSED = "is an intermediate that hosts trust without its root";

const anchored = (stack: TestStack) => intermediate({ issuer: testAuthority(stack), anchor: true });
const below = (stack: TestStack) => intermediate({ issuer: testAuthority(stack) });

/** Where a program that verifies up to a root reads a CA. */
const READERS: Record<string, (stack: TestStack, source: CertificateAuthoritySource) => void> = {
  "Kibana reads elasticsearchCa": (stack, elasticsearchCa) =>
    void new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchCa })).addKibana("kibana"),
  "nginx reads fleetCa": (stack, fleetCa) =>
    void new OneWayFleetTls(stack, "fleet", fleetProps({ fleetCa })).addProxy("edge", {
      url: "https://proxy.example.com:8220",
      ca: generated(),
    }),
  "haproxy reads agentCa": (stack, agentCa) =>
    void new MutualFleetTls(stack, "fleet", {
      ...fleetProps(),
      agentCa,
      acceptAnyClientOf: [agentCa],
    }).addProxy("edge", { url: "https://proxy.example.com:8220", proxySoftware: ProxySoftware.HAPROXY }),
};

describe.each(Object.entries(READERS))("%s", (_, build) => {
  test("an anchored intermediate is refused, one with its root is accepted", () => {
    expect(refusalOf((stack) => build(stack, anchored(stack)))).toContain(REFUSED);
    synthStack((stack) => build(stack, below(stack)));
  });

  test("nor does a root in another generation help, or that the CA is borrowed", () => {
    const half = (stack: TestStack) =>
      rotating({ generations: { "1": generated(), "2": anchored(stack) }, issuing: "1" });
    expect(refusalOf((stack) => build(stack, half(stack)))).toContain(REFUSED);
    const borrowed = (stack: TestStack) =>
      existing(new OneWayFleetTls(stack, "other", fleetProps({ fleetCa: anchored(stack) })).fleetCa);
    expect(refusalOf((stack) => build(stack, borrowed(stack)))).toContain(REFUSED);
  });
});

test("without a reader that needs the root, an anchored intermediate is accepted", () => {
  synthStack((stack) => {
    const props: Partial<FleetTlsProps & MutualFleetTlsProps> = {
      fleetCa: intermediate({ issuer: testAuthority(stack), anchor: true }),
    };
    new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props }).addKibana("kibana");
  });
});

describe("of a CA that is given", () => {
  const pki = new Pki();
  afterAll(() => pki.dispose());
  pki.authority("root");
  pki.authority("between", "root");

  const upstream = { target: ProxyTarget.ELASTICSEARCH, upstreamUrl: "https://es-1.example.com:9200" };
  const behind = (stack: TestStack, upstreamCa: CertificateAuthoritySource) =>
    void new OneWayFleetTls(stack, "fleet", fleetProps()).addProxy("edge", { ...upstream, upstreamCa });

  test("an intermediate alone is refused at synth, its root and both together are accepted", () => {
    const pem = (...names: string[]) => trustOnly({ pem: names.map((name) => pki.text(name)).join("") });
    expect(refusalOf((stack) => behind(stack, pem("between")))).toContain(REFUSED);
    synthStack((stack) => behind(stack, pem("root")));
    synthStack((stack) => behind(stack, pem("between", "root")));
  });

  test("what only Terraform knows is refused at plan, and accepted with its root", async () => {
    const project = new TerraformProject((app) => {
      const stack = new TestStack(app);
      behind(stack, trustOnly({ pem: variable(stack, "upstream") }));
    });
    try {
      const plan = (...names: string[]) =>
        project.plan("stack", { variables: { upstream: names.map((name) => pki.text(name)).join("") } });
      await expect(plan("between")).rejects.toThrow(/upstreamCa \(\S+\) is\s+an\s+intermediate/);
      await plan("between", "root");
    } finally {
      project.dispose();
    }
  });

  /** How Node, and so Kibana, judges a server of an intermediate by some CAs. */
  function judgement(...ca: string[]): Promise<string> {
    const server = tls.createServer({
      cert: fs.readFileSync(pki.chain("es", "between")),
      key: fs.readFileSync(pki.path("es-key.pem")),
    });
    return new Promise((resolve) => {
      server.on("tlsClientError", () => undefined);
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        const trusted = ca.map((name) => pki.text(name));
        const socket = tls.connect({ port, host: "127.0.0.1", servername: "es.example.com", ca: trusted });
        const end = (text: string): void => {
          socket.destroy();
          server.close(() => resolve(text));
        };
        socket.on("secureConnect", () => end("trusted"));
        socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
      });
    });
  }

  test("Node refuses a server below an intermediate that it trusts without its root", async () => {
    pki.leaf("es", "between", SERVER, ["DNS:es.example.com"]);
    expect(await judgement("between")).toBe("UNABLE_TO_GET_ISSUER_CERT");
    expect(await judgement("between", "root")).toBe("trusted");
  });
});
