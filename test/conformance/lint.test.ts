import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintCertificates, missingLinters } from "./lint";
import { Pki, SERVER } from "../support/pki";

const directory = mkdtempSync(join(tmpdir(), "conformance-lint-test-"));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

// Skipped by name: what is missing is in the test's.
const skipped = missingLinters();
const whereLintersAre = skipped.length === 0 ? test : test.skip;
const reasons = skipped.map(({ name, reason }) => ` (no ${name}: ${reason})`).join("");

whereLintersAre(`both linters read every certificate of a chain and tell what they find${reasons}`, async () => {
  const pki = new Pki(directory);
  pki.authority("fleet-ca");
  pki.leaf("fleet-cert", "fleet-ca", SERVER, ["DNS:fleet.example.com", "DNS:localhost"]);
  const chain = pki.path("chain.pem");
  const names = ["fleet-cert.pem", "fleet-ca.pem"];
  writeFileSync(chain, names.map((name) => readFileSync(pki.path(name), "utf8")).join(""));

  const report = await lintCertificates([chain]);

  expect(report).toMatchObject({ certificates: 2, skipped: [] });
  const severe = report.findings.filter(({ severity }) => severity === "error" || severity === "fatal");
  expect(severe.map(({ linter, index, code }) => ({ linter, index, code }))).toEqual([
    // pkilint wants a dot in every DNS name; the Fleet Server's own agent needs localhost.
    { linter: "pkilint", index: 0, code: "pkix.invalid_domain_name_syntax" },
  ]);
  expect(report.findings.find(({ linter }) => linter === "zlint")).toMatchObject({
    file: chain,
    subject: expect.stringMatching("CN="),
  });
});
