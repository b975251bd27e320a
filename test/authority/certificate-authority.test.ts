import { Fn } from "cdktf";

import { CertificateAuthoritySource, Validity } from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { synthApp, synthStack } from "../support/synth";

const CERTIFICATE = "ca/generation-1/certificate";

test("a CA is a key, a certificate and the memory of a rotation", () => {
  expect(synthStack((stack) => void testAuthority(stack)).json).toMatchSnapshot();
});

test("its certificate is that of a CA which signs certificates and lists of revoked ones, and no server's", () => {
  const { type, attributes } = synthStack((stack) => void testAuthority(stack)).resource(CERTIFICATE);
  expect(type).toBe("tls_self_signed_cert");
  expect(attributes).toMatchObject({
    is_ca_certificate: true,
    allowed_uses: ["cert_signing", "crl_signing"],
    set_subject_key_id: true,
    set_authority_key_id: true,
  });
  expect(attributes).not.toHaveProperty("dns_names");
});

test("its subject has a serial number of its key, so that no two CAs ever share a name", () => {
  const { attributes } = synthStack((stack) => void testAuthority(stack)).resource(CERTIFICATE);
  expect(attributes["subject"]).toEqual([
    {
      common_name: "test CA 1",
      serial_number: expect.stringMatching(
        /^\$\{trimprefix\(tls_private_key\..*public_key_fingerprint_sha256, "SHA256:"\)\}$/,
      ),
    },
  ]);
});

test("it is renewed twice the longest validity that it signs before its end", () => {
  const stack = synthStack((stack) => {
    const authority = testAuthority(stack);
    testCertificate(stack, authority, { validity: Validity.days(30) }, "short");
    testCertificate(stack, authority, { validity: Validity.days(400) }, "long");
  });
  expect(stack.resource(CERTIFICATE).attributes).toMatchObject({
    validity_period_hours: 87600,
    early_renewal_hours: 2 * 400 * 24,
  });
});

test("what hosts trust is a local of constant name", () => {
  const stack = synthStack((stack) => void testAuthority(stack));
  expect(stack.local("ca_trust-bundle")).toMatch(
    /^\$\{tls_self_signed_cert\.ca_generation-1_certificate_\w+\.cert_pem\}$/,
  );
});

test("its private key is no attribute", () => {
  synthStack((stack) => {
    const authority = testAuthority(stack);
    const names = new Set<string>();
    for (let object: object = authority; object !== Object.prototype; object = Object.getPrototypeOf(object)) {
      for (const name of Object.getOwnPropertyNames(object)) names.add(name);
    }
    expect([...names].filter((name) => /key/i.test(name))).toEqual([]);
  });
});

test("certificates of its own stack are signed with the resource itself", () => {
  const stack = synthStack((stack) => void testCertificate(stack, testAuthority(stack)));
  const { attributes } = stack.resource("certificate/certificate");
  expect(attributes["ca_private_key_pem"]).toMatch(/^\$\{tls_private_key\.ca_generation-1_key_\w+\.private_key_pem\}$/);
});

test("its key crosses to another stack through sensitive locals on both sides, for every certificate", () => {
  const { home, away } = synthApp((app) => {
    const authority = testAuthority(new TestStack(app, "home"));
    const away = new TestStack(app, "away");
    testCertificate(away, authority, {}, "one");
    testCertificate(away, authority, {}, "two");
  });
  expect(home!.local("ca_generation-1_issuer-key")).toMatch(/^\$\{sensitive\(tls_private_key\./);
  const exported = Object.values(home!.outputs);
  expect(exported.length).toBeGreaterThan(0);
  for (const output of exported) expect(output).toMatchObject({ sensitive: true });
  for (const id of ["one", "two"]) {
    expect(away!.resource(`${id}/certificate`).attributes["ca_private_key_pem"]).toBe(
      "${local.fleet-tls-import-home-ca-generation-1-issuer-key}",
    );
  }
  expect(away!.local("fleet-tls-import-home-ca-generation-1-issuer-key")).toMatch(
    /^\$\{sensitive\(data\.terraform_remote_state\./,
  );
});

test("a leaf that is valid for longer than half of what is left at the CA's renewal is refused", () => {
  const message = refusalOf((stack) => {
    const validity = Validity.years(2, { renewBeforeHours: 1000 });
    const authority = testAuthority(stack, "ca", CertificateAuthoritySource.generated({ validity }));
    testCertificate(stack, authority, { validity: Validity.hours(501) });
  });
  expect(message).toContain("stack/certificate/certificate: validity is too long for its CA");
  expect(message).toContain(
    "renewed 1000 h before its end at the earliest, got 501 h; allowed: half of the CA's renewal, 500 h",
  );
  expect(message).toContain("give the CA a renewBeforeHours of 1002 or more");
});

test("less than a day is in hours in the refusal of a leaf in days", () => {
  const message = refusalOf((stack) => {
    const validity = Validity.years(1, { renewBeforeHours: 12 });
    const authority = testAuthority(stack, "ca", CertificateAuthoritySource.generated({ validity }));
    testCertificate(stack, authority, { validity: Validity.days(1) });
  });
  expect(message).toContain(
    "renewed 12 h before its end at the earliest, got 1 day; allowed: half of the CA's renewal, 6 h",
  );
});

test("a leaf that is valid for exactly half of it is accepted", () => {
  const stack = synthStack((stack) => {
    const validity = Validity.years(2, { renewBeforeHours: 1000 });
    const authority = testAuthority(stack, "ca", CertificateAuthoritySource.generated({ validity }));
    testCertificate(stack, authority, { validity: Validity.hours(500) });
  });
  expect(stack.resource(CERTIFICATE).attributes["early_renewal_hours"]).toBe(1000);
});

test("a CA that is too short-lived for its leaves is refused even without a renewal of its own", () => {
  const message = refusalOf((stack) => {
    const source = CertificateAuthoritySource.generated({ validity: Validity.days(397) });
    testCertificate(stack, testAuthority(stack, "ca", source));
  });
  expect(message).toContain(
    "validity is too long for its CA, which is renewed 396 days before its end at the earliest",
  );
});

test("a CA that is only trusted refuses to issue", () => {
  const pem = Fn.file("es.pem");
  const message = refusalOf((stack) => {
    testCertificate(stack, testAuthority(stack, "ca", CertificateAuthoritySource.trustOnly({ pem })));
  });
  expect(message).toContain("stack/certificate cannot be issued by the CA stack/ca, which has no private key here");
  expect(message).toContain("use CertificateAuthoritySource.generated()");
});

test("its certificates are shown for escape hatches, the issuing one as the default child", () => {
  synthStack((stack) => {
    const source = CertificateAuthoritySource.rotating({
      generations: { "1": CertificateAuthoritySource.generated(), "2": CertificateAuthoritySource.generated() },
      issuing: "2",
    });
    const authority = testAuthority(stack, "ca", source);
    expect(Object.keys(authority.certificateResources)).toEqual(["1", "2"]);
    expect(authority.node.defaultChild).toBe(authority.certificateResources["2"]);
    const certificate = testCertificate(stack, authority);
    expect(certificate.node.defaultChild).toBe(certificate.issued.resource);
  });
});

test("an existing CA needs no second construct", () => {
  synthStack((stack) => {
    const source = CertificateAuthoritySource.existing(testAuthority(stack));
    expect(() => testAuthority(stack, "again", source)).toThrow(
      "stack/again: source is an existing CA, which needs no second construct, got stack/ca; allowed: any other source; pass that CA itself",
    );
  });
});
