import * as fs from "node:fs";

import type { App } from "cdktf";

import { EnrollmentToken, MutualFleetTls, ServiceToken } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { PasteShell } from "../support/paste";
import { TerraformProject } from "../support/terraform";

const ENROLLMENT = { FLEET_ENROLLMENT_TOKEN: "an enrollment 'token' from the $environment==" };

function certs(...names: string[]): string {
  return names.map((name) => `/etc/elastic-agent/certs/${name}`).join(",");
}

describe("the commands that are printed, pasted into a shell", () => {
  const project = new TerraformProject();
  const shell = new PasteShell(project.path("bin"));
  const awkward = `it's a "policy" with \\ $HOME \`id\` %{if} \${x} and\ttabs`;
  const secret = `a-service-'token'-$(id)`;
  let outputs: Record<string, Record<string, { value: unknown }>>;

  function build(app: App): void {
    const stack = new TestStack(app, "awkward");
    const fleet = new MutualFleetTls(
      stack,
      "fleet",
      fleetProps({
        fleetServerPolicy: awkward,
        hostDirectory: "/opt/it's my/certs",
        serviceToken: ServiceToken.onCommandLine(secretVariable(stack, "service")),
        agentEnrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "enrollment")),
      }),
    );
    fleet.addAgent("web-1", { hostDirectory: variable(stack, "directory"), executable: "env A=1 elastic-agent" });
    fleet.addAgent("web-2", {
      enrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
      nonInteractive: false,
    });
    const environment = new TestStack(app, "environment");
    new MutualFleetTls(
      environment,
      "fleet",
      fleetProps({
        serviceToken: ServiceToken.fromEnvironment("SERVICE_TOKEN"),
        fleetServer: { executable: "elastic-agent", port: 8443, nonInteractive: false },
      }),
    );
  }

  const variables = { service: secret, enrollment: 'it\'s-an-"enrollment"-token', directory: "/srv/it's here/$certs" };

  beforeAll(async () => {
    await project.synthMain();
    const main = await Promise.all([deployed("one-way"), deployed("mutual")]);
    project.synth(build);
    const others = await Promise.all([deployed("awkward"), deployed("environment")]);
    const stacks = ["one-way", "mutual", "awkward", "environment"];
    outputs = Object.fromEntries([...main, ...others].map((output, index) => [stacks[index], output]));
  });
  afterAll(() => project.dispose());

  async function deployed(stack: string) {
    await project.apply(stack, { variables });
    return project.outputs(stack);
  }

  function serverCommand(stack: string): string {
    return String(outputs[stack]!["fleet-fleet-server-command"]!.value);
  }

  function agentCommands(stack: string, output = "fleet-agent-commands"): Record<string, string> {
    return outputs[stack]![output]!.value as Record<string, string>;
  }

  test("the one-way Fleet Server is given the flags of Elastic's page, in the page's order", async () => {
    expect(await shell.argumentsOf(serverCommand("one-way"))).toEqual([
      "install",
      "--url=https://fleet.example.com:8220",
      `--certificate-authorities=${certs("fleet-ca.pem")}`,
      "--fleet-server-es=https://es.example.com:9200",
      `--fleet-server-es-ca=${certs("es-ca.pem")}`,
      `--fleet-server-cert=${certs("fleet-cert.pem")}`,
      `--fleet-server-cert-key=${certs("fleet-cert-key.pem")}`,
      "--fleet-server-service-token-path=/etc/elastic-agent/certs/service-token",
      "--fleet-server-policy=fleet-server-policy",
      "--fleet-server-port=8220",
      "--non-interactive",
    ]);
  });

  test("the mutual Fleet Server is given the flags of Elastic's page, in the page's order", async () => {
    expect(await shell.argumentsOf(serverCommand("mutual"))).toEqual([
      "install",
      "--url=https://fleet.example.com:8220",
      `--certificate-authorities=${certs("fleet-ca.pem", "agent-ca.pem")}`,
      `--elastic-agent-cert=${certs("agent-cert.pem")}`,
      `--elastic-agent-cert-key=${certs("agent-cert-key.pem")}`,
      `--elastic-agent-cert-key-passphrase=${certs("agent-cert-key-passphrase")}`,
      "--fleet-server-es=https://es.example.com:9200",
      `--fleet-server-es-ca=${certs("es-ca.pem")}`,
      `--fleet-server-es-cert=${certs("fleet-es-cert.pem")}`,
      `--fleet-server-es-cert-key=${certs("fleet-es-cert-key.pem")}`,
      `--fleet-server-cert=${certs("fleet-cert.pem")}`,
      `--fleet-server-cert-key=${certs("fleet-cert-key.pem")}`,
      "--fleet-server-client-auth=required",
      "--fleet-server-service-token-path=/etc/elastic-agent/certs/service-token",
      "--fleet-server-policy=fleet-server-policy",
      "--fleet-server-port=8220",
      "--non-interactive",
    ]);
  });

  test("the Fleet Server's command has one flag a line", () => {
    const lines = serverCommand("mutual").split("\n");
    expect(lines[0]).toBe("elastic-agent install --url=https://fleet.example.com:8220 \\");
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^--[a-z-]+=\S+ \\$/);
    expect(lines.at(-1)).toBe("--non-interactive");
  });

  test("a one-way agent is given its URL, its CA and its token", async () => {
    const commands = agentCommands("one-way");
    expect(Object.keys(commands)).toEqual(["web-1", "web-2"]);
    for (const command of Object.values(commands)) {
      expect(command).not.toContain("\n");
      expect(await shell.argumentsOf(command, ENROLLMENT)).toEqual([
        "install",
        "--url=https://fleet.example.com:8220",
        `--certificate-authorities=${certs("fleet-ca.pem")}`,
        `--enrollment-token=${ENROLLMENT.FLEET_ENROLLMENT_TOKEN}`,
        "--non-interactive",
      ]);
    }
  });

  test("a mutual agent also gets its certificate, key and passphrase", async () => {
    const commands = agentCommands("mutual");
    expect(Object.keys(commands)).toEqual(["web-1", "web-2"]);
    for (const command of Object.values(commands)) {
      expect(command).not.toContain("\n");
      expect(await shell.argumentsOf(command, ENROLLMENT)).toEqual([
        "install",
        "--url=https://fleet.example.com:8220",
        `--certificate-authorities=${certs("fleet-ca.pem")}`,
        `--enrollment-token=${ENROLLMENT.FLEET_ENROLLMENT_TOKEN}`,
        `--elastic-agent-cert=${certs("agent-cert.pem")}`,
        `--elastic-agent-cert-key=${certs("agent-cert-key.pem")}`,
        `--elastic-agent-cert-key-passphrase=${certs("agent-cert-key-passphrase")}`,
        "--non-interactive",
      ]);
    }
  });

  test.each(["", undefined])("an agent's command whose variable is %p fails loudly and runs nothing", async (token) => {
    const env: Record<string, string> = token === undefined ? {} : { FLEET_ENROLLMENT_TOKEN: token };
    const { code, stdout, stderr } = await shell.paste(agentCommands("mutual")["web-1"]!, env);
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("FLEET_ENROLLMENT_TOKEN: set it to the token before running this command");
  });

  test("a Fleet Server's command whose service token is unset fails loudly and runs nothing", async () => {
    const { code, stdout, stderr } = await shell.paste(serverCommand("environment"));
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toContain("SERVICE_TOKEN: set it to the token before running this command");
  });

  test("a Fleet Server's command takes its service token from the shell, its port and its prompt from the props", async () => {
    const given = await shell.argumentsOf(serverCommand("environment"), { SERVICE_TOKEN: secret });
    expect(given.slice(-3)).toEqual([
      `--fleet-server-service-token=${secret}`,
      "--fleet-server-policy=fleet-server-policy",
      "--fleet-server-port=8443",
    ]);
  });

  test("text that a shell or Terraform would change arrives as it was written, literals and variables alike", async () => {
    const given = await shell.argumentsOf(serverCommand("awkward"));
    expect(given).toContain(`--fleet-server-policy=${awkward}`);
    expect(given).toContain(`--fleet-server-service-token=${secret}`);
    expect(given).toContain(
      "--certificate-authorities=/opt/it's my/certs/fleet-ca.pem,/opt/it's my/certs/agent-ca.pem",
    );
    const agent = agentCommands("awkward", "fleet-agent-commands-sensitive")["web-1"]!;
    expect(await shell.argumentsOf(agent)).toEqual([
      "install",
      "--url=https://fleet.example.com:8220",
      `--certificate-authorities=${variables.directory}/fleet-ca.pem`,
      `--enrollment-token=${variables.enrollment}`,
      `--elastic-agent-cert=${variables.directory}/agent-cert.pem`,
      `--elastic-agent-cert-key=${variables.directory}/agent-cert-key.pem`,
      "--non-interactive",
    ]);
  });

  test("commands with and without a secret are in different maps, and may be made to ask", async () => {
    expect(Object.keys(agentCommands("awkward"))).toEqual(["web-2"]);
    expect(Object.keys(agentCommands("awkward", "fleet-agent-commands-sensitive"))).toEqual(["web-1"]);
    const given = await shell.argumentsOf(agentCommands("awkward")["web-2"]!, ENROLLMENT);
    expect(given.at(-1)).not.toBe("--non-interactive");
  });

  test("the script in a host's folder runs the same command", async () => {
    const hosts: [string, string, string][] = [
      ["one-way", "fleet-server", serverCommand("one-way")],
      ["mutual", "fleet-server", serverCommand("mutual")],
      ["mutual", "agents/web-1", agentCommands("mutual")["web-1"]!],
      ["awkward", "fleet-server", serverCommand("awkward")],
      ["awkward", "agents/web-1", agentCommands("awkward", "fleet-agent-commands-sensitive")["web-1"]!],
    ];
    for (const [stack, host, command] of hosts) {
      const { stdout } = await shell.run(
        project.path("fleet-tls", stack, "fleet", host, "install-command.sh"),
        ENROLLMENT,
      );
      expect(stdout.split("\0").slice(0, -1)).toEqual(await shell.argumentsOf(command, ENROLLMENT));
    }
  });

  test("a script is private exactly if it contains a secret", () => {
    const mode = (file: string) => (fs.statSync(project.path("fleet-tls", file)).mode & 0o777).toString(8);
    expect(mode("awkward/fleet/fleet-server/install-command.sh")).toBe("600");
    expect(mode("awkward/fleet/agents/web-1/install-command.sh")).toBe("600");
    expect(mode("awkward/fleet/agents/web-2/install-command.sh")).toBe("644");
    expect(mode("environment/fleet/fleet-server/install-command.sh")).toBe("644");
  });
});
