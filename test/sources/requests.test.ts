import { createPrivateKey } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";
import { Language, Parser } from "web-tree-sitter";

import { CertificateSource, KeyAlgorithm, MutualFleetTls, TargetPlatform } from "../../lib";
import { TestStack } from "../support/apps";
import { execute } from "../support/execute";
import { fleetProps } from "../support/fleets";
import { certificatesOf, Server, verify } from "../support/openssl";
import { changesOf } from "../support/plan";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { traceOf } from "./traces";

describe("keys that are generated on their hosts, from the first deploy to the last", () => {
  const project = new TerraformProject();
  const hosts = (...parts: string[]): string => project.path("hosts", ...parts);
  const request = (name: string, more: { passphrasePath?: string } = {}) =>
    CertificateSource.fromCertificateRequest({ file: `requests/${name}.csr`, ...more });

  /** One code for both deploys. */
  function build(app: App): void {
    const fleet = new MutualFleetTls(new TestStack(app), "fleet", {
      ...fleetProps({
        outputDirectory: "fleet-tls",
        certificateOutputs: true,
        fleetServer: {
          hostDirectory: hosts("fleet-server"),
          certificate: request("fleet-cert", { passphrasePath: hosts("fleet-server", "fleet-cert-key-passphrase") }),
          agentCertificate: request("fleet-agent"),
          elasticsearchClientCertificate: request("fleet-es"),
        },
        elasticsearch: { configurationDirectory: hosts("elasticsearch"), certificate: request("es") },
      }),
    });
    const passphrasePath = hosts("web 1", "agent-cert-key-passphrase");
    fleet.addAgent("web-1", { hostDirectory: hosts("web 1"), certificate: request("web-1", { passphrasePath }) });
    fleet.addAgent("web-2", {
      hostDirectory: hosts("web-2"),
      keyAlgorithm: KeyAlgorithm.RSA_2048,
      certificate: request("web-2"),
    });
  }

  /** Folder of the output, role, where the key is born, and the request's name. */
  const BORN = [
    ["fleet-server", "fleet-cert", "fleet-server", "fleet-cert"],
    ["fleet-server", "agent-cert", "fleet-server", "fleet-agent"],
    ["fleet-server", "fleet-es-cert", "fleet-server", "fleet-es"],
    ["elasticsearch", "es-cert", "elasticsearch/certs", "es"],
    ["agents/web-1", "agent-cert", "web 1", "web-1"],
    ["agents/web-2", "agent-cert", "web-2", "web-2"],
  ] as const;

  let first: Record<string, { value: unknown }>;
  let second: Record<string, { value: unknown }>;
  let partial: string;

  beforeAll(async () => {
    project.synth(build);
    await project.apply("stack");
    first = await project.outputs("stack");
    fs.mkdirSync(project.path("requests"));
    for (const [folder, role, host, name] of BORN) {
      const script = project.path("fleet-tls", folder, `request-${role}.sh`);
      const { code, stderr } = await execute("sh", [script]);
      if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
      fs.copyFileSync(hosts(host, `${role}.csr`), project.path("requests", `${name}.csr`));
      if (name === "fleet-cert") partial = Object.keys(changesOf((await project.plan("stack")).json)).join("\n");
    }
    await project.apply("stack");
    second = await project.outputs("stack");
  });
  afterAll(() => project.dispose());

  test("while the requests are missing, everything but the certificates is deployed, and an output names the steps", () => {
    expect(Object.keys(first["fleet-certificate-requests"]!.value as object).sort()).toEqual(
      BORN.map(([folder, role]) => `${folder}/${role}`).sort(),
    );
    expect(Object.values(first["fleet-certificate-requests"]!.value as object).join("\n")).toMatch(
      /^(missing: copy this folder to its host, run its script request-\S+ there, copy the request that it writes to requests\/\S+\.csr, and deploy again\n?){6}$/,
    );
    expect(first["fleet-fleet-server-command"]!.value).toContain("--fleet-server-cert-key-passphrase=");
  });

  test("one request that arrives makes its certificate, and changes no other", () => {
    expect(partial).toMatch(/tls_locally_signed_cert.*fleet-cert/);
    expect(partial).not.toMatch(/agents|elasticsearch_es-cert|fleet-es-cert|install-command/);
  });

  test("at last all are signed, by the same code", () => {
    expect(new Set(Object.values(second["fleet-certificate-requests"]!.value as object))).toEqual(new Set(["signed"]));
    const ends = Object.values(second["fleet-certificates"]!.value as Record<string, { notAfter: string }>);
    expect(ends.every(({ notAfter }) => /^\d{4}-/.test(notAfter))).toBe(true);
  });

  test("a third deploy changes nothing", async () => {
    expect(changesOf((await project.plan("stack")).json)).toEqual({});
  });

  test.each(BORN)(
    "%s/%s is for the key that was generated on its host, and strict verifiers accept it",
    async (...born) => {
      const [folder, role, host] = born;
      const certificate = project.path("fleet-tls", folder, `${role}.pem`);
      const key = createPrivateKey({
        key: fs.readFileSync(hosts(host, `${role}-key.pem`)),
        passphrase: passphraseOf(host, role),
      });
      expect(certificatesOf(certificate)[0]!.checkPrivateKey(key)).toBe(true);
      const [ca, purpose, name] = {
        "fleet-cert": ["fleet-ca", "sslserver", "fleet.example.com"] as const,
        "es-cert": ["es-ca", "sslserver", "es.example.com"] as const,
        "agent-cert": ["agent-ca", "sslclient", undefined] as const,
        "fleet-es-cert": ["es-ca", "sslclient", undefined] as const,
      }[role];
      const trust = project.path("fleet-tls/fleet-server", `${ca}.pem`);
      expect(await verify(certificate, { trust, purpose, name })).toBe("OK");
    },
  );

  test("the hosts shake hands with each other, with the keys and the passphrases that they made", async () => {
    const staged = (folder: string, name: string) => project.path("fleet-tls", folder, name);
    const pair = (folder: string, role: string, host: string) => ({
      certificate: staged(folder, `${role}.pem`),
      key: hosts(host, `${role}-key.pem`),
      passphrase: fs.existsSync(passphraseFile(host, role)) ? passphraseFile(host, role) : undefined,
    });
    const server = await Server.start(
      pair("fleet-server", "fleet-cert", "fleet-server"),
      staged("fleet-server", "agent-ca.pem"),
    );
    try {
      for (const [folder, host] of [
        ["agents/web-1", "web 1"],
        ["agents/web-2", "web-2"],
        ["fleet-server", "fleet-server"],
      ] as const) {
        const trust = staged(folder, "fleet-ca.pem");
        const client = { trust, name: "fleet.example.com", pair: pair(folder, "agent-cert", host) };
        expect(await server.dial(client)).toMatchObject({ accepted: true });
      }
    } finally {
      await server.close();
    }
  });

  test("a passphrase is made without a newline, and the key is encrypted as the agent reads it", () => {
    for (const [host, role] of [
      ["fleet-server", "fleet-cert"],
      ["web 1", "agent-cert"],
    ] as const) {
      expect(fs.readFileSync(passphraseFile(host, role), "utf8")).toMatch(/^[0-9a-f]{64}$/);
      expect(fs.readFileSync(hosts(host, `${role}-key.pem`), "utf8")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY/);
      for (const file of [passphraseFile(host, role), hosts(host, `${role}-key.pem`)]) {
        expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      }
    }
    const script = project.read("fleet-tls/agents/web-1/install-command.sh");
    expect(script).toContain(`--elastic-agent-cert-key-passphrase='${passphraseFile("web 1", "agent-cert")}'`);
  });

  test("a script that is run again keeps the key", async () => {
    const key = fs.readFileSync(hosts("web-2", "agent-cert-key.pem"));
    await execute("sh", [project.path("fleet-tls/agents/web-2/request-agent-cert.sh")]);
    expect(fs.readFileSync(hosts("web-2", "agent-cert-key.pem"))).toEqual(key);
  });

  test("no key of a host, and no passphrase, is in the state, in the output folder, or in Terraform's output", () => {
    const seen = [project.read("terraform.stack.tfstate"), ...project.log, ...stagedTexts()]
      .join("\n")
      .replace(/\s|\\n/g, "");
    for (const [, role, host] of BORN) {
      const passphrase = passphraseOf(host, role);
      const pem = fs.readFileSync(hosts(host, `${role}-key.pem`), "utf8");
      for (const trace of traceOf(pem, passphrase)) expect(seen).not.toContain(trace);
      if (passphrase !== undefined) expect(seen).not.toContain(passphrase);
    }
    expect(fs.existsSync(project.path("fleet-tls/fleet-server/fleet-cert-key.pem"))).toBe(false);
  });

  test("without its request a certificate is withdrawn, and no other is", async () => {
    fs.renameSync(project.path("requests/web-2.csr"), project.path("web-2.csr"));
    const changes = Object.entries(changesOf((await project.plan("stack")).json));
    const gone = changes.filter(([, actions]) => String(actions) === "delete").map(([address]) => address);
    expect(gone.join("\n")).toMatch(/tls_locally_signed_cert\S*web-2/);
    expect(gone.filter((address) => !address.includes("web-2"))).toEqual([]);
    fs.renameSync(project.path("web-2.csr"), project.path("requests/web-2.csr"));
    expect(changesOf((await project.plan("stack")).json)).toEqual({});
  });

  test("a new key takes the deletion of the old one, the script, and the new request", async () => {
    const keyFile = hosts("web-2", "agent-cert-key.pem");
    const former = certificatesOf(project.path("fleet-tls/agents/web-2/agent-cert.pem"))[0]!;
    fs.rmSync(keyFile);
    await execute("sh", [project.path("fleet-tls/agents/web-2/request-agent-cert.sh")]);
    fs.copyFileSync(hosts("web-2", "agent-cert.csr"), project.path("requests/web-2.csr"));
    await project.apply("stack");
    const key = createPrivateKey(fs.readFileSync(keyFile));
    expect(former.checkPrivateKey(key)).toBe(false);
    expect(certificatesOf(project.path("fleet-tls/agents/web-2/agent-cert.pem"))[0]!.checkPrivateKey(key)).toBe(true);
  });

  function stagedTexts(): string[] {
    const all = fs.readdirSync(project.path("fleet-tls"), { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile())
      .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), "utf8"));
  }

  function passphraseFile(host: string, role: string): string {
    return hosts(host, `${role}-key-passphrase`);
  }

  function passphraseOf(host: string, role: string): string | undefined {
    const file = passphraseFile(host, role);
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  }
});

describe("the script of a Windows host", () => {
  const script = (passphrasePath?: string): string => {
    const stack = synthStack((stack) => {
      const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
      const certificate = CertificateSource.fromCertificateRequest({ file: "requests/win-1.csr", passphrasePath });
      fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS, certificate });
    });
    return String(stack.resource("fleet/agents/win-1/files/request-agent-cert.ps1").attributes["content"]);
  };

  test("keeps the folder private before the key is created, and stops at the first failing command", () => {
    const lines = script("C:\\ProgramData\\elastic-agent-certs\\agent-cert-key-passphrase").split("\n");
    const at = (text: string) => lines.findIndex((line) => line.includes(text));
    expect(at("icacls")).toBeGreaterThan(0);
    expect(at("icacls")).toBeLessThan(at("Set-Content -NoNewline"));
    expect(at("Set-Content -NoNewline")).toBeLessThan(at("openssl 'genpkey'"));
    const programs = lines.filter((line) => /^ *(\$\w+ = )?(openssl|icacls) /.test(line));
    expect(programs).toHaveLength(4);
    for (const line of programs) expect(line).toMatch(/; Check$/);
  });

  test("is PowerShell, with a passphrase and without", async () => {
    await Parser.init();
    const parser = new Parser();
    const grammar = fs.readFileSync(require.resolve("tree-sitter-powershell/tree-sitter-powershell.wasm"));
    parser.setLanguage(await Language.load(grammar));
    for (const text of [script(), script("C:\\ProgramData\\elastic-agent-certs\\agent-cert-key-passphrase")]) {
      expect(parser.parse(text)!.rootNode.hasError).toBe(false);
    }
  });
});
