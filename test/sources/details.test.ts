import type { App } from "cdktf";
import { TerraformOutput } from "cdktf";

import {
  Agent,
  CertificateAuthoritySource as Source,
  CertificateSource,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
} from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { execute } from "../support/execute";
import { fleetProps } from "../support/fleets";
import { certificatesOf } from "../support/openssl";
import { changesOf } from "../support/plan";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { GivenPki } from "./given-pki";

type Details = Record<"notAfter" | "serialNumber" | "fingerprintSha256" | "spkiPinSha256", string | null>;

describe("a fleet that pins its CAs and tells of its certificates", () => {
  const project = new TerraformProject();
  const pki = new GivenPki();
  let outputs: Record<string, { sensitive: boolean; value: unknown }>;

  const file = (name: string): string => project.path("fleet-tls", name);

  beforeAll(async () => {
    pki.certificate("their-es");
    project.synth((app: App) => {
      const stack = new TestStack(app, "home");
      const fleet = new MutualFleetTls(stack, "fleet", {
        ...fleetProps({ outputDirectory: "fleet-tls", certificateOutputs: true, pinElasticsearchCa: true }),
        pinFleetCa: true,
        fleetCa: Source.rotating({
          generations: { "1": Source.generated(), "2": Source.generated() },
          issuing: "1",
          minimumOverlapHours: 1,
          startsHere: true,
        }),
      });
      fleet.addAgent("web-1");
      fleet.addAgent("late", { certificate: CertificateSource.fromCertificateRequest({ file: "requests/late.csr" }) });
      const { notAfter, serialNumber, fingerprintSha256, spkiPinSha256 } = fleet.agents[0]!.certificate!;
      const value = { notAfter, serialNumber, fingerprintSha256, spkiPinSha256 };
      new TerraformOutput(stack, "attributes", { value });
      new Agent(new TestStack(app, "away"), "web-2", { fleet });
      new OneWayFleetTls(stack, "other", {
        ...fleetProps({ outputDirectory: "fleet-tls/other", pinElasticsearchCa: true, pinFleetCa: true }),
        elasticsearchCa: Source.trustOnly({ file: pki.path("their-es.pem") }),
      });
    });
    await project.apply("home");
    await project.apply("away");
    outputs = await project.outputs("home");
  });
  afterAll(() => {
    project.dispose();
    pki.dispose();
  });

  function certificates(stack = outputs): Record<string, Details> {
    return stack["fleet-certificates"]!.value as Record<string, Details>;
  }

  test("lists every certificate by its folder and role, the CAs by their generations", () => {
    expect(Object.keys(certificates()).sort()).toEqual([
      ...["agent-ca/1", "agents/late/agent-cert", "agents/web-1/agent-cert", "elasticsearch-ca/1"],
      ...["elasticsearch/es-cert", "fleet-ca/1", "fleet-ca/2"],
      ...["fleet-server/agent-cert", "fleet-server/fleet-cert", "fleet-server/fleet-es-cert"],
    ]);
    expect(outputs["fleet-certificates"]!.sensitive).toBe(false);
  });

  test("describes each as OpenSSL does", async () => {
    const cas = { "agent-ca/1": "agent-ca", "elasticsearch-ca/1": "es-ca", "fleet-ca/1": "fleet-ca" };
    for (const [key, details] of Object.entries(certificates())) {
      if (key === "fleet-ca/2" || key === "agents/late/agent-cert") continue;
      const ca = cas[key as keyof typeof cas];
      const path = file(ca === undefined ? `${key}.pem` : `fleet-server/${ca}.pem`);
      expect([key, details]).toEqual([key, await describedByOpenssl(path)]);
    }
  });

  test("has the same as attributes", () => {
    expect(outputs["attributes"]!.value).toEqual(certificates()["agents/web-1/agent-cert"]);
  });

  test("has no details of a certificate that waits for its host's request", () => {
    const nothing = { notAfter: null, serialNumber: null, fingerprintSha256: null, spkiPinSha256: null };
    expect(certificates()["agents/late/agent-cert"]).toEqual(nothing);
    expect(outputs["fleet-certificate-requests"]!.value).toEqual({
      "agents/late/agent-cert":
        "missing: copy this folder to its host, run its script request-agent-cert there, copy the request that it writes to requests/late.csr, and deploy again",
    });
  });

  test("lists the agents of another stack there", async () => {
    const away = await project.outputs("away");
    expect(Object.keys(certificates(away))).toEqual(["agents/web-2/agent-cert"]);
    expect(Object.values(certificates(away))).toEqual([await describedByOpenssl(file("agents/web-2/agent-cert.pem"))]);
  });

  test("names a pin for each generation of the fleet CA in every command", () => {
    const pins = ["fleet-ca/1", "fleet-ca/2"].map((key) => certificates()[key]!.spkiPinSha256);
    for (const host of ["fleet-server", "agents/web-1", "agents/web-2"]) {
      const script = project.read("fleet-tls", host, "install-command.sh");
      expect(/--ca-sha256=(\S+)/.exec(script)?.[1]).toBe(pins.join(","));
    }
  });

  test("names the fingerprint of a CA that Elasticsearch serves after its certificate", () => {
    const script = project.read("fleet-tls", "fleet-server", "install-command.sh");
    const fingerprint = /--fleet-server-es-ca-trusted-fingerprint=([0-9a-f]{64})\b/.exec(script)?.[1];
    expect(fingerprint).toBe(certificates()["elasticsearch-ca/1"]!.fingerprintSha256);
    const served = certificatesOf(file("elasticsearch/es-cert.pem"));
    expect(served.map(({ fingerprint256 }) => fingerprint256.replaceAll(":", "").toLowerCase())[1]).toBe(fingerprint);
  });

  test("names those of CAs that are given as well", async () => {
    const script = project.read("fleet-tls", "other", "fleet-server", "install-command.sh");
    const theirs = await describedByOpenssl(pki.path("their-es.pem"));
    expect(script).toContain(`--fleet-server-es-ca-trusted-fingerprint=${theirs.fingerprintSha256}`);
    const ours = await describedByOpenssl(file("other/fleet-server/fleet-ca.pem"));
    expect(script).toContain(`--ca-sha256=${ours.spkiPinSha256}`);
  });

  test("changes nothing with a second plan", async () => {
    for (const stack of ["home", "away"]) {
      const { text, json } = await project.plan(stack);
      expect(changesOf(json)).toEqual({});
      expect(text).toContain("No changes.");
    }
  });
});

describe("what costs a program", () => {
  test("is created only if it is chosen", () => {
    const stack = synthStack((stack) => new MutualFleetTls(stack, "fleet", fleetProps()).addAgent("web-1"));
    expect(stack.dataSources()).toEqual([]);
  });

  test("runs once a stack for all certificates, however many", () => {
    const stack = synthStack((stack) => {
      const fleet = new MutualFleetTls(stack, "fleet", fleetProps({ certificateOutputs: true }));
      for (let i = 0; i < 20; i += 1) fleet.addAgent(`web-${i}`);
    });
    expect(stack.dataSources().map(({ path }) => path)).toEqual(["stack/fleet-tls-certificates/describe"]);
  });
});

describe("what cannot be pinned is refused", () => {
  const serviceToken = ServiceToken.onHost("/etc/token");

  test("the fingerprint of an Elasticsearch CA in rotation", () => {
    const elasticsearchCa = Source.rotating({
      generations: { "1": Source.generated(), "2": Source.generated() },
      issuing: "1",
    });
    expect(
      refusalOf((stack) => {
        new OneWayFleetTls(stack, "fleet", fleetProps({ serviceToken, elasticsearchCa, pinElasticsearchCa: true }));
      }),
    ).toMatch(/pinElasticsearchCa asks for a fingerprint, which is one value.*2 generations.*only then rotate/);
  });

  test("a CA that only the hosts have", () => {
    const elasticsearchCa = Source.trustOnly({ hostPath: "/etc/pki/es-ca.pem" });
    expect(
      refusalOf((stack) => {
        new OneWayFleetTls(stack, "fleet", fleetProps({ serviceToken, elasticsearchCa, pinElasticsearchCa: true }));
      }),
    ).toMatch(/elasticsearch-ca has no fingerprint.*trustOnly\(\{ file \}\)/);
  });

  test("a bundle of several CAs, which has no one fingerprint", async () => {
    const project = new TerraformProject();
    const pki = new GivenPki();
    try {
      pki.certificate("one");
      pki.certificate("two");
      pki.write("both.pem", `${pki.text("one")}${pki.text("two")}`);
      const elasticsearchCa = Source.trustOnly({ file: pki.path("both.pem") });
      project.synth((app) => {
        new OneWayFleetTls(new TestStack(app), "fleet", fleetProps({ elasticsearchCa, pinElasticsearchCa: true }));
      });
      expect(await project.refusal("stack")).toMatch(
        /elasticsearch-ca\/1 has 2 certificates, so that it has no one fingerprint or pin; give the CA alone/,
      );
    } finally {
      project.dispose();
      pki.dispose();
    }
  });
});

async function describedByOpenssl(path: string): Promise<Details> {
  const openssl = async (...args: string[]) => (await execute("openssl", args)).stdout;
  const x509 = (...args: string[]) => openssl("x509", "-in", path, "-noout", ...args);
  const value = (line: string): string => line.trim().replace(/^[^=]*=/, "");
  const end = new Date(value(await x509("-enddate"))).toISOString();
  const script = `openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64`;
  return {
    notAfter: end.replace(".000Z", "Z"),
    serialNumber: value(await x509("-serial")).toLowerCase(),
    fingerprintSha256: value(await x509("-fingerprint", "-sha256"))
      .replaceAll(":", "")
      .toLowerCase(),
    spkiPinSha256: (await execute("sh", ["-c", script, "sh", path])).stdout.trim(),
  };
}
