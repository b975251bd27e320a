import { runScenarios } from "../faults/run-scenarios";
import { writeProof } from "./proof";
import { SCENARIOS } from "./scenarios";

runScenarios({
  prefix: "ROTATION",
  kills: 10,
  scenarios: SCENARIOS,
  onResult: (results) => writeProof(results, SCENARIOS),
});
