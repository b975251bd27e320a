import type { App } from "cdktf";

import { CertificateAuthority, CertificateAuthoritySource as Source, Validity } from "../../../lib";
import { TestStack } from "../../support/apps";
import { secretVariable } from "../../support/fleets";
import type { Company, CompanyCa, Purpose } from "./company";
import type { AuthorityName, Factor } from "./factors";
import { ALGORITHMS } from "./factors";
import type { Row } from "./pairwise";

/** Where a fleet's three CAs come from. */
export interface Authorities {
  readonly fleetCa: Source;
  readonly agentCa: Source;
  readonly elasticsearchCa: Source;
  /** The same as they are there before the deploy, where they are, which sign the pairs on hosts. */
  readonly company?: Readonly<Record<Purpose, CompanyCa>>;
}

/** What CAs of fleets need around them. */
export interface Surroundings {
  readonly app: App;
  readonly stack: TestStack;
  readonly company: Company;
  /** Values of the stacks' variables, filled as they are declared. */
  readonly variables: Record<string, string>;
}

/** The stack whose CAs others borrow. */
export const LENDING_STACK = "lending";

/** Makes the three sources of a combination. */
export function authoritiesOf(row: Row<Factor>, id: string, around: Surroundings): Authorities {
  const { stack, company, app } = around;
  const name = row.CAs as AuthorityName;
  const algorithm = row["CA algorithm"];
  const { algorithm: keyAlgorithm } = ALGORITHMS[algorithm]!;
  const other = ALGORITHMS[algorithm.startsWith("RSA") ? "ECDSA P-384" : "RSA 2048"]!.algorithm;
  const generated = Source.generated({ keyAlgorithm });
  const ca = (suffix: string, source: Source): CertificateAuthority =>
    new CertificateAuthority(stack, `${id}-${suffix}`, { source, commonName: `${id} ${suffix}`, keyAlgorithm: other });
  const each = (make: (purpose: Purpose) => Source): Authorities => ({
    fleetCa: make("fleet"),
    agentCa: make("agent"),
    elasticsearchCa: make("elasticsearch"),
  });
  const given = (kind: "root" | "intermediate", isAnchor: boolean, make: (ca: CompanyCa) => Source): Authorities => {
    const cas = { fleet: company[kind]("fleet", algorithm), agent: company[kind]("agent", algorithm) };
    const all = { ...cas, elasticsearch: company[kind]("elasticsearch", algorithm) };
    const anchored = Object.fromEntries(
      Object.entries(all).map(([purpose, each]) => [purpose, isAnchor ? { ...each, intermediates: [] } : each]),
    );
    return { ...each((purpose) => make(all[purpose])), company: anchored as Record<Purpose, CompanyCa> };
  };
  const file = (ca: CompanyCa) => ({
    certificate: company.path(`${ca.name}.pem`),
    privateKey: company.path(`${ca.name}-key.pem`),
  });
  /** An Elasticsearch that is there already, next to CAs that Terraform creates. */
  const theirs = (make: (ca: CompanyCa) => Source): Authorities => {
    const elasticsearch = company.root("elasticsearch", algorithm);
    return { fleetCa: generated, agentCa: generated, elasticsearchCa: make(elasticsearch) };
  };

  switch (name) {
    case "generated()":
    case "generated(), intermediatePerStack":
      return each(() => generated);
    case "intermediate()":
    case "intermediate() as anchor": {
      const issuer = ca("root", Source.generated({ keyAlgorithm: other }));
      return each(() => Source.intermediate({ issuer, keyAlgorithm, anchor: name.endsWith("anchor") }));
    }
    case "intermediate() below an intermediate()": {
      const root = ca("root", Source.generated({ keyAlgorithm: other }));
      // A CA is valid for more than twice as long as what it signs.
      const issuer = ca("middle", Source.intermediate({ issuer: root, keyAlgorithm, validity: Validity.days(1700) }));
      return each(() => Source.intermediate({ issuer, keyAlgorithm: other, validity: Validity.days(800) }));
    }
    case "intermediate() as anchor, below fromFiles": {
      const issuer = ca("company", Source.fromFiles(file(company.root("fleet", algorithm))));
      return each(() => Source.intermediate({ issuer, keyAlgorithm: other, anchor: true }));
    }
    case "fromPem":
      return given("root", false, (ca) =>
        Source.fromPem({ certificate: company.text(ca.name), privateKey: variableOf(ca, around) }),
      );
    case "fromFiles":
      return given("root", false, (ca) => Source.fromFiles(file(ca)));
    case "fromFiles, key encrypted":
      return given("root", false, (ca) =>
        Source.fromFiles({ ...file(ca), privateKey: company.lockedKey(ca), passphrase: passphraseOf(around) }),
      );
    case "fromFiles, an intermediate and its chain":
      return given("intermediate", false, (ca) =>
        Source.fromFiles({ ...file(ca), chain: company.path(`${ca.root}.pem`) }),
      );
    case "fromFiles, an intermediate as anchor":
      return given("intermediate", true, (ca) => Source.fromFiles({ ...file(ca), anchor: true }));
    case "existing(), one for every role": {
      const shared = Source.existing(ca("shared", generated));
      return each(() => shared);
    }
    case "existing(), of another stack":
      return each((purpose) => Source.existing(lent(app, purpose, algorithm)));
    case "rotating(), the second one signs":
      return each(() =>
        Source.rotating({
          generations: { "1": Source.generated({ keyAlgorithm: other }), "2": generated },
          issuing: "2",
          startsHere: true,
        }),
      );
    case "Elasticsearch's trustOnly({ file })":
      return theirs((ca) => Source.trustOnly({ file: company.path(`${ca.name}.pem`) }));
    case "Elasticsearch's trustOnly({ pem }), a bundle":
      return theirs((ca) =>
        Source.trustOnly({
          pem: `${company.text(company.root("agent", "ECDSA P-256").name)}${company.text(ca.name)}`,
        }),
      );
    case "Elasticsearch's trustOnly({ hostPath })":
      return theirs((ca) => Source.trustOnly({ hostPath: company.path(`${ca.name}.pem`) }));
    case "all trustOnly({ file })":
      return given("root", false, (ca) => Source.trustOnly({ file: company.path(`${ca.name}.pem`) }));
    case "system()":
      return given("root", false, () => Source.system());
  }
}

/** A CA of the lending stack, made when it is first asked for. */
function lent(app: App, purpose: Purpose, algorithm: string): CertificateAuthority {
  const existing = app.node.tryFindChild(LENDING_STACK) as TestStack | undefined;
  const stack = existing ?? new TestStack(app, LENDING_STACK);
  const id = `${purpose}-${algorithm}`.toLowerCase().replaceAll(" ", "-");
  const { algorithm: keyAlgorithm } = ALGORITHMS[algorithm]!;
  return (
    (stack.node.tryFindChild(id) as CertificateAuthority | undefined) ??
    new CertificateAuthority(stack, id, { source: Source.generated(), commonName: id, keyAlgorithm })
  );
}

function variableOf({ name }: CompanyCa, { stack, company, variables }: Surroundings): string {
  const id = `${name}-key`;
  variables[id] = company.text(id);
  return secretOnce(stack, id);
}

function passphraseOf({ stack, company, variables }: Surroundings): string {
  variables["company-passphrase"] = company.passphrase;
  return secretOnce(stack, "company-passphrase");
}

/** One variable of a name for all fleets of a stack. */
function secretOnce(stack: TestStack, id: string): string {
  const known = secrets.get(stack) ?? new Map<string, string>();
  secrets.set(stack, known);
  const value = known.get(id) ?? secretVariable(stack, id);
  known.set(id, value);
  return value;
}

const secrets = new WeakMap<TestStack, Map<string, string>>();
