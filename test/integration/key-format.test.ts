import * as fs from "node:fs";
import { createPrivateKey } from "node:crypto";

import { KeyFormat, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { changesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

const project = new TerraformProject();
afterAll(() => project.dispose());

const synth = (keyFormat?: KeyFormat): void =>
  project.synth(
    (app) =>
      void new MutualFleetTls(
        new TestStack(app, "stack"),
        "fleet",
        fleetProps({ keyFormat, outputDirectory: "out" }),
      ).addAgent("web-1"),
  );

test("a changed format of keys rewrites key files, and issues nothing", async () => {
  synth();
  await project.apply("stack");
  const keys = filesBelow(project.path("out")).filter((file) => file.endsWith("-key.pem"));
  expect(keys).toHaveLength(5);

  synth(KeyFormat.TRADITIONAL);
  const changes = Object.entries(changesOf((await project.plan("stack")).json));
  expect(changes).toHaveLength(keys.length);
  for (const change of changes) {
    expect(change).toEqual([expect.stringMatching(/^local_sensitive_file\.\S+-cert-keypem_/), "delete, create"]);
  }
  await project.apply("stack");
  for (const file of keys) {
    const pem = fs.readFileSync(project.path("out", file), "utf8");
    expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----/);
    const [certificate] = certificatesOf(project.path("out", file.replace("-key.pem", ".pem")));
    expect(certificate!.checkPrivateKey(createPrivateKey(pem))).toBe(true);
  }
  expect(project.read("out/RUNBOOK.md")).toContain(
    "A changed `keyFormat` writes the same keys in another form: no host",
  );
  expect((await project.plan("stack")).text).toContain("No changes.");
});
