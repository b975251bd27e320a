import { Construct } from "constructs";

import type { HostCommand, HostReload, HostSettings, IFleetHost } from "../../lib";
import {
  Certificate,
  CertificateUsage,
  HostFiles,
  HostKind,
  KeyAlgorithm,
  MutualFleetTls,
  TargetPlatform,
  Validity,
} from "../../lib";
import { fleetProps } from "../support/fleets";
import { synthApp, synthStack } from "../support/synth";
import { TestStack } from "../support/apps";

const PROXY = new HostKind({ id: "proxy", title: "Proxy", folder: "proxies", reader: "the user that runs nginx" });

/** A kind of host that the library does not know, written against its published members alone. */
class Proxy extends Construct implements IFleetHost {
  public readonly kind = PROXY;
  public readonly folder: string;
  public readonly files: HostFiles;
  public readonly certificates: Certificate[];
  public readonly commands: HostCommand[] = [];
  public readonly settingsFiles: HostSettings[];
  public readonly platform = TargetPlatform.LINUX;
  public readonly isContainer = false;
  public readonly reload: HostReload = {
    isAutomatic: false,
    instruction: "Reload nginx.",
    afterCopy: "reload",
    command: "sudo nginx -s reload",
  };

  constructor(
    scope: Construct,
    public readonly id: string,
    fleet: MutualFleetTls,
  ) {
    super(scope, id);
    this.folder = `${this.kind.folder}/${id}`;
    this.files = new HostFiles(this, "files", {
      platform: this.platform,
      hostDirectory: "/etc/nginx/certs",
      outputDirectory: `${fleet.outputDirectory}/${this.folder}`,
    });
    const certificate = new Certificate(this, "proxy-cert", {
      issuer: fleet.fleetCa,
      commonName: id,
      usage: CertificateUsage.SERVER,
      names: ["proxy.example.com"],
      keyAlgorithm: KeyAlgorithm.ECDSA_P256,
      validity: Validity.days(30),
    });
    this.files.addCertificate("proxy-cert.pem", certificate);
    this.files.addTrust("fleet-ca.pem", fleet.fleetServerTrust);
    this.certificates = [certificate];
    this.settingsFiles = [
      { title: "For nginx.conf", file: "nginx.conf", text: "ssl on;", hint: "Include `nginx.conf`." },
    ];
    fleet.addHost(this);
  }
}

/** The text of the resource at a path. */
const contentOf = (stack: ReturnType<typeof synthStack>, path: string): string =>
  stack.resource(path).attributes["content"] as string;

test("a fleet has one list of its hosts, in the order in which they were added", () => {
  synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "fleet", fleetProps());
    fleet.addAgent("web-1");
    fleet.addKibana("kibana");
    fleet.addElasticsearchNode("es-2");
    fleet.addFleetServer("fleet-b");
    expect(fleet.hosts.map(({ id, kind, folder }) => [kind.id, id, folder])).toEqual([
      ["fleet-server", "fleet-server", "fleet-server"],
      ["elasticsearch", "elasticsearch", "elasticsearch"],
      ["agent", "web-1", "agents/web-1"],
      ["kibana", "kibana", "kibana/kibana"],
      ["elasticsearch", "es-2", "elasticsearch-nodes/es-2"],
      ["fleet-server", "fleet-b", "fleet-servers/fleet-b"],
    ]);
    expect(fleet.agents.map(({ id }) => id)).toEqual(["web-1"]);
    expect(fleet.fleetServers.map(({ id }) => id)).toEqual(["fleet-server", "fleet-b"]);
  });
});

describe("a kind of host that the library does not know", () => {
  const stack = synthStack((scope) => {
    const fleet = new MutualFleetTls(scope, "fleet", fleetProps({ operatorPage: true, certificateOutputs: true }));
    new Proxy(scope, "edge-1", fleet);
  });

  test("is in the runbook: its folder, its files, and how to reload it", () => {
    const runbook = contentOf(stack, "fleet/runbook/file");
    expect(runbook).toContain("| Proxy on Linux or macOS | `/etc/nginx/certs` | reload | proxies/edge-1 |");
    expect(runbook).toContain("- Proxy: `sudo nginx -s reload`");
  });

  test("is on the operator page: its card, its certificate and its settings", () => {
    const input = JSON.stringify(stack.dataSource("fleet/operator-page/render").attributes);
    for (const text of ["Proxy", "proxies/edge-1", "proxy-cert.pem", "For nginx.conf", "the user that runs nginx"]) {
      expect(input).toContain(text);
    }
  });

  test("has its certificate in the outputs and in the renewal dates", () => {
    expect(Object.keys(stack.outputs["fleet-certificates"]!["value"])).toContain("proxies/edge-1/proxy-cert");
    expect(JSON.stringify(stack.local("fleet_renewals"))).toContain("edge-1_proxy-cert_certificate");
  });
});

test("a host of another stack has its renewal date there", () => {
  const stacks = synthApp((app) => {
    const fleet = new MutualFleetTls(new TestStack(app, "home"), "fleet", fleetProps());
    new Proxy(new TestStack(app, "edge"), "edge-1", fleet);
  });
  expect(Object.keys(stacks["edge"]!.outputs)).toEqual(["fleet-next-renewal"]);
});
