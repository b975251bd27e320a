import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

import * as library from "../lib";

const LIB = path.join(__dirname, "..", "lib");
const index = fs.readFileSync(path.join(LIB, "index.ts"), "utf8");

/** Files at the top of a noun's folder that only this repository reads. */
const NOT_PUBLIC = [
  "authority/authority-record",
  "authority/check-trust",
  "authority/create-authority",
  "authority/given-ending",
  "authority/issuer-gate",
  "authority/records",
  "authority/rotation-plan",
  "certificate/certificate-descriptions",
  "certificate/renewal-dates",
  "certificate/renewal-hours",
  "certificate/renewal-of",
  "fleet/page-data",
  "fleet/part-output",
  "fleet/prerequisite",
  "fleet/whole-fleet",
  "host/fleet-outputs",
  "host/kibana-id",
  "host/output-settings",
  "host/public-elasticsearch",
  "host/self-managed",
];

test("the index only exports", () => {
  for (const line of index.trimEnd().split("\n")) expect(line).toMatch(/^export \* from "\.\/[a-z]+\/[a-z-]+";$/);
});

test("every file at the top of a noun's folder is exported", () => {
  const files = ["authority", "certificate", "command", "fleet", "host"].flatMap((noun) =>
    fs
      .readdirSync(path.join(LIB, noun))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${noun}/${name.slice(0, -3)}`),
  );
  const exported = index.match(/(?<=\.\/)[a-z-]+\/[a-z-]+/g)!;
  expect([...exported, ...NOT_PUBLIC].sort()).toEqual(files.sort());
});

test("the entry points are exported", () => {
  expect(Object.keys(library)).toEqual(
    expect.arrayContaining([
      "Agent",
      "Certificate",
      "CertificateAuthority",
      "CertificateAuthoritySource",
      "ClientAuthentication",
      "Elasticsearch",
      "EnrollmentToken",
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
  expect(Object.keys(library)).not.toEqual(expect.arrayContaining(["Problems"]));
  expect(index).not.toContain("private");
});

/** Members of every public class by whether users see them: those whose names begin with `_` are internal. */
function membersOf(file: string): [name: string, members: { open: number; internal: number }][] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).map((node) => {
    const names = node.members
      .filter((member) => !/^(private|protected)\b/.test(member.getText()))
      .map((member) => member.name?.getText() ?? "constructor");
    const internal = names.filter((name) => name.startsWith("_")).length;
    return [node.name!.text, { open: names.length - internal, internal }];
  });
}

test("no public class has more internal members than public ones", () => {
  const files = index.match(/(?<=\.\/)[a-z-]+\/[a-z-]+/g)!.map((name) => path.join(LIB, `${name}.ts`));
  const classes = files.flatMap(membersOf);
  expect(classes.length).toBeGreaterThan(25);
  expect(classes.filter(([, { open, internal }]) => internal > open)).toEqual([]);
});
