import type { FleetTlsProps } from "../../lib";
import { OneWayFleetTls } from "../../lib";
import { refusalOf, TestStack, withApp, withStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { synthStack } from "../support/synth";

/** Ids of the objects that `kibana.tls.yml` declares. */
function declaredIds(more: Partial<FleetTlsProps> = {}): string[] {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps(more));
    fleet.addProxy("edge", { url: "https://edge.example.com:8220" });
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
  });
  return [...String(stack.local("fleet_kibana_settings")).matchAll(/"id" = "([^"]*)"/g)].map(([, id]) => id!);
}

test("ids in Kibana begin with the fleet's path", () => {
  expect(declaredIds()).toEqual(["stack-fleet-fleet-server", "stack-fleet-edge", "stack-fleet-default"]);
});

test("a prefix replaces the path, so that existing objects in Kibana keep their ids", () => {
  expect(declaredIds({ kibanaIdPrefix: "fleet" })).toEqual(["fleet-fleet-server", "fleet-edge", "fleet-default"]);
});

test("fleets of one id in two stacks have different ids in Kibana", () => {
  const ids = withApp((app) =>
    ["berlin", "munich"].map(
      (id) => new OneWayFleetTls(new TestStack(app, id), "fleet", fleetProps()).addOutput("default").outputId,
    ),
  );
  expect(ids).toEqual(["berlin-fleet-default", "munich-fleet-default"]);
});

test("a prefix may be a Terraform token", () => {
  withStack((stack) => {
    const kibanaIdPrefix = variable(stack, "prefix");
    const { outputId } = new OneWayFleetTls(stack, "fleet", fleetProps({ kibanaIdPrefix })).addOutput("default");
    expect(outputId).toBe(`${kibanaIdPrefix}-default`);
  });
});

const SHARED = fleetProps({ kibanaIdPrefix: "shared" });

test("two fleets with one prefix are refused, and another prefix is accepted", () => {
  const refusal = refusalOf((stack) => {
    new OneWayFleetTls(stack, "a", SHARED);
    new OneWayFleetTls(stack, "b", SHARED);
  });
  expect(refusal).toContain(
    "stack/b: kibanaIdPrefix gives the Fleet Server host an id that stack/a/fleet-server-hosts/fleet-server already uses in Kibana, got " +
      '"shared-fleet-server"',
  );
  expect(refusal).toContain("another kibanaIdPrefix for one of the fleets");
  withStack((stack) => {
    new OneWayFleetTls(stack, "a", SHARED);
    new OneWayFleetTls(stack, "b", fleetProps({ kibanaIdPrefix: "other" }));
  });
});

test("paths that give one prefix are refused", () => {
  const refusal = refusalOf((_, app) => {
    new OneWayFleetTls(new TestStack(app, "a-b"), "c", fleetProps());
    new OneWayFleetTls(new TestStack(app, "a"), "b-c", fleetProps());
  });
  expect(refusal).toContain(
    "a/b-c: kibanaIdPrefix gives the Fleet Server host an id that a-b/c/fleet-server-hosts/fleet-server already uses in Kibana",
  );
});

test("an output whose whole id is that of another fleet's is refused", () => {
  const refusal = refusalOf((stack) => {
    new OneWayFleetTls(stack, "a", fleetProps({ kibanaIdPrefix: "x" })).addOutput("y-z");
    new OneWayFleetTls(stack, "b", fleetProps({ kibanaIdPrefix: "x-y" })).addOutput("z");
  });
  expect(refusal).toContain(
    "stack/b/outputs/z: id gives the output an id that stack/a/outputs/y-z already uses in Kibana",
  );
});

test("a proxy with the id of the fleet's own Fleet Server host is refused", () => {
  const refusal = refusalOf((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addProxy("fleet-server", { url: "https://edge.example.com:8220" });
  });
  expect(refusal).toContain('stack/fleet/fleet-server-hosts: id is already in use, got "fleet-server"');
});
