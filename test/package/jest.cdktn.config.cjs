const path = require("node:path");

const base = require("../../jest.config.cjs");

const root = path.join(__dirname, "..", "..");
const modules = path.join(root, "build", "cdktn-modules", "node_modules");

/** The tests of the constructs with cdktn in the place of cdktf. `npm run test:lanes` installs cdktn beforehand. */
module.exports = {
  ...base,
  rootDir: root,
  testMatch: ["authority", "certificate", "command", "fleet", "host"].map(
    (noun) => `<rootDir>/test/${noun}/**/*.test.ts`,
  ),
  moduleNameMapper: {
    "^cdktf$": path.join(modules, "cdktn"),
    "^cdktf/(.*)$": path.join(modules, "cdktn", "$1"),
    "^@cdktf/provider-(.*)$": path.join(modules, "@cdktn", "provider-$1"),
    "^constructs$": path.join(modules, "constructs"),
  },
};
