import { Construct } from "constructs";

import { FleetOutputs } from "../../lib/fleet/private/outputs";
import { refusalOf, TestStack } from "../support/apps";
import { synthApp, synthStack } from "../support/synth";

const TEXT = { description: "what it is" };

test("an output has no hash in its name where the fleet sits directly in a stack", () => {
  const { outputs } = synthStack((stack) => {
    const fleet = new Construct(stack, "fleet");
    new FleetOutputs(fleet, true).add(fleet, "command", "install", TEXT);
  });
  expect(outputs).toEqual({ "fleet-command": { description: "what it is", value: "install" } });
});

test("an output has cdktf's own name where the fleet sits deeper, so that two of them do not meet", () => {
  const { outputs } = synthStack((stack) => {
    for (const id of ["one", "two"]) {
      const fleet = new Construct(new Construct(stack, id), "fleet");
      new FleetOutputs(fleet, true).add(fleet, "command", id, TEXT);
    }
  });
  expect(Object.keys(outputs)).toEqual([
    expect.stringMatching(/^one_fleet_command_[0-9A-F]{8}$/),
    expect.stringMatching(/^two_fleet_command_[0-9A-F]{8}$/),
  ]);
});

test("outputs that contain a secret are sensitive, and no others are", () => {
  const { outputs } = synthStack((stack) => {
    const fleet = new Construct(stack, "fleet");
    const own = new FleetOutputs(fleet, true);
    own.add(fleet, "secret", "s", { ...TEXT, sensitive: true });
    own.add(fleet, "plain", "p", { ...TEXT, sensitive: false });
  });
  expect(outputs["fleet-secret"]).toMatchObject({ sensitive: true });
  expect(outputs["fleet-plain"]).not.toHaveProperty("sensitive");
});

test("a map takes entries as they come, one map a stack", () => {
  const { home, away } = synthApp((app) => {
    const stacks = ["home", "away"].map((id) => new TestStack(app, id)) as [TestStack, TestStack];
    const own = new FleetOutputs(new Construct(stacks[0], "fleet"), true);
    stacks.forEach((stack) => own.addToMap(new Construct(stack, "host-a"), "commands", "a", "run a", TEXT));
    own.addToMap(new Construct(stacks[1], "host-b"), "commands", "b", "run b", TEXT);
  });
  expect(home!.outputs["fleet-commands"]).toEqual({ ...TEXT, value: { a: "run a" } });
  expect(away!.outputs["fleet-commands"]).toEqual({ ...TEXT, value: { a: "run a", b: "run b" } });
});

test("outputs can be switched off", () => {
  const { outputs } = synthStack((stack) => {
    const fleet = new Construct(stack, "fleet");
    const own = new FleetOutputs(fleet, false);
    own.add(fleet, "command", "install", TEXT);
    own.addToMap(fleet, "commands", "a", "run a", TEXT);
  });
  expect(outputs).toEqual({});
});

test("two fleets of one name are refused where both have an output in a third stack", () => {
  const message = refusalOf((third, app) => {
    for (const id of ["one", "two"]) {
      const fleet = new Construct(new TestStack(app, id), "fleet");
      new FleetOutputs(fleet, true).addToMap(third, "commands", "a", "run a", TEXT);
    }
  });
  expect(message).toBe(
    "two/fleet: id is that of one/fleet, so that both would have an output of one name in the stack stack, " +
      'got "fleet-commands"; allowed: one fleet of a name in each stack that has its hosts; ' +
      "choose another id for one of the fleets, or outputs: false",
  );
});
