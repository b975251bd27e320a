import type { X509Certificate } from "node:crypto";
import { createPrivateKey } from "node:crypto";
import * as fs from "node:fs";

import type { App } from "cdktf";

import { CertificateAuthoritySource, KeyAlgorithm, KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "../../lib";
import { TestStack } from "../support/apps";
import { filesBelow } from "../support/files";
import { fleetProps } from "../support/fleets";
import { certificatesOf, extensionsOf, verify } from "../support/openssl";
import { Pki } from "../support/pki";
import { TerraformProject } from "../support/terraform";

const LOCAL = ["localhost", "127.0.0.1", "::1"];
const FLEET = ["fleet.example.com", ...LOCAL];

/** A certificate: its path, what verifies it, and its purpose. */
interface Leaf {
  readonly file: string;
  readonly trust: string;
  readonly purpose: "sslserver" | "sslclient";
  readonly names: string[];
  readonly commonName: string;
  readonly rsa?: boolean;
}

function server(fleet: string, host: string, kind: "fleet" | "es", names: string[], rsa = false): Leaf {
  const commonName = host.split("/").pop()!;
  const folder = `${fleet}/${host}`;
  const [file, trust] = [`${folder}/${kind}-cert.pem`, `${folder}/${kind}-ca.pem`];
  return { file, trust, purpose: "sslserver", names, commonName, rsa };
}

function client(fleet: string, host: string, trust = `${fleet}/fleet-server/agent-ca.pem`, kind = "agent"): Leaf {
  const commonName = host.split("/").pop()!;
  return { file: `${fleet}/${host}/${kind}-cert.pem`, trust, purpose: "sslclient", names: [], commonName };
}

const LEAVES: Leaf[] = [
  server("one-way/fleet", "fleet-server", "fleet", ["10.0.0.1", ...LOCAL], true),
  server("one-way/fleet", "elasticsearch", "es", ["fd00::1"], true),
  server("mutual/fleet", "fleet-server", "fleet", ["fleet.example.com", "fleet-a.internal", "10.1.2.3", ...LOCAL]),
  server("mutual/fleet", "fleet-servers/fleet-b", "fleet", ["fleet.example.com", "fleet-b.internal", ...LOCAL]),
  server("mutual/fleet", "elasticsearch", "es", ["es.example.com"]),
  server("mutual/fleet", "elasticsearch-nodes/es-2", "es", ["es.example.com", "es-2.internal"]),
  client("mutual/fleet", "fleet-server"),
  client("mutual/fleet", "fleet-servers/fleet-b"),
  client("mutual/fleet", "agents/web-1"),
  client("mutual/fleet", "fleet-server", "mutual/fleet/elasticsearch/es-client-ca.pem", "fleet-es"),
  client("mutual/fleet", "fleet-servers/fleet-b", "mutual/fleet/elasticsearch/es-client-ca.pem", "fleet-es"),
  server("existing/fleet", "fleet-server", "fleet", FLEET),
  client("existing/fleet", "fleet-server"),
  client("existing/fleet", "fleet-server", "existing/fleet/elasticsearch/es-client-ca.pem", "fleet-es"),
  client("existing/fleet", "agents/web-1"),
];

describe("every certificate of an RSA fleet, a mutual one and one with an existing Elasticsearch", () => {
  const project = new TerraformProject();
  const path = (file: string): string => project.path("fleet-tls", file);

  function build(app: App): void {
    new OneWayFleetTls(
      new TestStack(app, "one-way"),
      "fleet",
      fleetProps({
        fleetServerUrl: "https://10.0.0.1:8220",
        elasticsearchUrl: "https://[fd00::1]:9200",
        keyAlgorithm: KeyAlgorithm.RSA_2048,
      }),
    );
    const mutual = new MutualFleetTls(new TestStack(app, "mutual"), "fleet", {
      ...fleetProps({ fleetServer: { names: ["fleet-a.internal", "10.1.2.3"] } }),
      agentKeyPassphrase: KeyPassphrase.generated(),
    });
    mutual.addFleetServer("fleet-b", { names: ["fleet-b.internal"] });
    mutual.addElasticsearchNode("es-2", { names: ["es-2.internal"] });
    mutual.addAgent("web-1");
    const existing = new MutualFleetTls(
      new TestStack(app, "existing"),
      "fleet",
      fleetProps({ elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "theirs/es.pem" }) }),
    );
    existing.addAgent("web-1");
  }

  beforeAll(async () => {
    new Pki(project.path("theirs")).authority("es");
    project.synth(build);
    await Promise.all(["one-way", "mutual", "existing"].map((stack) => project.apply(stack)));
  });
  afterAll(() => project.dispose());

  test("the list of certificates here is complete", () => {
    const written = filesBelow(project.path("fleet-tls")).filter((name) => name.endsWith("-cert.pem"));
    expect(written).toEqual([...new Set(LEAVES.map(({ file }) => file))].sort());
  });

  describe.each(LEAVES)("$file", ({ file, trust, purpose, names, commonName, rsa }) => {
    test("is what OpenSSL at its strictest accepts for its purpose and every name", async () => {
      for (const name of names.length > 0 ? names : [undefined]) {
        expect(await verify(path(file), { trust: path(trust), purpose, name })).toBe("OK");
      }
    });

    test("is of no use for the other purpose, or under another name", async () => {
      const other = purpose === "sslserver" ? "sslclient" : "sslserver";
      expect(await verify(path(file), { trust: path(trust), purpose: other })).toMatch(
        /unsuitable certificate purpose/,
      );
      const name = "other.example.com";
      expect(await verify(path(file), { trust: path(trust), purpose, name })).toMatch(/[Hh]ostname mismatch/);
    });

    test("has exactly the usages of its purpose", async () => {
      const { subjectKeyIdentifier, authorityKeyIdentifier, ...extensions } = identified(
        await extensionsOf(path(file)),
      );
      expect(extensions).toEqual({
        "Basic Constraints": "critical CA:FALSE",
        "Key Usage": `critical Digital Signature${rsa && purpose === "sslserver" ? ", Key Encipherment" : ""}`,
        "Extended Key Usage":
          purpose === "sslserver" ? "TLS Web Server Authentication" : "TLS Web Client Authentication",
        ...(names.length > 0 && { "Subject Alternative Name": expect.any(String) }),
      });
      const [certificate] = certificatesOf(path(file));
      expect(certificate!.subject).toBe(`CN=${commonName}`);
      expect(alternativeNames(certificate!)).toEqual([...names].sort());
      expect(subjectKeyIdentifier).toBeDefined();
      expect(certificatesOf(path(trust)).some((ca) => certificate!.checkIssued(ca))).toBe(true);
      expect(authorityKeyIdentifier).toBeDefined();
    });

    test("belongs to the key next to it, which is PKCS#8", () => {
      const pem = fs.readFileSync(path(file.replace(/\.pem$/, "-key.pem")), "utf8");
      const passphraseFile = path(file.replace(/\.pem$/, "-key-passphrase"));
      const passphrase = fs.existsSync(passphraseFile) ? fs.readFileSync(passphraseFile, "utf8") : undefined;
      expect(pem).toMatch(passphrase === undefined ? /^-----BEGIN PRIVATE KEY/ : /^-----BEGIN ENCRYPTED PRIVATE KEY/);
      const key = createPrivateKey({ key: pem, passphrase });
      expect(certificatesOf(path(file))[0]!.checkPrivateKey(key)).toBe(true);
      expect(key.asymmetricKeyType).toBe(rsa ? "rsa" : "ec");
      if (!rsa) expect(key.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    });

    test("is valid for 397 days", () => {
      const { validFrom, validTo } = certificatesOf(path(file))[0]!;
      expect((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000).toBe(397);
    });
  });

  test("every generated CA is a strict root of ten years with its own name and key", async () => {
    const roots = ["one-way/fleet/fleet-server/fleet-ca.pem", "one-way/fleet/fleet-server/es-ca.pem"].concat(
      ["fleet-ca", "agent-ca", "es-ca"].map((name) => `mutual/fleet/fleet-server/${name}.pem`),
    );
    for (const root of roots) {
      const { subjectKeyIdentifier, authorityKeyIdentifier, ...extensions } = identified(
        await extensionsOf(path(root)),
      );
      expect(extensions).toEqual({
        "Basic Constraints": "critical CA:TRUE",
        "Key Usage": "critical Certificate Sign, CRL Sign",
      });
      expect(authorityKeyIdentifier).toBe(subjectKeyIdentifier);
      expect(certificatesOf(path(root))).toHaveLength(1);
      const { validFrom, validTo } = certificatesOf(path(root))[0]!;
      expect((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000).toBe(3650);
    }
    const certificates = roots.map((root) => certificatesOf(path(root))[0]!);
    expect(new Set(certificates.map(({ subject }) => subject)).size).toBe(roots.length);
    expect(new Set(certificates.map(({ publicKey }) => publicKey.export({ format: "pem", type: "spki" }))).size).toBe(
      roots.length,
    );
  });

  test("Elasticsearch serves its leaf, then its CA, for clients that check the CA's fingerprint", () => {
    const [leaf, ca, ...others] = certificatesOf(path("mutual/fleet/elasticsearch/es-cert.pem"));
    expect(leaf!.ca).toBe(false);
    expect(ca!.raw).toEqual(certificatesOf(path("mutual/fleet/elasticsearch/es-ca.pem"))[0]!.raw);
    expect(others).toEqual([]);
  });

  test("Elasticsearch admits the clients of its own CA and of the agents' CA, and of no other CA", () => {
    const subjects = (file: string): string[] => certificatesOf(path(file)).map(({ subject }) => subject);
    expect(subjects("mutual/fleet/elasticsearch/es-client-ca.pem")).toEqual([
      ...subjects("mutual/fleet/fleet-server/es-ca.pem"),
      ...subjects("mutual/fleet/fleet-server/agent-ca.pem"),
    ]);
    expect(subjects("existing/fleet/elasticsearch/es-client-ca.pem")).toEqual(
      subjects("existing/fleet/fleet-server/agent-ca.pem"),
    );
  });

  test("an existing Elasticsearch gets no certificate, and its CA is copied unchanged", () => {
    expect(filesBelow(path("existing/fleet/elasticsearch"))).toEqual([
      "elasticsearch.tls.yml",
      "es-ca.pem",
      "es-client-ca.pem",
    ]);
    const theirs = certificatesOf(project.path("theirs/es.pem"))[0]!;
    for (const host of ["elasticsearch", "fleet-server", "agents/web-1"]) {
      expect(certificatesOf(path(`existing/fleet/${host}/es-ca.pem`)).map(({ raw }) => raw)).toEqual([theirs.raw]);
    }
  });
});

/** Takes the two identifiers out, in one form: they differ from run to run. */
function identified(extensions: Record<string, string>): Record<string, string | undefined> {
  const { "Subject Key Identifier": subject, "Authority Key Identifier": authority, ...others } = extensions;
  return { ...others, subjectKeyIdentifier: subject, authorityKeyIdentifier: authority?.replace(/^keyid:/, "") };
}

function alternativeNames(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? "").split(", ").filter((name) => name !== "");
  return names
    .map((name) =>
      name
        .replace(/^(DNS|IP Address):/, "")
        .replace(/^(0:){7}1$/, "::1")
        .replace(/^FD00:(0:){6}1$/, "fd00::1"),
    )
    .sort();
}
