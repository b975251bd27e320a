import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { findProviders, providerEnvironment } from "../../providers/mirror";
import { fakeGo } from "./fake-go";

let home: string;
let folder: string;
let answering: http.Server;
let registry: string;
const nobody = "http://127.0.0.1:1/";
const log = () => undefined;

beforeAll(async () => {
  answering = http.createServer((_, response) => response.end('{"providers.v1":"/v1/providers/"}'));
  await new Promise<void>((resolve) => answering.listen(0, "127.0.0.1", resolve));
  registry = `http://127.0.0.1:${(answering.address() as AddressInfo).port}/`;
});
afterAll(() => answering.close());
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "mirror-"));
  folder = path.join(home, "mirror");
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

const configFile = (name: string, text = "") => {
  fs.writeFileSync(path.join(home, name), text);
  return path.join(home, name);
};
const mirrorEnvironment = () => ({
  TF_CLI_CONFIG_FILE: path.join(folder, "terraform.rc"),
  CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
});

test("the user's own configuration is left unchanged in every case", async () => {
  const env = { HOME: home, PATH: fakeGo(home), TF_CLI_CONFIG_FILE: configFile("own.rc") };

  await expect(findProviders({ env, folder, registry, log })).resolves.toEqual({
    origin: "configured",
    environment: {},
  });
  expect(fs.existsSync(folder)).toBe(false);
});

test("the user's own configuration by a relative path is named by an absolute one", async () => {
  const own = configFile("own.rc");
  const env = { HOME: home, PATH: "", TF_CLI_CONFIG_FILE: path.relative(process.cwd(), own) };

  await expect(providerEnvironment({ env, folder, registry })).resolves.toEqual({ TF_CLI_CONFIG_FILE: own });
});

test("nothing is needed where the registry answers", async () => {
  const env = { HOME: home, PATH: fakeGo(home) };

  await expect(findProviders({ env, folder, registry, log })).resolves.toEqual({ origin: "registry", environment: {} });
  expect(fs.existsSync(folder)).toBe(false);
});

test("a configuration file that does not exist is taken out of the environment", async () => {
  const env = { HOME: home, PATH: "", TF_CLI_CONFIG_FILE: path.join(home, "missing.rc") };

  await expect(providerEnvironment({ env, folder, registry })).resolves.toEqual({ TF_CLI_CONFIG_FILE: "" });
});

test("a mirror in the user's home is used where the registry is silent", async () => {
  configFile(".terraformrc", "provider_installation {\n}\n");
  const env = { HOME: home, PATH: fakeGo(home) };

  await expect(findProviders({ env, folder, registry: nobody, log })).resolves.toEqual({
    origin: "configured",
    environment: {},
  });
});

test("a configuration in the user's home that names no mirror does not help", async () => {
  configFile(".terraformrc", "# provider_installation\ndisable_checkpoint = true\n");
  const env = { HOME: home, PATH: fakeGo(home) };

  const { origin } = await findProviders({ env, folder, registry: nobody, log });
  expect(origin).toBe("mirror");
});

test("the mirror is built where the registry is silent, and then needs no Go", async () => {
  const TF_CLI_CONFIG_FILE = path.join(home, "missing.rc");
  const said: string[] = [];
  const options = { folder, registry: nobody, log: (line: string) => said.push(line) };

  const env = { HOME: home, PATH: fakeGo(home), TF_CLI_CONFIG_FILE };
  await expect(providerEnvironment({ ...options, env })).resolves.toEqual(mirrorEnvironment());
  expect(said).toEqual([expect.stringContaining("tls 4.1.0"), expect.stringContaining("local 2.9.0")]);

  const withoutGo = { HOME: home, PATH: home };
  await expect(providerEnvironment({ ...options, env: withoutGo })).resolves.toEqual(mirrorEnvironment());
  expect(said).toHaveLength(2);
});

test("one line names what to install if neither the registry nor Go is available", async () => {
  const error = await findProviders({ env: { HOME: home, PATH: home }, folder, registry: nobody }).catch((e) => e);

  expect(error.message).toMatch(/registry does not answer and Go is not installed; install Go .* TF_CLI_CONFIG_FILE/);
  expect(error.message).not.toContain("\n");
});

test("a preferred mirror goes before the user's configuration and the registry", async () => {
  const env = { HOME: home, PATH: fakeGo(home), TF_CLI_CONFIG_FILE: configFile("own.rc") };

  const { origin } = await findProviders({ preferMirror: true, env, folder, registry, log });
  expect(origin).toBe("mirror");
});

test("a preferred mirror that cannot be built makes way for the registry", async () => {
  const env = { HOME: home, PATH: home };

  const { origin } = await findProviders({ preferMirror: true, env, folder, registry });
  expect(origin).toBe("registry");
});

test("Terraform takes both providers from where they are found", async () => {
  // The mirror of the checkout, built once: with Go on the machine no test asks the network for a provider.
  const env = { ...process.env, ...(await providerEnvironment({ preferMirror: true })), CHECKPOINT_DISABLE: "1" };
  const providers = {
    tls: { source: "hashicorp/tls", version: "4.1.0" },
    local: { source: "hashicorp/local", version: "~> 2.6" },
  };
  const terraform = { required_providers: providers };
  const data = { local_command: { echo: { command: "cat", stdin: "provided" } } };
  const output = { echo: { value: "${data.local_command.echo.stdout}" } };
  fs.writeFileSync(path.join(home, "main.tf.json"), JSON.stringify({ terraform, data, output }));
  const run = (...args: string[]) => execFileSync("terraform", args, { cwd: home, env, encoding: "utf8" });

  run("init", "-input=false");
  run("apply", "-auto-approve", "-input=false");

  expect(run("output", "-raw", "echo")).toBe("provided");
  expect(JSON.parse(run("version", "-json")).provider_selections).toMatchObject({
    "registry.terraform.io/hashicorp/tls": "4.1.0",
  });
});
