import { setTimeout } from "node:timers/promises";

import { HoldingServer, poll } from "./long-poll";
import { ProxiedFleet } from "./proxied-fleet";
import { PROGRAMS } from "./proxied-hosts";

/*
 * `npm run test:proxies`: long polls of ten minutes through the real nginx and HAProxy with the emitted configuration, both
 * reloaded after half of the time. Prints one line for each program; docs/proxies.md has the result.
 */
const MINUTES = Number(process.argv[2] ?? 10);
const POLLS = 20;

async function main(): Promise<void> {
  const fleet = new ProxiedFleet();
  await fleet.deploy();
  const held = await HoldingServer.start(fleet);
  try {
    const proxies = await Promise.all(PROGRAMS.map((program) => fleet.start(program)));
    const began = Date.now();
    const answers = PROGRAMS.map((program) =>
      Promise.allSettled(
        Array.from({ length: POLLS }, async () => {
          const status = await poll(fleet, program);
          return { status, seconds: (Date.now() - began) / 1000 };
        }),
      ),
    );
    await held.received(POLLS * PROGRAMS.length);
    await setTimeout(MINUTES * 30_000);
    proxies.forEach((proxy) => proxy.reload());
    await setTimeout(MINUTES * 30_000);
    held.release();
    for (const [index, program] of PROGRAMS.entries()) {
      const settled = await answers[index]!;
      const answered = settled.flatMap((one) =>
        one.status === "fulfilled" && one.value.status === 200 ? [one.value] : [],
      );
      const shortest = Math.min(...answered.map(({ seconds }) => seconds));
      console.log(
        `${program}: ${answered.length} of ${POLLS} long polls answered, the first after ${Math.floor(shortest)} s`,
      );
      if (answered.length < POLLS) process.exitCode = 1;
    }
  } finally {
    await held.close();
    await fleet.dispose();
  }
}

void main();
