import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";

import { containersCheck } from "../conformance/programs";
import { Example, ExampleProject } from "../examples/example";
import { execute } from "../support/execute";
import { fleetTls } from "../verify/fleet-fixture";

jest.setTimeout(600_000);

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "containers.md"), "utf8");
const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
const [, docker, kubectl] = blocks("sh") as [string, string, string];
const [compose, objects] = blocks("yaml") as [string, string];

const where = (program: string, args: readonly string[]) =>
  spawnSync(program, args).status === 0 ? describe : describe.skip;
const TOKEN = "token-of-the-test";
const env = { ...process.env, FLEET_SERVER_SERVICE_TOKEN: TOKEN };

const project = new ExampleProject();
const example = new Example(project, "containers");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "containers-"));
const write = (name: string, text: string): string => {
  fs.writeFileSync(path.join(scratch, name), text);
  return path.join(scratch, name);
};
/** The folder that the page calls /srv/fleet-server. */
const host = example.path("fleet-tls/containers/fleet/fleet-server");
const onThisMachine = (text: string): string => text.replaceAll("/srv/fleet-server", host);

beforeAll(() => example.follow());
afterAll(() => {
  project.dispose();
  fs.rmSync(scratch, { recursive: true });
});

/** The variables that the container has to have: those of the file, and the token. */
const expected = (): string[] =>
  fs
    .readFileSync(path.join(host, "container.env"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (line === "FLEET_SERVER_SERVICE_TOKEN" ? `${line}=${TOKEN}` : line))
    .sort();

interface Created {
  readonly Image: string;
  readonly Env: readonly string[];
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly HostConfig: { readonly Binds: readonly string[] };
}

where("docker", ["--version"])("docker", () => {
  /** Runs a command line of docker; answers what it asks a daemon to create. */
  async function created(command: string): Promise<Created> {
    const socket = path.join(scratch, "docker.sock");
    let body = "";
    const daemon = http.createServer((request, response) => {
      response.setHeader("Api-Version", "1.41").setHeader("Content-Type", "application/json");
      if (!request.url!.includes("/containers/create")) return void response.end("{}");
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => response.writeHead(500).end('{"message":"recorded"}'));
    });
    await new Promise<void>((resolve) => daemon.listen(socket, resolve));
    try {
      const run = { env: { ...env, DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: scratch } };
      expect((await execute("sh", ["-c", command], run)).stderr).toContain("recorded");
      return JSON.parse(body) as Created;
    } finally {
      daemon.close();
    }
  }

  test("the line starts a container with every variable, the token, the files and the port", async () => {
    const line = docker.slice(docker.indexOf("docker run"));
    const container = await created(onThisMachine(line));
    expect([...container.Env].sort()).toEqual(expected());
    expect(container.HostConfig.Binds).toEqual([`${host}:/certs:ro`]);
    expect(Object.keys(container.ExposedPorts)).toEqual(["8220/tcp"]);
    expect(container.Image).toBe("docker.elastic.co/elastic-agent/elastic-agent:9.5.2");
  });
});

/** Reads a file as Kubernetes or Compose does. */
async function readBy(reader: "kubernetes" | "compose", text: string) {
  const { code, stdout, stderr } = await execute(containersCheck(), [reader, write("file.yaml", text)], { env });
  return { code, stderr, value: code === 0 ? (JSON.parse(stdout) as unknown) : undefined };
}

where("go", ["version"])("Compose's own loader", () => {
  test("the file starts a container with every variable, and the token", async () => {
    const { value, stderr } = await readBy("compose", onThisMachine(compose));
    expect(stderr).toBe("");
    const { environment, volumes, ports } = (value as Record<string, Service>)["fleet-server"]!;
    expect(
      Object.entries(environment)
        .map(([name, text]) => `${name}=${text}`)
        .sort(),
    ).toEqual(expected());
    expect(volumes).toMatchObject([{ type: "bind", source: host, target: "/certs", read_only: true }]);
    expect(ports).toMatchObject([{ target: 8220, published: "8220" }]);
  });

  test("an unknown key is refused", async () => {
    const { code, stderr } = await readBy("compose", compose.replace("env_file:", "env_files:"));
    expect(code).not.toBe(0);
    expect(stderr).toContain("env_files");
  });
});

interface Service {
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: unknown;
  readonly ports: unknown;
}

where("go", ["version"])("Kubernetes' own types", () => {
  test("the objects are read, with group-readable files", async () => {
    const { value, stderr } = await readBy("kubernetes", objects);
    expect(stderr).toBe("");
    expect(JSON.stringify(value)).toContain(`"secretName":"fleet-server-certs","defaultMode":${0o440}`);
  });

  test("an unknown field is refused", async () => {
    const { code, stderr } = await readBy("kubernetes", objects.replace("fsGroup", "fsgroup"));
    expect(code).not.toBe(0);
    expect(stderr).toContain('unknown field "spec.template.spec.securityContext.fsgroup"');
  });
});

where("kubectl", ["version", "--client"])("kubectl", () => {
  /** Secrets that the page's lines create. */
  async function secrets(variables: NodeJS.ProcessEnv): Promise<string[]> {
    const texts = [];
    for (const line of kubectl.trimEnd().split("\n")) {
      const command = `${line} --dry-run=client --output yaml`;
      const { code, stdout, stderr } = await execute("sh", ["-c", command], { cwd: example.path("."), env: variables });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      texts.push(stdout);
    }
    return texts;
  }

  test("verify finds nothing wrong in the Secrets and the Deployment", async () => {
    const folder = path.join(scratch, "cluster");
    fs.mkdirSync(folder);
    for (const [index, text] of [...(await secrets(env)), objects].entries()) {
      fs.writeFileSync(path.join(folder, `${index}.yaml`), text);
    }
    const { code, out } = await fleetTls(["verify", folder]);
    expect(out).toMatch(/^1 host, \d+ certificates: 0 errors, 0 warnings$/m);
    expect(code).toBe(0);
  });

  test("without the variable, the Secret has an empty token, as the page says", async () => {
    expect((await secrets({ ...process.env, FLEET_SERVER_SERVICE_TOKEN: undefined }))[1]).toContain(
      'FLEET_SERVER_SERVICE_TOKEN: ""',
    );
    expect(PAGE).toContain("If the variable is not set, they start a Fleet Server without a token.");
  });
});
