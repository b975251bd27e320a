import * as fs from "node:fs";
import * as path from "node:path";

import { CertificateAuthoritySource, KeyAlgorithm, Validity } from "../../lib";
import type { TestStack } from "../support/apps";
import { inTemporaryFolder, refusalOf, withStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { secretVariable, variable } from "../support/fleets";
import { Pki, SERVER } from "../support/pki";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function synth(source: CertificateAuthoritySource): SynthesizedStack {
  return synthStack((stack) => void testAuthority(stack, "ca", source));
}

function authorityPem(name = "theirs"): string {
  return inTemporaryFolder((folder) =>
    fs.readFileSync(new Pki(path.join(folder, "pki")).authority(name).certificate, "utf8"),
  );
}

describe("a generated CA", () => {
  test("is what a CA is by default, so that naming the source moves no address", () => {
    const named = synth(CertificateAuthoritySource.generated());
    expect(named.json).toEqual(synthStack((stack) => void testAuthority(stack)).json);
  });

  test("has the name, the key and the validity that were asked for", () => {
    const stack = synth(
      CertificateAuthoritySource.generated({
        commonName: "Example Fleet CA",
        keyAlgorithm: KeyAlgorithm.RSA_4096,
        validity: Validity.years(5, { renewBeforeHours: 20_000 }),
      }),
    );
    expect(stack.resource("ca/generation-1/key").attributes).toEqual({ algorithm: "RSA", rsa_bits: 4096 });
    expect(stack.resource("ca/generation-1/certificate").attributes).toMatchObject({
      subject: [{ common_name: "Example Fleet CA" }],
      validity_period_hours: 43800,
      early_renewal_hours: 20_000,
    });
  });

  test("keeps its addresses with every source", () => {
    const changed = CertificateAuthoritySource.generated({ commonName: "x", keyAlgorithm: KeyAlgorithm.ED25519 });
    expect(synth(changed).addresses).toEqual(synth(CertificateAuthoritySource.generated()).addresses);
  });
});

describe("a CA that is only trusted", () => {
  test("needs no resource but the memory of it when its PEM is known: hosts get the certificate as it was", () => {
    const pem = authorityPem();
    const stack = synth(CertificateAuthoritySource.trustOnly({ pem }));
    expect(stack.local("ca_trust-bundle")).toBe(pem);
    expect(stack.addresses.filter((address) => !/^terraform_data\.ca_rotation_/.test(address))).toEqual([]);
  });

  test("may be a bundle", () => {
    const pem = authorityPem() + authorityPem("their-next");
    expect(synth(CertificateAuthoritySource.trustOnly({ pem })).local("ca_trust-bundle")).toBe(pem);
  });

  test("is read from its file by Terraform, relative to the project", () => {
    const stack = synth(CertificateAuthoritySource.trustOnly({ file: "certs/es.pem" }));
    expect(stack.text).toContain('file(join(\\"\\", [path.module, \\"/../../../\\", \\"certs/es.pem\\"]))');
  });

  test("may be a token, and so may its file be", () => {
    const stack = synthStack((stack) => {
      testAuthority(stack, "one", CertificateAuthoritySource.trustOnly({ pem: variable(stack, "pem") }));
      testAuthority(stack, "two", CertificateAuthoritySource.trustOnly({ file: variable(stack, "file") }));
    });
    expect(stack.text).toContain("var.pem");
    expect(stack.text).toContain("var.file");
  });

  test("cannot issue, and is where the hosts have it", () => {
    withStack((stack) => {
      const authority = testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ hostPath: "/etc/es.pem" }));
      expect(authority.canIssue).toBe(false);
      expect(authority.trustHostPath).toBe("/etc/es.pem");
      expect(authority.trustBundlePem).toBeUndefined();
    });
  });

  test("is refused when nothing, or too much, is given", () => {
    const refusal = (options: Record<string, string>) => refusalOf(() => CertificateAuthoritySource.trustOnly(options));
    expect(refusal({})).toContain(
      "CertificateAuthoritySource.trustOnly: nothing is given, got []; allowed: exactly one of pem, file and hostPath",
    );
    expect(refusal({ pem: "" })).toContain("CertificateAuthoritySource.trustOnly: pem is an empty string");
    expect(refusal({ pem: "a", file: "b" })).toContain('too much is given, got ["pem","file"]');
  });

  test.each(["no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])(
    "is refused at synth when its PEM is %j",
    (pem) => {
      const message = refusalOf((stack) => {
        testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ pem }));
      });
      expect(message).toContain("stack/ca");
      expect(message).toContain("allowed: CA certificates in PEM");
    },
  );

  test("is refused at synth when it is no CA", () => {
    const pem = inTemporaryFolder((folder) => {
      const pki = new Pki(path.join(folder, "pki"));
      pki.authority("ca");
      return fs.readFileSync(pki.leaf("leaf", "ca", SERVER, ["DNS:a.example"]).certificate, "utf8");
    });
    const message = refusalOf(
      (stack) => void testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ pem })),
    );
    expect(message).toContain("CN=leaf");
  });

  test("is refused when a private key came with it, which is not shown", () => {
    const [certificate, key] = inTemporaryFolder((folder) => {
      const pair = new Pki(path.join(folder, "pki")).authority("ca");
      return [pair.certificate, pair.key].map((name) => fs.readFileSync(name, "utf8")) as [string, string];
    });
    const pem = certificate + key;
    const message = refusalOf(
      (stack) => void testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ pem })),
    );
    expect(message).toContain("stack/ca");
    expect(message).not.toContain(key.split("\n")[1]);
  });
});

describe("a CA that is given with its key", () => {
  const certificate = "pki/ca.pem";
  const privateKey = "pki/ca-key.pem";

  test("is refused when its key or a passphrase is a literal, which is not shown", () => {
    const secret = "a literal secret";
    for (const [what, make] of [
      ["fromPem: privateKey", () => CertificateAuthoritySource.fromPem({ certificate: "pem", privateKey: secret })],
      [
        "fromFiles: passphrase",
        () => CertificateAuthoritySource.fromFiles({ certificate, privateKey, passphrase: secret }),
      ],
    ] as const) {
      expect(make).toThrow(`CertificateAuthoritySource.${what}: the secret is a literal`);
      expect(make).not.toThrow(secret);
    }
    const both = (stack: TestStack) =>
      CertificateAuthoritySource.fromPem({
        certificate: authorityPem(),
        privateKey: secretVariable(stack, "key"),
        passphrase: secret,
      });
    expect(refusalOf((stack) => void both(stack))).toContain("fromPem: passphrase: the secret is a literal");
  });

  test("hands its key to programs on their standard input alone, through a sensitive value", () => {
    const stack = synthStack((stack) => {
      const passphrase = secretVariable(stack, "passphrase");
      const source = CertificateAuthoritySource.fromFiles({ certificate, privateKey, passphrase });
      testCertificate(stack, testAuthority(stack, "ca", source), { validity: Validity.days(1) });
    });
    const program = stack.dataSource("ca/generation-1/decrypt-key");
    expect(program.attributes).toEqual({
      command: "node",
      arguments: [expect.stringMatching(/^\$\{path\.module\}\/assets\/fleet-tls-program-decrypt-key\//)],
      stdin: expect.stringMatching(
        /^\$\{jsonencode\(\{.*local\.ca_generation-1_key_\w+.*local\.ca_generation-1_key-passphrase_\w+/,
      ),
    });
    expect(stack.local("ca_generation-1_key")).toMatch(/^\$\{sensitive\(/);
    expect(stack.local("ca_generation-1_key-passphrase")).toBe("${sensitive(var.passphrase)}");
    expect(stack.local("ca_generation-1_decrypt-key-output")).toMatch(
      /^\$\{sensitive\(data\.local_command\.\S+\.stdout\)\}$/,
    );
    const signed = stack.resource("certificate/certificate").attributes["ca_private_key_pem"];
    expect(signed).toMatch(/^\$\{local\.ca_generation-1_decrypt-key-output_\w+\}$/);
    // Nothing else refers to what the program printed.
    expect(stack.text.match(/data\.local_command\.ca_generation-1_decrypt-key_\w+\.stdout/g)).toHaveLength(1);
  });
});
