import type { Certificate } from "../../../lib/private/x509/certificate";
import { checkChainOrder, checkOutlives, isIssuedBy, verifyChain } from "../../../lib/private/x509/checks";
import { cpuMilliseconds } from "../../support/cpu-time";
import { CA, CLIENT, Pki, SERVER } from "../../support/pki";

const pki = new Pki();
afterAll(() => pki.dispose());

// A minute on: certificates are made while the tests run.
const at = new Date(Date.now() + 60_000);
const use = { at, usages: ["serverAuth"] } as const;
const later = (days: number): Date => new Date(at.getTime() + days * 86_400_000);
const whats = (chain: Certificate[], anchors: Certificate[], options: Parameters<typeof verifyChain>[2] = use) =>
  verifyChain(chain, anchors, options)
    .findings.map(({ fact, what }) => `${fact}: ${what}`)
    .join("\n");

let root: Certificate;
let intermediate: Certificate;
let leaf: Certificate;
let direct: Certificate;

beforeAll(() => {
  root = pki.certificate("root", { days: 3650 });
  intermediate = pki.certificate("intermediate", {
    issuer: "root",
    extensions: [...CA, "authorityKeyIdentifier=keyid"],
  });
  leaf = pki.certificate("leaf", { issuer: "intermediate", extensions: SERVER, days: 90 });
  direct = pki.certificate("direct", { issuer: "root", extensions: SERVER, days: 90 });
});

describe("a chain verifies", () => {
  test("to a root, through intermediates in any order, and with the root appended", () => {
    expect(verifyChain([direct], [root], use)).toEqual({ path: [direct, root], findings: [] });
    expect(verifyChain([leaf, intermediate], [root], use).path).toEqual([leaf, intermediate, root]);
    expect(verifyChain([leaf, root, intermediate], [root], use).path).toEqual([leaf, intermediate, root]);
  });

  test("to an intermediate that is itself trusted, as in Go", () => {
    expect(verifyChain([leaf], [intermediate], use).path).toEqual([leaf, intermediate]);
  });

  test("to itself, if it is the anchor and valid", () => {
    expect(verifyChain([direct], [direct], use).path).toEqual([direct]);
    expect(whats([direct], [direct], { ...use, at: later(100) })).toContain("expired");
  });

  test("to either generation of a rotating CA, and to a renewed one", () => {
    const second = pki.certificate("second");
    const renewed = pki.certificate("root-renewed", { key: "root", subject: "/CN=root", days: 7000 });
    expect(verifyChain([direct], [second, root], use).path).toEqual([direct, root]);
    expect(verifyChain([direct], [renewed], use).path).toEqual([direct, renewed]);
  });
});

describe("a chain fails", () => {
  test("without its intermediate", () => {
    expect(whats([leaf], [root])).toBe(
      "55: is issued by CN=intermediate, which is neither in this file nor trusted here",
    );
  });

  test("without its root", () => {
    expect(whats([leaf, intermediate, root], [pki.certificate("foreign")])).toBe(
      "55: ends in CN=root, which is not trusted here",
    );
  });

  test("at a CA of the same name with another key, with and without identifiers", () => {
    const twin = pki.certificate("twin", { subject: "/CN=root" });
    expect(whats([direct], [twin])).toContain("was issued by another CA named CN=root");
    const mute = pki.certificate("mute", {
      subject: "/CN=root",
      extensions: [CA[0]!, CA[1]!, "subjectKeyIdentifier=none"],
    });
    expect(whats([direct], [mute])).toContain("carries no valid signature of CN=root");
    expect([isIssuedBy(direct, root), isIssuedBy(direct, twin), isIssuedBy(direct, mute)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("when its signature was tampered with", () => {
    const raw = Buffer.from(direct.raw);
    raw[raw.length - 1]! ^= 1;
    expect(whats([{ ...direct, raw }], [root])).toContain("carries no valid signature");
  });

  test("below an issuer that may not sign, or not so deep, or not for that use", () => {
    const short = pki.certificate("short", {
      extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", CA[1]!, CA[2]!],
    });
    const below = pki.certificate("below", { issuer: "short" });
    expect(whats([pki.certificate("deep", { issuer: "below", extensions: SERVER }), below], [short])).toContain(
      "53: has 1 CAs below CN=short, whose path length is 0",
    );
    const server = pki.certificate("server-ca", { extensions: [...CA, "extendedKeyUsage=serverAuth"] });
    const client = pki.certificate("client", { issuer: "server-ca", extensions: CLIENT });
    expect(whats([client], [server], { at, usages: ["clientAuth"] })).toContain("allows its leaves serverAuth only");
    expect(whats([pki.certificate("sub", { issuer: "direct", extensions: SERVER })], [direct])).toContain(
      "52: is issued by CN=direct, which is no CA",
    );
  });

  test("at a signature with SHA-1, or a critical extension that Go does not know, anywhere below the anchor", () => {
    const old = pki.certificate("old", { issuer: "root", digest: "sha1" });
    const below = pki.certificate("below-old", { issuer: "old", extensions: SERVER });
    expect(whats([below, old], [root])).toContain("54: CN=old: is signed with ecdsa-with-SHA1");
    expect(verifyChain([below], [old], use).path).toEqual([below, old]);
    const odd = pki.certificate("odd", { issuer: "root", extensions: [...CA, "1.2.3.4=critical,ASN1:NULL"] });
    const leafOfOdd = pki.certificate("leaf-of-odd", { issuer: "odd", extensions: SERVER });
    expect(whats([leafOfOdd, odd], [root])).toContain("55: has a critical extension that Go does not know: 1.2.3.4");
  });

  test("after the end of the leaf, or of its CA", () => {
    expect(whats([direct], [root], { ...use, at: later(100) })).toContain("54: CN=direct: expired");
    const brief = pki.certificate("brief", { days: 10 });
    const longer = pki.certificate("longer", { issuer: "brief", extensions: SERVER });
    expect(whats([longer], [brief], { ...use, at: later(20) })).toContain("54: CN=brief: expired");
    expect(checkOutlives(longer, brief)).toMatchObject([{ fact: 54, severity: "warning" }]);
    expect(checkOutlives(direct, root)).toEqual([]);
  });

  test("with nothing in it, and in bounded time among many that sign each other", () => {
    expect(whats([], [root])).toContain("38: has no certificate");
    const many = Array.from({ length: 12 }, (_, i) =>
      pki.certificate(`many-${i}`, { key: "root", subject: "/CN=root", days: 100 + i }),
    );
    const other = pki.certificate("other");
    const spent = cpuMilliseconds(() =>
      expect(whats([direct, ...many], [other])).toContain("which is not trusted here"),
    );
    expect(spent).toBeLessThan(2_000);
  });
});

describe("the order of a chain", () => {
  test("is right with the leaf first, with or without the root", () => {
    expect([[leaf], [leaf, intermediate], [leaf, intermediate, root], []].flatMap(checkChainOrder)).toEqual([]);
  });

  test.each<[string, () => Certificate[], string, string]>([
    ["the CA comes first", () => [intermediate, leaf], "error", "begins with the CA CN=intermediate"],
    ["a second leaf follows", () => [leaf, direct], "error", "a second leaf, CN=direct"],
    ["intermediates are out of order", () => [leaf, root, intermediate], "warning", "CN=root after CN=leaf"],
  ])("is named when %s", (_, chain, severity, what) => {
    expect(checkChainOrder(chain())[0]).toMatchObject({ fact: 38, severity, what: expect.stringContaining(what) });
  });
});
