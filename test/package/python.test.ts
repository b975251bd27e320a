import * as fs from "node:fs";
import * as path from "node:path";

import { pack } from "../../packaging/packages";
import { buildWheel } from "../../packaging/python";
import { follow } from "../docs/follow";
import { Example, ExampleProject } from "../examples/example";
import { execute, terraformEnvironment } from "../support/execute";
import { contentsBelow } from "../support/files";
import { verify } from "../support/openssl";
import { TerraformProject } from "../support/terraform";
import { succeed } from "./lane";
import { builtPackages } from "./packages";

const ROOT = path.join(__dirname, "..", "..");
const EXAMPLE = path.join(ROOT, "examples", "python");
const STACKS = ["main", "branch", "lab"];
const hasVenv = fs.existsSync("/usr/bin/python3") || fs.existsSync("/usr/local/bin/python3");

(hasVenv ? describe : describe.skip)("the wheel, in a Python app", () => {
  const project = new TerraformProject();
  const python = project.path("venv", "bin", "python");
  const env = { PYTHONDONTWRITEBYTECODE: "1", CDKTF_OUTDIR: project.outputFolder };
  const synth = (generations: string): Promise<string> =>
    succeed(python, ["main.py"], project.path("app"), { ...env, GENERATIONS: generations });
  let wheel: string;

  beforeAll(async () => {
    wheel = buildWheel(builtPackages().cdktf, project.path("wheel"));
    await succeed("python3", ["-m", "venv", project.path("venv")], project.folder);
    await succeed(
      python,
      ["-m", "pip", "install", "-q", wheel, "-r", path.join(EXAMPLE, "requirements.txt"), "pytest", "twine"],
      project.folder,
    );
    fs.cpSync(EXAMPLE, project.path("app"), { recursive: true });
    await synth("1");
  });
  afterAll(() => project.dispose());

  test("passes twine check, and contains the npm package", async () => {
    const sdist = fs.readdirSync(path.dirname(wheel)).find((file) => file.endsWith(".tar.gz"))!;
    const files = [wheel, path.join(path.dirname(wheel), sdist)];
    expect(await succeed(python, ["-m", "twine", "check", "--strict", ...files], project.folder)).toMatch(
      /PASSED[^]*PASSED/,
    );
    const listed = await succeed(python, ["-m", "zipfile", "-l", wheel], project.folder);
    expect(listed).toContain("cdktf_fleet_tls/_jsii/cdktf-fleet-tls@0.1.0.jsii.tgz");
  });

  test("is applied, and a second plan changes nothing", async () => {
    for (const stack of STACKS) await project.apply(stack);
    for (const stack of STACKS) expect((await project.plan(stack)).text).toContain("No changes.");
    const files = contentsBelow(project.path("fleet-tls/main/fleet"));
    expect(files["agents/desk-1/install-command.ps1"]).toContain("elastic-agent");
    expect(files["agents/web-1/agent-cert-key.pem"]).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const trust = project.path("fleet-tls/main/fleet/fleet-server/agent-ca.pem");
    for (const agent of ["web-1", "branch-1"]) {
      const certificate = project.path(`fleet-tls/main/fleet/agents/${agent}/agent-cert.pem`);
      expect(await verify(certificate, { trust, purpose: "sslclient" })).toBe("OK");
    }
  });

  test("its README leads to the files that it lists", async () => {
    const clone = new ExampleProject();
    try {
      const example = new Example(clone, "python");
      await example.follow({ PIP_FIND_LINKS: path.dirname(wheel) });
      expect(example.written).toEqual(example.listed);
    } finally {
      clone.dispose();
    }
  });

  test("introduces a generation of the fleet CA, and a second plan changes nothing", async () => {
    await synth("1,2");
    for (const stack of STACKS) await project.apply(stack);
    for (const stack of STACKS) expect((await project.plan(stack)).text).toContain("No changes.");
    const bundle = project.read("fleet-tls/lab/fleet/agents/lab-1/fleet-ca.pem");
    expect(bundle.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test("the example's own tests pass", async () => {
    const printed = await succeed(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider"], project.path("app"), env);
    expect(printed).toContain("3 passed");
  });

  test("an error names a property that is spelled in snake_case in Python", async () => {
    const program = path.join(__dirname, "python-errors.py");
    const run = { cwd: project.path("app"), env: { ...process.env, ...env, PYTHONPATH: project.path("app") } };
    const { stdout } = await execute(python, [program, project.path("refused")], run);
    const { error, names } = JSON.parse(stdout) as { error: string; names: string[] };
    const named = [...error.matchAll(/^[\w/-]+: (\w+) is /gm)].map(([, name]) => name!);
    expect(named).toEqual(["fleetServerUrl", "elasticsearchUrl"]);
    const snake = named.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    expect(names).toEqual(expect.arrayContaining(snake));
  });

  test("every property of the assembly has its snake_case spelling in Python, with which errors can be read", () => {
    const { types } = JSON.parse(fs.readFileSync(path.join(builtPackages().cdktf, ".jsii"), "utf8")) as Assembly;
    const lib = project.path("venv", "lib");
    const [version] = fs.readdirSync(lib);
    const module = fs.readFileSync(path.join(lib, version!, "site-packages", "cdktf_fleet_tls", "__init__.py"), "utf8");
    const properties = Object.values(types).flatMap((type) => (type.datatype ? (type.properties ?? []) : []));
    expect(properties.length).toBeGreaterThan(100);
    const missing = properties
      .map(({ name }) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
      .filter((name) => !new RegExp(`\\b${name}:`).test(module));
    expect(missing).toEqual([]);
  });

  test("docs/python.md, word for word: from an empty folder to verified files", async () => {
    const packages = { npm: pack(builtPackages().cdktf, project.folder), ".venv/bin/pip": wheel };
    const app = project.path("start");
    const printed = follow("python.md", app, { env: await terraformEnvironment(), packages });
    expect(printed).toContain("elastic-agent install --url=https://fleet.example.com:8220");
    expect(printed).toMatch(/\b0 errors/);
    const page = fs.readFileSync(path.join(ROOT, "docs", "python.md"), "utf8");
    for (const line of fs.readFileSync(path.join(EXAMPLE, "requirements.txt"), "utf8").trim().split("\n")) {
      expect(page).toContain(`'${line}'`);
    }
  });
});

interface Assembly {
  readonly types: Record<string, { readonly datatype?: boolean; readonly properties?: { readonly name: string }[] }>;
}
