/**
 * `npm run test:sources [-- FLEET…]`: deploys every combination of where CAs and leaves come from, of algorithms and of
 * modes, pairwise; has OpenSSL verify every certificate for its purpose and names; and has Elastic's TLS code and
 * OpenSSL shake hands over every connection, each at either end. Exits with 1 when anything failed.
 */
import { startValidators } from "../conformance/validators";
import { PasteShell } from "../support/paste";
import { Deployment, named } from "./matrix/deployment";
import { combinations } from "./matrix/factors";
import type { Trial } from "./matrix/proof";
import { prove } from "./matrix/proof";
import { describe, writeReport } from "./matrix/report";

const MOST_FAILURES = 30;

async function main(wanted: string[]): Promise<number> {
  const covering = combinations();
  const began = Date.now();
  const log = (line: string): void => console.log(`${Math.round((Date.now() - began) / 1000)} s: ${line}`);
  const rows = named(covering.rows).filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  const all = await startValidators(["elastic-v0.46.3", "openssl"]);
  const [deployment, skipped] = [await Deployment.of(rows, log), all.skipped];
  const trials: Trial[] = [];
  try {
    for (const { name, reason } of skipped) log(`skipped: ${name}: ${reason}`);
    // Without Elastic's code, OpenSSL is at both ends.
    const [one, other = one] = all.validators;
    const shell = new PasteShell(deployment.path("shell"));
    log("verifying and shaking hands");
    for (const fleet of deployment.fleets) {
      trials.push(...(await prove(fleet, deployment.path("hosts", fleet.id), shell, [one!, other!])));
    }
  } finally {
    await all.close();
    deployment.dispose();
  }
  const failed = trials.filter(({ failure }) => failure !== undefined);
  for (const trial of failed.slice(0, MOST_FAILURES)) console.error(`FAILED ${describe(trial)}`);
  log(`${trials.length} trials, ${failed.length} failed`);
  if (failed.length > 0) return 1;
  if (wanted.length === 0) {
    const versions = all.validators.map(({ name, capabilities }) => [name, capabilities.versions] as const);
    writeReport({ covering, trials, versions: Object.fromEntries(versions), skipped });
  }
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(error.stack);
    process.exitCode = 1;
  },
);
