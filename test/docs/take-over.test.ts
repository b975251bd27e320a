import * as fs from "node:fs";
import type * as net from "node:net";
import * as path from "node:path";
import * as tls from "node:tls";

import type { FleetTlsProps } from "../../lib";
import { CertificateAuthoritySource, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { verify } from "../support/openssl";
import { CLIENT, Pki, SERVER } from "../support/pki";
import { TerraformProject } from "../support/terraform";

// A fleet made by hand: a CA, and what its Fleet Server and an agent present.
const old = new Pki();
const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "take-over.md"), "utf8");
const OLD_CA = old.path("fleet-ca.pem");
const SERVER_OF = { purpose: "sslserver", name: "fleet.example.com" } as const;
const CLIENT_OF = { purpose: "sslclient" } as const;
let project: TerraformProject;

beforeAll(() => {
  old.authority("fleet-ca");
  old.leaf("fleet-server", "fleet-ca", SERVER, ["DNS:fleet.example.com"]);
  old.leaf("agent", "fleet-ca", CLIENT);
  old.authority("old-agent-ca");
  old.leaf("old-agent", "old-agent-ca", CLIENT);
});
beforeEach(() => {
  project = new TerraformProject();
});
afterEach(() => project.dispose());
afterAll(() => old.dispose());

const made = (file: string): string => project.path("fleet-tls", file);
const props = (more: Partial<FleetTlsProps>): FleetTlsProps => fleetProps({ outputDirectory: "fleet-tls", ...more });

test("with the CA's key, hosts with new files and hosts with old ones accept each other", async () => {
  const source = CertificateAuthoritySource.fromFiles({
    certificate: OLD_CA,
    privateKey: old.path("fleet-ca-key.pem"),
    dedicated: true,
  });
  project.synth((app) => {
    new MutualFleetTls(new TestStack(app), "fleet", { ...props({ fleetCa: source }), agentCa: source }).addAgent(
      "web-1",
    );
  });
  await project.apply("stack");
  // Old trust, new certificates; and new trust, old certificates.
  expect(await verify(made("fleet-server/fleet-cert.pem"), { trust: OLD_CA, ...SERVER_OF })).toBe("OK");
  expect(await verify(made("agents/web-1/agent-cert.pem"), { trust: OLD_CA, ...CLIENT_OF })).toBe("OK");
  expect(await verify(old.path("fleet-server.pem"), { trust: made("agents/web-1/fleet-ca.pem"), ...SERVER_OF })).toBe(
    "OK",
  );
  expect(await verify(old.path("agent.pem"), { trust: made("fleet-server/agent-ca.pem"), ...CLIENT_OF })).toBe("OK");
});

test("without the CA's key, agents trust the old and the new Fleet Server certificate", async () => {
  const rotating = (startsHere: boolean): CertificateAuthoritySource =>
    CertificateAuthoritySource.rotating({
      generations: {
        "1": CertificateAuthoritySource.trustOnly({ file: OLD_CA, dedicated: true }),
        "2": CertificateAuthoritySource.generated(),
      },
      issuing: "2",
      ...(startsHere && { startsHere }),
    });
  const synth = (startsHere: boolean): void =>
    project.synth((app) => {
      new OneWayFleetTls(new TestStack(app), "fleet", props({ fleetCa: rotating(startsHere) })).addAgent("web-1");
    });
  synth(true);
  await project.apply("stack");
  const trust = made("agents/web-1/fleet-ca.pem");
  expect(await verify(old.path("fleet-server.pem"), { trust, ...SERVER_OF })).toBe("OK");
  expect(await verify(made("fleet-server/fleet-cert.pem"), { trust, ...SERVER_OF })).toBe("OK");
  expect(fs.readFileSync(trust, "utf8")).toContain(fs.readFileSync(OLD_CA, "utf8").trim());
  synth(false);
  expect((await project.plan("stack")).text).toContain("No changes.");
});

/** Whether a TLS 1.3 server that admits clients of these CAs accepts a client with this certificate and its key. */
async function admits(admitted: string, [certificate, key]: readonly [string, string]): Promise<boolean> {
  const read = (file: string): Buffer => fs.readFileSync(file);
  const server = tls.createServer({
    cert: read(old.path("fleet-server.pem")),
    key: read(old.path("fleet-server-key.pem")),
    ca: read(admitted),
    requestCert: true,
    rejectUnauthorized: true,
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const options = { ca: read(OLD_CA), cert: read(certificate), key: read(key), servername: "fleet.example.com" };
  const client = tls.connect({ port, host: "127.0.0.1", ...options }).on("error", () => undefined);
  try {
    return await new Promise<boolean>((resolve) => {
      server.once("secureConnection", () => resolve(true));
      server.once("tlsClientError", () => resolve(false));
    });
  } finally {
    client.destroy();
    server.close();
  }
}

test("without the agent CA's key, the Fleet Servers' list goes first: it admits old and new agents, the old list only old ones", async () => {
  const source = CertificateAuthoritySource.fromFiles({
    certificate: OLD_CA,
    privateKey: old.path("fleet-ca-key.pem"),
    dedicated: true,
  });
  const agentCa = CertificateAuthoritySource.rotating({
    generations: {
      "1": CertificateAuthoritySource.trustOnly({ file: old.path("old-agent-ca.pem"), dedicated: true }),
      "2": CertificateAuthoritySource.generated(),
    },
    issuing: "2",
    startsHere: true,
  });
  project.synth((app) => {
    const stack = new TestStack(app);
    new MutualFleetTls(stack, "fleet", { ...props({ fleetCa: source }), agentCa }).addAgent("web-1");
  });
  await project.apply("stack");
  const [oldAgent, newAgent] = [
    [old.path("old-agent.pem"), old.path("old-agent-key.pem")],
    [made("agents/web-1/agent-cert.pem"), made("agents/web-1/agent-cert-key.pem")],
  ] as const;
  // Before the Fleet Servers have the new file, an agent with its new files would be refused.
  expect(await admits(old.path("old-agent-ca.pem"), oldAgent)).toBe(true);
  expect(await admits(old.path("old-agent-ca.pem"), newAgent)).toBe(false);
  // After it, agents go over in any order.
  expect(await admits(made("fleet-server/agent-ca.pem"), oldAgent)).toBe(true);
  expect(await admits(made("fleet-server/agent-ca.pem"), newAgent)).toBe(true);
  expect(PAGE).toContain("copy `agent-ca.pem` to the Fleet Servers and restart them, then copy the agents' files");
});
