import type { MutualFleetTlsProps } from "../../lib";
import { CertificateAuthority, CertificateAuthoritySource, FleetEsIssuer, KeyAlgorithm } from "../../lib";
import { certificatesOf, verify } from "../support/openssl";
import { Pki } from "../support/pki";
import type { FleetStep } from "./live-fleet";
import { FOLDER, LiveFleet } from "./live-fleet";

const fleet = new LiveFleet();
afterAll(() => fleet.dispose());

const props = (more: Partial<MutualFleetTlsProps>): FleetStep => ({ props: more });
const { ELASTICSEARCH_CA, FLEET_CA } = FleetEsIssuer;

const issuer = (): string =>
  /CN=(.*)/.exec(certificatesOf(fleet.project.path(FOLDER, "fleet-server/fleet-es-cert.pem"))[0]!.issuer)![1]!;
const accepts = (file: string): Promise<string> =>
  verify(fleet.project.path(FOLDER, file), {
    trust: fleet.project.path(FOLDER, "elasticsearch/es-client-ca.pem"),
    purpose: "sslclient",
  });

/** A CA of its own, and the fleet that has it as an issuer. */
const ownIssuer = (use: (ca: CertificateAuthority) => Partial<MutualFleetTlsProps>): FleetStep => ({
  inStack: (stack) =>
    use(
      new CertificateAuthority(stack, "own", {
        source: CertificateAuthoritySource.generated(),
        commonName: "own",
        keyAlgorithm: KeyAlgorithm.ECDSA_P256,
      }),
    ),
});

test("another issuer of fleet-es-cert.pem keeps what is still presented, step by step, and an emergency does not", async () => {
  await fleet.deploy({});
  const toOwn = ownIssuer((ca) => ({ fleetEsIssuer: ca }));
  expect(await fleet.refusal(toOwn)).toMatch(
    /fleet-es-issuer: this change takes more than one step.*furtherFleetEsIssuers/,
  );
  // With the former one alone, Elasticsearch may not know the new one yet.
  expect(
    await fleet.refusal(ownIssuer((ca) => ({ fleetEsIssuer: ca, furtherFleetEsIssuers: [ELASTICSEARCH_CA] }))),
  ).toContain("furtherFleetEsIssuers");
  await fleet.deploy(ownIssuer((ca) => ({ furtherFleetEsIssuers: [FleetEsIssuer.of(ca)] })));
  expect(await fleet.pending()).toEqual([]);
  await fleet.deploy(ownIssuer((ca) => ({ fleetEsIssuer: ca, furtherFleetEsIssuers: [ELASTICSEARCH_CA] })));
  expect(await fleet.pending()).toEqual([]);
  expect(issuer()).toContain("own");
  expect(await accepts("fleet-server/fleet-es-cert.pem")).toBe("OK");
  await fleet.deploy(toOwn);
  expect(await fleet.pending()).toEqual([]);
  expect(certificatesOf(fleet.project.path(FOLDER, "elasticsearch/es-client-ca.pem"))).toHaveLength(2);

  expect(await fleet.refusal({})).toContain("furtherFleetEsIssuers");
  const agentCa = CertificateAuthoritySource.rotating({
    generations: { "1": CertificateAuthoritySource.generated() },
    issuing: "1",
    emergency: true,
  });
  await fleet.deploy(props({ agentCa }));
  await fleet.deploy({});
  expect(await fleet.pending()).toEqual([]);
  expect(issuer()).toContain("Elasticsearch CA");

  // One certificate for all roles is another issuer too.
  const one = { oneCertificatePerFleetServer: true };
  expect(await fleet.refusal(props(one))).toContain("furtherFleetEsIssuers");
  await fleet.deploy(props({ furtherFleetEsIssuers: [FLEET_CA] }));
  await fleet.deploy(props({ ...one, furtherFleetEsIssuers: [ELASTICSEARCH_CA] }));
  await fleet.deploy(props(one));
  expect(await accepts("fleet-server/fleet-cert.pem")).toBe("OK");
  await fleet.deploy(props({ ...one, furtherFleetEsIssuers: [ELASTICSEARCH_CA] }));
  await fleet.deploy(props({ furtherFleetEsIssuers: [FLEET_CA] }));
  await fleet.deploy({});
});

test("an Elasticsearch CA that no longer issues leaves its issuing to the agent CA in steps of its own", async () => {
  await fleet.deploy({});
  const { certificate } = new Pki(fleet.project.path("company")).authority("Company Root");
  const introduced = (issuing: string): CertificateAuthoritySource =>
    CertificateAuthoritySource.rotating({
      generations: {
        "1": CertificateAuthoritySource.generated(),
        "2": CertificateAuthoritySource.trustOnly({ file: certificate }),
      },
      issuing,
    });
  // Whoever has a certificate of the company's CA would be a client, so the fleet has to say that this is meant.
  const [before, after] = [introduced("1"), introduced("2")];
  expect(await fleet.refusal(props({ elasticsearchCa: before }))).toContain("furtherFleetEsIssuers");
  await fleet.deploy(props({ elasticsearchCa: before, acceptAnyClientOf: [before] }));
  expect(await fleet.refusal(props({ elasticsearchCa: after }))).toContain("furtherFleetEsIssuers");
  const kept = { acceptAnyClientOf: [after], furtherFleetEsIssuers: [ELASTICSEARCH_CA] };
  await fleet.deploy(props({ elasticsearchCa: after, ...kept }));
  expect(issuer()).toContain("Agent CA");
  await fleet.deploy(props({ elasticsearchCa: after }));
  expect(await fleet.pending()).toEqual([]);
  expect(certificatesOf(fleet.project.path(FOLDER, "elasticsearch/es-client-ca.pem"))).toHaveLength(1);
});
