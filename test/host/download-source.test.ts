import type { DownloadSourceOptions, FleetBase } from "../../lib";
import {
  CertificateAuthoritySource,
  DownloadSource,
  OneWayFleetTls,
  OutputTrust,
  StackVersion,
  TargetPlatform,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { fleetProps } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const url = "https://artifacts.example.com/downloads/";
const generated = CertificateAuthoritySource.generated();

/** A policy with a download source, an agent of it, one of the default policy, and a Kibana of a version. */
function withSource(options: Partial<DownloadSourceOptions>, version?: string): SynthesizedStack {
  return synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const downloadSource = fleet.addDownloadSource("mirror", { url, ...options });
    fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("web", { downloadSource }) });
    fleet.addAgent("web-2");
    fleet.addKibana("kibana", version === undefined ? {} : { stackVersion: StackVersion.of(version) });
  });
}

const sourceText = (stack: SynthesizedStack): string => String(stack.local("fleet_download-sources_mirror_settings"));
const kibanaText = (stack: SynthesizedStack): string => String(stack.local("fleet_kibana_settings"));
const folderOf = (stack: SynthesizedStack, host: string): string[] =>
  stack
    .resources("local_file")
    .map(({ attributes }) => String(attributes["filename"]))
    .filter((name) => name.includes(`/${host}/`))
    .map((name) => name.slice(name.lastIndexOf("/") + 1));

describe("a download source", () => {
  test("is written as the body of Kibana's API, without ssl where the operating system's CAs verify it", () => {
    const stack = withSource({});
    expect(sourceText(stack)).toBe(
      '${jsonencode({"id" = "stack-fleet-mirror", "name" = "stack-fleet mirror", ' +
        `"host" = "${url}", "is_default" = false})}`,
    );
    const files = stack.resources("local_file").map(({ attributes }) => String(attributes["filename"]));
    expect(files).toContainEqual(expect.stringMatching(/\/fleet\/download-sources\/mirror\.json$/));
  });

  test("contains its CA as text, so that hosts need no file", () => {
    const stack = withSource({ ca: generated });
    expect(sourceText(stack)).toMatch(
      /"ssl" = \{"certificate_authorities" = \[local\.fleet_download-ca-mirror_trust-bundle_\w+\]\}/,
    );
    expect(folderOf(stack, "agents/web-1")).not.toContain("download-ca.pem");
  });

  test("names the CA's file with HOST_FILE, which hosts of its policies get and no other", () => {
    const stack = withSource({ ca: generated, trust: OutputTrust.HOST_FILE });
    expect(sourceText(stack)).toContain('"certificate_authorities" = ["/etc/elastic-agent/certs/download-ca.pem"]');
    expect(folderOf(stack, "agents/web-1")).toContain("download-ca.pem");
    expect(folderOf(stack, "agents/web-2")).not.toContain("download-ca.pem");
    expect(folderOf(stack, "fleet-server")).not.toContain("download-ca.pem");
  });

  test("names a CA that is on the hosts by its path there", () => {
    const stack = withSource({ ca: CertificateAuthoritySource.trustOnly({ hostPath: "/etc/pki/mirror-ca.pem" }) });
    expect(sourceText(stack)).toContain('"certificate_authorities" = ["/etc/pki/mirror-ca.pem"]');
  });

  test("is for hosts without a policy, Fleet Servers too, if it is the default one, whichever came first", () => {
    const stack = synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      fleet.addAgent("web-1");
      fleet.addDownloadSource("mirror", { url, ca: generated, trust: OutputTrust.HOST_FILE, isDefault: true });
      const downloadSource = fleet.addDownloadSource("other", { url });
      fleet.addAgent("web-2", { policy: fleet.addAgentPolicy("web", { downloadSource }) });
      fleet.addAgent("web-3");
    });
    for (const host of ["agents/web-1", "agents/web-3", "fleet-server"]) {
      expect(folderOf(stack, host)).toContain("download-ca.pem");
    }
    expect(folderOf(stack, "agents/web-2")).not.toContain("download-ca.pem");
  });
});

describe("Kibana's settings", () => {
  test("declare it from 9.6 on, and the policies name it", () => {
    const text = kibanaText(withSource({}, "9.6.0"));
    expect(text).toContain('"xpack.fleet.binaryDownloadSource" = [{"id" = "stack-fleet-mirror"');
    expect(text).toContain('"download_source_id" = "stack-fleet-mirror"');
  });

  test("say nothing of it before, where Kibana would not start or could not compile the policy", () => {
    const stack = withSource({});
    expect(kibanaText(stack)).not.toContain("binaryDownloadSource");
    expect(kibanaText(stack)).not.toContain("download_source_id");
    expect(stack.text).toContain(
      "the agent binary download source `stack-fleet-mirror` in Kibana, which is `download-sources/mirror.json` as the body " +
        "of `POST /api/fleet/agent_download_sources`; select it in the policies `stack-fleet-web`",
    );
  });
});

describe("is refused", () => {
  const refused = (build: (fleet: OneWayFleetTls, other: FleetBase) => void): string =>
    refusalOf((stack) => {
      const other = new OneWayFleetTls(stack, "other", fleetProps());
      build(new OneWayFleetTls(stack, "fleet", fleetProps()), other);
    });

  test("a URL that is not https", () => {
    expect(refused((fleet) => fleet.addDownloadSource("mirror", { url: "http://artifacts.example.com" }))).toContain(
      "stack/fleet/download-sources/mirror: url is not an https URL",
    );
  });

  test("a fingerprint", () => {
    const options = { url, ca: generated, trust: OutputTrust.FINGERPRINT };
    expect(refused((fleet) => fleet.addDownloadSource("mirror", options))).toContain("trust is a fingerprint");
  });

  test("trust without a CA", () => {
    const options = { url, trust: OutputTrust.INLINE };
    expect(refused((fleet) => fleet.addDownloadSource("mirror", options))).toContain("trust is given without a ca");
  });

  test("a second default one", () => {
    const build = (fleet: OneWayFleetTls): void => {
      fleet.addDownloadSource("mirror", { url, isDefault: true });
      fleet.addDownloadSource("other", { url, isDefault: true });
    };
    expect(refused(build)).toContain(
      "download-sources/other: isDefault is true, but stack/fleet/download-sources/mirror is the default one already",
    );
  });

  test("that of another fleet in a policy", () => {
    const build = (fleet: OneWayFleetTls, other: FleetBase): void => {
      fleet.addAgentPolicy("web", { downloadSource: other.addDownloadSource("mirror", { url }) });
    };
    expect(refused(build)).toContain("downloadSource is a download source of another fleet");
  });

  test("HOST_FILE with hosts at different paths, and INLINE serves both", () => {
    const build =
      (trust: OutputTrust) =>
      (fleet: OneWayFleetTls): void => {
        const downloadSource = fleet.addDownloadSource("mirror", { url, ca: generated, trust });
        const policy = fleet.addAgentPolicy("web", { downloadSource });
        fleet.addAgent("web-1", { policy });
        fleet.addAgent("desk-1", { policy, platform: TargetPlatform.WINDOWS });
      };
    expect(refused(build(OutputTrust.HOST_FILE))).toContain("its hosts have the CA at different paths");
    synthStack((stack) => build(OutputTrust.INLINE)(new OneWayFleetTls(stack, "fleet", fleetProps())));
  });

  test("HOST_FILE without a host", () => {
    const options = { url, ca: generated, trust: OutputTrust.HOST_FILE };
    expect(refused((fleet) => fleet.addDownloadSource("mirror", options))).toContain(
      "no host's policy uses the source",
    );
  });
});

test("a fleet lists its download sources", () => {
  synthStack((stack) => {
    const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
    const source = fleet.addDownloadSource("mirror", { url });
    expect(DownloadSource.of(fleet)).toEqual([source]);
  });
});
