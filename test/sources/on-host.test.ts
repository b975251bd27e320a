import * as fs from "node:fs";

import type { App } from "cdktf";

import type { OnHostCertificateOptions } from "../../lib";
import { CertificateAuthoritySource as Source, CertificateSource, MutualFleetTls } from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";

const pki = new GivenPki();
const project = new TerraformProject();

const SERVER = "extendedKeyUsage=serverAuth";
const CLIENT = "extendedKeyUsage=clientAuth";
const NAMES = "subjectAltName=DNS:fleet.example.com,DNS:localhost,IP:127.0.0.1,IP:::1";

/** A leaf of the company's, but for what is given. */
function leaf(name: string, extensions: string[], more: { issuer?: string; digest?: string; keyType?: string[] } = {}) {
  const plain = ["basicConstraints=critical,CA:FALSE", "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"];
  const usage = extensions.some((line) => line.startsWith("keyUsage")) ? [] : ["keyUsage=critical,digitalSignature"];
  pki.certificate(name, { issuer: "company", ...more, extensions: [...plain, ...usage, ...extensions] });
}

/** Everything that the checks of a copy refuse: how it is made, and the message. */
const REFUSED: Readonly<Record<string, { make: (name: string) => void; says: RegExp; planOnly?: boolean }>> = {
  missing: {
    make: () => undefined,
    says: /does not exist: \/.*\.pem; create the file or correct its path/,
    planOnly: true,
  },
  "not-pem": { make: (name) => pki.write(`${name}.pem`, "MIIB\n"), says: /is not PEM.*give PEM text/ },
  der: {
    make: (name) => {
      leaf(name, [SERVER, NAMES]);
      pki.rewrite(`${name}.pem`, `${name}.pem`, "x509", "-outform", "der");
    },
    says: /is DER, binary, where PEM is read; convert it/,
    planOnly: true,
  },
  bom: {
    make: (name) => {
      leaf(name, [SERVER, NAMES]);
      pki.write(`${name}.pem`, `\ufeff${pki.text(name)}`);
    },
    says: /starts with a byte order mark.*save it as UTF-8 without/,
  },
  "key-among": {
    make: (name) => {
      leaf(name, [SERVER, NAMES]);
      pki.write(`${name}.pem`, `${pki.text(name)}${pki.text(`${name}-key`)}`);
    },
    says: /has a private key among its certificates; take it out, and replace that key/,
  },
  "lacks-a-name": {
    make: (name) => leaf(name, [SERVER, "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"]),
    says: /lacks the name fleet\.example\.com; names: localhost, 127\.0\.0\.1.*reissue it with a SAN for fleet\.example\.com/,
  },
  "has-no-names": { make: (name) => leaf(name, [SERVER]), says: /lacks the name fleet\.example\.com; names: none/ },
  "for-clients": {
    make: (name) => leaf(name, [CLIENT, NAMES]),
    says: /has extended key usage clientAuth, and is used for serverAuth.*reissue it with serverAuth/,
  },
  "signs-nothing": {
    make: (name) => leaf(name, ["keyUsage=critical,keyEncipherment", SERVER, NAMES]),
    says: /has a keyUsage without digitalSignature.*reissue it with keyUsage=critical,digitalSignature/,
  },
  authority: {
    make: (name) => void pki.certificate(name),
    says: /begins with a CA certificate, CN=authority.*put the leaf first/,
  },
  "issuer-first": {
    make: (name) => {
      leaf(name, [SERVER, NAMES]);
      pki.write(`${name}.pem`, `${pki.text("company")}${pki.text(name)}`);
    },
    says: /begins with the CA CN=company.*put the leaf first, then its intermediates/,
  },
  "of-another-ca": {
    make: (name) => leaf(name, [SERVER, NAMES], { issuer: "stranger" }),
    says: /is issued by CN=stranger, which is neither in this file nor trusted here.*append the missing intermediate/,
  },
  "without-its-intermediate": {
    make: (name) => leaf(name, [SERVER, NAMES], { issuer: "below" }),
    says: /is issued by CN=below, which is neither in this file.*append the missing intermediate after the leaf/,
  },
  expired: {
    make: (name) =>
      pki.dated(name, -20, -10, [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        SERVER,
        NAMES,
      ]),
    says: /expired.*; /,
  },
  "not-yet-valid": {
    make: (name) =>
      pki.dated(name, 10, 20, [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        SERVER,
        NAMES,
      ]),
    says: /not valid before \d{4}/,
  },
  "sha-1": {
    make: (name) => leaf(name, [SERVER, NAMES], { digest: "sha1" }),
    says: /is signed with ecdsa-with-SHA1; /,
  },
  "short-rsa": {
    make: (name) => leaf(name, [SERVER, NAMES], { keyType: ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"] }),
    says: /has an RSA key of 1024 bits, at least 2048 are allowed/,
  },
};

beforeAll(() => {
  const below = [...CA, "authorityKeyIdentifier=keyid"];
  for (const name of ["company", "stranger", "agents"]) pki.certificate(name, { days: 3650 });
  pki.certificate("below", { issuer: "company", extensions: below });
  for (const [name, { make }] of Object.entries(REFUSED)) make(name);
  leaf("right", [SERVER, NAMES]);
  leaf("right-below", [SERVER, NAMES], { issuer: "below" });
  pki.write("right-below.pem", `${pki.text("right-below")}${pki.text("below")}`);
  leaf("agent", [CLIENT], { issuer: "agents" });
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

const PATHS = { certificatePath: "/etc/pki/own.pem", privateKeyPath: "/etc/pki/own-key.pem" };
const onHost = (copy: Partial<OnHostCertificateOptions>) => CertificateSource.onHost({ ...PATHS, ...copy });

/** A fleet whose Fleet Server presents a pair that is already on its host. */
function fleet(stack: TestStack, id: string, certificate: CertificateSource, by: "pem" | "file"): MutualFleetTls {
  const ca = (name: string): Source =>
    Source.trustOnly(by === "pem" ? { pem: pki.text(name) } : { file: pki.path(`${name}.pem`) });
  const fleetCa = ca("company");
  return new MutualFleetTls(stack, id, {
    ...fleetProps({
      outputDirectory: `fleet-tls/${id}`,
      certificateOutputs: by === "file",
      fleetServer: { certificate },
    }),
    fleetCa,
    acceptAnyClientOf: [fleetCa],
  });
}

describe("a copy as text is refused at synth", () => {
  test.each(Object.entries(REFUSED).filter(([, { planOnly }]) => !planOnly))("%s", (name, { says }) => {
    const message = refusalOf((stack) => void fleet(stack, "fleet", onHost({ pem: pki.text(name) }), "pem"));
    expect(message).toContain("stack/fleet/fleet-server: the copy of fleet-cert");
    expect(message.replace(/; allowed: a certificate that the other side takes/g, "")).toMatch(says);
  });
});

describe("a copy in a file is refused at plan, all of a stack at once", () => {
  let refusal: string;

  beforeAll(async () => {
    project.synth((app: App) => {
      const stack = new TestStack(app, "refused");
      for (const name of Object.keys(REFUSED)) fleet(stack, name, onHost({ file: pki.path(`${name}.pem`) }), "file");
      const right = fleet(new TestStack(app, "right"), "fleet", onHost({ file: pki.path("right.pem") }), "file");
      right.addAgent("web-1", { certificate: onHost({}) });
    });
    refusal = await project.refusal("refused");
  });

  test.each(Object.entries(REFUSED))("%s", (name, { says }) => {
    const what = `refused/${name}/fleet-server: the copy of fleet-cert (${pki.path(`${name}.pem`)})`;
    expect(refusal.split(/ Error: /).find((one) => one.includes(what))).toMatch(says);
  });

  test("no correct one, and its end is in the output like every other", async () => {
    await project.apply("right");
    const outputs = await project.outputs("right");
    const shown = (outputs["fleet-certificates"]!.value as Record<string, { notAfter: string }>)[
      "fleet-server/fleet-cert"
    ];
    const end = pki.read("right").notAfter.toISOString().replace(".000Z", "Z");
    expect(shown!.notAfter).toBe(end);
    expect((await project.plan("right")).text).toContain("No changes.");
  });
});

describe("a copy is taken", () => {
  const programs = (build: (stack: TestStack) => void): string[] =>
    synthStack(build)
      .dataSources()
      .map(({ path }) => path)
      // The runbook compares given CAs with those in the output directory, whatever certificates there are.
      .filter((path) => !path.includes("/runbook/"));

  test.each(["right", "right-below"])("%s, with nothing to run where all is known", (name) => {
    expect(programs((stack) => void fleet(stack, "fleet", onHost({ pem: pki.text(name) }), "pem"))).toEqual([]);
  });

  test("by a program where only Terraform knows it", () => {
    const build = (stack: TestStack) => void fleet(stack, "fleet", onHost({ pem: variable(stack, "pem") }), "pem");
    expect(programs(build)).toEqual(["stack/fleet/fleet-server/check-fleet-cert"]);
  });

  test("of an agent, by the CA of agents and not by Fleet Server's", () => {
    const agentCa = Source.trustOnly({ pem: pki.text("agents") });
    const build = (name: string) => (stack: TestStack) => {
      const fleetServer = {
        certificate: onHost({}),
        agentCertificate: onHost({}),
        elasticsearchClientCertificate: onHost({}),
      };
      const fleet = new MutualFleetTls(stack, "fleet", {
        ...fleetProps({ fleetServer }),
        agentCa,
        acceptAnyClientOf: [agentCa],
      });
      fleet.addAgent("web-1", { certificate: onHost({ pem: pki.text(name) }) });
    };
    expect(programs(build("agent"))).toEqual([]);
    expect(refusalOf(build("right"))).toMatch(
      /agents\/web-1: the copy of agent-cert has extended key usage serverAuth/,
    );
  });

  test("once: as text or as a file", () => {
    expect(() => onHost({ pem: "a", file: "b" })).toThrow(
      "CertificateSource.onHost: pem and file are both given; allowed: one copy of the certificate, or none",
    );
  });

  test("not at all, where there is none: then nothing is checked and nothing run", () => {
    expect(programs((stack) => void fleet(stack, "fleet", onHost({}), "pem"))).toEqual([]);
    expect(fs.existsSync(PATHS.certificatePath)).toBe(false);
  });
});
