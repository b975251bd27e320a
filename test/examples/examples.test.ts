import * as fs from "node:fs";
import * as path from "node:path";

import { Pki } from "../support/pki";
import { unusedFiles } from "../support/unused-files";
import { Example, ExampleProject } from "./example";

const EXAMPLES = path.join(__dirname, "..", "..", "examples");

/** The examples that `npx fleet-tls deploy` deploys, without those of docs/deployment-models.md. */
const DEPLOYED = ["containers", "mutual-through-a-proxy", "one-way-to-mutual", "scale"] as const;

test("every example is in the list, and has a README of five lines and one command, with its output", () => {
  const list = fs.readFileSync(path.join(EXAMPLES, "README.md"), "utf8");
  const folders = fs.readdirSync(EXAMPLES).filter((name) => !name.endsWith(".md"));
  expect([...list.matchAll(/^\| \[(.*?)\]\(\1\) /gm)].map(([, name]) => name).sort()).toEqual(folders.sort());
  for (const name of folders) {
    const readme = fs.readFileSync(path.join(EXAMPLES, name, "README.md"), "utf8");
    const [, text, command, output] = /^([^]*?)^```sh\n(.*)\n```\n([^]*?)^```\n[^]+^```\n$/m.exec(readme) ?? [];
    expect([name, command, output]).toEqual([name, expect.anything(), expect.anything()]);
    expect([name, text!.split("\n").filter((line) => line !== "").length <= 5]).toEqual([name, true]);
  }
});

describe.each(DEPLOYED)("%s", (name) => {
  const project = new ExampleProject();
  afterAll(() => project.dispose());
  const example = new Example(project, name);

  test("its README leads to the files that it lists, and every host has a use for each of them", async () => {
    if (name === "mutual-through-a-proxy") new Pki(example.path(".")).authority("proxy-ca");
    await example.follow();
    expect(example.written).toEqual(example.listed);
    expect(unusedFiles(example.contents)).toEqual([]);
    CHECKS[name](example);
  });
});

const CHECKS: Readonly<Record<(typeof DEPLOYED)[number], (example: Example) => void>> = {
  containers: (example) => {
    const lines = (host: string): string[] =>
      example.read(`fleet-tls/containers/fleet/${host}/container.env`).trimEnd().split("\n");
    expect(lines("fleet-server")).toEqual(
      expect.arrayContaining([
        "FLEET_SERVER_ENABLE=1",
        "FLEET_CA=/certs/fleet-ca.pem,/certs/agent-ca.pem",
        "FLEET_SERVER_CLIENT_AUTH=required",
        "FLEET_SERVER_SERVICE_TOKEN",
      ]),
    );
    expect(lines("agents/node").filter((line) => !line.includes("="))).toEqual(["FLEET_ENROLLMENT_TOKEN"]);
  },
  "mutual-through-a-proxy": (example) => {
    const script = "fleet-tls/proxy/fleet/agents/branch/install-command.sh";
    expect(example.read(script)).toContain("/fleet-ca.pem,/etc/elastic-agent/certs/proxy-ca.pem ");
    expect(example.read(script)).toContain("\n--proxy-url=https://proxy.branch.example.com:3128 ");
    expect(fs.statSync(example.path(script)).mode & 0o777).toBe(0o600);
  },
  scale: (example) => {
    const { hosts } = JSON.parse(example.read("fleet-tls/home/fleet/whole-fleet.json")) as {
      hosts: { stack: string }[];
    };
    expect(new Set(hosts.map(({ stack }) => stack))).toEqual(new Set(["home", "oslo-0", "paris-0", "paris-1"]));
    expect(example.read("terraform.paris-0.tfstate")).not.toContain("agent-ca_generation-1_issuer-key");
  },
  "one-way-to-mutual": (example) => {
    const before = addresses(example, "one-way");
    const optional = addresses(example, "optional");
    expect(before.filter((address) => !optional.includes(address))).toEqual([]);
    expect(addresses(example, "required")).toEqual(optional);
  },
};

function addresses(example: Example, stage: string): string[] {
  const file = example.path("cdktf.json");
  const config = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  fs.writeFileSync(file, JSON.stringify({ ...config, context: { stage } }));
  return example.synth()["live"]!.addresses;
}
