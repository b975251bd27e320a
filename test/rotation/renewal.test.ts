import * as fs from "node:fs";

import type { App } from "cdktf";

import type { FleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  KeyAlgorithm,
  KeyPassphrase,
  KeyRotation,
  MutualFleetTls,
  Validity,
} from "../../lib";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { certificatesOf, verify } from "../support/openssl";
import { changesOf } from "../support/plan";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { fleetTls } from "../verify/fleet-fixture";
import { HOME } from "./small-rotation";

const FOLDER = "fleet-tls/stack/fleet";
const project = new TerraformProject();
afterAll(() => project.dispose());

interface Choices extends Partial<FleetTlsProps> {
  readonly webAlgorithm?: KeyAlgorithm;
}

/** A fleet in which one agent's key is renewed with its certificate, and the other's is not. */
function build(app: App, { webAlgorithm, ...choices }: Choices): void {
  const fleet = new MutualFleetTls(new TestStack(app, HOME), "fleet", {
    ...fleetProps(choices),
    agentKeyPassphrase: KeyPassphrase.generated(),
  });
  fleet.addAgent("web-1", { ...(webAlgorithm && { keyAlgorithm: webAlgorithm }) });
  fleet.addAgent("web-2", { keyRotation: KeyRotation.ON_RENEWAL });
}

/** Every file of every host. */
const files = (): Record<string, string> => {
  const all = Object.entries(contentsBelow(project.path(FOLDER)));
  return Object.fromEntries(all.filter(([name]) => name !== "RUNBOOK.md"));
};

/** Deploys, and answers the files that this changed; none comes or goes. */
async function deploy(choices: Choices = {}): Promise<string[]> {
  const before = files();
  project.synth((app) => build(app, choices));
  await project.apply(HOME);
  const after = files();
  if (Object.keys(before).length > 0) expect(Object.keys(after)).toEqual(Object.keys(before));
  return Object.keys(after).filter((name) => after[name] !== before[name]);
}

/** Has the tls provider see the certificates whose address matches as ending within the hour: it goes by its state. */
function makeDue(address: RegExp): void {
  const file = project.path(`terraform.${HOME}.tfstate`);
  const state = JSON.parse(fs.readFileSync(file, "utf8"));
  const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
  const due = state.resources.filter((one: { type: string; name: string }) => address.test(`${one.type}.${one.name}`));
  expect(due.length).toBeGreaterThan(0);
  for (const { instances } of due) instances[0].attributes.validity_end_time = soon;
  fs.writeFileSync(file, JSON.stringify(state));
}

const path = (name: string): string => project.path(FOLDER, name);
const publicKey = (name: string): string =>
  certificatesOf(path(name))[0]!.publicKey.export({ type: "spki", format: "pem" }) as string;

test("a leaf that is due is renewed with the key that it had, and nothing else changes", async () => {
  await deploy();
  const key = publicKey("agents/web-1/agent-cert.pem");
  makeDue(/locally_signed_cert.fleet_agents_web-1/);
  expect(await deploy()).toEqual(["agents/web-1/agent-cert.pem"]);
  expect(publicKey("agents/web-1/agent-cert.pem")).toBe(key);
  expect(await deploy()).toEqual([]);
});

test("a backup from before a renewal plans that renewal again, with the same CAs and keys", async () => {
  makeDue(/locally_signed_cert.fleet_agents_web-1/);
  const state = project.path(`terraform.${HOME}.tfstate`);
  const backup = fs.readFileSync(state);
  expect(await deploy()).toEqual(["agents/web-1/agent-cert.pem"]);
  fs.writeFileSync(state, backup);
  expect(await deploy()).toEqual(["agents/web-1/agent-cert.pem"]);
  expect(await deploy()).toEqual([]);
});

test("by choice it gets a new key; the passphrase, read once by a running agent, stays", async () => {
  const key = publicKey("agents/web-2/agent-cert.pem");
  makeDue(/(locally_signed_cert.fleet_agents_web-2|self_signed_cert.fleet_agents_web-2_.*renewal-clock)/);
  expect(await deploy()).toEqual(["agents/web-2/agent-cert-key.pem", "agents/web-2/agent-cert.pem"]);
  expect(publicKey("agents/web-2/agent-cert.pem")).not.toBe(key);
  expect(await deploy()).toEqual([]);
});

test("after a deploy that was killed before the new key, the certificate is renewed with the old one", async () => {
  const key = publicKey("agents/web-2/agent-cert.pem");
  // The certificate is still due, and what replaces its key is not any more.
  makeDue(/locally_signed_cert.fleet_agents_web-2/);
  expect(await deploy()).toEqual(["agents/web-2/agent-cert.pem"]);
  expect(publicKey("agents/web-2/agent-cert.pem")).toBe(key);
  expect(await deploy()).toEqual([]);
});

test("shortening renewBefore reissues nothing, not even where a renewal changes the key", async () => {
  const validity = Validity.days(397, { renewBeforeHours: 24 });
  project.synth((app) => build(app, { validity }));
  const changes = Object.entries(changesOf((await project.plan(HOME)).json));
  // The runbook names the date of the next renewal.
  for (const [address, action] of changes.filter(([one]) => !one.startsWith("local_file.fleet_runbook_"))) {
    expect([address, action]).toEqual([expect.stringMatching(/^tls_(locally|self)_signed_cert\./), "update"]);
  }
  expect(await deploy({ validity })).toEqual([]);
  expect(await deploy()).toEqual([]);
});

test("another name or another algorithm reissues that certificate alone", async () => {
  expect(await deploy({ elasticsearch: { names: ["es-1.example.com"] } })).toEqual(["elasticsearch/es-cert.pem"]);
  const names = { elasticsearch: { names: ["es-1.example.com"] } };
  expect(await deploy({ ...names, webAlgorithm: KeyAlgorithm.RSA_2048 })).toEqual([
    "agents/web-1/agent-cert-key.pem",
    "agents/web-1/agent-cert.pem",
  ]);
});

test("a CA that is due is renewed with its key and name, unhindered in the midst of a rotation's wait", async () => {
  const choices: Choices = {
    elasticsearch: { names: ["es-1.example.com"] },
    webAlgorithm: KeyAlgorithm.RSA_2048,
    fleetCa: CertificateAuthoritySource.rotating({
      generations: { "1": CertificateAuthoritySource.generated() },
      issuing: "1",
      minimumOverlapHours: 1000,
    }),
  };
  expect(await deploy(choices)).toEqual([]);
  const [oldCa, oldLeaf] = ["fleet-server/fleet-ca.pem", "fleet-server/fleet-cert.pem"].map((name) => {
    fs.copyFileSync(path(name), project.path(`old-${name.split("/")[1]}`));
    return certificatesOf(path(name))[0]!;
  });
  makeDue(/self_signed_cert.fleet_fleet-ca_generation-1/);
  const bundles = ["agents/web-1", "agents/web-2", "fleet-server"].map((host) => `${host}/fleet-ca.pem`);
  expect((await deploy(choices)).sort()).toEqual([...bundles, "fleet-server/fleet-cert.pem"].sort());
  const [newCa, newLeaf] = [path(bundles[0]!), path("fleet-server/fleet-cert.pem")];
  const [ca] = certificatesOf(newCa);
  expect(ca!.subject).toBe(oldCa!.subject);
  expect(ca!.publicKey.equals(oldCa!.publicKey)).toBe(true);
  expect(certificatesOf(newLeaf)[0]!.publicKey.equals(oldLeaf!.publicKey)).toBe(true);
  // Hosts may get their files in any order.
  for (const trust of [newCa, project.path("old-fleet-ca.pem")]) {
    for (const leaf of [newLeaf, project.path("old-fleet-cert.pem")]) {
      expect(await verify(leaf, { trust, purpose: "sslserver", name: "fleet.example.com" })).toBe("OK");
    }
  }
});

test("the output of the next renewal is the first end less its renewBefore, in UTC", async () => {
  const { "fleet-next-renewal": output } = await project.outputs(HOME);
  const ends = Object.keys(files())
    .filter((name) => name.endsWith("-cert.pem"))
    .map((name) => Date.parse(certificatesOf(path(name))[0]!.validTo));
  const next = new Date(Math.min(...ends) - 133 * 24 * 3_600_000).toISOString().replace(".000", "");
  expect(output!.value).toBe(next);
});

test("each kind of certificate has a validity and a renewal of its own", () => {
  const leaves = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", {
      ...fleetProps(),
      validity: Validity.days(30),
      validityOf: { fleetCert: Validity.days(60, { renewBeforeHours: 240 }), agentCert: Validity.days(10) },
    });
    fleet.addAgent("web-1");
    fleet.addAgent("web-2", { validityOf: { agentCert: Validity.days(3) } });
  }).resources("tls_locally_signed_cert");
  expect(
    Object.fromEntries(
      leaves.map(({ path: at, attributes }) => [
        at.replace(/^stack\/fleet\/|\/certificate$/g, ""),
        [attributes["validity_period_hours"] / 24, attributes["early_renewal_hours"] / 24],
      ]),
    ),
  ).toEqual({
    "fleet-server/fleet-cert": [60, 10],
    "fleet-server/agent-cert": [10, 4],
    "fleet-server/fleet-es-cert": [30, 10],
    "elasticsearch/es-cert": [30, 10],
    "agents/web-1/agent-cert": [10, 4],
    "agents/web-2/agent-cert": [3, 1],
  });
});

test("by default a certificate is valid for 397 days and renewed from 133 days before its end", () => {
  const leaves = synthStack(
    (stack) => void new MutualFleetTls(stack, "fleet", fleetProps()).addAgent("web-1"),
  ).resources("tls_locally_signed_cert");
  expect(leaves).toHaveLength(5);
  for (const { attributes } of leaves) {
    expect(attributes).toMatchObject({ validity_period_hours: 397 * 24, early_renewal_hours: 133 * 24 });
  }
});

test.each<[string, Partial<FleetTlsProps>]>([
  ["a leaf", { validity: Validity.days(100) }],
  [
    "a CA",
    {
      validity: Validity.days(29),
      fleetCa: CertificateAuthoritySource.generated({ validity: Validity.days(60) }),
    },
  ],
])("fleet-tls expiring finds the date of the output, where %s is due first", async (_, props) => {
  const other = new TerraformProject((app) => {
    const fleet = new MutualFleetTls(new TestStack(app, HOME), "fleet", fleetProps(props));
    fleet.addAgent("web-1");
  });
  try {
    await other.apply(HOME);
    const { "fleet-next-renewal": output } = await other.outputs(HOME);
    const { code, out } = await fleetTls(["expiring", other.path("fleet-tls")]);
    expect([code, out]).toEqual([0, expect.stringContaining(`is due on ${String(output!.value).slice(0, 10)}\n`)]);
  } finally {
    other.dispose();
  }
});
