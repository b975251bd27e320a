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

What \`npm run test:conformance\` found when it last ran to a good end; it wrote this page.

Every topology is deployed by Terraform. Each of its connections is then made between validators that play both ends:
Elastic's own TLS code at two versions, fed with the emitted commands after a real \`sh\` has split them, and the TLS
stacks of Java, Node, OpenSSL and Python with the emitted files. Elasticsearch is a stand-in: \`ssl-config\` reads the
emitted \`elasticsearch.tls.yml\` and serves on Java's TLS. Elastic's own library of that name was not to be had as a Maven
artifact (8.19.10 was tried); this is the one that OpenSearch went on with from Elasticsearch 7.10.

What must be refused is made during the run with the real CAs' keys, so that it differs in one thing from what is
accepted; the two controls are made in the same way with nothing wrong. A refusal counts only if its words are about what
was wrong. On some topologies every server meets every client; on the others they take turns, and the run fails unless
each two have met for each thing that is tried on each kind of connection. The words of each refusal are in
\`build/conformance/report.json\`.
`;

void main(process.argv.slice(2)).catch((cause: unknown) => {
  console.error(cause);
  process.exitCode = 1;
});
