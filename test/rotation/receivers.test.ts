import { missing } from "../conformance/programs";
import { PROCESS_NAMES } from "../conformance/receivers/lanes";
import type { AuthorityName } from "./receiver-history";
import { AUTHORITIES } from "./receiver-history";
import { rotateReceivers } from "./receivers";

const whereAllAre = PROCESS_NAMES.every((name) => missing(name) === undefined) ? test : test.skip;

whereAllAre(
  "agents ship to every receiver while all of their CAs rotate at once, one host after the other",
  async () => {
    const report = await rotateReceivers([Object.keys(AUTHORITIES) as AuthorityName[]], "gate");
    expect(report).toMatchObject({ deploys: 3, refused: 12 });
    expect(report.shipped).toBeGreaterThan(100);
  },
);
