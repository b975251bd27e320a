import * as fs from "node:fs";

import { HttpBackend } from "cdktf";

import { OneWayFleetTls } from "../../lib";
import { HttpStates } from "../deploy/http-states";
import { TestStack } from "../support/apps";
import { contentsBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import type { Step } from "./small-rotation";
import { DEFAULT, INTRODUCED, RETIRED, sourceOf, SWITCHED } from "./small-rotation";

const project = new TerraformProject();
afterAll(() => project.dispose());

test("on a remote backend, from a runner without files too, a step too early is refused and nothing is changed", async () => {
  const states = await HttpStates.listen();
  const synth = (step: Step): void =>
    project.synth((app) => {
      const address = `${states.environment.ADDRESS}/stack`;
      const stack = new TestStack(app, "stack", (home) => void new HttpBackend(home, { address }));
      new OneWayFleetTls(stack, "fleet", fleetProps({ fleetCa: sourceOf(step) })).addAgent("web-1");
    });
  const everything = () => ({
    written: states.requests.filter((request) => request.startsWith("POST ")),
    files: contentsBelow(project.path("fleet-tls")),
  });
  const refusal = async (step: Step): Promise<string> => {
    synth(step);
    const before = everything();
    const text = await project.refusal("stack");
    expect(everything()).toEqual(before);
    return text;
  };
  try {
    synth(DEFAULT);
    await project.apply("stack");
    for (const step of [SWITCHED, RETIRED]) expect(await refusal(step)).toMatch(/takes more than one step/);
    fs.rmSync(project.path("fleet-tls"), { recursive: true });
    for (const step of [SWITCHED, RETIRED]) expect(await refusal(step)).toMatch(/takes more than one step/);
    synth(INTRODUCED);
    await project.apply("stack");
    expect(await refusal(RETIRED)).toMatch(/takes more than one step/);
  } finally {
    states.close();
  }
});
