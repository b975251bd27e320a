import type { MutualFleetTlsProps } from "../../lib";
import {
  CertificateAuthoritySource,
  FleetOutput,
  KeyPassphrase,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  TargetPlatform,
} from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

type Grow = (fleet: MutualFleetTls) => void;

const mutual = (grow: Grow, more: Partial<MutualFleetTlsProps> = {}): SynthesizedStack =>
  synthStack((stack) => grow(new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more })));

const refusalOfMutual = (grow: Grow, more: Partial<MutualFleetTlsProps> = {}): string =>
  refusalOf((stack) => grow(new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...more })));

const settings = (stack: SynthesizedStack, id = "default"): string =>
  String(stack.local(`fleet_outputs_${id}_settings`));

/** A Linux and a Windows agent. */
const mixed: Grow = (fleet) => {
  fleet.addAgent("web-1");
  fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
};

test("an output that is never read creates nothing and refuses nothing", () => {
  const stack = mutual(mixed);
  expect(stack.resources().filter(({ path }) => path.includes("/outputs/"))).toEqual([]);
});

test("reading the fleet's output settings makes the default output once, with a file", () => {
  const stack = mutual((fleet) => {
    fleet.addAgent("web-1");
    expect(fleet.outputSettings).toBe(fleet.outputSettings);
  });
  const { type, attributes } = stack.resource("fleet/outputs/default/file");
  expect([type, attributes["file_permission"]]).toEqual(["local_file", "0644"]);
  expect(attributes["filename"]).toBe("${path.module}/../../../fleet-tls/stack/fleet/outputs/default.yml");
  expect(attributes["content"]).toMatch(/^\$\{local\.fleet_outputs_default_settings_\w+\}$/);
});

test("agents trust the whole bundle of the Elasticsearch CA, inline", () => {
  const stack = mutual((fleet) => void fleet.outputSettings);
  expect(settings(stack)).toMatch(/"certificate_authorities" = \[local\.fleet_elasticsearch-ca_trust-bundle_\w+\]/);
});

test("agents present the certificate of their folder, and never the key itself", () => {
  const stack = mutual((fleet) => {
    fleet.addAgent("web-1");
    void fleet.outputSettings;
  });
  expect(settings(stack)).toContain('"certificate" = "/etc/elastic-agent/certs/agent-cert.pem"');
  expect(settings(stack)).toContain('"key" = "/etc/elastic-agent/certs/agent-cert-key.pem"');
  expect(settings(stack)).not.toContain("key_passphrase_path");
  expect(settings(stack)).not.toContain("private_key");
});

test("an encrypted key comes with the path of its passphrase", () => {
  const stack = mutual((fleet) => void fleet.outputSettings, { agentKeyPassphrase: KeyPassphrase.generated() });
  expect(settings(stack)).toContain('"key_passphrase_path" = "/etc/elastic-agent/certs/agent-cert-key-passphrase"');
});

test("one output serves Linux and Windows in a one-way fleet, where it names no path", () => {
  const stack = synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addAgent("win-1", { platform: TargetPlatform.WINDOWS });
    void fleet.outputSettings;
  });
  expect(settings(stack)).not.toContain("certs");
});

test("each platform has an output of its own in a mutual fleet", () => {
  const stack = mutual((fleet) => {
    mixed(fleet);
    const windows = fleet.addOutput("windows", { platform: TargetPlatform.WINDOWS });
    expect(windows.hosts).toEqual([fleet.agents[1]]);
    expect(windows.outputId).toBe("stack-fleet-windows");
  });
  expect(settings(stack, "windows")).toContain("C:\\\\ProgramData\\\\elastic-agent-certs\\\\agent-cert.pem");
});

test("an agent that is added later is an output's host too", () => {
  withStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    const output = fleet.addOutput("all");
    const agent = fleet.addAgent("web-1");
    expect(output.hosts).toEqual([agent, fleet.fleetServer]);
  });
});

test("trust by the file of the hosts names it", () => {
  const stack = mutual((fleet) => fleet.addOutput("files", { trust: OutputTrust.HOST_FILE }));
  expect(settings(stack, "files")).toContain('"certificate_authorities" = ["/etc/elastic-agent/certs/es-ca.pem"]');
});

test("trust by the fingerprint of the CA names no file and contains no certificate", () => {
  const stack = mutual((fleet) => fleet.addOutput("pinned", { trust: OutputTrust.FINGERPRINT }));
  expect(settings(stack, "pinned")).toContain("ca_trusted_fingerprint");
  expect(settings(stack, "pinned")).not.toContain("certificate_authorities");
});

test("the system's CAs need no setting", () => {
  const stack = synthStack((stack) => {
    const elasticsearchCa = CertificateAuthoritySource.system();
    void new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchCa })).outputSettings;
  });
  expect(settings(stack)).not.toContain("certificate_authorities");
});

test("the URL has the port that Kibana would not fill in", () => {
  withStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchUrl: "https://es.example.com" }));
    expect(fleet.addOutput("all").elasticsearchUrl).toBe("https://es.example.com:9200");
  });
});

describe("is refused", () => {
  test("for Linux and Windows at once in a mutual fleet, naming who differs", () => {
    const refusal = refusalOfMutual((fleet) => {
      mixed(fleet);
      void fleet.outputSettings;
    });
    expect(refusal).toContain("stack/fleet/outputs/default: hosts do not agree");
    expect(refusal).toContain("stack/fleet/agents/win-1 against stack/fleet/agents/web-1");
    expect(refusal).toContain("addOutput");
  });

  test("for agents with and without a passphrase", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addAgent("web-1", { keyPassphrase: KeyPassphrase.generated() });
      fleet.addAgent("web-2");
      fleet.addOutput("agents", { hosts: fleet.agents });
    });
    expect(refusal).toContain("agents/web-2 against stack/fleet/agents/web-1");
    expect(refusal).toContain(`passphrase "none" against "/etc/elastic-agent/certs/agent-cert-key-passphrase"`);
  });

  test("with only some of many that differ named", () => {
    const refusal = refusalOfMutual((fleet) => {
      fleet.addAgent("web-1");
      for (let index = 1; index < 9; index++) fleet.addAgent(`win-${index}`, { platform: TargetPlatform.WINDOWS });
      void fleet.outputSettings;
    });
    expect(refusal).toContain("win-5 and 3 more");
    expect(refusal).not.toContain("win-6");
  });

  test("for a platform that no host has", () => {
    const refusal = refusalOfMutual((fleet) => fleet.addOutput("mac", { platform: TargetPlatform.MACOS }));
    expect(refusal).toContain("hosts is empty");
  });

  test("for hosts of another fleet, whose Elasticsearch they do not trust", () => {
    const refusal = refusalOf((stack) => {
      const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
      const other = new MutualFleetTls(stack, "other", fleetProps());
      new FleetOutput(stack, "output", { fleet, hosts: [other.addAgent("web-1")] });
    });
    expect(refusal).toContain("stack/output: hosts contains hosts of another fleet");
    expect(refusal).toContain("stack/other/agents/web-1");
  });

  test("by fingerprint while the Elasticsearch CA rotates", () => {
    const source = CertificateAuthoritySource.generated();
    const refusal = refusalOfMutual((fleet) => fleet.addOutput("pinned", { trust: OutputTrust.FINGERPRINT }), {
      elasticsearchCa: CertificateAuthoritySource.rotating({ generations: { "1": source, "2": source }, issuing: "1" }),
    });
    expect(refusal).toContain("trust is a fingerprint, which cannot overlap");
  });

  test("by fingerprint where only the hosts know the CA", () => {
    const refusal = refusalOf((stack) => {
      const elasticsearchCa = CertificateAuthoritySource.trustOnly({ hostPath: "/etc/ssl/es.pem" });
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps({ elasticsearchCa }));
      fleet.addOutput("pinned", { trust: OutputTrust.FINGERPRINT });
    });
    expect(refusal).toContain("has no fingerprint");
  });
});
