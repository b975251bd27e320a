import type { FleetBase, FleetProxyOptions } from "../../lib";
import {
  CertificateAuthoritySource,
  ExternalFleetTls,
  FleetProxy,
  MutualFleetTls,
  OneWayFleetTls,
  OutputTrust,
  StackVersion,
} from "../../lib";
import { refusalOf } from "../support/apps";
import { externalProps, fleetProps, secretVariable, variable } from "../support/fleets";
import type { SynthesizedStack } from "../support/synth";
import { synthStack } from "../support/synth";

const url = "https://proxy.branch.example.com:3128";
const urls = ["https://fleet.example.com:8220"];
const mirror = "https://artifacts.example.com/downloads/";
const generated = CertificateAuthoritySource.generated();
const onHosts = CertificateAuthoritySource.trustOnly({ hostPath: "/etc/pki/proxy-ca.pem" });
const system = CertificateAuthoritySource.system();

/** Agents of a branch behind a proxy, and one elsewhere. */
function branch(fleet: FleetBase, options: Partial<FleetProxyOptions> = {}): FleetProxy {
  const fleetProxy = fleet.addFleetProxy("branch", { url, ...options });
  const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls, fleetProxy });
  const dataOutput = fleet.addOutput("branch", { fleetProxy });
  fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("branch", { fleetServerHosts, dataOutput }) });
  fleet.addAgent("web-2");
  return fleetProxy;
}

const withBranch = (options: Partial<FleetProxyOptions>, pinFleetCa = false): SynthesizedStack =>
  synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps({ pinFleetCa }));
    branch(fleet, options);
    fleet.addKibana("kibana");
  });

const kibanaText = (stack: SynthesizedStack): string => String(stack.local("fleet_kibana_settings"));
const commandOf = (stack: SynthesizedStack, agent: string): string =>
  String(stack.local(`fleet_agents_${agent}_command`));
const filesOf = (stack: SynthesizedStack, folder: string): string[] =>
  stack
    .resources("local_file")
    .map(({ attributes }) => String(attributes["filename"]))
    .filter((name) => name.includes(`/${folder}/`))
    .map((name) => name.slice(name.lastIndexOf("/") + 1));

describe("Kibana's object", () => {
  test("has no CA for Fleet Server hosts and outputs, so nothing that agents trust is replaced", () => {
    const text = kibanaText(withBranch({ ca: generated, proxyHeaders: { "X-Site": "berlin" } }));
    expect(text).toContain(
      `"xpack.fleet.proxies" = [{"id" = "stack-fleet-branch", "name" = "stack-fleet branch", "url" = "${url}", ` +
        '"proxy_headers" = {"X-Site" = "berlin"}}]',
    );
    expect(text).toContain(`"host_urls" = ["${urls[0]}"], "proxy_id" = "stack-fleet-branch"`);
    expect(text).toMatch(
      /"id" = "stack-fleet-branch", "name" = "stack-fleet branch", "type" = "elasticsearch".*?"proxy_id" = "stack-fleet-branch"/,
    );
    expect(text.match(/proxy_id/g)).toHaveLength(2);
  });

  test("is a file, which is a prerequisite where no Kibana declares it", () => {
    const stack = synthStack((one) => void branch(new OneWayFleetTls(one, "fleet", fleetProps())));
    expect(filesOf(stack, "fleet-proxies")).toEqual(["branch.json"]);
    expect(stack.text).toContain(
      "the Fleet proxy `stack-fleet-branch` in Kibana, which is `fleet-proxies/branch.json` as the body of " +
        "`POST /api/fleet/proxies`; select it in the Fleet Server hosts `stack-fleet-branch`, the output `stack-fleet-branch`",
    );
    expect(withBranch({}).text).not.toContain("POST /api/fleet/proxies`; select");
  });

  test("belongs to its fleet", () => {
    synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      branch(fleet);
      expect(FleetProxy.of(fleet).map(({ proxyId }) => proxyId)).toEqual(["stack-fleet-branch"]);
    });
  });
});

describe("an agent of Fleet Server hosts with a Fleet proxy", () => {
  test("enrolls through it and trusts its CA in addition to the fleet CA", () => {
    const stack = withBranch({ ca: generated, proxyHeaders: { "X-Site": "berlin" } });
    const command = commandOf(stack, "web-1");
    expect(command).toContain(`--proxy-url=${url}`);
    expect(command).toContain("--proxy-header=X-Site=berlin");
    expect(command).toContain(
      "--certificate-authorities=/etc/elastic-agent/certs/fleet-ca.pem,/etc/elastic-agent/certs/proxy-ca.pem",
    );
    expect(filesOf(stack, "agents/web-1")).toContain("proxy-ca.pem");
  });

  test("accepts the pins of both CAs", () => {
    const pinOfProxy = "local.fleet_fleet-proxy-ca-branch_descriptions";
    const stack = withBranch({ ca: generated }, true);
    expect(commandOf(stack, "web-1")).toContain(pinOfProxy);
    expect(commandOf(stack, "web-2")).not.toContain(pinOfProxy);
    expect(commandOf(withBranch({}, true), "web-1")).toContain("--ca-sha256");
    expect(() => withBranch({ ca: onHosts }, true)).toThrow("has no fingerprint and no pin here");
  });

  test("names a CA that is on the hosts by its path", () => {
    const stack = withBranch({ ca: onHosts });
    expect(commandOf(stack, "web-1")).toContain("fleet-ca.pem,/etc/pki/proxy-ca.pem");
    expect(filesOf(stack, "agents/web-1")).not.toContain("proxy-ca.pem");
  });

  test("leaves other agents as they are", () => {
    const stack = withBranch({ ca: generated });
    expect(commandOf(stack, "web-2")).not.toContain("proxy");
    expect(filesOf(stack, "agents/web-2")).not.toContain("proxy-ca.pem");
    expect(filesOf(stack, "fleet-server")).not.toContain("proxy-ca.pem");
  });

  test("gets the proxy by HTTPS_PROXY in a container, which has no variable for the flag", () => {
    const stack = synthStack((one) => {
      const fleet = new OneWayFleetTls(one, "fleet", fleetProps());
      const fleetProxy = fleet.addFleetProxy("branch", { url, ca: generated });
      const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls, fleetProxy });
      fleet.addAgent("web-1", { fleetServerHosts, container: true });
    });
    const [file] = stack
      .resources("local_file")
      .filter(({ attributes }) => String(attributes["filename"]).endsWith("web-1/container.env"));
    expect(file?.attributes["content"]).toContain(`"HTTPS_PROXY=", "${url}"`);
    expect(file?.attributes["content"]).toContain("fleet-ca.pem,/etc/elastic-agent/certs/proxy-ca.pem");
  });
});

describe("an output with a Fleet proxy", () => {
  const outputText = (stack: SynthesizedStack): string => String(stack.local("fleet_outputs_branch_settings"));

  test("lists the proxy's CA in addition to that of Elasticsearch, and keeps its own client pair", () => {
    const text = outputText(withBranch({ ca: generated }));
    expect(text).toMatch(
      /"certificate_authorities" = \[local\.fleet_elasticsearch-ca_trust-bundle_\w+, local\.fleet_fleet-proxy-ca-branch_trust-bundle_\w+\]/,
    );
    expect(text).toContain('"certificate" = "/etc/elastic-agent/certs/agent-cert.pem"');
    expect(text).not.toContain("strict");
  });

  test("checks Elasticsearch's name if the proxy's CA signs for others", () => {
    const text = outputText(withBranch({ ca: onHosts }));
    expect(text).toContain('"verification_mode" = "strict"');
    expect(text).toContain(', "/etc/pki/proxy-ca.pem"]');
  });

  test("is as without one if the operating system's CAs verify the proxy", () => {
    expect(outputText(withBranch({}))).toMatch(
      /"certificate_authorities" = \[local\.fleet_elasticsearch-ca_trust-bundle_\w+\]/,
    );
  });
});

describe("a download source with a Fleet proxy", () => {
  const withSource = (proxyCa: boolean, trust?: OutputTrust): SynthesizedStack =>
    synthStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", fleetProps());
      const fleetProxy = fleet.addFleetProxy("mirror", { url, ...(proxyCa && { ca: generated }) });
      const downloadSource = fleet.addDownloadSource("mirror", { url: mirror, ca: generated, trust, fleetProxy });
      fleet.addAgent("web-1", { policy: fleet.addAgentPolicy("web", { downloadSource }) });
    });
  const proxyText = (stack: SynthesizedStack): string => String(stack.local("fleet_fleet-proxies_mirror_settings"));

  test("has its CA in the proxy's object, which replaces its own ssl, whether the proxy has a CA or not", () => {
    expect(proxyText(withSource(false))).toMatch(
      /"certificate_authorities" = local\.fleet_download-ca-mirror_trust-bundle_\w+\}/,
    );
    expect(proxyText(withSource(true))).toMatch(
      /"certificate_authorities" = join\("", \[local\.fleet_download-ca-mirror_trust-bundle_\w+, local\.fleet_fleet-proxy-ca-mirror_trust-bundle_\w+\]\)/,
    );
    const source = String(withSource(true).local("fleet_download-sources_mirror_settings"));
    expect(source).toContain('"proxy_id" = "stack-fleet-mirror"');
    expect(source).not.toContain("ssl");
  });

  test("names one file with both CAs with HOST_FILE", () => {
    const stack = withSource(true, OutputTrust.HOST_FILE);
    expect(proxyText(stack)).toContain('"certificate_authorities" = "/etc/elastic-agent/certs/download-ca.pem"');
    const [file] = stack
      .resources("local_file")
      .filter(({ attributes }) => String(attributes["filename"]).endsWith("web-1/download-ca.pem"));
    expect(String(file?.attributes["content"]).match(/trust-bundle/g)).toHaveLength(2);
  });
});

describe("is refused", () => {
  const refused = (build: (fleet: MutualFleetTls, other: FleetBase) => void, more = {}): string =>
    refusalOf((stack) => {
      const other = new OneWayFleetTls(stack, "other", fleetProps());
      build(new MutualFleetTls(stack, "fleet", fleetProps(more)), other);
    });
  const proxyOf = (fleet: FleetBase, ca?: CertificateAuthoritySource): FleetProxy =>
    fleet.addFleetProxy("branch", { url, ...(ca && { ca }) });

  test.each([
    ["a URL without a scheme", { url: "proxy.example.com:3128" }, "url is not the URL of a proxy"],
    ["a password in the URL", { url: "http://me:secret@proxy.example.com:3128" }, "url has a user or a password"],
    [
      "a header for authentication",
      { url, proxyHeaders: { "Proxy-Authorization": "x" } },
      "is a secret, or may be one",
    ],
    ["a header with a blank in its name", { url, proxyHeaders: { "X Site": "x" } }, "is not an HTTP header"],
  ])("%s", (_, options, problem) => {
    const text = refused((fleet) => fleet.addFleetProxy("branch", options));
    expect(text).toContain(problem);
    expect(text).not.toContain("me:secret");
  });

  test("a header that only Terraform knows", () => {
    const build = (fleet: FleetBase): void => {
      fleet.addFleetProxy("branch", { url, proxyHeaders: { "X-Site": secretVariable(fleet, "site") } });
    };
    expect(refused(build)).toContain("proxyHeaders.X-Site is a secret, or may be one");
  });

  test("a CA in front of a publicly trusted Fleet Server, Elasticsearch and download source; no CA is accepted", () => {
    const build =
      (use: (fleet: FleetBase, fleetProxy: FleetProxy) => void, ca?: CertificateAuthoritySource) =>
      (fleet: FleetBase): void =>
        use(fleet, proxyOf(fleet, ca));
    const uses: [(fleet: FleetBase, fleetProxy: FleetProxy) => void, string][] = [
      [
        (fleet, fleetProxy) => fleet.addFleetServerHosts("branch", { urls, fleetProxy }),
        "the CA of Fleet Server is system()",
      ],
      [
        (fleet, fleetProxy) => {
          fleet.addAgent("web-1");
          fleet.addOutput("branch", { fleetProxy });
        },
        "the CA of Elasticsearch is system()",
      ],
      [
        (fleet, fleetProxy) => fleet.addDownloadSource("mirror", { url: mirror, fleetProxy }),
        "the CA of the download source is system()",
      ],
    ];
    for (const [use, problem] of uses) {
      const refusal = refusalOf((stack) => {
        build(use, generated)(new ExternalFleetTls(stack, "fleet", externalProps()));
      });
      expect(refusal).toContain(problem);
      synthStack((stack) => {
        build(use)(new ExternalFleetTls(stack, "fleet", externalProps()));
      });
    }
  });

  test("a fingerprint of an output together with a CA", () => {
    const build = (fleet: FleetBase): void => {
      fleet.addOutput("branch", { fleetProxy: proxyOf(fleet, generated), trust: OutputTrust.FINGERPRINT });
    };
    expect(refused(build)).toContain("the proxy's CA would be the output's only one");
  });

  test("an output to Logstash", () => {
    const build = (fleet: FleetBase): void => {
      const logstash = fleet.addLogstash("logstash", { hosts: ["logstash.example.com:5044"] });
      fleet.addOutput("branch", { fleetProxy: proxyOf(fleet), to: [logstash] });
    };
    expect(refused(build)).toContain("fleetProxy is given for an output of type logstash");
  });

  test("options of the command's own proxy", () => {
    const build = (fleet: FleetBase): void => {
      const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls, fleetProxy: proxyOf(fleet) });
      fleet.addAgent("web-1", { fleetServerHosts, proxyUrl: url });
    };
    expect(refused(build)).toContain("proxyUrl is given, but the Fleet Server hosts");
    const ofPolicy = (fleet: FleetBase): void => {
      const fleetServerHosts = fleet.addFleetServerHosts("branch", { urls, fleetProxy: proxyOf(fleet) });
      fleet.addAgentPolicy("web", { fleetServerHosts, proxyUrl: url });
    };
    expect(refused(ofPolicy)).toContain("agent-policies/web: proxyUrl is given, but the Fleet Server hosts");
  });

  test("that of another fleet", () => {
    expect(refused((fleet, other) => fleet.addOutput("branch", { fleetProxy: proxyOf(other) }))).toContain(
      "fleetProxy is a Fleet proxy of another fleet",
    );
  });

  test("one that a download source's CA would get for Fleet Server too, and a second one is accepted", () => {
    const use = (fleet: FleetBase, fleetProxy: FleetProxy, second: FleetProxy): void => {
      fleet.addFleetServerHosts("branch", { urls, fleetProxy });
      fleet.addDownloadSource("mirror", { url: mirror, ca: generated, fleetProxy: second });
    };
    const one = (fleet: FleetBase): void => {
      const proxy = proxyOf(fleet);
      use(fleet, proxy, proxy);
    };
    expect(refused(one)).toContain("add another Fleet proxy with the same url and ca for the download source");
    synthStack((stack) => {
      const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
      use(fleet, proxyOf(fleet), fleet.addFleetProxy("mirror", { url }));
    });
  });

  test("CAs of a download source of which one is only on the hosts, unless both are in one file there", () => {
    const source = (fleet: FleetBase, ca: CertificateAuthoritySource): void => {
      fleet.addDownloadSource("mirror", { url: mirror, ca, fleetProxy: proxyOf(fleet, onHosts) });
    };
    expect(refused((fleet) => source(fleet, generated))).toContain("one of them is only on the hosts");
    const stack = synthStack((one) => source(new MutualFleetTls(one, "fleet", fleetProps()), onHosts));
    expect(stack.local("fleet_fleet-proxies_branch_settings")).toContain(
      '"certificate_authorities" = "/etc/pki/proxy-ca.pem"',
    );
  });

  test.each(["8.6.2", "9.1.0"])("a Kibana of %s, which writes no proxies into policies", (version) => {
    const build = (fleet: FleetBase): void => {
      proxyOf(fleet);
      fleet.addKibana("kibana", { stackVersion: StackVersion.of(version) });
    };
    expect(refused(build)).toContain("does not write Fleet proxies into policies");
  });
});

test("a URL that only Terraform knows is checked at plan, without a user", () => {
  const stack = synthStack((one) => {
    const fleet = new MutualFleetTls(one, "fleet", fleetProps());
    fleet.addFleetProxy("branch", { url: variable(one, "proxy"), ca: system });
  });
  expect(stack.text).toContain("fleet-proxies/branch: url is not usable");
});
