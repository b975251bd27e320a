const path = require("node:path");

const root = path.join(__dirname, "..");

// test/agent.test.ts <-> __snapshots__/agent.test.ts.snap
module.exports = {
  resolveSnapshotPath: (testPath, extension) =>
    path.join(root, "__snapshots__", path.relative(__dirname, testPath) + extension),
  resolveTestPath: (snapshotPath, extension) =>
    path.join(__dirname, path.relative(path.join(root, "__snapshots__"), snapshotPath).slice(0, -extension.length)),
  testPathForConsistencyCheck: path.join(__dirname, "integration", "example.test.ts"),
};
