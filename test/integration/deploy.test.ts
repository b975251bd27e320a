import * as fs from "node:fs";

import { contentsBelow, filesBelow, modesBelow } from "../support/files";
import { changesOf, outputChangesOf } from "../support/plan";
import { TerraformProject } from "../support/terraform";

const STACKS = ["one-way", "mutual"];

const SERVER_FILES = {
  "fleet-server/": "0700",
  "fleet-server/es-ca.pem": "0644",
  "fleet-server/fleet-ca.pem": "0644",
  "fleet-server/fleet-cert-key.pem": "0600",
  "fleet-server/fleet-cert.pem": "0644",
  "fleet-server/install-command.sh": "0644",
};
const ELASTICSEARCH_FILES = {
  "elasticsearch/": "0700",
  "elasticsearch/elasticsearch.tls.yml": "0644",
  "elasticsearch/es-ca.pem": "0644",
  "elasticsearch/es-cert-key.pem": "0600",
  "elasticsearch/es-cert.pem": "0644",
};
const AGENT_FILES = { "": "0700", "es-ca.pem": "0644", "fleet-ca.pem": "0644", "install-command.sh": "0644" };
const CLIENT_FILES = {
  "agent-cert-key-passphrase": "0600",
  "agent-cert-key.pem": "0600",
  "agent-cert.pem": "0644",
};

function below(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, mode]) => [`${folder}/${name}`, mode]));
}

describe("both stacks of main.ts, deployed", () => {
  const project = new TerraformProject();
  let deployed: Record<string, string>;

  beforeAll(async () => {
    await project.synthMain();
    await Promise.all(STACKS.map((stack) => project.apply(stack)));
    deployed = contentsBelow(project.path("fleet-tls"));
  });
  afterAll(() => project.dispose());

  test("every host of the one-way stack has its files, keys closed to others and folders to all but the owner", () => {
    expect(modesBelow(project.path("fleet-tls/one-way/fleet"))).toEqual({
      "RUNBOOK.md": "0644",
      ...SERVER_FILES,
      ...ELASTICSEARCH_FILES,
      "agents/": "0700",
      ...below("agents/web-1", AGENT_FILES),
      ...below("agents/web-2", AGENT_FILES),
    });
  });

  test("every host of the mutual stack has its files, keys closed to others and folders to all but the owner", () => {
    expect(modesBelow(project.path("fleet-tls/mutual/fleet"))).toEqual({
      "RUNBOOK.md": "0644",
      "index.html": "0644",
      ...SERVER_FILES,
      ...below("fleet-server", CLIENT_FILES),
      "fleet-server/agent-ca.pem": "0644",
      "fleet-server/fleet-es-cert-key.pem": "0600",
      "fleet-server/fleet-es-cert.pem": "0644",
      ...ELASTICSEARCH_FILES,
      "elasticsearch/es-client-ca.pem": "0644",
      "agents/": "0700",
      ...below("agents/web-1", { ...AGENT_FILES, ...CLIENT_FILES }),
      ...below("agents/web-2", { ...AGENT_FILES, ...CLIENT_FILES }),
    });
  });

  test("the private key of no CA is in any host's folder", () => {
    const keys = STACKS.flatMap((stack) => project.state(stack))
      .filter(({ type, name }) => type === "tls_private_key" && /-ca_generation-/.test(name))
      .map(({ instances }) => instances[0]!.attributes);
    expect(keys).toHaveLength(5);
    for (const attribute of ["private_key_pem", "private_key_pem_pkcs8"]) {
      for (const key of keys) {
        expect(Object.values(deployed).some((content) => content.includes(String(key[attribute])))).toBe(false);
      }
    }
  });

  test("passphrase files contain 256 bits as hexadecimal digits and no newline", () => {
    const files = filesBelow(project.path("fleet-tls")).filter((name) => name.endsWith("-passphrase"));
    expect(files).toHaveLength(3);
    expect(new Set(files.map((name) => deployed[name])).size).toBe(3);
    for (const name of files) expect(deployed[name]).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each(STACKS)("a second plan of %s changes nothing", async (stack) => {
    const { text, json } = await project.plan(stack);
    expect(text).toContain("No changes.");
    expect(changesOf(json)).toEqual({});
    expect(outputChangesOf(json)).toEqual([]);
  });

  test.each(STACKS)(
    "on a runner with an empty output directory, %s plans its files alone, with the same bytes",
    async (stack) => {
      fs.renameSync(project.path("fleet-tls", stack), project.path("kept"));
      const { json } = await project.plan(stack);
      const changes = changesOf(json);
      const files = filesBelow(project.path("kept"));
      expect(new Set(Object.values(changes))).toEqual(new Set(["create"]));
      expect(Object.keys(changes)).toHaveLength(files.length);
      for (const address of Object.keys(changes)) expect(address).toMatch(/^local_(sensitive_)?file\./);
      await project.apply(stack);
      expect(contentsBelow(project.path("fleet-tls", stack))).toEqual(contentsBelow(project.path("kept")));
      expect(modesBelow(project.path("fleet-tls", stack))).toEqual(modesBelow(project.path("kept")));
      fs.rmSync(project.path("kept"), { recursive: true });
    },
  );

  test("a deleted PEM and an altered one are restored; a changed mode is not noticed", async () => {
    const folder = project.path("fleet-tls/mutual/fleet/agents/web-1");
    fs.rmSync(`${folder}/agent-cert-key.pem`);
    fs.appendFileSync(`${folder}/fleet-ca.pem`, "x");
    fs.chmodSync(`${folder}/agent-cert-key-passphrase`, 0o644);

    const { json } = await project.plan("mutual");
    expect(Object.keys(changesOf(json)).map((address) => address.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "local_file.fleet_agents_web-1_files_fleet-capem",
      "local_sensitive_file.fleet_agents_web-1_files_agent-cert-keypem",
    ]);

    await project.apply("mutual");
    expect(contentsBelow(project.path("fleet-tls"))).toEqual(deployed);
    const modes = modesBelow(folder);
    expect(modes["agent-cert-key.pem"]).toBe("0600");
    // The local provider compares content alone: a mode that was loosened by hand stays so.
    expect(modes["agent-cert-key-passphrase"]).toBe("0644");
  });

  test("destroy leaves no file and no resource", async () => {
    await Promise.all(STACKS.map((stack) => project.destroy(stack)));
    expect(filesBelow(project.path("fleet-tls"))).toEqual([]);
    for (const stack of STACKS) expect(project.state(stack)).toEqual([]);
  });
});
