import { Construct } from "constructs";

import type { FleetTlsProps, IIssuingCertificateAuthority, MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthority,
  CertificateAuthoritySource as Source,
  CertificateSource,
  FleetServer,
  KeyAlgorithm,
  MutualFleetTls,
  OneWayFleetTls,
  StackVersion,
} from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, secretVariable, variable } from "../support/fleets";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";

const pki = new GivenPki();
const project = new TerraformProject();
const file = (name: string): string => pki.path(`${name}.pem`);

const CONSTRAINED: Readonly<Record<string, string>> = {
  domain: "permitted;DNS:example.com",
  "domain-and-addresses":
    "critical,permitted;DNS:example.com,permitted;IP:10.0.0.0/255.0.0.0,permitted;IP:fd00::/ff00::",
  addresses: "permitted;IP:10.0.0.0/255.0.0.0",
  "no-search": "excluded;DNS:es.example.com",
  "no-agents": "excluded;DNS:agents.example.com",
};

beforeAll(() => {
  for (const [name, constraints] of Object.entries(CONSTRAINED)) {
    pki.certificate(name, { extensions: [...CA, `nameConstraints=${constraints}`], days: 3650 });
    const below = { issuer: name, extensions: [...CA, "authorityKeyIdentifier=keyid"], days: 3600 };
    pki.certificate(`below-${name}`, below);
  }
  pki.certificate("free", { days: 3650 });
  pki.certificate("strict-policy", {
    issuer: "free",
    extensions: [...CA, "authorityKeyIdentifier=keyid", "policyConstraints=requireExplicitPolicy:0"],
    days: 3600,
  });
  const directory = (critical: string): string[] => [...CA, `nameConstraints=${critical}permitted;dirName:company`];
  const section = ["[company]", "O=Company"];
  pki.certificate("directory", { extensions: [...directory(""), ...section], days: 3650 });
  pki.certificate("directory-critical", { extensions: [...directory("critical,"), ...section], days: 3650 });
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

/** A given CA; the same one below the constrained root, if it is to have a chain. */
function given(name: string, more: { chain?: string; anchor?: boolean } = {}): Source {
  return Source.fromFiles({ certificate: file(name), privateKey: file(`${name}-key`), dedicated: true, ...more });
}

function fleet(stack: TestStack, id: string, more: Partial<FleetTlsProps>): OneWayFleetTls {
  return new OneWayFleetTls(stack, id, fleetProps({ outputDirectory: `fleet-tls/${id}`, ...more }));
}

function mutual(stack: TestStack, id: string, more: Partial<MutualFleetTlsProps>): MutualFleetTls {
  return new MutualFleetTls(stack, id, { ...fleetProps({ outputDirectory: `fleet-tls/${id}` }), ...more });
}

function authority(stack: TestStack, id: string, source: Source): CertificateAuthority {
  return new CertificateAuthority(stack, id, { source, commonName: id, keyAlgorithm: KeyAlgorithm.ECDSA_P256 });
}

/** CA of the user's own class, below a given root. */
class Service extends Construct implements IIssuingCertificateAuthority {
  public readonly canIssue = true;
  public readonly fingerprintSha256 = "00".repeat(32);
  public readonly spkiPinsSha256 = ["x"];

  constructor(
    scope: Construct,
    id: string,
    public readonly trustBundlePem: string,
  ) {
    super(scope, id);
  }

  public issue(): ReturnType<IIssuingCertificateAuthority["issue"]> {
    const pem = this.trustBundlePem;
    return { certificatePem: pem, chainPem: pem, anchorPem: pem, validityEndTime: "2040-01-01T00:00:00Z" };
  }
}

type Build = (stack: TestStack, id: string) => void;

const LOCALHOST =
  "the name localhost, which CN=domain does not permit by its name constraints; set localNames: false for the Fleet " +
  "Server, which its stackVersion has to allow, or use a CA whose name constraints permit it";

/** Everything that a plan refuses, with what it says after the path of the leaf. */
const REFUSED: Readonly<Record<string, [Build, string[]]>> = {
  "a root in files": [
    (stack, id) => fleet(stack, id, { fleetCa: given("domain") }),
    [`/fleet-server/fleet-cert: has ${LOCALHOST}`],
  ],
  "the root above an intermediate": [
    (stack, id) => fleet(stack, id, { fleetCa: given("below-domain", { chain: file("domain") }) }),
    [`/fleet-server/fleet-cert: has ${LOCALHOST}`],
  ],
  "the CA above a generated intermediate, as an existing one": [
    (stack, id) => {
      const issuer = authority(stack, `${id}-company`, given("domain"));
      fleet(stack, id, { fleetCa: Source.intermediate({ issuer }) });
    },
    [`/fleet-server/fleet-cert: has ${LOCALHOST}`],
  ],
  "an existing CA": [
    (stack, id) =>
      fleet(stack, id, { fleetCa: Source.existing(authority(stack, `${id}-company`, given("domain-and-addresses"))) }),
    ["has the name 127.0.0.1, which CN=domain-and-addresses does not permit", "has the name ::1, which"],
  ],
  "a generation that does not issue yet": [
    (stack, id) => {
      const generations = { "1": Source.generated(), "2": given("domain") };
      fleet(stack, id, { fleetCa: Source.rotating({ generations, issuing: "1" }) });
    },
    [`/fleet-server/fleet-cert: has ${LOCALHOST}`],
  ],
  "a name that a variable has": [
    (stack, id) => {
      const names = [variable(stack, `${id}-name`)];
      fleet(stack, id, { fleetCa: given("no-agents"), fleetServer: { names } });
    },
    [
      "/fleet-server/fleet-cert: has the name agents.example.com, which CN=no-agents excludes by its name constraints; " +
        "choose another name, or use a CA",
    ],
  ],
  "Elasticsearch's names": [
    (stack, id) => {
      const one = fleet(stack, id, { elasticsearchCa: given("addresses") });
      one.addElasticsearchNode("es-2", { names: ["192.168.0.7"] });
    },
    ["/es-2/es-cert: has the name 192.168.0.7, which CN=addresses does not permit"],
  ],
  "the name that is dialled, where others sign": [
    (stack, id) =>
      fleet(stack, id, { elasticsearchCa: Source.trustOnly({ file: file("no-search"), dedicated: true }) }),
    [": elasticsearchUrl: has the name es.example.com, which CN=no-search excludes"],
  ],
  "a class of the user's own": [
    (stack, id) => {
      const ca = new Service(stack, `${id}-service`, pki.text("no-agents"));
      const fleetServer = { names: [variable(stack, `${id}-name`)] };
      fleet(stack, id, { fleetCa: Source.existing(ca), fleetServer });
    },
    ["/fleet-server/fleet-cert: has the name agents.example.com, which CN=no-agents excludes"],
  ],
  "an intermediate that requires a policy": [
    (stack, id) => fleet(stack, id, { fleetCa: given("strict-policy", { chain: file("free") }) }),
    ["which CN=strict-policy requires by its policy constraints; use a CA without requireExplicitPolicy"],
  ],
  "critical constraints for directory names": [
    (stack, id) => fleet(stack, id, { fleetCa: given("directory-critical") }),
    ["has critical name constraints of a type that Go does not know, such as directory names"],
  ],
};

const idOf = (index: number): string => `fleet-${index}`;
const names = Object.keys(REFUSED);

describe("is refused at plan, all of a stack at once:", () => {
  let refusal: string;

  beforeAll(async () => {
    project.synth((app) => {
      const stack = new TestStack(app, "refused");
      Object.values(REFUSED).forEach(([build], index) => build(stack, idOf(index)));
    });
    const variables = Object.fromEntries(
      names.map((_, index) => [`${idOf(index)}-name`, "agents.example.com"] as const),
    );
    refusal = await project.refusal("refused", { variables });
  });

  test.each(names.map((name, index) => [name, index] as const))("%s", (name, index) => {
    const own = refusal.split(/ Error: /).filter((one) => new RegExp(`refused/${idOf(index)}\\b(?!\\d)`).test(one));
    for (const says of REFUSED[name]![1]) {
      expect(own.join(" ").replace(/\s+/g, " ")).toContain(says);
    }
  });
});

describe("every way out is taken", () => {
  test("by a plan: local names left out, a chain that ends at the anchor, other names, CAs that permit", async () => {
    const build = (app: Parameters<Parameters<TerraformProject["synth"]>[0]>[0]): void => {
      const stack = new TestStack(app, "taken");
      const fleetServer = { localNames: false };
      fleet(stack, "no-local", { fleetCa: given("domain"), fleetServer });
      fleet(stack, "chain", { fleetCa: given("below-domain", { chain: file("domain") }), fleetServer });
      const issuer = authority(stack, "company", given("domain-and-addresses"));
      const more = { names: ["10.1.2.3", "fd00::7", variable(stack, "name")], localNames: false };
      fleet(stack, "below", { fleetCa: Source.intermediate({ issuer }), fleetServer: more });
      fleet(stack, "anchor", {
        fleetCa: given("below-domain", { chain: file("domain"), anchor: true }),
        elasticsearchCa: Source.trustOnly({ file: file("no-agents"), dedicated: true }),
      });
      fleet(stack, "directory", { fleetCa: given("directory") });
      mutual(stack, "clients", { agentCa: given("domain") });
    };
    project.synth(build);
    await project.apply("taken", { variables: { name: "other.example.com" } });
    const outputs = await project.outputs("taken");
    expect(outputs["directory-certificate-authority-warnings"]?.value).toEqual([
      expect.stringMatching(/has name constraints of a type that Go does not check, and Java \(Elasticsearch\) and/),
    ]);
    const certificate = project.path("fleet-tls/no-local/fleet-server/fleet-cert.pem");
    expect(pki.openssl("x509", "-in", certificate, "-noout", "-ext", "subjectAltName").toString()).toMatch(
      /DNS:fleet\.example\.com\s*$/,
    );
    pki.openssl("verify", "-CAfile", file("domain"), "-x509_strict", certificate);
  });
});

describe("at synth, where the CA and the names are known,", () => {
  const text = (stack: TestStack, name: string): Source =>
    Source.fromPem({ certificate: pki.text(name), privateKey: secretVariable(stack, "key"), dedicated: true });

  test("a name that is not permitted is refused", () => {
    expect(refusalOf((stack) => fleet(stack, "fleet", { fleetCa: text(stack, "domain") }))).toContain(
      "stack/fleet/fleet-server/fleet-cert has the name localhost, which CN=domain does not permit by its name constraints; " +
        "allowed: names that every CA above the certificate permits; set localNames: false",
    );
  });

  test("of a bundle that is only trusted, one CA has to permit the name that is dialled", () => {
    const bundle = (...names: string[]): Source =>
      Source.trustOnly({ pem: names.map((name) => pki.text(name)).join(""), dedicated: true });
    synthStack((stack) => fleet(stack, "fleet", { elasticsearchCa: bundle("no-search", "free") }));
    expect(refusalOf((stack) => fleet(stack, "fleet", { elasticsearchCa: bundle("no-search") }))).toContain(
      "stack/fleet: elasticsearchUrl has the name es.example.com, which CN=no-search excludes",
    );
  });

  test("local names are left out only where the stack version allows it", () => {
    const build =
      (version: string) =>
      (stack: TestStack): void =>
        void fleet(stack, "fleet", { stackVersion: StackVersion.of(version), fleetServer: { localNames: false } });
    for (const version of ["8.19.12", "9.1.10", "9.2.6", "9.3.1", "8.18.0"]) {
      expect(refusalOf(build(version))).toContain(
        `stack/fleet/fleet-server: localNames is false, but the host's own agent of ${version} checks Fleet Server's ` +
          "certificate for them; allowed: false with stackVersion 8.19.13, 9.2.7, 9.3.2 and everything from 9.4; upgrade " +
          "the host and set its stackVersion, or remove localNames and use a fleetCa that permits localhost",
      );
    }
    for (const version of ["8.19.13", "9.2.7", "9.3.2", "9.4.0", "9.5.2"]) synthStack(build(version));
  });

  test("a copy of a certificate on the host needs no local names where they are left out", () => {
    pki.certificate("on-host", {
      issuer: "free",
      extensions: [
        ...["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", "extendedKeyUsage=serverAuth"],
        ...["authorityKeyIdentifier=keyid", "subjectAltName=DNS:fleet.example.com"],
      ],
    });
    const certificate = CertificateSource.onHost({
      certificatePath: "/etc/pki/fs.pem",
      privateKeyPath: "/etc/pki/fs.key",
      pem: pki.text("on-host"),
    });
    const build =
      (localNames: boolean) =>
      (stack: TestStack): void =>
        void fleet(stack, "fleet", {
          fleetCa: Source.trustOnly({ pem: pki.text("free") }),
          fleetServer: { certificate, localNames },
        });
    expect(refusalOf(build(true))).toContain("lacks the name localhost");
    synthStack(build(false));
  });
});

test("a Fleet Server of another stack is checked in that stack's plan", async () => {
  const build = (app: Parameters<Parameters<TerraformProject["synth"]>[0]>[0], names: boolean): void => {
    const core = new TestStack(app, "core");
    const ours = fleet(core, "fleet", { fleetCa: given("no-agents") });
    const other = new TestStack(app, "other");
    new FleetServer(other, "berlin", { fleet: ours, names: names ? [variable(other, "name")] : ["fs.example.com"] });
  };
  project.synth((app) => build(app, true));
  await project.apply("core");
  const refusal = await project.refusal("other", { variables: { name: "agents.example.com" } });
  expect(refusal).toContain("other/berlin/fleet-cert: has the name agents.example.com, which CN=no-agents excludes");
  project.synth((app) => build(app, false));
  await project.apply("core");
  await project.apply("other");
});
