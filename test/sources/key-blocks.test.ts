import { execFileSync } from "node:child_process";

import type { App } from "cdktf";

import { CertificateAuthoritySource as Source, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { verify } from "../support/openssl";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";

const pki = new GivenPki();
const project = new TerraformProject();
const CURVES = ["prime256v1", "secp384r1", "secp521r1"];

/** A CA whose key's file is as given. */
function authority(name: string, key: (plain: string, certificate: string) => string): void {
  pki.certificate(name, { key: name, extensions: CA });
  pki.write(`${name}-key.pem`, key(pki.text(`${name}-key`), pki.text(name)));
}

beforeAll(() => {
  for (const curve of CURVES) {
    // Writes the block EC PARAMETERS before the key.
    const text = execFileSync("openssl", ["ecparam", "-name", curve, "-genkey"], { encoding: "utf8" });
    expect(text).toMatch(/^-----BEGIN EC PARAMETERS/);
    pki.write(`${curve}-key.pem`, text);
    authority(curve, (plain) => plain);
  }
  pki.key("certificate-first");
  authority("certificate-first", (plain, certificate) => `${certificate}${plain}`);
  pki.key("crlf");
  authority("crlf", (plain) => `Key Attributes: none\n${plain}`.replace(/\n/g, "\r\n"));
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

test("a CA's key is found behind other blocks, from files and from text", async () => {
  const names = [...CURVES, "certificate-first", "crlf"];
  project.synth((app: App) => {
    const stack = new TestStack(app);
    for (const name of names) {
      const certificate = pki.path(`${name}.pem`);
      const fromFiles = Source.fromFiles({ certificate, privateKey: pki.path(`${name}-key.pem`) });
      const fromPem = Source.fromPem({ certificate: pki.text(name), privateKey: secretVariable(stack, `${name}-key`) });
      new OneWayFleetTls(
        stack,
        `${name}-file`,
        fleetProps({ fleetCa: fromFiles, outputDirectory: `out/${name}-file` }),
      );
      new OneWayFleetTls(stack, `${name}-text`, fleetProps({ fleetCa: fromPem, outputDirectory: `out/${name}-text` }));
    }
  });
  const variables = Object.fromEntries(names.map((name) => [`${name}-key`, pki.text(`${name}-key`)]));
  await project.apply("stack", { variables });
  for (const name of names.flatMap((each) => [`${each}-file`, `${each}-text`])) {
    const file = (base: string): string => project.path("out", name, "fleet-server", base);
    const result = await verify(file("fleet-cert.pem"), { trust: file("fleet-ca.pem"), purpose: "sslserver" });
    expect([name, result]).toEqual([name, "OK"]);
  }
});
