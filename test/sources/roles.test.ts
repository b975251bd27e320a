import type { MutualFleetTlsProps, CertificateAuthority } from "../../lib";
import {
  CertificateAuthoritySource as Source,
  CertificateSource,
  KeyAlgorithm,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
} from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf } from "../support/apps";
import { testAuthority } from "../support/certificates";
import { fleetProps, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

/** Which CA and which key stand behind each role, and what is refused of them. */

type Props = (stack: TestStack) => Partial<MutualFleetTlsProps>;

function mutual(stack: TestStack, props: Props = () => ({})): MutualFleetTls {
  return new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props(stack) });
}

const synth = (props?: Props): SynthesizedStack => synthStack((stack) => void mutual(stack, props));
const refusal = (props: Props): string => refusalOf((stack) => void mutual(stack, props));

/** The path of the CA that a certificate is signed with. */
function issuerOf(stack: SynthesizedStack, certificate: string): string {
  const { ca_private_key_pem } = stack.resource(certificate).attributes;
  const [, name] = /tls_private_key\.(\w[\w-]*)\.private_key_pem/.exec(ca_private_key_pem) ?? [];
  return stack
    .resources("tls_private_key")
    .find((key) => key.name === name)!
    .path.replace(/^stack\/|\/generation-1\/key$/g, "");
}

const content = (stack: SynthesizedStack, file: string): string => stack.resource(file).attributes["content"];
const FLEET_ES = "fleet/fleet-server/fleet-es-cert/certificate";
const CLIENT_CAS = "fleet/elasticsearch/files/es-client-ca.pem";
const trustOnly = (stack: TestStack): Source => Source.trustOnly({ pem: variable(stack, "es-ca") });

describe("the CAs of a fleet", () => {
  test("are three with three names, unless one is chosen for several jobs", () => {
    const names = synth()
      .resources("tls_self_signed_cert")
      .map(({ attributes }) => attributes["subject"][0].common_name);
    expect(names.sort()).toEqual(["fleet Agent CA 1", "fleet Elasticsearch CA 1", "fleet Fleet CA 1"]);
  });

  test("are one CA for every role if the user shares it, at its own address only", () => {
    const stack = synth((stack) => {
      const shared = Source.existing(testAuthority(stack, "shared"));
      return { fleetCa: shared, agentCa: shared, elasticsearchCa: shared };
    });
    expect(stack.resources("tls_self_signed_cert").map(({ path }) => path)).toEqual([
      "stack/shared/generation-1/certificate",
    ]);
    for (const leaf of ["fleet-server/fleet-cert", "fleet-server/agent-cert", "elasticsearch/es-cert"]) {
      expect(issuerOf(stack, `fleet/${leaf}/certificate`)).toBe("shared");
    }
    // Once in the bundle, however many jobs it has.
    expect(content(stack, CLIENT_CAS).match(/shared_trust-bundle/g)).toHaveLength(1);
  });

  test("serve several fleets if the user shares them", () => {
    const stack = synthStack((stack) => {
      const agentCa = Source.existing(testAuthority(stack, "shared"));
      for (const id of ["one", "two"]) new MutualFleetTls(stack, id, { ...fleetProps(), agentCa });
    });
    for (const id of ["one", "two"]) {
      expect(issuerOf(stack, `${id}/fleet-server/agent-cert/certificate`)).toBe("shared");
    }
  });
});

describe("Fleet Server's certificate towards Elasticsearch", () => {
  test("is signed by the Elasticsearch CA", () => {
    expect(issuerOf(synth(), FLEET_ES)).toBe("fleet/elasticsearch-ca");
  });

  test("is signed by the agent CA where that one cannot issue", () => {
    const stack = synth((stack) => ({ elasticsearchCa: trustOnly(stack) }));
    expect(issuerOf(stack, FLEET_ES)).toBe("fleet/agent-ca");
    expect(content(stack, CLIENT_CAS)).toMatch(/^\$\{local\.fleet_agent-ca_trust-bundle_\w+\}$/);
    expect(stack.resources("local_file").some(({ path }) => path.endsWith("/es-cert.pem"))).toBe(false);
  });

  test("is signed by the issuer that the user names, which Elasticsearch then admits in addition to the agent CA", () => {
    const stack = synth((stack) => ({
      fleetEsIssuer: testAuthority(stack, "clients"),
      elasticsearchCa: trustOnly(stack),
    }));
    expect(issuerOf(stack, FLEET_ES)).toBe("clients");
    expect(content(stack, CLIENT_CAS)).toMatch(
      /^\$\{local\.clients_trust-bundle_\w+\}\$\{local\.fleet_agent-ca_trust-bundle_\w+\}$/,
    );
  });

  test("has a plain key: no passphrase of a request, nor of a pair on the host", () => {
    const passphrasePath = "/etc/pki/passphrase";
    const pair = { certificatePath: "/etc/pki/own.pem", privateKeyPath: "/etc/pki/own-key.pem", passphrasePath };
    for (const elasticsearchClientCertificate of [
      CertificateSource.onHost(pair),
      CertificateSource.fromCertificateRequest({ file: "requests/fleet-es.csr", passphrasePath }),
    ]) {
      expect(refusal(() => ({ fleetServer: { elasticsearchClientCertificate } }))).toMatch(
        /fleetServerEsCertKey is encrypted and has no passphrase.*allowed: a plain key; leave this key plain/,
      );
    }
  });
});

describe("one certificate for every role of a Fleet Server", () => {
  const one: Props = () => ({ oneCertificatePerFleetServer: true });

  test("has both usages and the fleet CA's signature, and every flag names it", () => {
    const stack = synth(one);
    const { allowed_uses } = stack.resource("fleet/fleet-server/fleet-cert/certificate").attributes;
    expect(allowed_uses).toEqual(["digital_signature", "server_auth", "client_auth"]);
    expect(issuerOf(stack, "fleet/fleet-server/fleet-cert/certificate")).toBe("fleet/fleet-ca");
    const command = content(stack, "fleet/fleet-server/files/install-command.sh");
    for (const flag of ["fleet-server-cert", "elastic-agent-cert", "fleet-server-es-cert"]) {
      expect(command).toContain(`--${flag}=/etc/elastic-agent/certs/fleet-cert.pem`);
      expect(command).toContain(`--${flag}-key=/etc/elastic-agent/certs/fleet-cert-key.pem`);
    }
    expect(content(stack, CLIENT_CAS)).toContain("fleet_fleet-ca_trust-bundle");
  });

  test("has a plain key, since one of the flags takes no passphrase", () => {
    const encrypted: Props = (stack) => ({ ...one(stack), fleetServer: { keyPassphrase: KeyPassphrase.generated() } });
    expect(refusal(encrypted)).toMatch(/fleetServerEsCertKey is encrypted.*leave this key plain/);
  });

  test("leaves no room for one of another role, nor for another issuer", () => {
    const certificate = CertificateSource.generated();
    const other: Props = (stack) => ({ ...one(stack), fleetServer: { agentCertificate: certificate } });
    expect(refusal(other)).toMatch(/agentCertificate is given, where the fleet has one certificate for all roles/);
    expect(refusal((stack) => ({ ...one(stack), fleetEsIssuer: testAuthority(stack) }))).toMatch(
      /fleetEsIssuer is given, but the fleet CA issues/,
    );
  });
});

describe("one certificate for the agents of a policy", () => {
  test("is issued once, and is stored with its key in the folder of each", () => {
    const stack = synthStack((stack) => {
      const fleet = mutual(stack, () => ({ agentKeyPassphrase: KeyPassphrase.generated() }));
      const sharedCertificate = fleet.addAgentCertificate("policy", { keyAlgorithm: KeyAlgorithm.RSA_3072 });
      for (const id of ["web-1", "web-2"]) fleet.addAgent(id, { sharedCertificate });
    });
    const { attributes } = stack.resource("fleet/agent-certificates/policy/key");
    expect(attributes).toEqual({ algorithm: "RSA", rsa_bits: 3072 });
    expect(stack.resource("fleet/agent-certificates/policy/request").attributes["subject"]).toEqual([
      { common_name: "policy" },
    ]);
    for (const file of ["agent-cert.pem", "agent-cert-key.pem", "agent-cert-key-passphrase"]) {
      const [one, two] = ["web-1", "web-2"].map((id) => content(stack, `fleet/agents/${id}/files/${file}`));
      expect(one).toBe(two);
    }
    expect(stack.resources("tls_private_key").some(({ path }) => path.includes("fleet/agents/"))).toBe(false);
  });
});

describe("keys that their readers cannot read are refused", () => {
  test("an Ed25519 key of Elasticsearch's, and not one of a Fleet Server's or an agent's", () => {
    const keyAlgorithm = KeyAlgorithm.ED25519;
    expect(refusal(() => ({ keyAlgorithm }))).toMatch(
      /fleet\/elasticsearch: keyAlgorithm is that of a key which Elasticsearch does not read.*give Elasticsearch a keyAlgorithm of its own/,
    );
    synth(() => ({ keyAlgorithm, elasticsearch: { keyAlgorithm: KeyAlgorithm.ECDSA_P256 } }));
  });

  test("an encrypted one of Elasticsearch's", () => {
    const certificate = CertificateSource.fromCertificateRequest({ file: "es.csr", passphrasePath: "/etc/passphrase" });
    expect(refusal(() => ({ elasticsearch: { certificate } }))).toMatch(
      /elasticsearch: certificate has a key with a passphrase in a file.*leave passphrasePath out/,
    );
  });

  test("an encrypted Ed25519 one that is generated on its host", () => {
    const certificate = CertificateSource.fromCertificateRequest({ file: "fs.csr", passphrasePath: "/etc/passphrase" });
    expect(refusal(() => ({ fleetServer: { certificate, keyAlgorithm: KeyAlgorithm.ED25519 } }))).toMatch(
      /fleet-cert: source cannot protect an Ed25519 key/,
    );
  });

  test("one with two passphrases: that of a request is the host's to make", () => {
    const certificate = CertificateSource.fromCertificateRequest({ file: "fs.csr" });
    expect(refusal(() => ({ fleetServer: { certificate, keyPassphrase: KeyPassphrase.generated() } }))).toMatch(
      /keyPassphrase is given for a key that stays on its host.*passphrasePath of the request/,
    );
  });
});

test("several Elasticsearch CAs are one bundle in one file, since the flag takes one path", () => {
  const stack = synthStack((stack) => {
    const pem = variable(stack, "bundle");
    new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchCa: Source.trustOnly({ pem }) }));
  });
  const command = content(stack, "fleet/fleet-server/files/install-command.sh");
  expect(command.match(/--fleet-server-es-ca=\S+/g)).toEqual([
    "--fleet-server-es-ca=/etc/elastic-agent/certs/es-ca.pem",
  ]);
});

test("an intermediate below an intermediate is refused with the figures where it outlives what signs it", () => {
  const message = refusalOf((stack) => {
    const ca = (id: string, source: Source): CertificateAuthority => testAuthority(stack, id, source);
    const issuer = ca("middle", Source.intermediate({ issuer: ca("root", Source.generated()) }));
    ca("lower", Source.intermediate({ issuer }));
  });
  expect(message).toMatch(
    /lower\/generation-1\/certificate: validity is too long for its CA.*1094 days before its end.*give the CA a renewBeforeHours of 52560 or more and a longer validity/,
  );
});
