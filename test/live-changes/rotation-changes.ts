import { CertificateAuthoritySource } from "../../lib";
import type { TestStack } from "../support/apps";
import type { Pki } from "../support/pki";
import type { FleetStep } from "./live-fleet";
import type { Change } from "./outcome";
import type { NamedSource } from "./source-changes";
import { authority, SLOTS, stepOf } from "./source-changes";

const Source = CertificateAuthoritySource;

/** Generations of a rotation by their numbers. */
type Generations = (stack: TestStack) => Record<string, CertificateAuthoritySource>;

/** Steps of a rotation of each CA, those that are left out, and those of an emergency. */
export function rotationChanges(pki: Pki): Change[] {
  const rotating = (
    generations: Generations,
    issuing: string,
    more: { signer?: string; emergency?: boolean } = {},
  ) => ({
    make: (stack: TestStack) =>
      Source.rotating({
        generations: generations(stack),
        issuing,
        emergency: more.emergency ?? false,
        startsHere: true,
      }),
    ...(more.signer !== undefined && { signer: more.signer }),
  });
  const both: Generations = () => ({ "1": Source.generated(), "2": Source.generated() });
  const second: Generations = () => ({ "2": Source.generated() });
  const trusted = (name: string): CertificateAuthoritySource =>
    Source.trustOnly({ file: pki.path(`Company ${name}.pem`), dedicated: true });
  const existing =
    (ids: Record<string, string>): Generations =>
    (stack) =>
      Object.fromEntries(Object.entries(ids).map(([number, id]) => [number, Source.existing(authority(stack, id))]));
  const [signedByA, signedByB] = [{ signer: "Company A" }, { signer: "Company B" }];

  const sources: Record<string, NamedSource> = {
    "generated()": { make: () => Source.generated() },
    "1 and 2, 1 issues": rotating(both, "1"),
    "1 and 2, 2 issues": rotating(both, "2"),
    "2 alone": rotating(second, "2"),
    "1 and 2, 2 issues, emergency": rotating(both, "2", { emergency: true }),
    "2 alone, emergency": rotating(second, "2", { emergency: true }),
    "1: trustOnly(A)": rotating(() => ({ "1": trusted("A") }), "1", signedByA),
    "1: trustOnly(A), 2: trustOnly(B), by A": rotating(
      () => ({ "1": trusted("A"), "2": trusted("B") }),
      "1",
      signedByA,
    ),
    "1: trustOnly(A), 2: trustOnly(B), by B": rotating(
      () => ({ "1": trusted("A"), "2": trusted("B") }),
      "2",
      signedByB,
    ),
    "2: trustOnly(B)": rotating(() => ({ "2": trusted("B") }), "2", signedByB),
    "1: existing(a)": rotating(existing({ "1": "a" }), "1"),
    "1: existing(a), 2: existing(b), 1 issues": rotating(existing({ "1": "a", "2": "b" }), "1"),
    "1: existing(a), 2: existing(b), 2 issues": rotating(existing({ "1": "a", "2": "b" }), "2"),
    "2: existing(b)": rotating(existing({ "2": "b" }), "2"),
  };
  const pairs: readonly (readonly [from: string, ...to: string[]])[] = [
    ["generated()", "1 and 2, 1 issues", "1 and 2, 2 issues", "2 alone"],
    ["generated()", "1 and 2, 2 issues, emergency", "2 alone, emergency"],
    ["1 and 2, 1 issues", "generated()", "1 and 2, 2 issues", "2 alone", "2 alone, emergency"],
    ["1 and 2, 2 issues", "1 and 2, 1 issues", "2 alone", "generated()"],
    ["1: trustOnly(A)", "1: trustOnly(A), 2: trustOnly(B), by A", "2: trustOnly(B)"],
    ["1: trustOnly(A), 2: trustOnly(B), by B", "2: trustOnly(B)"],
    ["1: existing(a)", "1: existing(a), 2: existing(b), 1 issues", "2: existing(b)"],
    ["1: existing(a), 2: existing(b), 1 issues", "1: existing(a), 2: existing(b), 2 issues", "2: existing(b)"],
    ["1: existing(a), 2: existing(b), 2 issues", "2: existing(b)"],
  ];
  const pinned = (source: NamedSource): FleetStep => {
    const { props, ...step } = stepOf(pki, "fleetCa", source, false);
    return { ...step, props: { ...props, pinFleetCa: true } };
  };
  const [first, introduced, switched] = ["generated()", "1 and 2, 1 issues", "1 and 2, 2 issues"].map((name) =>
    pinned(sources[name]!),
  ) as [FleetStep, FleetStep, FleetStep];
  const withPins = [
    { name: "fleetCa with pins in a rotation: generated() → 1 and 2, 1 issues", before: first, after: introduced },
    { name: "fleetCa with pins in a rotation: 1 and 2, 1 issues → 2 issues", before: introduced, after: switched },
    {
      name: "fleetCa with pins in a rotation: 1 and 2, 2 issues → 2 alone",
      before: switched,
      after: pinned(sources["2 alone"]!),
    },
    {
      name: "fleetCa in a rotation: 1 and 2, 1 issues → 2 issues, and pins",
      before: stepOf(pki, "fleetCa", sources["1 and 2, 1 issues"]!, false),
      after: switched,
    },
  ];
  const steps = SLOTS.flatMap((slot) => {
    const bySource = new Map(Object.entries(sources).map(([name, source]) => [name, stepOf(pki, slot, source, false)]));
    return pairs.flatMap(([from, ...to]) =>
      to.map((name) => ({
        name: `${slot} in a rotation: ${from} → ${name}`,
        before: bySource.get(from)!,
        after: bySource.get(name)!,
      })),
    );
  });
  return [...steps, ...withPins];
}
