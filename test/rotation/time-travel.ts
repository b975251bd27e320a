import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { CertificateAuthoritySource, Validity } from "../../lib";
import { buildFleet, FLEET_FOLDER, STACK } from "../faults/fleet";
import type { Outcome, Scenario } from "../faults/scenario";
import { contentsBelow } from "../support/files";
import { certificatesOf, Server } from "../support/openssl";
import { TerraformProject } from "../support/terraform";
import { shortHours } from "./short-hours";

/** How long an hour of the tls provider lasts here. */
const HOUR_SECONDS = 20;
const LEAF = { hours: 9, renewBeforeHours: 4 };
/** Renewed twice a leaf's validity before its end. */
const CA_HOURS = 27;
/** Until leaves were renewed several times, and the CA more than once. */
const RUN_SECONDS = (2 * CA_HOURS - 18) * HOUR_SECONDS;
const DEPLOY_EVERY_SECONDS = 10;

const NAME = "fleet.example.com";

export const TIME_TRAVEL: readonly Scenario[] = [
  {
    name: "short-lives",
    title: "certificates that live for minutes, renewed by deploys again and again, while hosts have old and new files",
    run: () => withProjects(renewForGenerations),
  },
  {
    name: "pipeline-down",
    title: "a pipeline that is down for longer than leaves live, then for longer than their CA does",
    run: () => withProjects(recover),
  },
];

async function renewForGenerations(project: TerraformProject): Promise<Outcome> {
  await project.apply(STACK);
  const hosts = new Hosts(project);
  const first = hosts.update("fleet-server").update("agents/web-1").snapshot();
  const seen = { leaves: new Set<string>(), authorities: new Set<string>() };
  let deploys = 0;
  let handshakes = 0;
  for (const end = Date.now() + RUN_SECONDS * 1000; Date.now() < end; await sleep(DEPLOY_EVERY_SECONDS * 1000)) {
    const wasDue = isDue(project);
    const before = contentsBelow(project.path(FLEET_FOLDER));
    const started = Date.now();
    await project.apply(STACK);
    deploys += 1;
    const changed = Object.entries(contentsBelow(project.path(FLEET_FOLDER))).filter(
      ([name, content]) => before[name] !== content && name.endsWith(".pem"),
    );
    if (wasDue) assert.ok(changed.length > 0, "a deploy was due, and renewed nothing");
    assert.equal(isDue(project, started), false, "a deploy left something due");

    // Old and new together, whichever host comes first.
    const order = deploys % 2 === 0 ? ["fleet-server", "agents/web-1"] : ["agents/web-1", "fleet-server"];
    for (const host of order) {
      hosts.update(host);
      assert.equal(await hosts.handshake(), "accepted");
      handshakes += 1;
    }
    seen.leaves.add(hosts.serial("agents/web-1", "agent-cert.pem"));
    seen.authorities.add(hosts.serial("agents/web-1", "fleet-ca.pem"));
    assert.deepEqual(hosts.snapshot(), first, "paths, keys, passphrases, names and the CA's key are the same");
  }
  assert.ok(seen.leaves.size >= 4, `only ${seen.leaves.size} generations of a leaf`);
  assert.ok(seen.authorities.size >= 2, "the CA was not renewed");
  return {
    detail:
      `leaves of ${(LEAF.hours * HOUR_SECONDS) / 60} min, a CA of ${(CA_HOURS * HOUR_SECONDS) / 60} min; in ${deploys} ` +
      `deploys ${seen.leaves.size} generations of a leaf and ${seen.authorities.size} of its CA's certificate; ` +
      `${handshakes} mutual handshakes between hosts of old and new files, none failed; keys and paths stayed`,
  };
}

async function recover(project: TerraformProject): Promise<Outcome> {
  await project.apply(STACK);
  const hosts = new Hosts(project);
  const first = hosts.update("fleet-server").update("agents/web-1").snapshot();
  const lives: [string, number][] = [
    ["the leaves", LEAF.hours],
    ["their CA", CA_HOURS],
  ];
  for (const [what, hours] of lives) {
    assert.equal(await hosts.handshake(), "accepted");
    await sleep((hours * HOUR_SECONDS + 5) * 1000);
    assert.match(await hosts.handshake(), /expired/, `${what} have not ended`);
    assert.equal(isDue(project), true);
    await project.apply(STACK);
    hosts.update("fleet-server").update("agents/web-1");
    assert.equal(await hosts.handshake(), "accepted");
    assert.deepEqual(hosts.snapshot(), first, "paths, keys, passphrases, names and the CA's key are the same");
    assert.equal(isDue(project), false);
  }
  return {
    detail: "both times handshakes failed as expired, and one deploy fixed it: same keys, same names, same paths",
  };
}

/** Whether a deploy has something to renew, from the certificates alone. */
function isDue(project: TerraformProject, at = Date.now()): boolean {
  const ms = (hours: number): number => hours * HOUR_SECONDS * 1000;
  const files = ["fleet-server/fleet-cert.pem", "agents/web-1/agent-cert.pem", "agents/web-1/fleet-ca.pem"];
  return files.some((file) => {
    const [certificate] = certificatesOf(project.path(FLEET_FOLDER, file));
    const before = file.endsWith("-ca.pem") ? 2 * LEAF.hours : LEAF.renewBeforeHours;
    return Date.parse(certificate!.validTo) - ms(before) <= at;
  });
}

/** Two hosts with files of their own, copied from a deploy's output when somebody does it. */
class Hosts {
  constructor(private readonly project: TerraformProject) {}

  public update(host: string): this {
    const from = this.project.path(FLEET_FOLDER, host);
    const to = this.folder(host);
    fs.mkdirSync(to, { recursive: true });
    for (const name of fs.readdirSync(from)) {
      fs.copyFileSync(path.join(from, name), path.join(to, `${name}.new`));
      fs.renameSync(path.join(to, `${name}.new`), path.join(to, name));
    }
    return this;
  }

  /** The agent dials Fleet Server, each with its own files; answers `accepted`, or what the two said. */
  public async handshake(): Promise<string> {
    const [server, agent] = [this.folder("fleet-server"), this.folder("agents/web-1")];
    const file = (folder: string, name: string): string => path.join(folder, name);
    const listening = await Server.start(
      { certificate: file(server, "fleet-cert.pem"), key: file(server, "fleet-cert-key.pem") },
      file(server, "agent-ca.pem"),
    );
    try {
      const pair = {
        certificate: file(agent, "agent-cert.pem"),
        key: file(agent, "agent-cert-key.pem"),
        passphrase: file(agent, "agent-cert-key-passphrase"),
      };
      const { accepted, text } = await listening.dial({ trust: file(agent, "fleet-ca.pem"), name: NAME, pair });
      return accepted ? "accepted" : text;
    } finally {
      await listening.close();
    }
  }

  public serial(host: string, name: string): string {
    return certificatesOf(path.join(this.folder(host), name))[0]!.serialNumber;
  }

  /** All that no renewal changes. */
  public snapshot(): Record<string, string> {
    const files = Object.entries(contentsBelow(path.join(this.project.folder, "hosts")));
    return Object.fromEntries(
      files.map(([name, content]) => {
        if (!/(-ca|-cert)\.pem$/.test(name)) return [name, content];
        const [one] = certificatesOf(path.join(this.project.folder, "hosts", name));
        return [name, `${one!.subject} ${one!.issuer} ${one!.publicKey.export({ type: "spki", format: "pem" })}`];
      }),
    );
  }

  private folder(host: string): string {
    return path.join(this.project.folder, "hosts", host);
  }
}

async function withProjects(use: (project: TerraformProject) => Promise<Outcome>): Promise<Outcome> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fleet-tls-short-hours-"));
  try {
    const shape = {
      validity: Validity.hours(LEAF.hours, { renewBeforeHours: LEAF.renewBeforeHours }),
      fleetCa: CertificateAuthoritySource.generated({ validity: Validity.hours(CA_HOURS) }),
    };
    const project = new TerraformProject(buildFleet(shape), { env: await shortHours(HOUR_SECONDS, folder) });
    try {
      await project.init(STACK);
      return await use(project);
    } finally {
      project.dispose();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
