import * as fs from "node:fs";
import * as path from "node:path";

import * as library from "../lib";

const LIB = path.join(__dirname, "..", "lib");
const index = fs.readFileSync(path.join(LIB, "index.ts"), "utf8");

test("the index exports, and does nothing else", () => {
  for (const line of index.trimEnd().split("\n")) expect(line).toMatch(/^export \* from "\.\/[a-z-]+";$/);
});

test("every file of the library that is not private is exported, in the alphabet's order", () => {
  const files = fs.readdirSync(LIB).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  expect(index.match(/(?<=\.\/)[a-z-]+/g)).toEqual(files.map((name) => name.slice(0, -3)).sort());
});

test("what users start from is there", () => {
  expect(Object.keys(library)).toEqual(
    expect.arrayContaining([
      "Agent",
      "Certificate",
      "CertificateAuthority",
      "CertificateAuthoritySource",
      "ClientAuthentication",
      "Elasticsearch",
      "EnrollmentToken",
      "FleetContext",
      "FleetServer",
      "HostFiles",
      "InstallCommand",
      "KeyAlgorithm",
      "KeyPassphrase",
      "MutualFleetTls",
      "OneWayFleetTls",
      "ServiceToken",
      "StackVersion",
      "TargetPlatform",
      "Validity",
    ]),
  );
});

test("nothing private is", () => {
  expect(Object.keys(library)).not.toEqual(expect.arrayContaining(["Faults"]));
  expect(index).not.toContain("private");
});
