/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // A busy machine is no failure; the time limit of the CI job ends a test that hangs.
  testTimeout: 60 * 60 * 1000,
  // Jest leaves one core out; most of a test's time is spent in Terraform, so the cores are never all busy with Jest.
  maxWorkers: "100%",
  // __snapshots__ must be a root too, else a snapshot without a test goes unnoticed.
  roots: ["<rootDir>/test", "<rootDir>/__snapshots__"],
  testMatch: ["**/*.test.ts"],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  moduleNameMapper: { "^cdktf-fleet-tls$": "<rootDir>/lib/index.ts" },
  snapshotResolver: "<rootDir>/test/snapshot-resolver.cjs",
  globalSetup: "<rootDir>/test/support/global-setup.ts",
};
