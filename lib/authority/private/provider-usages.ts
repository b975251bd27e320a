/** The tls provider's names of usages: `digital_signature` for `digitalSignature`. */
export function providerUsages(usages: readonly string[]): string[] {
  return usages.map((usage) => OTHER_NAMES[usage] ?? usage.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

const OTHER_NAMES: Readonly<Record<string, string>> = { keyCertSign: "cert_signing", cRLSign: "crl_signing" };
