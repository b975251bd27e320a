import * as fs from "node:fs";
import * as path from "node:path";

import type { MutualFleetTlsProps } from "../lib";
import { CertificateAuthoritySource, KeyPassphrase, MutualFleetTls, ServiceToken } from "../lib";
import { refusalOf } from "./support/apps";
import { fleetProps, secretVariable } from "./support/fleets";
import type { SynthesizedStack } from "./support/synth";
import { synthStack } from "./support/synth";

/*
 * One test for each threat of SECURITY.md, by the name that it has there. Deploys and handshakes that prove the same at
 * length are in test/integration, test/sources, test/rotation and test/conformance.
 */

const ROOT = path.join(__dirname, "..");

function fleet(more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack {
  return synthStack((stack) => {
    const props = { ...fleetProps(), agentKeyPassphrase: KeyPassphrase.generated(), ...more };
    new MutualFleetTls(stack, "fleet", props).addAgent("web-1");
  });
}

function refused(more: Partial<MutualFleetTlsProps>): string {
  return refusalOf((stack) => void new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more }));
}

const files = (stack: SynthesizedStack) => [
  ...stack.resources("local_file"),
  ...stack.resources("local_sensitive_file"),
];

const THREATS: Record<string, () => void> = {
  "a CA's private key reaches a host": () => {
    for (const { attributes } of files(fleet())) {
      expect(JSON.stringify(attributes["content"])).not.toMatch(/tls_private_key\.\S*-ca_generation/);
    }
  },
  "another user of a machine reads a key, a passphrase or a token": () => {
    const stack = fleet();
    const secrets = stack.resources("local_sensitive_file");
    expect(secrets.map(({ attributes }) => attributes["file_permission"])).toEqual(secrets.map(() => "0600"));
    expect(new Set(files(stack).map(({ attributes }) => attributes["directory_permission"]))).toEqual(
      new Set(["0700"]),
    );
    const keys = files(stack).filter(({ attributes }) =>
      /key(_pem|-passphrase)|-key\.pem/.test(attributes["filename"]),
    );
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.every(({ type }) => type === "local_sensitive_file")).toBe(true);
  },
  "a secret is committed with the code or the synthesised JSON": () => {
    expect(() => ServiceToken.fromVariable("AAEAAWVsYXN0aWM")).toThrow("the secret is a literal");
    const output = synthStack((stack) => {
      const serviceToken = ServiceToken.onCommandLine(secretVariable(stack, "token"));
      new MutualFleetTls(stack, "fleet", { ...fleetProps(), serviceToken });
    }).outputs;
    for (const [name, { value, sensitive }] of Object.entries(output)) {
      if (/command/.test(name) && JSON.stringify(value).includes("token")) expect(sensitive).toBe(true);
    }
  },
  "a client of another CA is admitted to Fleet Server": () => {
    const fleetCa = CertificateAuthoritySource.fromFiles({ certificate: "pki/ca.pem", privateKey: "pki/ca.key" });
    expect(refused({ fleetCa })).toContain("acceptAnyClientOf");
  },
  "a change of a CA cuts hosts off or is not noticed": () => {
    const stack = fleet();
    for (const ca of ["fleet-ca", "agent-ca", "elasticsearch-ca"]) {
      const gate = stack.resource(`fleet/${ca}/rotation/gate`).attributes["lifecycle"];
      expect(gate["precondition"].length).toBeGreaterThan(0);
      expect(stack.resource(`fleet/${ca}/rotation/generation-1-key-guard`)).toBeDefined();
    }
  },
  "a value becomes a command of the shell": () => {
    const stack = fleet({ fleetServerPolicy: "it's $(id)`id`" });
    const script = stack.resource("fleet/fleet-server/files/install-command.sh").attributes["content"] as string;
    expect(script).toContain("--fleet-server-policy='it'\\''s $(id)`id`'");
  },
  "a certificate is used for something else": () => {
    for (const { attributes, path: name } of fleet().resources("tls_locally_signed_cert")) {
      expect(attributes["is_ca_certificate"] ?? false).toBe(false);
      const uses = (attributes["allowed_uses"] as string[]).filter((use) => use.endsWith("_auth"));
      expect({ name, uses }).toEqual({
        name,
        uses: [/\/(fleet|es)-cert\//.test(name) ? "server_auth" : "client_auth"],
      });
    }
  },
  "verification is switched off": () => {
    const stack = fleet();
    for (const { attributes } of files(stack))
      expect(attributes["content"]).not.toMatch(/insecure|verification_mode: none/);
  },
  "a release contains code that is not in this repository": () => {
    const workflows = path.join(ROOT, ".github", "workflows");
    for (const file of fs.readdirSync(workflows)) {
      const text = fs.readFileSync(path.join(workflows, file), "utf8");
      expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
      expect(text).not.toMatch(/secrets\./);
    }
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as Manifest;
    expect(dependencies ?? {}).toEqual({});
  },
};

interface Manifest {
  readonly dependencies?: Record<string, string>;
}

test.each(Object.entries(THREATS))("%s", (_threat, check) => check());

test("SECURITY.md lists these threats, and no other", () => {
  const page = fs.readFileSync(path.join(ROOT, "SECURITY.md"), "utf8");
  const listed = [...page.matchAll(/^\| T\d+ \| ([^|]+) \|/gm)].map(([, name]) => name!.trim());
  expect(listed).toEqual(Object.keys(THREATS));
});
