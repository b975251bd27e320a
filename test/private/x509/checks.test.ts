import { createHash } from "node:crypto";

import type { Certificate } from "../../../lib/private/x509/certificate";
import type { Finding } from "../../../lib/private/x509/checks";
import {
  canonicalIp,
  checkAuthority,
  checkDistinctNames,
  checkLeaf,
  isRoot,
  matchHostName,
  readCertificateRequest,
  readCertificates,
} from "../../../lib/private/x509/checks";
import { CA, CLIENT, Pki, SERVER } from "../../support/pki";

const pki = new Pki();
afterAll(() => pki.dispose());

// A minute on: certificates are made while the tests run.
const at = new Date(Date.now() + 60_000);
const years = (count: number): Date => new Date(at.getTime() + count * 365 * 86_400_000);
const without = (lines: string[], name: string): string[] => lines.filter((line) => !line.startsWith(name));
const facts = (findings: readonly Finding[]) => findings.map(({ fact, severity }) => `${severity} ${fact}`);
const whats = (findings: readonly Finding[]) => findings.map(({ what }) => what).join("\n");
const cache = new Map<string, Certificate>();
const made = (extensions: string[], recipe: { keyType?: string[]; digest?: string } = {}): Certificate => {
  const id = createHash("sha1")
    .update(JSON.stringify([extensions, recipe]))
    .digest("hex")
    .slice(0, 8);
  cache.set(id, cache.get(id) ?? pki.certificate(id, { extensions, ...recipe }));
  return cache.get(id)!;
};
const RSA_1024 = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];

describe("an authority", () => {
  test("that is right has no finding", () => {
    const use = { at, leafUsages: ["serverAuth", "clientAuth"], authoritiesBelow: 1 } as const;
    expect(checkAuthority(made(CA), use)).toEqual([]);
    expect(isRoot(made(CA))).toBe(true);
  });

  test.each<[string, string[], string, string]>([
    ["is a leaf", SERVER, "error 52", "not a certificate authority"],
    ["may not sign", [CA[0]!, "keyUsage=critical,cRLSign", CA[2]!], "error 52", "without keyCertSign: cRLSign"],
    ["has no keyUsage", without(CA, "keyUsage"), "warning 52", "no keyUsage"],
    ["has no key identifier", [CA[0]!, CA[1]!, "subjectKeyIdentifier=none"], "warning 52", "subjectKeyIdentifier"],
    [
      "has basicConstraints that are not critical",
      ["basicConstraints=CA:TRUE", CA[1]!, CA[2]!],
      "warning 52",
      "not critical",
    ],
    ["allows servers only", [...CA, "extendedKeyUsage=serverAuth"], "error 52", "one of them needs clientAuth"],
    [
      "has a short path",
      ["basicConstraints=critical,CA:TRUE,pathlen:0", CA[1]!, CA[2]!],
      "error 53",
      "path length 0, with 1",
    ],
    ["has an unknown critical extension", [...CA, "1.2.3.4=critical,ASN1:NULL"], "error 55", "1.2.3.4"],
  ])("that %s is named", (_, extensions, expected, what) => {
    const use = { at, leafUsages: ["clientAuth"], authoritiesBelow: 1 } as const;
    const findings = checkAuthority(made(extensions), use);
    expect(facts(findings)).toEqual([expected]);
    expect(whats(findings)).toContain(what);
  });

  test("that is too weak, expired or not yet valid is named", () => {
    const weak = made(CA, { keyType: RSA_1024, digest: "sha1" });
    const check = (ca: Certificate, when: Date) => checkAuthority(ca, { at: when });
    expect(facts(check(weak, at))).toEqual(["warning 54", "error 54"]);
    expect(whats(check(weak, at))).toMatch(/sha1WithRSAEncryption[^]*1024 bits/);
    expect(whats(check(made(CA), years(2)))).toContain("expired on");
    expect(whats(check(made(CA), years(-1)))).toContain("not valid before");
  });
});

describe("a leaf", () => {
  const names = "subjectAltName=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1";
  const use = { at, usages: ["serverAuth"], names: ["fleet.example.com", "127.0.0.1"] } as const;

  test("that is right has no finding", () => {
    pki.certificate("leaf-ca");
    const leaf = pki.certificate("right", { issuer: "leaf-ca", extensions: [...SERVER, names] });
    expect(checkLeaf(leaf, use)).toEqual([]);
    const client = pki.certificate("client", { issuer: "leaf-ca", extensions: CLIENT });
    expect(checkLeaf(client, { at, usages: ["clientAuth"] })).toEqual([]);
    const both = SERVER.map((line) => line.replace("serverAuth", "serverAuth,clientAuth"));
    const reused = pki.certificate("both", { issuer: "leaf-ca", extensions: [...both, names] });
    expect(checkLeaf(reused, { ...use, usages: ["serverAuth", "clientAuth"] })).toEqual([]);
  });

  test.each<[string, string[], Parameters<typeof checkLeaf>[1], string, string]>([
    ["is an authority", CA, use, "error 38", "begins with a CA certificate"],
    ["is a client's, on a server", [...CLIENT, names], use, "error 49", "used for serverAuth"],
    ["is a server's, on a client", SERVER, { at, usages: ["clientAuth"] }, "error 50", "used for clientAuth"],
    [
      "has one usage of two",
      [...SERVER, names],
      { ...use, usages: ["serverAuth", "clientAuth"] },
      "error 51",
      "used for clientAuth",
    ],
    ["may not sign", [SERVER[0]!, "keyUsage=keyAgreement", names], use, "error 49", "without digitalSignature"],
    [
      "has the usage of another algorithm",
      [SERVER[0]!, "keyUsage=digitalSignature,keyEncipherment", names],
      use,
      "warning 49",
      "EC key cannot",
    ],
    [
      "lacks the dialled name",
      [...SERVER, names],
      { ...use, names: ["other.example.com"] },
      "error 45",
      "lacks the name other.example.com",
    ],
    [
      "lacks Elasticsearch's name",
      [...SERVER, names],
      { ...use, names: ["es"], nameFact: 48 },
      "error 48",
      "lacks the name es",
    ],
    [
      "has an address as a DNS name",
      [...SERVER, "subjectAltName=DNS:127.0.0.1"],
      { ...use, names: ["127.0.0.1"] },
      "error 45",
      "has 127.0.0.1 as a DNS name, where clients look for an IP address",
    ],
  ])("that %s is named", (_, extensions, leafUse, fact, what) => {
    const findings = checkLeaf(made(extensions), leafUse);
    expect(facts(findings)).toEqual([fact]);
    expect(whats(findings)).toContain(what);
  });

  test("that lacks an authorityKeyIdentifier, or is signed with SHA-1, is named", () => {
    const bare = [...without(SERVER, "authorityKeyIdentifier"), "authorityKeyIdentifier=none", names];
    const leaf = pki.certificate("bare", { issuer: "leaf-ca", extensions: bare, digest: "sha1" });
    expect(facts(checkLeaf(leaf, use))).toEqual(["warning 55", "error 54"]);
  });

  test("with a key that Go does not know is named", () => {
    const keyType = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"];
    expect(whats(checkLeaf(made([...SERVER, names], { keyType }), use))).toContain("on curve secp256k1");
  });

  test("that has the name only as its common name is a warning", () => {
    const leaf = pki.certificate("cn", { extensions: SERVER, subject: "/CN=fleet.example.com" });
    expect(facts(checkLeaf(leaf, { ...use, names: ["fleet.example.com"] }))).toEqual(["warning 45"]);
  });
});

describe("names", () => {
  const certificate = (dnsNames: string[], ipAddresses: string[] = [], commonName?: string) => ({
    dnsNames,
    ipAddresses,
    commonName,
  });

  test.each<[string, ReturnType<typeof certificate>, string, string]>([
    ["a SAN", certificate(["fleet.example.com"]), "fleet.example.com", "san"],
    ["another case and a final dot", certificate(["Fleet.example.com"]), "FLEET.example.com.", "san"],
    ["a wildcard for one label", certificate(["*.example.com"]), "fleet.example.com", "san"],
    ["no wildcard for two labels", certificate(["*.example.com"]), "a.fleet.example.com", "none"],
    ["no wildcard in a label's part", certificate(["f*.example.com"]), "fleet.example.com", "none"],
    ["the common name without DNS SANs", certificate([], ["10.0.0.1"], "fleet"), "fleet", "common name"],
    ["no common name in addition to DNS SANs", certificate(["other"], [], "fleet"), "fleet", "none"],
    ["an IP SAN however it is written", certificate([], ["fd00::1"]), "[FD00:0::0001]", "san"],
    ["an IPv4-mapped address", certificate([], ["10.0.0.1"]), "::ffff:10.0.0.1", "san"],
    ["an IP in the common name", certificate(["fleet"], [], "10.0.0.1"), "10.0.0.1", "common name"],
    ["no IP in a DNS SAN", certificate(["10.0.0.1"]), "10.0.0.1", "none"],
    ["nothing for an empty host", certificate([""], [], ""), "", "none"],
  ])("match by %s", (_, named, host, match) => {
    expect(matchHostName(named, host)).toBe(match);
  });

  test("addresses have one canonical text", () => {
    expect(canonicalIp("[2001:DB8:0:0:0:0:0:1]")).toBe("2001:db8::1");
    expect(canonicalIp("fe80::1%eth0")).toBeUndefined();
    expect(canonicalIp("010.0.0.1")).toBeUndefined();
  });

  test("of two trusted CAs with different keys clash", () => {
    const [one, two] = [
      pki.certificate("one", { subject: "/CN=same" }),
      pki.certificate("two", { subject: "/CN=same" }),
    ];
    const renewed = pki.certificate("renewed", { subject: "/CN=same", key: "one", days: 3650 });
    const lists = (...certificates: Certificate[][]) =>
      certificates.map((list, i) => ({ name: ["fleet-ca", "agent-ca"][i]!, certificates: list }));
    expect(facts(checkDistinctNames(lists([one], [two])))).toEqual(["error 56"]);
    expect(whats(checkDistinctNames(lists([one], [two])))).toContain("CN=same: in fleet-ca and in agent-ca");
    expect(checkDistinctNames(lists([one, renewed], [one]))).toEqual([]);
    expect(checkDistinctNames(lists([one], [pki.certificate("three")]))).toEqual([]);
  });
});

describe("a file of certificates", () => {
  test("that is right is read in its order, comments and CRLF included", () => {
    const [a, b] = [made(CA), made(SERVER)];
    const text = `# bundle\r\n${pki.text([...cache.keys()][0]!)}\n`.replace(/\n/g, "\r\n");
    expect(readCertificates(text)).toMatchObject({ certificates: [{ raw: a.raw }], findings: [] });
    expect(b.isCa).toBe(false);
  });

  test.each<[string, () => string | Uint8Array, string, string]>([
    ["is empty", () => "", "error 43", "is empty"],
    ["is no PEM", () => "hello", "error 37", "is not PEM"],
    ["is DER", () => made(CA).raw, "error 37", "is DER"],
    ["starts with a byte order mark", () => `\ufeff${caText()}`, "error 37", "byte order mark"],
    ["contains a key", () => caText() + pki.key("stray"), "error 43", "private key among"],
    ["has headers", () => caText().replace("\n", "\nComment: a\n\n"), "error 43", "has headers"],
    ["contains one twice", () => caText() + caText(), "warning 43", "certificate 2 occurs twice"],
    ["was cut short", () => caText() + caText().slice(0, 200), "error 37", "has no end"],
    ["has another label", () => caText().replace(/ CERT/g, " TRUSTED CERT"), "error 43", "not labelled CERTIFICATE"],
  ])("that %s is named", (_, text, fact, what) => {
    const { findings } = readCertificates(text());
    expect(facts(findings)).toEqual([fact]);
    expect(whats(findings)).toContain(what);
  });

  test("with a damaged certificate is named, and the others are read", () => {
    const text = caText().replace(/\nMII/, "\nMIJ") + pki.text("one");
    expect(readCertificates(text)).toMatchObject({
      certificates: [{ commonName: "same" }],
      findings: [{ fact: 37, what: expect.stringContaining("certificate 1 cannot be read") }],
    });
  });

  const caText = (): string => {
    made(CA);
    return pki.text([...cache.keys()][0]!);
  };
});

describe("a certificate request", () => {
  test("is read, and a file without exactly one is named", () => {
    pki.openssl("req", "-new", "-key", "one-key.pem", "-subj", "/CN=web-1", "-out", "csr.pem");
    expect(readCertificateRequest(pki.text("csr"))).toMatchObject({ request: { commonName: "web-1" }, findings: [] });
    expect(facts(readCertificateRequest(pki.text("one")).findings)).toEqual(["error 37"]);
    expect(whats(readCertificateRequest(pki.text("csr") + pki.text("csr")).findings)).toContain("has 2 certificate");
    expect(whats(readCertificateRequest(pki.text("one-key") + pki.text("csr")).findings)).toContain(
      "private key among",
    );
  });
});
