import { PrivateKey } from "@cdktf/provider-tls/lib/private-key";
import { SelfSignedCert } from "@cdktf/provider-tls/lib/self-signed-cert";
import type { App } from "cdktf";
import { Construct } from "constructs";

import type { ICertificateAuthority } from "../../lib";
import { CertificateAuthoritySource, EnrollmentToken, MutualFleetTls, ServiceToken } from "../../lib";
import { TestStack } from "../support/apps";
import { TerraformProject } from "../support/terraform";

const STACK = "made";
const { fromPem, rotating, trustOnly } = CertificateAuthoritySource;

/** What a deploy makes: the curve of each CA's key and its certificate's days, and whether a second CA is trusted. */
interface Made {
  readonly agents?: string;
  readonly elasticsearch?: string;
  readonly days?: number;
  readonly second?: boolean;
  /** Whether the Elasticsearch CA is of a class of the user's. */
  readonly isOwnClass?: boolean;
}

/** A class of a user's that is only trusted. */
class TrustedAuthority extends Construct implements ICertificateAuthority {
  public readonly canIssue = false;
  public readonly fingerprintSha256 = "";

  constructor(
    scope: Construct,
    id: string,
    public readonly trustBundlePem: string,
    private readonly key: PrivateKey,
  ) {
    super(scope, id);
  }

  public get spkiPinsSha256(): string[] {
    return [this.key.publicKeyFingerprintSha256];
  }
}

/** A fleet whose agent CA and Elasticsearch CA are resources of its own stack. */
function build(
  app: App,
  { agents = "P256", elasticsearch = "P256", days = 3650, second = false, isOwnClass }: Made,
): void {
  const stack = new TestStack(app, STACK);
  const make = (id: string, ecdsaCurve: string) => {
    const key = new PrivateKey(stack, `${id}-key`, { algorithm: "ECDSA", ecdsaCurve });
    const privateKey = key.privateKeyPem;
    const { certPem: certificate } = new SelfSignedCert(stack, id, {
      privateKeyPem: privateKey,
      isCaCertificate: true,
      setSubjectKeyId: true,
      allowedUses: ["cert_signing", "crl_signing"],
      validityPeriodHours: days * 24,
      subject: [{ commonName: id }],
    });
    return { certificate, privateKey, key };
  };
  const trusted = (id: string, curve: string): CertificateAuthoritySource =>
    trustOnly({ pem: make(id, curve).certificate, dedicated: true });
  const own = (): ICertificateAuthority => {
    const { certificate, key } = make("elasticsearch", elasticsearch);
    return new TrustedAuthority(stack, "own", certificate, key);
  };
  const first = isOwnClass ? CertificateAuthoritySource.existing(own()) : trusted("elasticsearch", elasticsearch);
  const { certificate, privateKey } = make("agents", agents);
  new MutualFleetTls(stack, "fleet", {
    fleetServerUrl: "https://fleet.example.com:8220",
    elasticsearchUrl: "https://es.example.com:9200",
    fleetServerPolicy: "fleet-server-policy",
    serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    agentCa: fromPem({ certificate, privateKey, dedicated: true }),
    elasticsearchCa: second
      ? rotating({ issuing: "1", generations: { "1": first, "2": trusted("next", "P384") } })
      : first,
  }).addAgent("web-1");
}

const project = new TerraformProject((app) => build(app, {}));
afterAll(() => project.dispose());
const synth = (made: Made): void => project.synth((app) => build(app, made));

test("a second plan of a fleet with CAs that are resources of its stack has no changes", async () => {
  await project.init(STACK);
  await project.apply(STACK);
  expect(await project.planChanges(STACK)).toBe(false);
});

test.each<[string, Made, string]>([
  ["another key of a CA that is only trusted", { elasticsearch: "P384" }, "elasticsearch-ca"],
  ["another key of a CA that signs", { agents: "P384" }, "agent-ca"],
])("%s is refused at plan, although nobody knows it yet", async (_, made, ca) => {
  synth(made);
  expect(await project.refusal(STACK)).toContain(
    `${STACK}/fleet/${ca}: generation 1 would become another CA, which cuts off every host, or this deploy makes its certificate`,
  );
  synth({});
  expect(await project.planChanges(STACK)).toBe(false);
});

test("a renewal with the same key is accepted once its certificate exists", async () => {
  synth({ days: 3000 });
  expect(await project.refusal(STACK)).toContain("apply its certificate alone first (-target)");
  const addresses = ["agents", "elasticsearch"].map((id) => `-target=tls_self_signed_cert.${id}`);
  await project.run(STACK, ["apply", "-auto-approve", "-input=false", ...addresses]);
  await project.apply(STACK);
  expect(await project.planChanges(STACK)).toBe(false);
});

test("a certificate that was made alone with another key is refused all the same", async () => {
  synth({ days: 3000, elasticsearch: "P384" });
  await project.run(STACK, ["apply", "-auto-approve", "-input=false", "-target=tls_self_signed_cert.elasticsearch"]);
  expect(await project.refusal(STACK)).toContain(
    `${STACK}/fleet/elasticsearch-ca: generation 1 would become another CA`,
  );
});

test("another key of a user-defined CA is refused at plan", async () => {
  const other = new TerraformProject((app) => build(app, { isOwnClass: true }));
  try {
    await other.init(STACK);
    await other.apply(STACK);
    expect(await other.planChanges(STACK)).toBe(false);
    other.synth((app) => build(app, { isOwnClass: true, elasticsearch: "P384" }));
    expect(await other.refusal(STACK)).toContain("generation 1 would become another CA");
  } finally {
    other.dispose();
  }
});

test("another CA is introduced as a generation of its own", async () => {
  const other = new TerraformProject((app) => build(app, {}));
  try {
    await other.init(STACK);
    await other.apply(STACK);
    other.synth((app) => build(app, { second: true }));
    await other.apply(STACK);
    expect(other.read("fleet-tls", STACK, "fleet", "agents", "web-1", "es-ca.pem").match(/BEGIN/g)).toHaveLength(2);
  } finally {
    other.dispose();
  }
});
