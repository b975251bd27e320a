import * as fs from "node:fs";

import type { FleetTlsProps } from "../../lib";
import { CertificateAuthoritySource, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { verify } from "../support/openssl";
import { CLIENT, Pki, SERVER } from "../support/pki";
import { TerraformProject } from "../support/terraform";

jest.setTimeout(300_000);

// A fleet made by hand: a CA, and what its Fleet Server and an agent present.
const old = new Pki();
const OLD_CA = old.path("fleet-ca.pem");
const SERVER_OF = { purpose: "sslserver", name: "fleet.example.com" } as const;
const CLIENT_OF = { purpose: "sslclient" } as const;
let project: TerraformProject;

beforeAll(() => {
  old.authority("fleet-ca");
  old.leaf("fleet-server", "fleet-ca", SERVER, ["DNS:fleet.example.com"]);
  old.leaf("agent", "fleet-ca", CLIENT);
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
