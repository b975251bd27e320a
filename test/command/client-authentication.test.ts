import { ClientAuthentication, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

test.each([
  [ClientAuthentication.NONE, "none"],
  [ClientAuthentication.OPTIONAL, "optional"],
  [ClientAuthentication.REQUIRED, "required"],
])("%s is the flag's value %s", (mode, value) => {
  expect(mode.mode).toBe(value);
  expect(String(mode)).toBe(value);
});

function command(clientAuthentication?: ClientAuthentication): string {
  return String(
    synthStack((stack) => {
      new MutualFleetTls(stack, "fleet", { ...fleetProps(), clientAuthentication });
    }).local("fleet_fleet-server_command"),
  );
}

test("a mutual fleet requires client certificates", () => {
  expect(command()).toContain("--fleet-server-client-auth=required");
});

test("a mutual fleet can make client certificates optional while it grows", () => {
  expect(command(ClientAuthentication.OPTIONAL)).toContain("--fleet-server-client-auth=optional");
});

test("a one-way fleet has no flag for client certificates", () => {
  const stack = synthStack((stack) => void new OneWayFleetTls(stack, "fleet", fleetProps()));
  expect(stack.text).not.toContain("--fleet-server-client-auth");
});
