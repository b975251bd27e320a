import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  CertificateSource,
  ClientAuthentication,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  TargetPlatform,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";

function refusalOfMutual(build: (fleet: MutualFleetTls) => void, more: Partial<MutualFleetTlsProps> = {}): string {
  return refusalOf((stack) => build(new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more })));
}

describe("Elasticsearch", () => {
  test("outside of its configuration directory is refused, with the way out", () => {
    const refusal = refusalOfMutual(() => undefined, { elasticsearch: { hostDirectory: "/srv/certs" } });
    expect(refusal).toContain("stack/fleet/elasticsearch: hostDirectory is outside Elasticsearch's configuration");
    expect(refusal).toContain("/etc/elasticsearch");
    expect(refusal).toContain("configurationDirectory");
  });

  test.each(["/etc/elasticsearch", "/etc/elasticsearch2/certs", "/etc/elasticsearch/../certs"])(
    "%s is outside too",
    (hostDirectory) => {
      expect(refusalOfMutual(() => undefined, { elasticsearch: { hostDirectory } })).toContain("is outside");
    },
  );

  test("with its files below a configuration directory of its own is accepted", () => {
    expect(() =>
      refusalOfMutual(() => undefined, {
        elasticsearch: { configurationDirectory: "/usr/share/elasticsearch/config/" },
      }),
    ).toThrow("it was not refused");
  });

  test("with a pair that lies elsewhere on the host is refused", () => {
    const certificate = CertificateSource.onHost({
      certificatePath: "/etc/elasticsearch/certs/own.pem",
      privateKeyPath: "/etc/ssl/private/own-key.pem",
    });
    const refusal = refusalOfMutual(() => undefined, { elasticsearch: { certificate } });
    expect(refusal).toContain("certificate is outside");
    expect(refusal).toContain("/etc/ssl/private/own-key.pem");
    expect(refusal).not.toContain('got "/etc/elasticsearch/certs/own.pem"');
  });

  test("cannot ask for certificates in a one-way fleet", () => {
    const refusal = refusalOf((stack) => {
      const elasticsearch = { clientAuthentication: ClientAuthentication.OPTIONAL };
      new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearch }));
    });
    expect(refusal).toContain("clientAuthentication asks for client certificates that nobody in a one-way fleet has");
  });
});

describe("an output", () => {
  test("for Linux and Windows at once is refused in a mutual fleet, naming who differs", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addAgent("web-1");
      fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
      void fleet.outputSettings;
    });
    expect(refusal).toContain("stack/fleet/outputs/default: hosts do not agree");
    expect(refusal).toContain("stack/fleet/agents/win-1 against stack/fleet/agents/web-1");
    expect(refusal).toContain("addOutput");
  });

  test("for agents with and without a passphrase is refused", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addAgent("web-1", { keyPassphrase: KeyPassphrase.generated() });
      fleet.addAgent("web-2");
      fleet.addOutput("agents", { hosts: fleet.agents });
    });
    expect(refusal).toContain("agents/web-2 against stack/fleet/agents/web-1");
    expect(refusal).toContain(`passphrase "none" against "/etc/elastic-agent/certs/agent-cert-key-passphrase"`);
  });

  test("names only some of many that differ", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addAgent("web-1");
      for (let index = 1; index < 9; index++) fleet.addAgent(`win-${index}`, { platform: TargetPlatform.WINDOWS });
      void fleet.outputSettings;
    });
    expect(refusal).toContain("win-5 and 3 more");
    expect(refusal).not.toContain("win-6");
  });

  test("that nobody asks for refuses nobody", () => {
    expect(() =>
      refusalOfMutual((fleet) => {
        fleet.addAgent("web-1");
        fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
      }),
    ).toThrow("it was not refused");
  });

  test("for a platform that no host has is refused", () => {
    const refusal = refusalOfMutual((fleet) => fleet.addOutput("mac", { platform: TargetPlatform.MACOS }));
    expect(refusal).toContain("hosts is empty");
  });

  test("by fingerprint is refused while the Elasticsearch CA rotates", () => {
    const source = CertificateAuthoritySource.generated();
    const refusal = refusalOfMutual((fleet) => fleet.addOutput("pinned", { trust: OutputTrust.FINGERPRINT }), {
      elasticsearchCa: CertificateAuthoritySource.rotating({ generations: { "1": source, "2": source }, issuing: "1" }),
    });
    expect(refusal).toContain("trust is a fingerprint, which cannot overlap");
  });

  test("by fingerprint is refused where only the hosts know the CA", () => {
    const refusal = refusalOf((stack) => {
      const elasticsearchCa = CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ssl/es.pem" });
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchCa }));
      fleet.addOutput("pinned", { trust: OutputTrust.FINGERPRINT });
    });
    expect(refusal).toContain("has no fingerprint");
  });
});

describe("Kibana", () => {
  test("without a certificate is refused where Elasticsearch requires one", () => {
    const refusal = refusalOfMutual((fleet) => fleet.addKibana("kibana"), {
      elasticsearch: { clientAuthentication: ClientAuthentication.REQUIRED },
    });
    expect(refusal).toContain("stack/fleet/kibana/kibana: clientCertificate is missing");
  });

  test("with a certificate is refused in a one-way fleet", () => {
    const refusal = refusalOf((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addKibana("kibana", { clientCertificate: CertificateSource.generated() });
    });
    expect(refusal).toContain("clientCertificate is given in a one-way fleet");
  });

  test("twice under one id is refused", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addKibana("kibana");
      fleet.addKibana("kibana");
    });
    expect(refusal).toContain("kibana");
  });

  test("without settings for Fleet asks no output of the fleet", () => {
    expect(() =>
      refusalOfMutual((fleet) => {
        fleet.addAgent("web-1");
        fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
        fleet.addKibana("kibana", { fleetSettings: false });
      }),
    ).toThrow("it was not refused");
  });
});
