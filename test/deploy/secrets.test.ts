import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { withoutSecrets } from "../../deploy/private/without-secrets";
import type { TerraformProject } from "../support/terraform";
import { deployProject, leftovers } from "./project";

const CANARY = "canary-4f1d";
let project: TerraformProject;
afterEach(() => project.dispose());

/** The files below the project that contain a secret, or a packed plan. */
function filesWith(secrets: readonly string[]): string[] {
  const found = [project.folder, project.temporary].flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => !name.startsWith("node_modules") && fs.statSync(path.join(folder, name)).isFile())
      .filter((name) => {
        const text = fs.readFileSync(path.join(folder, name), "latin1");
        return secrets.some((secret) => text.includes(secret)) || text.startsWith("PK\u0003\u0004");
      }),
  );
  return found.sort();
}

test("no secret of a plan or a state is written or printed, whether the run succeeds or fails", async () => {
  project = deployProject({ TF_VAR_secret: CANARY });
  const runs = [
    await project.fleetTls(["deploy"]),
    await project.fleetTls(["deploy", "--all"], { GENERATION: "2" }),
    await project.fleetTls(["deploy"], { GENERATION: "2" }),
    await project.fleetTls(["diff"], { GENERATION: "3" }),
    await project.fleetTls(["diff", "--json"], { CURVE: "P384" }),
    await project.fleetTls(["deploy"], { GATED: "mutual,one-way", GENERATION: "4" }),
  ];
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 1]);

  const keys = ["one-way", "mutual"].map((stack) => {
    const { resources } = JSON.parse(project.read(`terraform.${stack}.tfstate`));
    return resources.find(({ type }: { type: string }) => type === "tls_private_key").instances[0].attributes;
  });
  const secrets = [CANARY, ...keys.map((key) => key.private_key_pem.split("\n")[1])];
  expect(secrets.every((secret) => secret.length > 8)).toBe(true);
  for (const { stdout, stderr } of runs) {
    for (const secret of [...secrets, "PRIVATE KEY"]) expect(stdout + stderr).not.toContain(secret);
  }
  const states = ["mutual", "one-way"].flatMap((stack) => [
    `terraform.${stack}.tfstate`,
    `terraform.${stack}.tfstate.backup`,
  ]);
  const files = ["mutual", "one-way"].map((stack) => `fleet-tls/${stack}/fleet/agents/web-1/secret`);
  expect(filesWith(secrets)).toEqual([...files, ...states].sort());
});

test("leftovers of a killed run are removed by the next run, files of a running one are kept", async () => {
  project = deployProject({ REFUSED: "1" });
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  for (const name of [`fleet-tls-run-${pid}-abc`, `fleet-tls-run-${process.pid}-abc`]) {
    fs.mkdirSync(path.join(project.temporary, name));
    fs.writeFileSync(path.join(project.temporary, name, "mutual.tfplan"), "keys");
  }
  await project.fleetTls(["deploy"]);
  expect(leftovers(project)).toEqual([`fleet-tls-run-${process.pid}-abc`]);
});

test.each(["postgres://fleet:sesame%zz@127.0.0.1:1/states", "postgres://fleet:sesame/open@127.0.0.1:1/states"])(
  "the password of a backend is not printed when it is refused: %s",
  async (connection) => {
    project = deployProject({ BACKEND: '{"type":"pg"}', PG_CONN_STR: connection });
    const { code, stdout, stderr } = await project.fleetTls(["deploy", "mutual"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mutual: Error: \S/m);
    expect(stdout + stderr).not.toMatch(/sesame|zz/);
  },
);

test("a diagnostic shows no password of a URL", () => {
  expect(withoutSecrets('Get "https://user:canary@es.example.com/a": EOF')).toBe(
    'Get "https://(user)@es.example.com/a": EOF',
  );
  const plain = "\u001b[31mgot https://fleet.example.com:8220, see https://example.com/@scope";
  expect(withoutSecrets(plain)).toBe("got https://fleet.example.com:8220, see https://example.com/@scope");
});
