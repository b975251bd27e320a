import { OneWayFleetTls, StackVersion } from "../../lib";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

/** The runbook of a fleet whose hosts are of that version. */
function runbook(stackVersion?: StackVersion): string {
  const stack = synthStack((stack) => {
    new OneWayFleetTls(stack, "fleet", { ...fleetProps(), ...(stackVersion && { stackVersion }) }).addAgent("web-1");
  });
  return String(stack.resource("fleet/runbook/file").attributes["content"]);
}

test("the runbook warns where hosts are taken for the newest version, which changes with the package", () => {
  expect(runbook()).toContain("**Set `stackVersion`.**");
  expect(runbook(StackVersion.LATEST)).toContain("**Set `stackVersion`.**");
  expect(runbook(StackVersion.of("9.2.0"))).not.toContain("**Set `stackVersion`.**");
});
