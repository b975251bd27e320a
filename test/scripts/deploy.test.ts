import * as fs from "node:fs";
import { providerEnvironment } from "../../providers/mirror";
import { Project } from "./project";

const TIMEOUT_MS = 10 * 60 * 1000;
const APP = `
import { App, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import { File } from "@cdktf/provider-local/lib/file";
import { LocalProvider } from "@cdktf/provider-local/lib/provider";
import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { TlsProvider } from "@cdktf/provider-tls/lib/provider";

const app = new App();
for (const name of ["one-way", "mutual"]) {
  if (process.env.REFUSED) throw new Error("fleetServerUrl is refused");
  const stack = new TerraformStack(app, name);
  new LocalBackend(stack, { path: \`../../../terraform.\${name}.tfstate\` });
  new TlsProvider(stack, "tls");
  new LocalProvider(stack, "local");
  stack.addOverride("terraform.required_providers.local.version", "~> 2.6");
  const key = new PrivateKey(stack, "key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  new File(stack, "file", {
    filename: \`\\\${path.module}/../../../fleet-tls/\${name}/fleet/agents/web-1/key.pub\`,
    content: key.publicKeyPem,
  });
  // Slow enough to be interrupted, one after the other.
  for (let i = 0; i < Number(process.env.SLOW ?? 0); i++) new PrivateKey(stack, "k" + i, { algorithm: "RSA", rsaBits: 2048 });
  const output = (id, value, sensitive) => new TerraformOutput(stack, id, { staticId: true, value, sensitive });
  output("fleet-fleet-server-command", "install \\\\\\n--url='x'");
  output("fleet-agent-commands", { "web-1": "install 1 " + "x".repeat(200), "web-2": "install 2" }, name === "mutual");
}
app.synth();
`;

let project: Project;
let providers: Record<string, string>;
beforeAll(async () => {
  // The mirror wherever Go is, so that nothing here depends on the network.
  providers = await providerEnvironment({ preferMirror: true });
}, TIMEOUT_MS);
afterEach(() => project.remove());

const start = (environment: Record<string, string> = {}) =>
  (project = new Project(APP, { ...providers, ...environment }));
const resources = (stack: string) => {
  const state = JSON.parse(project.read(`terraform.${stack}.tfstate`)) as { resources: { instances: unknown[] }[] };
  return state.resources.filter(({ instances }) => instances.length > 0).length;
};
// tsx keeps its cache there too.
const temporaries = () => fs.readdirSync(project.temporary).filter((name) => name.startsWith("cdktf-fleet-tls"));
const plans = () => ["one-way", "mutual"].filter((stack) => project.exists(`cdktf.out/stacks/${stack}/plan`));

test(
  "a deploy prints the commands and nothing else, and closes what holds keys to others",
  async () => {
    const { code, stdout, stderr } = await start().run("deploy");

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("one-way  Plan: 2 to add") });
    expect(stdout).toBe(`# mutual/fleet

# fleet-server
install \\
--url='x'

# fleet-agent-commands holds secrets and is not shown: run install-command.sh of the host's folder, or see
# terraform -chdir=cdktf.out/stacks/mutual output -json fleet-agent-commands

# one-way/fleet

# fleet-server
install \\
--url='x'

# web-1
install 1 ${"x".repeat(200)}

# web-2
install 2
`);
    expect(stderr).not.toContain("install 2");
    expect(["terraform.one-way.tfstate", "terraform.mutual.tfstate"].map((name) => project.mode(name))).toEqual([
      0o600, 0o600,
    ]);
    expect(project.mode("cdktf.out")).toBe(0o700);
    expect(plans()).toEqual([]);
    expect(temporaries()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "a plan is gone after a diff, a stack after its own destroy, and everything after the last",
  async () => {
    await start().run("deploy");
    const flags = Object.keys(providers).length > 0 ? ["--skip-provider-lock"] : [];
    const diff = await project.run("with-providers", ["node_modules/.bin/cdktf", "diff", "mutual", ...flags]);
    expect(diff).toMatchObject({ code: 0, stdout: expect.stringContaining("no changes are needed") });
    expect(plans()).toEqual([]);

    await expect(project.run("destroy", ["one-way"])).resolves.toMatchObject({ code: 0, stdout: "" });
    expect(fs.readdirSync(`${project.folder}/fleet-tls`)).toEqual(["mutual"]);
    expect(project.exists("terraform.one-way.tfstate")).toBe(false);
    expect(resources("mutual")).toBe(2);

    await expect(project.run("destroy")).resolves.toMatchObject({ code: 0, stdout: "" });
    expect(fs.readdirSync(project.folder).sort()).toEqual([
      "cdktf.json",
      "cdktf.out",
      "main.ts",
      "node_modules",
      "temporary",
    ]);
  },
  TIMEOUT_MS,
);

test(
  "a failing deploy prints no command, and says what the app said",
  async () => {
    const { code, stdout, stderr } = await start({ REFUSED: "1" }).run("deploy");

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Error: fleetServerUrl is refused");
    expect(stderr).toContain("the deploy is not complete");
    expect(temporaries()).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  "an interrupted deploy keeps in the state what it made",
  async () => {
    let interrupted = false;
    const { code, stdout, stderr } = await start({ SLOW: "200" }).run(
      "deploy",
      ["one-way", "--terraform-parallelism", "1"],
      (child, said) => {
        if (interrupted || !said.includes("25 resources done")) return;
        interrupted = child.kill("SIGINT");
        // As npm and the terminal do between them: the second is the same interrupt.
        child.kill("SIGINT");
      },
    );

    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain("Error: execution halted");
    expect(resources("one-way")).toBeGreaterThanOrEqual(25);
    expect(resources("one-way")).toBeLessThan(202);
    expect(project.exists(".terraform.one-way.tfstate.lock.info")).toBe(false);
    expect(plans()).toEqual([]);
  },
  TIMEOUT_MS,
);
