import { createPrivateKey } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import { CertificateSource, MutualFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { execute } from "../support/execute";
import { fleetProps } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { Pki } from "../support/pki";
import { TerraformProject } from "../support/terraform";
import { fleetTls } from "../verify/fleet-fixture";
import { writeStandIns } from "./stand-ins";

jest.setTimeout(600_000);

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "keys-on-hosts.md"), "utf8");
const CERTS = "/etc/elastic-agent/certs";

describe("the two deploys of the page", () => {
  const project = new TerraformProject();
  const host = project.path("hosts", "web-1", "certs");
  const onHost = (name: string): string => path.join(host, name);
  const [COPY, REQUEST, FETCH] = commandsOf("ssh root@web-1 mkdir");

  /** The commands of the page's block that begins so: the copy, the script on the host, and the way back. */
  function commandsOf(start: string): [string, string, string] {
    const block = /```sh\n([^`]*)```/.exec(PAGE.slice(PAGE.lastIndexOf("```sh", PAGE.indexOf(start))))![1]!;
    const lines = block.split("\n").map((line) => line.trim().replaceAll(CERTS, host));
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["ssh", "rsync", "ssh", "mkdir", "scp", ""]);
    return [lines.slice(0, 2).join("\n"), lines[2]!, lines.slice(3).join("\n")];
  }

  function build(app: App): void {
    const fleet = new MutualFleetTls(new TestStack(app, "mutual"), "fleet", fleetProps());
    const passphrasePath = onHost("agent-cert-key-passphrase");
    fleet.addAgent("web-1", {
      hostDirectory: host,
      certificate: CertificateSource.fromCertificateRequest({ file: "requests/web-1.csr", passphrasePath }),
    });
  }

  async function run(script: string): Promise<void> {
    const env = { ...process.env, PATH: `${project.path("bin")}:${process.env["PATH"]}` };
    const { code, stderr } = await execute("sh", ["-euc", script], { cwd: project.folder, env });
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
  }

  const status = async (): Promise<string> =>
    ((await project.outputs("mutual"))["fleet-certificate-requests"]!.value as Record<string, string>)[
      "agents/web-1/agent-cert"
    ]!;
  const key = (): string => fs.readFileSync(onHost("agent-cert-key.pem"), "utf8");
  const passphrase = (): string => fs.readFileSync(onHost("agent-cert-key-passphrase"), "utf8");
  const belongs = (file: string): boolean =>
    certificatesOf(file)[0]!.checkPrivateKey(createPrivateKey({ key: key(), passphrase: passphrase() }));

  beforeAll(async () => {
    writeStandIns(project.path("bin"));
    project.synth(build);
    await project.apply("mutual");
  });
  afterAll(() => project.dispose());

  test("end with a signed certificate for the key that the host has", async () => {
    expect(PAGE).toContain(
      `agents/web-1/agent-cert has no certificate yet: ${(await status()).replace("missing: ", "")}`,
    );

    if (process.getuid?.() === 0) {
      // Whoever deploys has another id; the host's files belong to root.
      for (const name of fs.readdirSync(project.path("fleet-tls/mutual/fleet/agents/web-1"))) {
        fs.chownSync(project.path("fleet-tls/mutual/fleet/agents/web-1", name), 12_345, 12_345);
      }
    }
    await run(COPY);
    await run(REQUEST);
    await run(FETCH);
    for (const name of fs.readdirSync(host)) {
      expect(fs.statSync(onHost(name))).toMatchObject({ uid: process.getuid?.(), gid: process.getgid?.() });
    }
    expect(fs.statSync(host).mode & 0o777).toBe(0o700);
    expect(fs.statSync(onHost("agent-cert-key.pem")).mode & 0o777).toBe(0o600);
    expect(key()).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(passphrase()).toMatch(/^[0-9a-f]{64}$/);

    await project.apply("mutual");
    expect(await status()).toBe("signed");
    expect(await project.planChanges("mutual")).toBe(false);
    await run(COPY);
    expect(belongs(onHost("agent-cert.pem"))).toBe(true);
    const { code, out } = await fleetTls(["verify", host]);
    expect([code, out]).toEqual([0, expect.stringContaining("0 errors, 0 warnings")]);

    const state = fs.readFileSync(project.stateFile("mutual"), "utf8");
    expect(state).not.toContain(key().split("\n")[1]);
    expect(state).not.toContain(passphrase());
    expect(
      fs.readdirSync(project.path("fleet-tls/mutual/fleet/agents/web-1")).filter((one) => /key/.test(one)),
    ).toEqual([]);
  });

  test("keep the key when the script runs again, until it is deleted there", async () => {
    const former = [key(), passphrase()];
    await run(REQUEST);
    expect([key(), passphrase()]).toEqual(former);
    expect(belongs(onHost("agent-cert.pem"))).toBe(true);

    fs.rmSync(onHost("agent-cert-key.pem"));
    await run(`${REQUEST}\n${FETCH}`);
    await project.apply("mutual");
    expect(belongs(onHost("agent-cert.pem"))).toBe(false);
    await run(COPY);
    expect(belongs(onHost("agent-cert.pem"))).toBe(true);
  });

  test("remove the certificate when its request goes", async () => {
    fs.rmSync(project.path("requests/web-1.csr"));
    await project.apply("mutual");
    expect(await status()).toMatch(/^missing: /);
    expect(project.exists("fleet-tls/mutual/fleet/agents/web-1/agent-cert.pem")).toBe(false);
    expect(
      project
        .state("mutual")
        .filter(
          ({ instances, type, name }) =>
            type === "tls_locally_signed_cert" && /web-1/.test(name) && instances.length > 0,
        ),
    ).toEqual([]);
  });
});

describe("the command that encrypts a key", () => {
  const pki = new Pki();
  afterAll(() => pki.dispose());
  const [command] = /openssl pkcs8 [^`]*/.exec(PAGE)!;

  test.each([
    ["a plain key", [], []],
    ["a key with legacy encryption", ["-aes256", "-passout", "pass:former-words"], ["former-words"]],
  ])("writes PBES2 from %s", async (_, encryption, former) => {
    pki.key("born");
    pki.openssl("ec", "-in", "born-key.pem", ...encryption, "-out", "agent-key.pem");
    const input = [...former, "new-words", "new-words", ""].join("\n");
    // Without a terminal, OpenSSL reads the passphrases that it asks for from its input.
    const { code, stderr } = await execute("setsid", ["--wait", "sh", "-c", command], { cwd: pki.path("."), input });
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const text = pki.text("new-key");
    expect(text).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(String(pki.openssl("asn1parse", "-in", "new-key.pem"))).toContain(":PBES2");
    expect(createPrivateKey({ key: text, passphrase: "new-words" }).export({ type: "pkcs8", format: "der" })).toEqual(
      createPrivateKey(pki.text("born-key")).export({ type: "pkcs8", format: "der" }),
    );
  });
});
