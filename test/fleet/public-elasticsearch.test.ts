import { parse } from "yaml";

import type { FleetTlsProps, MutualFleetTlsProps } from "../../lib";
import { CertificateAuthoritySource, CertificateSource, MutualFleetTls, OneWayFleetTls } from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const SYSTEM = { elasticsearchCa: CertificateAuthoritySource.system() };

type Props = Partial<MutualFleetTlsProps>;

const FLEETS: Record<string, (stack: TestStack, props?: Props) => OneWayFleetTls | MutualFleetTls> = {
  "one-way": (stack, props) =>
    new OneWayFleetTls(stack, "fleet", fleetProps({ ...SYSTEM, ...(props as FleetTlsProps) })),
  mutual: (stack, props) => new MutualFleetTls(stack, "fleet", { ...fleetProps(SYSTEM), ...props }),
  "mutual with one certificate": (stack, props) =>
    new MutualFleetTls(stack, "fleet", { ...fleetProps(SYSTEM), oneCertificatePerFleetServer: true, ...props }),
};

const content = (stack: SynthesizedStack, file: string): string => stack.resource(file).attributes["content"] as string;

describe.each(Object.entries(FLEETS))("a %s fleet whose elasticsearchCa is system()", (_, create) => {
  const stack = synthStack((scope) => {
    const fleet = create(scope);
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
  });

  test("has no TLS setting in an output: any would turn Fleet Server's check of the name off", () => {
    expect(parse(stack.local("fleet_outputs_default_settings") as string)).toEqual({});
    expect(String(stack.local("fleet_kibana_settings"))).not.toMatch(/config|ssl/);
  });

  test("has no flag, certificate or file towards Elasticsearch", () => {
    expect(content(stack, "fleet/fleet-server/files/install-command.sh")).not.toMatch(/fleet-server-es-/);
    const files = stack.resources("local_file").map(({ attributes }) => attributes["filename"] as string);
    expect(files.filter((name) => /es-|elasticsearch/.test(name))).toEqual([]);
    const others = stack.resources().filter(({ type }) => type !== "terraform_data");
    expect(others.filter(({ path }) => /fleet-es-cert|elasticsearch/.test(path))).toEqual([]);
  });
});

describe("towards a public Elasticsearch is refused, with a way out that works:", () => {
  const pair = CertificateSource.generated();
  const cases: [string, keyof typeof FLEETS, (stack: TestStack) => Props][] = [
    ["fleetEsIssuer", "mutual", (stack) => ({ fleetEsIssuer: testAuthority(stack) })],
    ["elasticsearch", "mutual", () => ({ elasticsearch: { names: ["es-1.example.com"] } })],
    ["pinElasticsearchCa", "one-way", () => ({ pinElasticsearchCa: true })],
    ["elasticsearchClientCertificate", "mutual", () => ({ fleetServer: { elasticsearchClientCertificate: pair } })],
    [
      "elasticsearchCaTrustedFingerprint",
      "one-way",
      () => ({ fleetServer: { elasticsearchCaTrustedFingerprint: "0".repeat(64) } }),
    ],
    [
      "proxyCaPem",
      "one-way",
      (stack) => ({ fleetServer: { proxyUrl: "https://proxy:3128", proxyCaPem: variable(stack, "proxy-ca") } }),
    ],
  ];
  test.each(cases)("%s", (prop, kind, props) => {
    const refusal = refusalOf((stack) => void FLEETS[kind]!(stack, props(stack)));
    expect(refusal).toMatch(
      new RegExp(`${prop} is given, but elasticsearchCa is system\\(\\).*remove ${prop}, or give`),
    );
    const own = { elasticsearchCa: CertificateAuthoritySource.generated() };
    synthStack((stack) => void FLEETS[kind]!(stack, { ...props(stack), ...own }));
  });

  test("a client certificate of Kibana", () => {
    const refusal = refusalOf((stack) => FLEETS["mutual"]!(stack).addKibana("kibana", { clientCertificate: pair }));
    expect(refusal).toContain("clientCertificate is given, but elasticsearchCa is system()");
  });

  test("an Elasticsearch host, whose files cannot be applied", () => {
    const refusal = refusalOf((stack) => FLEETS["one-way"]!(stack).addElasticsearchNode("es-2"));
    expect(refusal).toContain("fleet has an elasticsearchCa of system()");
  });
});

test("a proxy's CA is refused where Fleet Server's certificate is public: it would replace every public CA", () => {
  const build = (fleetCa: CertificateAuthoritySource) => (stack: TestStack) => {
    const certificate = CertificateSource.onHost({
      certificatePath: "/etc/pki/fs.pem",
      privateKeyPath: "/etc/pki/fs.key",
    });
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ fleetCa, fleetServer: { certificate } }));
    fleet.addAgent("web-1", { proxyUrl: "https://proxy:3128", proxyCaPem: variable(stack, "proxy-ca") });
  };
  expect(refusalOf(build(CertificateAuthoritySource.system()))).toMatch(
    /proxyCaPem is given, but Fleet Server's CA is system/,
  );
  synthStack(build(CertificateAuthoritySource.trustOnly({ hostPath: "/etc/pki/ca.pem" })));
});
