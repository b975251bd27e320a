import { disposeTemplates } from "./kill-template";
import { Postgres } from "./postgres";
import { writeReport, writeRows } from "./report";
import { runScenarios } from "./run-scenarios";
import { SCENARIOS } from "./scenarios";

const started = Date.now();

runScenarios({
  prefix: "FAULT",
  kills: 20,
  scenarios: SCENARIOS,
  cleanUp: async () => {
    await disposeTemplates();
    Postgres.stop();
  },
  onEnd: (results, seed, names) => {
    if (names.length > 0) writeRows(results);
    else writeReport(results, { seed, seconds: Math.round((Date.now() - started) / 1000) });
  },
});
