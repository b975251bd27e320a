import { spawn, spawnSync } from "node:child_process";
import * as path from "node:path";
import { parseArgs } from "node:util";

/**
 * Runs the tests several times while other processes keep the machine busy, and stops at the first failure. Patterns of
 * test files go to Jest: `npm run test:busy -- --times 3 test/rotation`.
 */
function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { times: { type: "string", default: "5" }, loops: { type: "string", default: "2" } },
  });
  const loops = Array.from({ length: Number(values.loops) }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  try {
    for (let time = 1; time <= Number(values.times); time++) {
      console.log(`run ${time} of ${values.times} with ${loops.length} busy loops`);
      const jest = path.join(__dirname, "..", "node_modules", "jest", "bin", "jest.js");
      const { status } = spawnSync(process.execPath, [jest, "--ci", ...positionals], { stdio: "inherit" });
      if (status !== 0) return 1;
    }
    return 0;
  } finally {
    for (const loop of loops) loop.kill("SIGKILL");
  }
}

process.exitCode = main();
