import { CertificateAuthoritySource as Source, MutualFleetTls, OneWayFleetTls } from "../../lib";
import type { MutualFleetTlsProps } from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

type Props = (stack: TestStack) => Partial<MutualFleetTlsProps>;

const mutual = (props: Props) => (stack: TestStack) =>
  new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props(stack) });

const company = (stack: TestStack, dedicated?: boolean): Source =>
  Source.fromPem({ certificate: variable(stack, "pem"), privateKey: secretVariable(stack, "key"), dedicated });

const withChain = (stack: TestStack): Source =>
  Source.fromPem({
    certificate: variable(stack, "pem"),
    chain: variable(stack, "chain"),
    privateKey: secretVariable(stack, "key"),
  });

const below = (stack: TestStack, anchor: boolean): Source =>
  Source.intermediate({ issuer: testAuthority(stack, "company"), anchor });

describe.each(["fleetCa", "agentCa"] as const)("%s", (prop) => {
  test.each<[string, (stack: TestStack) => Source]>([
    ["a given CA", (stack) => company(stack)],
    ["a given intermediate with its chain", withChain],
    ["an intermediate whose root hosts trust", (stack) => below(stack, false)],
  ])("that is %s is refused, since every client of it would be admitted, until it is accepted", (_, source) => {
    expect(refusalOf(mutual((stack) => ({ [prop]: source(stack) })))).toMatch(
      new RegExp(`fleet: ${prop} also issues certificates to others.*acceptAnyClientOf`),
    );
    synthStack((stack) => {
      const accepted = source(stack);
      mutual(() => ({ [prop]: accepted, acceptAnyClientOf: [accepted] }))(stack);
    });
  });

  test("that is dedicated, or an intermediate that is the anchor, needs no acceptance", () => {
    synthStack((stack) => void mutual(() => ({ [prop]: company(stack, true) }))(stack));
    synthStack((stack) => void mutual(() => ({ [prop]: below(stack, true) }))(stack));
  });
});

describe("fleetEsIssuer", () => {
  const issuer = (stack: TestStack) => testAuthority(stack, "clients", company(stack));

  test("that also issues to others is refused until it is accepted as an existing CA", () => {
    expect(refusalOf(mutual((stack) => ({ fleetEsIssuer: issuer(stack) })))).toContain(
      "fleetEsIssuer also issues certificates to others",
    );
    synthStack((stack) => {
      const fleetEsIssuer = issuer(stack);
      mutual(() => ({ fleetEsIssuer, acceptAnyClientOf: [Source.existing(fleetEsIssuer)] }))(stack);
    });
  });

  test("by default is not an Elasticsearch CA that also issues to others, unless that is accepted", () => {
    const signer = (stack: SynthesizedStack): string =>
      stack.resource("fleet/fleet-server/fleet-es-cert/certificate").attributes["ca_cert_pem"] as string;
    expect(signer(synthStack((stack) => void mutual(() => ({ elasticsearchCa: company(stack) }))(stack)))).toMatch(
      /fleet_agent-ca_/,
    );
    const accepted = synthStack((stack) => {
      const elasticsearchCa = company(stack);
      mutual(() => ({ elasticsearchCa, acceptAnyClientOf: [elasticsearchCa] }))(stack);
    });
    expect(signer(accepted)).not.toMatch(/fleet_agent-ca_/);
  });
});

describe("an Elasticsearch CA", () => {
  const warnings = (elasticsearchCa: (stack: TestStack) => Source, accept = false): string => {
    const stack = synthStack((scope) => {
      const source = elasticsearchCa(scope);
      const fleet = new OneWayFleetTls(
        scope,
        "fleet",
        fleetProps({ elasticsearchCa: source, acceptAnyServerOf: accept ? [source] : undefined }),
      );
      fleet.addAgent("web-1");
      void fleet.outputSettings;
    });
    return JSON.stringify([stack.outputs, stack.local("fleet_outputs_default_settings")]);
  };
  const existing = (stack: TestStack): Source => Source.trustOnly({ pem: variable(stack, "es") });

  test("that is given gets a warning, and strict in outputs, since Fleet Server does not check its names", () => {
    expect(warnings(existing)).toMatch(/elasticsearchCa may also issue certificates to others.*dedicated: true/);
    expect(warnings(existing)).toContain("verification_mode");
  });

  test("gets no warning once every server of it is accepted, it is dedicated, generated, or an anchor of its own", () => {
    expect(warnings(existing, true)).not.toContain("may also issue");
    for (const source of [
      (stack: TestStack) => Source.trustOnly({ pem: variable(stack, "es"), dedicated: true }),
      (stack: TestStack) => below(stack, true),
      () => Source.generated(),
    ]) {
      expect(warnings(source)).not.toContain("may also issue");
      expect(warnings(source)).not.toContain("verification_mode");
    }
  });
});
