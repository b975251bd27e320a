import { CertificateAuthoritySource as Source, MutualFleetTls, OutputTrust } from "../../lib";
import type { FleetTlsProps, RotatingCertificateAuthorityOptions } from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

const BOTH = { "1": Source.generated(), "2": Source.generated() };

function refused(options: Partial<RotatingCertificateAuthorityOptions>): string {
  try {
    Source.rotating({ generations: BOTH, issuing: "1", ...options });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

const refusedFleet = (props: Partial<FleetTlsProps>, more: (fleet: MutualFleetTls) => void = () => undefined): string =>
  refusalOf((stack) => more(new MutualFleetTls(stack, "fleet", fleetProps(props))));

test("generations are numbered from 1 on", () => {
  for (const ids of [[], ["0"], ["01"], ["a"], ["-1"], ["1.5"]]) {
    const generations = Object.fromEntries(ids.map((id) => [id, Source.generated()]));
    expect(refused({ generations })).toMatch(
      /^CertificateAuthoritySource\.rotating: generations has no usable ids, got .*; allowed: whole numbers from "1" on; number/,
    );
  }
});

test("the generation that signs is one of those that hosts trust", () => {
  expect(refused({ issuing: "3" })).toMatch(/issuing is not among the generations, got "3"; allowed: 1, 2; name the/);
});

test("a generation is a CA, one that exists as a construct too, and no rotation", () => {
  const rotating = Source.rotating({ generations: BOTH, issuing: "1" });
  expect(refused({ generations: { "1": rotating } })).toMatch(
    /generations\["1"\] is itself rotating; allowed: sources/,
  );
  withStack((stack) => {
    const { fleetCa } = new MutualFleetTls(stack, "fleet", fleetProps());
    const existing = Source.existing(fleetCa);
    expect(() => Source.rotating({ generations: { "1": existing }, issuing: "1" })).not.toThrow();
  });
});

test("a wait is whole hours", () => {
  for (const minimumOverlapHours of [-1, 1.5, NaN]) {
    expect(refused({ minimumOverlapHours })).toMatch(
      /minimumOverlapHours is not a number of hours, got .*; allowed: whole hours/,
    );
  }
});

test("no generation signs, nor stays alone, that agents do not take from the PEM text in Kibana", () => {
  const retired = { generations: { "2": Source.generated() }, issuing: "2" };
  expect(() => Source.rotating({ generations: BOTH, issuing: "1", inlinePemInKibana: ["1"] })).not.toThrow();
  expect(refused({ issuing: "2", inlinePemInKibana: ["1"] })).toMatch(
    /inlinePemInKibana lacks the generation that signs, 2, so agents would go on without it, got \["1"\]; allowed: .*; add its certificate in Fleet > Settings/,
  );
  expect(refused({ ...retired, inlinePemInKibana: ["1"] })).toMatch(
    /inlinePemInKibana lacks the generation that signs, 2/,
  );
  for (const options of [{ generations: BOTH, issuing: "2" }, retired]) {
    expect(() => Source.rotating({ ...options, inlinePemInKibana: ["1", "2"] })).not.toThrow();
  }
  expect(() => Source.rotating({ ...retired, inlinePemInKibana: ["1"], emergency: true })).not.toThrow();
});

test("a fingerprint, which is one value, is refused while the Elasticsearch CA has two generations", () => {
  const elasticsearchCa = Source.rotating({ generations: BOTH, issuing: "1" });
  expect(refusedFleet({ elasticsearchCa, pinElasticsearchCa: true })).toMatch(
    /pinElasticsearchCa asks for a fingerprint, which is one value and cannot overlap .*; leave it out before a rotation/,
  );
  expect(
    refusedFleet({ elasticsearchCa }, (fleet) => fleet.addOutput("default", { trust: OutputTrust.FINGERPRINT })),
  ).toMatch(
    /trust is a fingerprint, which cannot overlap .*; go over to OutputTrust\.INLINE, deploy, and only then rotate/,
  );
});

test("an emergency warns at synth of what it will do", () => {
  const warnings = withStack((stack) => {
    const agentCa = Source.rotating({ generations: { "2": Source.generated() }, issuing: "2", emergency: true });
    const fleet = new MutualFleetTls(stack, "fleet", { ...fleetProps(), agentCa });
    return fleet.agentCa.node.metadata.filter(({ type }) => type === "@cdktf/warn").map(({ data }) => data);
  });
  expect(warnings).toEqual([
    "stack/fleet/agent-ca: emergency is set: this deploy checks no step. Hosts will trust generations 2 only, and 2 " +
      "signs; every host without its new files is cut off until it is given them by hand. Take emergency away with the " +
      "next deploy",
  ]);
});

test("a rotation of the Elasticsearch CA waits for every file that contains it: bundles, outputs and Kibana's settings", () => {
  const stack = synthStack((scope) => {
    const fleet = new MutualFleetTls(scope, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addKibana("kibana-1");
  });
  const holders = stack
    .resources("local_file")
    .filter(({ name }) => /_(es-capem|es-client-capem|outputs_default_file|kibanatlsyml)_/.test(name))
    .map(({ type, name }) => `${type}.${name}`);
  expect(holders).toHaveLength(7);
  const memory = stack.resource("fleet/elasticsearch-ca/rotation/trusted-1");
  expect([...memory.attributes["depends_on"]].sort()).toEqual(holders.sort());
});
