import { readdirSync } from "node:fs";
import * as path from "node:path";

import { GivenPki } from "../sources/given-pki";
import { runProgram } from "./run";

const PROGRAMS = readdirSync(path.join(__dirname, "..", "..", "lib", "programs"))
  .filter((file) => file.endsWith(".ts") && file !== "run-program.ts")
  .map((file) => path.basename(file, ".ts"));

const pki = new GivenPki();
beforeAll(() => {
  pki.certificate("one", { days: 10 });
  pki.certificate("two", { days: 20 });
});
afterAll(() => pki.dispose());

describe.each(PROGRAMS)("%s", (program) => {
  test.each(["", "{", "no JSON", "null", '"-----BEGIN PRIVATE KEY-----"'])(
    "refuses the input %j in one line that does not show it",
    (input) => {
      const { status, stdout, stderr } = runProgram(program, input);
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      // Node's own message would quote what it could not read.
      expect(stderr).toMatch(new RegExp(`^${program}: [^\\n]+\\n$`));
      expect(stderr).not.toMatch(/PRIVATE KEY|no JSON/);
    },
  );
});

describe("describe-certificates", () => {
  const describeCertificates = (input: unknown) => runProgram("describe-certificates", input);

  test("says nothing of a certificate whose request is missing", () => {
    const nothing = { fingerprintSha256: null, spkiPinSha256: null, serialNumber: null, notAfter: null };
    expect(JSON.parse(describeCertificates({ late: { pem: null } }).stdout)).toEqual({ late: nothing });
  });

  test("finds the certificate of a bundle that ends first, in any order", () => {
    const [one, two] = [pki.text("one"), pki.text("two")];
    const { a, b, alone } = JSON.parse(
      describeCertificates({ a: { pem: one + two }, b: { pem: two + one }, alone: { pem: one, one: true } }).stdout,
    );
    expect(a).toEqual(alone);
    expect(b).toEqual(alone);
    expect(a.notAfter).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test("refuses several where one is pinned, and what is no certificate, by its name", () => {
    expect(describeCertificates({ "es-ca": { pem: pki.text("one") + pki.text("two"), one: true } })).toEqual({
      status: 1,
      stdout: "",
      stderr:
        "describe-certificates: es-ca has 2 certificates, so that it has no one fingerprint or pin; give the CA alone, " +
        "several as the generations of a rotating source, or leave the pin out\n",
    });
    expect(describeCertificates({ "es-ca": { pem: "none" } }).stderr).toBe(
      "describe-certificates: es-ca is no certificate; give it as PEM\n",
    );
  });
});

test("read-authority separates errors from each other", () => {
  const parts = { certificate: "the certificate", chain: "the chain", privateKey: "the private key" };
  const ofAnother = { chain: pki.text("two"), privateKey: pki.text("two-key") };
  const input = { what: "stack/ca", parts, certificate: pki.text("one"), ...ofAnother, issuing: true };
  const { status, stderr } = runProgram("read-authority", input);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^read-authority: stack\/ca: [^\n]+; stack\/ca: [^\n]+\n$/);
});

describe("check-trust", () => {
  const list = (name: string, pem: string, admitsClients = false) => ({ name, pem, admitsClients });

  test("accepts CAs that differ in name", () => {
    const lists = [list("fleetCa", pki.text("one")), list("elasticsearchCa", pki.text("two"))];
    expect(runProgram("check-trust", { what: "stack/fleet", lists })).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  test("tells of all that is wrong in one line", () => {
    pki.certificate("namesake", { subject: "/CN=one" });
    const lists = [list("fleetCa", pki.text("one"), true), list("elasticsearchCa", pki.text("namesake"))];
    const { status, stdout, stderr } = runProgram("check-trust", { what: "stack/fleet", lists });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^check-trust: stack\/fleet: fleetCa, elasticsearchCa clash: .*CN=one[^\n]+\n$/);
  });
});
