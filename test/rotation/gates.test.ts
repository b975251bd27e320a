import * as fs from "node:fs";
import * as path from "node:path";

import { CertificateAuthoritySource, KeyAlgorithm } from "../../lib";
import { execute } from "../support/execute";
import { certificatesOf, verify } from "../support/openssl";
import { Pki } from "../support/pki";
import type { Step } from "./small-rotation";
import { DEFAULT, HOME, INTRODUCED, isoSeconds, RETIRED, SmallRotation, SWITCHED } from "./small-rotation";

const MORE_THAN_ONE_STEP = /takes more than one step from what is deployed/;
const TABLE: [string, Step][] = [
  ["default", DEFAULT],
  ["introduced", INTRODUCED],
  ["switched", SWITCHED],
  ["retired", RETIRED],
];

const rotations: SmallRotation[] = [];
afterAll(() => rotations.forEach((rotation) => rotation.dispose()));

async function deployed(...steps: Step[]): Promise<SmallRotation> {
  const rotation = new SmallRotation();
  rotations.push(rotation);
  for (const step of steps) await rotation.deploy(step);
  return rotation;
}

const hoursAgo = (hours: number): string => isoSeconds(Date.now() - hours * 3_600_000);

const subjects = (file: string): string[] => certificatesOf(file).map(({ subject }) => /CN=(.*)/.exec(subject)![1]!);

test("the table, there and back: one kind of file a deploy, a second plan empty, every jump refused", async () => {
  const rotation = await deployed(DEFAULT);
  const trusted: Record<string, string[]> = {
    default: ["CA 1"],
    introduced: ["CA 1", "CA 2"],
    switched: ["CA 1", "CA 2"],
    retired: ["CA 2"],
  };
  const key = rotation.files["leaf-key.pem"];
  const firstCa = (): string | undefined =>
    certificatesOf(rotation.outputFile("ca.pem"))
      .find(({ subject }) => subject.includes("CN=CA 1"))
      ?.publicKey.export({ type: "spki", format: "pem" }) as string | undefined;
  const firstCas: (string | undefined)[] = [];
  const way = [...TABLE, ...[...TABLE].reverse().slice(1)];
  for (const [index, [name, step]] of way.entries()) {
    if (index > 0) {
      const before = rotation.files;
      await rotation.deploy(step);
      const after = rotation.files;
      const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
      const [previous] = way[index - 1]!;
      expect([name, changed]).toEqual([
        name,
        new Set([previous, name]).has("introduced") && new Set([previous, name]).has("switched")
          ? ["leaf.pem"]
          : ["ca.pem"],
      ]);
    }
    firstCas.push(firstCa());
    expect([name, await rotation.pending()]).toEqual([name, {}]);
    expect([name, subjects(rotation.outputFile("ca.pem"))]).toEqual([name, trusted[name]]);
    expect(
      await verify(rotation.outputFile("leaf.pem"), { trust: rotation.outputFile("ca.pem"), purpose: "sslclient" }),
    ).toBe("OK");
    const here = TABLE.findIndex(([other]) => other === name);
    for (const [, jump] of TABLE.filter((_, there) => Math.abs(there - here) > 1)) {
      expect(await rotation.refusal(jump)).toMatch(MORE_THAN_ONE_STEP);
    }
  }
  expect(rotation.files["leaf-key.pem"]).toBe(key);
  // A generation keeps its key until it is retired; Terraform makes another one for one that comes back.
  const [before, , , retired, after] = firstCas;
  expect(firstCas).toEqual([before, before, before, undefined, after, after, after]);
  expect(retired).toBeUndefined();
  expect(after).not.toBe(before);
});

test("a plan with -target skips the gate, on which nothing depends", async () => {
  const rotation = await deployed(DEFAULT);
  expect(await rotation.refusal(RETIRED)).toMatch(MORE_THAN_ONE_STEP);
  const addresses = rotation.project.state(HOME).map(({ type, name }) => `${type}.${name}`);
  const targets = addresses.filter((address) => !address.startsWith("terraform_data."));
  expect(targets).toContainEqual(expect.stringContaining("local_file."));
  const plan = ["plan", "-input=false", "-no-color", ...targets.map((address) => `-target=${address}`)];
  expect(await rotation.project.terraform(HOME, plan)).toMatchObject({ code: 0 });
});

test("every step except an addition waits for minimumOverlapHours after the previous one", async () => {
  const patient = (step: Step): Step => ({ ...step, minimumOverlapHours: 48 });
  const rotation = await deployed(DEFAULT);
  // Trusting one more cuts nobody off, so it waits for nothing.
  await rotation.deploy(patient(INTRODUCED));
  expect(await rotation.refusal(patient(SWITCHED))).toMatch(
    /issuing with 2 has to wait until generations 1, 2 have been deployed/,
  );
  rotation.hoursPass(47);
  expect(await rotation.refusal(patient(SWITCHED))).toMatch(/has to wait/);
  rotation.hoursPass(2);
  await rotation.deploy(patient(SWITCHED));
  expect(await rotation.refusal(patient(RETIRED))).toMatch(
    /changing the generations to 2 has to wait until 2 has been issuing/,
  );
  rotation.hoursPass(49);
  await rotation.deploy(patient(RETIRED));
  expect(subjects(rotation.outputFile("ca.pem"))).toEqual(["CA 2"]);
});

test("no step back comes too early either, though a CA without a rotation has no place for the wait", async () => {
  const patient = (step: Step): Step => ({ ...step, minimumOverlapHours: 48 });
  const rotation = await deployed(DEFAULT, INTRODUCED);
  rotation.hoursPass(49);
  await rotation.deploy(patient(SWITCHED));
  // Hosts trusted generation 1 all the time, so it may sign again at once; what 2 has signed is still out.
  await rotation.deploy(patient(INTRODUCED));
  expect(await rotation.refusal(DEFAULT)).toMatch(
    /changing the generations to 1 has to wait until 1 has been issuing for minimumOverlapHours \(48 h\)/,
  );
  rotation.hoursPass(49);
  await rotation.deploy(DEFAULT);
  expect(subjects(rotation.outputFile("ca.pem"))).toEqual(["CA 1"]);
});

test("the wait begins with the apply, not with a plan that waited for approval", async () => {
  const rotation = await deployed(DEFAULT);
  rotation.synth(INTRODUCED);
  rotation.secondPasses();
  const { json } = await rotation.project.plan(HOME);
  const { change } = json.resource_changes!.find(({ address }) => address.includes("trusted-1-2"))!;
  expect(change.after).toMatchObject({ input: { planned: json.timestamp } });
  // Only the apply knows when it is.
  expect(change.after_unknown).toMatchObject({ input: { finished: true } });

  await rotation.deploy(INTRODUCED);
  const { planned, finished } = rotation.trustedTimes();
  expect(Date.parse(finished)).toBeGreaterThanOrEqual(Date.parse(planned));
  rotation.trustedTimes({ planned: hoursAgo(3), finished: hoursAgo(0.5) });
  expect(await rotation.refusal({ ...SWITCHED, minimumOverlapHours: 1 })).toMatch(/has to wait until generations 1, 2/);
  rotation.trustedTimes({ planned: hoursAgo(3), finished: hoursAgo(1.5) });
  await rotation.deploy({ ...SWITCHED, minimumOverlapHours: 1 });
});

test("an introduction that could not write a bundle has not happened", async () => {
  const rotation = await deployed(DEFAULT);
  rotation.synth(INTRODUCED);
  // Terraform can neither remove nor overwrite a folder that is not empty.
  fs.rmSync(rotation.outputFile("ca.pem"));
  fs.mkdirSync(path.join(rotation.outputFile("ca.pem"), "occupied"), { recursive: true });
  rotation.secondPasses();
  await expect(rotation.project.apply(HOME)).rejects.toThrow(/ca\.pem/);
  fs.rmSync(rotation.outputFile("ca.pem"), { recursive: true, force: true });
  expect(await rotation.refusal(SWITCHED)).toMatch(MORE_THAN_ONE_STEP);
  await rotation.deploy(INTRODUCED);
  await rotation.deploy(SWITCHED);
  expect(await rotation.pending()).toEqual({});
});

test("a topology that starts at generation 2, or lost its state, needs startsHere", async () => {
  const rotation = await deployed();
  rotation.synth(RETIRED);
  expect(await rotation.project.refusal("stack")).toMatch(
    /nothing is deployed that generations 2 issuing 2 could follow; say startsHere: true/,
  );
  await rotation.deploy({ ...RETIRED, startsHere: true });
  expect(await rotation.pending()).toEqual({});
  fs.rmSync(rotation.stateFile);
  rotation.synth(SWITCHED);
  expect(await rotation.project.refusal("stack")).toMatch(/say startsHere: true/);
  await rotation.deploy({ ...SWITCHED, startsHere: true });
  // What it says is no longer true once it is deployed: a jump stays a jump.
  expect(await rotation.refusal({ generations: ["3"], issuing: "3", startsHere: true })).toMatch(MORE_THAN_ONE_STEP);
});

test("a backup from before a generation makes that one again: safe until it signs, and refused from then on", async () => {
  const rotation = await deployed(DEFAULT);
  const backup = fs.readFileSync(rotation.stateFile);
  const former = rotation.outputFile("../former-ca.pem");
  await rotation.deploy(INTRODUCED);
  fs.copyFileSync(rotation.outputFile("ca.pem"), former);
  const [leaf, oldBundle] = [rotation.files["leaf.pem"], rotation.files["ca.pem"]];

  fs.writeFileSync(rotation.stateFile, backup);
  expect(await rotation.refusal(SWITCHED)).toMatch(MORE_THAN_ONE_STEP);
  await rotation.deploy(INTRODUCED);
  expect(rotation.files["ca.pem"]).not.toBe(oldBundle);
  expect(rotation.files["leaf.pem"]).toBe(leaf);
  for (const trust of [former, rotation.outputFile("ca.pem")]) {
    expect(await verify(rotation.outputFile("leaf.pem"), { trust, purpose: "sslclient" })).toBe("OK");
  }

  await rotation.deploy(SWITCHED);
  fs.copyFileSync(rotation.outputFile("leaf.pem"), rotation.outputFile("../former-leaf.pem"));
  fs.writeFileSync(rotation.stateFile, backup);
  expect(await rotation.refusal(SWITCHED)).toMatch(MORE_THAN_ONE_STEP);
  // Going back a step instead would leave hosts with certificates that nobody trusts any more.
  await rotation.deploy(INTRODUCED);
  const trust = rotation.outputFile("ca.pem");
  expect(await verify(rotation.outputFile("../former-leaf.pem"), { trust, purpose: "sslclient" })).not.toBe("OK");
  fs.writeFileSync(rotation.stateFile, backup);
  await rotation.deploy({ ...SWITCHED, emergency: true });
  await rotation.deploy(SWITCHED);
  expect(subjects(rotation.outputFile("ca.pem"))).toEqual(["CA 1", "CA 2"]);
});

test("an emergency takes every step at once and reports the consequences", async () => {
  const rotation = await deployed(DEFAULT);
  await rotation.deploy({ ...RETIRED, emergency: true });
  expect(subjects(rotation.outputFile("ca.pem"))).toEqual(["CA 2"]);
  const outputs = Object.entries(await rotation.project.outputs("stack"));
  expect(outputs.map(([name]) => name)).toEqual([expect.stringMatching(/^ca_emergency_/)]);
  expect(outputs[0]![1].value).toMatch(
    /^stack\/ca: emergency is set: this deploy checks no step\..*cut off until it is given them by hand/,
  );
  await rotation.deploy(RETIRED);
  expect(await rotation.outputsCount()).toBe(0);
  expect(await rotation.refusal(DEFAULT)).toMatch(MORE_THAN_ONE_STEP);
});

test("no gate prevents a destroy", async () => {
  const rotation = await deployed(DEFAULT);
  rotation.synth(RETIRED);
  await rotation.project.destroy("stack");
  expect(rotation.files).toEqual({});
});

test("from a generated CA to one in files, of another algorithm, and back", async () => {
  const rotation = await deployed(DEFAULT);
  const { certificate, key } = new Pki(rotation.project.path("own")).authority("Own Root");
  const own = CertificateAuthoritySource.fromFiles({ certificate, privateKey: key });
  const rsa = CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.RSA_2048 });
  const sources = { "2": own, "3": rsa };
  const way: Step[] = [
    INTRODUCED,
    SWITCHED,
    RETIRED,
    { generations: ["2", "3"], issuing: "2" },
    { generations: ["2", "3"], issuing: "3" },
    { generations: ["3"], issuing: "3" },
  ];
  const issuers: string[] = [];
  for (const step of way) {
    await rotation.deploy({ ...step, sources });
    expect(
      await verify(rotation.outputFile("leaf.pem"), { trust: rotation.outputFile("ca.pem"), purpose: "sslclient" }),
    ).toBe("OK");
    const { issuer, publicKey } = certificatesOf(rotation.outputFile("leaf.pem"))[0]!;
    expect(publicKey.asymmetricKeyType).toBe("ec");
    issuers.push(/CN=(.*)/.exec(issuer)![1]!);
  }
  expect(issuers).toEqual(["CA 1", "Own Root", "Own Root", "Own Root", "CA 3", "CA 3"]);
  const { stdout } = await execute("openssl", ["x509", "-in", rotation.outputFile("ca.pem"), "-noout", "-text"]);
  expect(stdout).toContain("rsaEncryption");
});
