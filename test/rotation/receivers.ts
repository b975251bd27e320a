import { missing } from "../conformance/programs";
import { PROCESS_NAMES, processesOf } from "../conformance/receivers/lanes";
import { startValidators } from "../conformance/validators";
import { Random } from "../faults/random";
import type { Scenario } from "../faults/scenario";
import { Blocked } from "../faults/scenario";
import type { AuthorityName } from "./receiver-history";
import { AUTHORITIES, ReceiverHistory } from "./receiver-history";
import type { ReceiverReport } from "./receiver-rotation";
import { ReceiverRotation } from "./receiver-rotation";

/** Rotations of CAs between agents and the servers that they ship to. */
export const RECEIVERS: Scenario[] = [
  {
    name: "receivers",
    title: "agents ship to Logstash, Kafka and another cluster while each of their CAs and the agent CA is rotated",
    run: async ({ seed }) => {
      const rounds = (Object.keys(AUTHORITIES) as AuthorityName[]).map((authority) => [authority]);
      const report = await rotateReceivers(rounds, seed);
      return {
        detail:
          `${rounds.length} CAs rotated in ${report.deploys} deploys: ${report.updates} updates of hosts and policies, ` +
          `${report.files} files, ${report.restarts} restarts; ${report.shipped} events acknowledged, **0 failed**; ` +
          `${report.refused} attempts with certificates of old generations refused`,
      };
    },
  },
];

/** Throws at the first event that is not acknowledged. */
export async function rotateReceivers(
  rounds: readonly (readonly AuthorityName[])[],
  seed: string,
): Promise<ReceiverReport> {
  const reason = PROCESS_NAMES.map((name) => missing(name)).find((each) => each !== undefined);
  if (reason !== undefined) throw new Blocked(reason);
  const [history, all] = await Promise.all([ReceiverHistory.of(rounds), startValidators(PROCESS_NAMES)]);
  try {
    return await new ReceiverRotation(history, processesOf(all), new Random(`${seed} receivers`)).run();
  } finally {
    await all.close();
    history.dispose();
  }
}
