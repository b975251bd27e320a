/**
 * `npm run test:conformance [-- TOPOLOGY…]`: deploys every topology, has every validator at every connection of it, and
 * exits with 1 when anything good was refused or anything bad accepted.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { onDemandNames, validatorNames } from "../programs";
import { markdown, verdictOf, writeReport } from "./report";
import { runSuite } from "./suite";
import { cellTable } from "./tables";
import { topologies } from "./topologies";

const root = join(__dirname, "..", "..", "..");
const MOST_FAILURES = 40;

async function main(names: string[]): Promise<void> {
  const wanted = topologies.filter(({ name }) => names.length === 0 || names.includes(name));
  if (wanted.length < names.length) {
    throw new Error(`there are no such topologies among ${topologies.map(({ name }) => name).join(", ")}`);
  }
  const isFull = names.length === 0;
  const validators = process.env["CONFORMANCE_ON_DEMAND"] ? [...validatorNames, ...onDemandNames] : validatorNames;
  const result = await runSuite({ topologies: wanted, validators, lints: true, log: (line) => console.log(line) });
  const verdict = verdictOf(result, isFull);
  writeReport(join(root, "build", "conformance"), result, verdict);
  const { figures, failures } = verdict;
  console.log(`\n${cellTable(result.outcomes)}`);
  console.log(
    Object.entries(figures)
      .map(([name, figure]) => `${name}: ${figure}`)
      .join("\n"),
  );
  for (const { name, reason } of result.skipped) {
    console.log(`skipped: ${name}: ${reason}`);
  }
  for (const { name, reason } of result.lint?.skipped ?? []) {
    console.log(`skipped: ${name}: ${reason}`);
  }
  for (const failure of failures.slice(0, MOST_FAILURES)) {
    console.error(`FAILED ${failure}`);
  }
  if (failures.length > 0) {
    process.exitCode = 1;
  } else if (isFull) {
    // The last good run is what the documentation shows.
    writeFileSync(join(root, "docs", "conformance.md"), `${HEAD}\n${markdown(result, verdict)}`);
  }
}

const HEAD = `# Conformance

Results of the last successful run of \`npm run test:conformance\`, which writes this page.

Terraform deploys every topology. Validators then make each of its connections, at both ends: Elastic's own TLS code at two
versions with the emitted commands, which a real \`sh\` has split, and the TLS stacks of Java, Node, OpenSSL and Python with
the emitted files. Elasticsearch is a stand-in: \`ssl-config\` reads the emitted \`elasticsearch.tls.yml\` and serves with
Java's TLS. Elastic's own library of that name is not published as a Maven artifact (8.19.10 was tried); this one is
OpenSearch's fork of Elasticsearch 7.10.

Bad certificates are created during the run with the real CAs' keys, so each differs in one property from a good one; two
controls are created in the same way without a defect. A refusal counts only if its message names the defect. In some
topologies every server meets every client; in the others they take turns, and the run fails unless each pair has met for
each case on each kind of connection. The message of each refusal is in \`build/conformance/report.json\`.
`;

void main(process.argv.slice(2)).catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
