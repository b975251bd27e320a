import * as path from "node:path";

import type { TerraformProject } from "../support/terraform";
import { deployProject } from "./project";

const LIB = path.join(__dirname, "../../lib");

let project: TerraformProject;
afterEach(() => project.dispose());

/** The app of `deployProject` with more in each stack. */
function withCode(code: string, imports = ""): void {
  project = deployProject();
  const text = project.read("main.ts");
  project.write("main.ts", imports + text.replace("const secret =", `${code}\n  const secret =`));
}

test("a program that refuses at plan is quoted alone, without the provider's advice", async () => {
  const files = `certificate: "pki/ca.pem", privateKey: "pki/ca-key.pem"`;
  withCode(
    `new CertificateAuthority(stack, "ca", { commonName: "ca", keyAlgorithm: KeyAlgorithm.ECDSA_P256, source: CertificateAuthoritySource.fromFiles({ ${files} }) });`,
    `import { CertificateAuthority, CertificateAuthoritySource, KeyAlgorithm } from ${JSON.stringify(LIB)};\n`,
  );
  const { code, stderr } = await project.fleetTls(["deploy", "mutual"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^mutual: error: refused by read-authority\n {2}mutual\/ca: the certificate \(pki\/ca\.pem\) does not exist: .*; create the file or .*cdktf\.out$/m,
  );
  expect(stderr).not.toContain("allow_non_zero_exit_code");
});

test("a variable without a value is named with the options that set it", async () => {
  withCode(`new TerraformVariable(stack, "proxy_ca", { type: "string" });`);
  const { code, stderr } = await project.fleetTls(["deploy", "mutual"]);

  expect(code).toBe(1);
  expect(stderr).toContain("with fleet-tls: --var proxy_ca=VALUE, or the environment variable TF_VAR_proxy_ca\n");
  expect(await project.fleetTls(["deploy", "mutual", "--var", "proxy_ca=x"])).toMatchObject({ code: 0 });
});

test("without a registry the error says where to read of a mirror", async () => {
  project = deployProject();
  project.write("direct.rc", "provider_installation {\n  direct {}\n}\n");
  const { code, stderr } = await project.fleetTls(["deploy", "mutual"], {
    TF_CLI_CONFIG_FILE: project.path("direct.rc"),
    HTTPS_PROXY: "http://127.0.0.1:1",
  });

  expect(code).toBe(1);
  expect(stderr).toMatch(/^mutual: Error: [^]*\nthe provider registry does not answer; docs\/air-gapped\.md/m);
});

test("a provider that the lock file holds back is named with the command that takes another one", async () => {
  project = deployProject();
  expect(await project.fleetTls(["deploy", "mutual"])).toMatchObject({ code: 0 });
  const text = project.read("main.ts");
  const override = `stack.addOverride("terraform.required_providers.tls.version", "~> 9.0");`;
  project.write("main.ts", text.replace("const secret =", `${override}\n  const secret =`));
  const { code, stderr } = await project.fleetTls(["deploy", "mutual"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^another version of a provider .*: run terraform -chdir=cdktf\.out\/stacks\/mutual init -upgrade/m,
  );
});
