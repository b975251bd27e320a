import { missing } from "../conformance/programs";
import { Random } from "../faults/random";
import { rotateLive } from "./live";
import { LiveHistory } from "./live-history";
import { RELEASES } from "./live-host";

const whereGoIs = missing(RELEASES["9.5"].validator) === undefined ? test : test.skip;

whereGoIs("agents that check in all the time lose no handshake while their CA is rotated under them", async () => {
  const history = await LiveHistory.of({ agents: 3, authorities: ["agent-ca"], goesOn: false });
  try {
    const random = new Random("live.test");
    const { report, hosts, refused } = await rotateLive(history, "quick", random, RELEASES["9.5"], [RELEASES["9.5"]]);
    expect(report).toMatchObject({ failed: 0, anonymous: 0 });
    expect(report.handshakes).toBeGreaterThan(100);
    expect(hosts).toBe(2 + 4 + 2);
    expect(refused).toBe(1 + 2 * 3);
  } finally {
    history.dispose();
  }
});
