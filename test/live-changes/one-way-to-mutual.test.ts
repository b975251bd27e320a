import * as fs from "node:fs";

import { ClientAuthentication } from "../../lib";
import { connect, CONNECTIONS } from "./handshake";
import type { HostName, Progress } from "./host-disk";
import { HostDisk, HOSTS } from "./host-disk";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const fleet = new LiveFleet();
afterAll(() => fleet.dispose());

const ONE_WAY: FleetStep = { isOneWay: true };
const OPTIONAL: FleetStep = { props: { clientAuthentication: ClientAuthentication.OPTIONAL } };
const REQUIRED: FleetStep = {};

/** Deploys a step, follows the runbook host by host, and tries every connection after each. */
async function rollOut(step: FleetStep, order: readonly [HostName, Progress][]): Promise<string[]> {
  const former = fleet.project.path("former");
  fs.rmSync(former, { recursive: true, force: true });
  fs.cpSync(fleet.project.path(FOLDER), former, { recursive: true });
  await fleet.deploy(step);
  const progress: Record<HostName, Progress> = { agent: "old", fleetServer: "old", elasticsearch: "old" };
  const failed: string[] = [];
  for (const [host, reached] of order) {
    progress[host] = reached;
    for (const connection of CONNECTIONS) {
      const disk = (one: HostName): HostDisk =>
        new HostDisk(
          { folder: `${former}/${HOSTS[one]}` },
          { folder: fleet.project.path(FOLDER, HOSTS[one]) },
          progress[one],
        );
      const error = await connect(connection, disk(connection.client), disk(connection.server));
      if (error !== undefined) failed.push(`${host} ${reached}: ${connection.name}: ${error}`);
    }
  }
  return failed;
}

test("from one-way to mutual and back, in the documented order, no connection ever fails", async () => {
  await fleet.deploy(ONE_WAY);
  fs.cpSync(fleet.project.path(FOLDER), fleet.project.path("one-way"), { recursive: true });
  expect(
    await rollOut(OPTIONAL, [
      ["elasticsearch", "done"],
      ["fleetServer", "copied"],
      ["agent", "copied"],
      ["fleetServer", "done"],
      ["agent", "done"],
    ]),
  ).toEqual([]);
  expect(await rollOut(REQUIRED, [["fleetServer", "done"]])).toEqual([]);

  // The control: an agent that was left out is cut off from then on.
  const folder = (root: string, host: HostName): { folder: string } => ({ folder: `${root}/${HOSTS[host]}` });
  const forgotten = folder(fleet.project.path("one-way"), "agent");
  const server = folder(fleet.project.path(FOLDER), "fleetServer");
  const error = await connect(
    CONNECTIONS[0]!,
    new HostDisk(forgotten, forgotten, "done"),
    new HostDisk(server, server, "done"),
  );
  expect(error).toMatch(/certificate required|ECONNRESET|closed without an answer/);

  expect(await rollOut(OPTIONAL, [["fleetServer", "done"]])).toEqual([]);
  expect(
    await rollOut(ONE_WAY, [
      ["agent", "done"],
      ["fleetServer", "done"],
      ["elasticsearch", "done"],
    ]),
  ).toEqual([]);
});
