import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Pki, SERVER } from "../support/pki";
import { Signer } from "./matrix/signer";
import type { Meant } from "./properties";
import { authorityProperties, leafProperties } from "./properties";

const directory = mkdtempSync(join(tmpdir(), "conformance-properties-"));
const pki = new Pki(directory);
const path = (name: string): string => join(directory, name);

const LEAF = {
  subject: "web-1",
  issuer: "ca",
  days: 397,
  words: [] as string[],
  extensions: {
    basicConstraints: "critical,CA:FALSE",
    keyUsage: "critical,digitalSignature",
    extendedKeyUsage: "serverAuth",
    subjectKeyIdentifier: "hash",
    authorityKeyIdentifier: "keyid:always",
    subjectAltName: "DNS:web-1.example.com",
  } as Record<string, string>,
};
const AUTHORITY = {
  basicConstraints: "critical,CA:TRUE",
  keyUsage: "critical,keyCertSign,cRLSign",
  subjectKeyIdentifier: "hash",
  authorityKeyIdentifier: "keyid:always",
};

/** Writes NAME.pem, signed for the key of `key-key.pem`, as it is meant but for the changes. */
function certificate(name: string, changes: Partial<typeof LEAF> = {}): string {
  const { subject, issuer, days, words, extensions } = { ...LEAF, ...changes };
  writeFileSync(path("request.cnf"), "[req]\ndistinguished_name = subject\nprompt = no\n[subject]\nCN = unused\n");
  const added = Object.entries(extensions).flatMap(([id, value]) => ["-addext", `${id}=${value}`]);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-new", "-config", path("request.cnf"), "-subj", `/CN=${subject}`, "-days", String(days)],
      ...["-key", path("key-key.pem"), "-CA", path(`${issuer}.pem`), "-CAkey", path(`${issuer}-key.pem`)],
      ...["-out", path(`${name}.pem`), ...added, ...words],
    ],
    { stdio: "pipe" },
  );
  return path(`${name}.pem`);
}

function without(...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(LEAF.extensions).filter(([name]) => !names.includes(name)));
}

beforeAll(() => {
  pki.authority("short");
  pki.authority("other");
  pki.leaf("key", "other", SERVER);
  const extensions = Object.entries(AUTHORITY).map(([id, value]) => `${id}=${value}`);
  pki.certificate("ca", { key: "other", extensions, days: 3650 });
  writeFileSync(path("ca-key.pem"), readFileSync(path("other-key.pem")));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function meant(file: string, changes: Partial<Meant> = {}): Meant {
  return {
    file,
    key: path("key-key.pem"),
    passphrase: null,
    trust: [path("ca.pem")],
    purposes: ["server"],
    commonName: "web-1",
    names: ["web-1.example.com"],
    days: 397,
    renewal: { earlyRenewalHours: 133 * 24, isReady: false },
    ...changes,
  };
}

function broken(results: { property: string; holds: boolean }[]): string[] {
  return results.filter(({ holds }) => !holds).map(({ property }) => property);
}

test("a certificate as it is meant to be breaks no property", () => {
  expect(broken(leafProperties(meant(certificate("good"))))).toEqual([]);
});

const defects: [property: string, make: () => Meant][] = [
  ["is of version 3", () => meant(versionOne())],
  ["belongs to its key", () => meant(certificate("alien"), { key: path("short-key.pem") })],
  ["is followed by what signed it, in order", () => meant(followedBy("short"))],
  [
    "ends at the CA that its readers trust, by RFC 5280's letter",
    () => meant(certificate("foreign"), { trust: [path("short.pem")] }),
  ],
  [
    "is of no use for anything else",
    () => meant(certificate("both", { extensions: { ...LEAF.extensions, extendedKeyUsage: "serverAuth,clientAuth" } })),
  ],
  ["is valid for as long as was asked", () => meant(certificate("weeks", { days: 30 }))],
  [
    "ends before what signed it",
    () => meant(certificate("outliving", { issuer: "short" }), { trust: [path("short.pem")] }),
  ],
  [
    "is renewed in its last third",
    () => meant(certificate("late"), { renewal: { earlyRenewalHours: 24, isReady: false } }),
  ],
  [
    "is renewed in its last third",
    () => meant(certificate("due"), { renewal: { earlyRenewalHours: 133 * 24, isReady: true } }),
  ],
  ["has its host's common name", () => meant(certificate("named", { subject: "web-2" }))],
  [
    "has the names that are dialled and no other",
    () => meant(certificate("dialled"), { names: ["web-2.example.com"] }),
  ],
  [
    "signs, and encrypts only where RSA servers have to",
    () =>
      meant(
        certificate("enciphering", {
          extensions: { ...LEAF.extensions, keyUsage: "critical,digitalSignature,keyEncipherment" },
        }),
      ),
  ],
  [
    "has the usages of its roles and no other",
    () => meant(certificate("unused", { extensions: without("extendedKeyUsage") })),
  ],
  [
    "is no CA",
    () => meant(certificate("signing", { extensions: { ...LEAF.extensions, basicConstraints: "critical,CA:TRUE" } })),
  ],
  [
    "has key identifiers, its own and its issuer's",
    () => meant(certificate("unidentified", { extensions: { ...LEAF.extensions, authorityKeyIdentifier: "none" } })),
  ],
  ["has an unguessable serial number", () => meant(certificate("numbered", { words: ["-set_serial", "5"] }))],
  ["is signed by its issuer's algorithm with SHA-2", () => meant(certificate("weak", { words: ["-sha1"] }))],
];

test.each(defects)("a certificate that lacks it is found out: %s", (property, make) => {
  expect(broken(leafProperties(make()))).toContain(property);
});

test("a certificate that has ended, or not begun, is found out", async () => {
  const signer = new Signer(path("signer"));
  const authority = { certificate: path("ca.pem"), key: path("ca-key.pem") };
  for (const [from, to] of [
    [-20, -1],
    [1, 10],
  ] as const) {
    const { certificate: file, key } = await signer.leaf(authority, {
      usage: "serverAuth",
      names: ["DNS:a.b"],
      from,
      to,
    });
    expect(broken(leafProperties(meant(file, { key })))).toContain("is valid now");
  }
});

const authorityDefects: [property: string, extensions: Record<string, string>, words?: string[]][] = [
  ["CA: is a CA, critically", { ...AUTHORITY, basicConstraints: "CA:TRUE" }],
  ["CA: signs certificates and lists", { ...AUTHORITY, keyUsage: "critical,keyCertSign,digitalSignature" }],
  ["CA: narrows no usage", { ...AUTHORITY, extendedKeyUsage: "serverAuth" }],
  ["CA: has key identifiers, its own and its issuer's", { ...AUTHORITY, subjectKeyIdentifier: "none" }],
  ["CA: has an unguessable serial number", AUTHORITY, ["-set_serial", "1"]],
  ["CA: is signed by its issuer's algorithm with SHA-2", AUTHORITY, ["-sha1"]],
];

test.each(authorityDefects)("a CA that lacks it is found out: %s", (property, extensions, words = []) => {
  const file = certificate("ca-with-defect", { subject: "below", extensions, words });
  expect(broken(authorityProperties(file, [path("ca.pem")]))).toContain(property);
});

test("a CA of version 1, and one that has ended, are found out", async () => {
  expect(broken(authorityProperties(versionOne(), [path("ca.pem")]))).toContain("CA: is of version 3");
  const signer = new Signer(path("signer-of-cas"));
  const authority = { certificate: path("ca.pem"), key: path("ca-key.pem") };
  const { certificate: file } = await signer.leaf(authority, { usage: "serverAuth", names: [], from: -20, to: -1 });
  expect(broken(authorityProperties(file, []))).toContain("CA: is valid now");
});

test("CAs as they are meant to be, a root and one below it, break no property", () => {
  const below = certificate("below", { subject: "below", extensions: AUTHORITY });
  expect(broken(authorityProperties(path("ca.pem"), []))).toEqual([]);
  expect(broken(authorityProperties(below, [path("ca.pem")]))).toEqual([]);
});

/** What OpenSSL signs without any extension. */
function versionOne(): string {
  const request = ["req", "-new", "-config", path("request.cnf"), "-subj", "/CN=web-1", "-key", path("key-key.pem")];
  const csr = execFileSync("openssl", request);
  const words = ["-CA", path("ca.pem"), "-CAkey", path("ca-key.pem"), "-days", "397", "-out", path("v1.pem")];
  execFileSync("openssl", ["x509", "-req", ...words], { input: csr, stdio: ["pipe", "ignore", "ignore"] });
  return path("v1.pem");
}

function followedBy(name: string): string {
  const leaf = readFileSync(certificate("first"), "utf8");
  writeFileSync(path("disordered.pem"), `${leaf}${readFileSync(path(`${name}.pem`), "utf8")}`);
  return path("disordered.pem");
}
