import type { CertificateProps } from "../../lib";
import { CertificateUsage, KeyAlgorithm, KeyPassphrase, Validity } from "../../lib";
import { refusalOf, resolved } from "../support/apps";
import type { TestStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { variable } from "../support/fleets";
import type { Attributes, SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

function synth(props: (stack: TestStack) => Partial<CertificateProps> = () => ({})): SynthesizedStack {
  return synthStack((stack) => void testCertificate(stack, testAuthority(stack), props(stack)));
}

const attributes = (stack: SynthesizedStack, id: string): Attributes => stack.resource(`certificate/${id}`).attributes;

test("a certificate is a key, a request and what the CA signs", () => {
  expect(synth().json).toMatchSnapshot();
});

test("its key is of the algorithm that was asked for, the curve always named", () => {
  expect(attributes(synth(), "key")).toEqual({ algorithm: "ECDSA", ecdsa_curve: "P256" });
  const rsa = synth(() => ({ keyAlgorithm: KeyAlgorithm.RSA_3072 }));
  expect(attributes(rsa, "key")).toEqual({ algorithm: "RSA", rsa_bits: 3072 });
});

test("a client's certificate signs, for clients, and has no name but its subject's", () => {
  const stack = synth();
  expect(attributes(stack, "certificate")["allowed_uses"]).toEqual(["digital_signature", "client_auth"]);
  expect(attributes(stack, "request")).toEqual({
    private_key_pem: expect.stringContaining("certificate_key_"),
    subject: [{ common_name: "leaf" }],
  });
});

test("a server's certificate signs, for servers", () => {
  const stack = synth(() => ({ usage: CertificateUsage.SERVER }));
  expect(attributes(stack, "certificate")["allowed_uses"]).toEqual(["digital_signature", "server_auth"]);
});

test("one for both roles is for both", () => {
  const stack = synth(() => ({ usage: CertificateUsage.SERVER_AND_CLIENT }));
  expect(attributes(stack, "certificate")["allowed_uses"]).toEqual(["digital_signature", "server_auth", "client_auth"]);
});

test("only a server's RSA key enciphers keys", () => {
  const uses = (usage: CertificateUsage, keyAlgorithm: KeyAlgorithm): string[] =>
    attributes(
      synth(() => ({ usage, keyAlgorithm })),
      "certificate",
    )["allowed_uses"];
  expect(uses(CertificateUsage.SERVER, KeyAlgorithm.RSA_2048)).toContain("key_encipherment");
  expect(uses(CertificateUsage.CLIENT, KeyAlgorithm.RSA_2048)).not.toContain("key_encipherment");
  expect(uses(CertificateUsage.SERVER, KeyAlgorithm.ECDSA_P384)).not.toContain("key_encipherment");
  expect(uses(CertificateUsage.SERVER, KeyAlgorithm.ED25519)).not.toContain("key_encipherment");
});

test("it has a subject key identifier and is no CA", () => {
  const signed = attributes(synth(), "certificate");
  expect(signed["set_subject_key_id"]).toBe(true);
  expect(signed).not.toHaveProperty("is_ca_certificate");
});

test("its names are sorted into DNS names and IP addresses", () => {
  const stack = synth(() => ({ names: ["fleet.example.com", "10.0.0.1", "::1"] }));
  expect(attributes(stack, "request")).toMatchObject({
    dns_names: ["fleet.example.com"],
    ip_addresses: ["10.0.0.1", "::1"],
  });
});

test("its validity and its renewal are those that were asked for", () => {
  const stack = synth(() => ({ validity: Validity.days(90, { renewBeforeHours: 5 }) }));
  expect(attributes(stack, "certificate")).toMatchObject({ validity_period_hours: 2160, early_renewal_hours: 5 });
});

test("its private key is PKCS#8, and plain unless there is a passphrase", () => {
  synthStack((stack) => {
    const certificate = testCertificate(stack, testAuthority(stack));
    expect(resolved(stack, certificate.privateKeyPem)).toMatch(/^\$\{tls_private_key\..*\.private_key_pem_pkcs8\}$/);
    expect(certificate.keyPassphrase).toBeUndefined();
  });
});

test("with a passphrase its private key is what a program made of it, marked as sensitive", () => {
  const stack = synthStack((stack) => {
    const certificate = testCertificate(stack, testAuthority(stack), { keyPassphrase: KeyPassphrase.generated() });
    expect(certificate.keyPassphrase).toBeDefined();
  });
  expect(stack.dataSource("certificate/encrypted-key/encrypt").type).toBe("local_command");
  expect(stack.local("certificate_encrypted-key_encrypt-output")).toMatch(
    /^\$\{sensitive\(data\.local_command\..*stdout\)\}$/,
  );
});

test("its common name may be a token", () => {
  const stack = synth((stack) => ({ commonName: variable(stack, "name") }));
  expect(attributes(stack, "request")["subject"]).toEqual([{ common_name: "${var.name}" }]);
});

test("a common name that looks like a template stays text", () => {
  const stack = synth(() => ({ commonName: "${a} %{b}" }));
  expect(attributes(stack, "request")["subject"]).toEqual([{ common_name: "$${a} %%{b}" }]);
});

test("a common name of 64 characters is accepted", () => {
  const name = "a".repeat(64);
  expect(
    attributes(
      synth(() => ({ commonName: name })),
      "request",
    )["subject"],
  ).toEqual([{ common_name: name }]);
});

test("a common name of more than 64 characters is refused, and an empty one", () => {
  const refusal = (commonName: string) =>
    refusalOf((stack) => void testCertificate(stack, testAuthority(stack), { commonName }));
  expect(refusal("a".repeat(65))).toBe(
    `stack/certificate: commonName has 65 characters, got "${"a".repeat(65)}"; allowed: 1 to 64 characters (RFC 5280); ` +
      "choose a shorter id for the host or the fleet",
  );
  expect(refusal("")).toContain('stack/certificate: commonName is an empty string, got ""; allowed: a string');
});

test("a passphrase for an Ed25519 key is refused, since elastic-agent does not decrypt those", () => {
  const message = refusalOf((stack) => {
    const props = { keyPassphrase: KeyPassphrase.generated(), keyAlgorithm: KeyAlgorithm.ED25519 };
    testCertificate(stack, testAuthority(stack), props);
  });
  expect(message).toContain("keyPassphrase cannot protect an Ed25519 key, which elastic-agent does not decrypt");
});
