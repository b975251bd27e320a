import { KeyAlgorithm } from "../../lib";

test.each([
  [KeyAlgorithm.ECDSA_P256, "ECDSA", "P256", undefined, "ECDSA P256"],
  [KeyAlgorithm.ECDSA_P384, "ECDSA", "P384", undefined, "ECDSA P384"],
  [KeyAlgorithm.ECDSA_P521, "ECDSA", "P521", undefined, "ECDSA P521"],
  [KeyAlgorithm.RSA_2048, "RSA", undefined, 2048, "RSA 2048"],
  [KeyAlgorithm.RSA_3072, "RSA", undefined, 3072, "RSA 3072"],
  [KeyAlgorithm.RSA_4096, "RSA", undefined, 4096, "RSA 4096"],
  [KeyAlgorithm.ED25519, "ED25519", undefined, undefined, "ED25519"],
])("%s is named as the tls provider names it, curve and length included", (key, algorithm, curve, bits, text) => {
  expect([key.algorithm, key.ecdsaCurve, key.rsaBits, key.toString()]).toEqual([algorithm, curve, bits, text]);
});

test("every elliptic curve is named, so that none is the provider's default of P-224", () => {
  const named = Object.values(KeyAlgorithm).filter((value) => value instanceof KeyAlgorithm);
  expect(named).toHaveLength(7);
  for (const { algorithm, ecdsaCurve } of named)
    if (algorithm === "ECDSA") expect(ecdsaCurve).toMatch(/^P(256|384|521)$/);
});

test.each([2048, 2056, 8192])("RSA of %i bits can be had", (bits) => {
  expect(KeyAlgorithm.rsa(bits)).toMatchObject({ algorithm: "RSA", rsaBits: bits });
});

test.each([1024, 2047, 2049, 8200, 0, -2048, 2048.5, Number.NaN])("RSA of %p bits is refused", (bits) => {
  expect(() => KeyAlgorithm.rsa(bits)).toThrow(
    `KeyAlgorithm.rsa: bits is no usable length, got ${bits}; allowed: multiples of 8 from 2048 to 8192; ` +
      "use KeyAlgorithm.RSA_2048 or longer",
  );
});
