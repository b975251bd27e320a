import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ProxyOptions } from "../../../lib";
import {
  CertificateAuthoritySource,
  ClientAuthentication,
  ExternalFleetTls,
  MutualFleetTls,
  OneWayFleetTls,
  ProxySoftware,
  ProxyTarget,
} from "../../../lib";
import type { TestStack } from "../../support/apps";
import { inTemporaryFolder } from "../../support/apps";
import { TERRAFORM } from "../../support/execute";
import { fleetProps } from "../../support/fleets";
import { synthStack } from "../../support/synth";
import { envoyCheck } from "../programs";

const options: ProxyOptions = { proxySoftware: ProxySoftware.ENVOY, url: "https://proxy.example.com:8220" };

const CASES: Readonly<Record<string, (stack: TestStack) => void>> = {
  mutual: (stack) => void new MutualFleetTls(stack, "fleet", fleetProps()).addProxy("edge", options),
  "mutual, optional": (stack) =>
    void new MutualFleetTls(stack, "fleet", fleetProps()).addProxy("edge", {
      ...options,
      clientAuthentication: ClientAuthentication.OPTIONAL,
    }),
  "one-way": (stack) => void new OneWayFleetTls(stack, "fleet", fleetProps()).addProxy("edge", options),
  "before a Fleet Server in Elastic Cloud": (stack) => {
    const { agentEnrollmentToken, elasticsearchUrl } = fleetProps();
    const fleetServerUrl = "https://0123.fleet.us-east-1.aws.found.io:443";
    const agentCa = CertificateAuthoritySource.generated();
    const props = { fleetServerUrl, elasticsearchUrl, agentCa, ...(agentEnrollmentToken && { agentEnrollmentToken }) };
    new ExternalFleetTls(stack, "fleet", props).addProxy("edge", options);
  },
  "before Elasticsearch": (stack) =>
    void new MutualFleetTls(stack, "fleet", fleetProps()).addProxy("edge", {
      proxySoftware: ProxySoftware.ENVOY,
      target: ProxyTarget.ELASTICSEARCH,
      upstreamUrl: "https://es-1.example.com:9200",
    }),
};

/** The configuration as Terraform writes it. */
function configurationOf(build: (stack: TestStack) => void): string {
  const [, expression] = /^\$\{([^]*)\}$/.exec(String(synthStack(build).local("fleet_proxies_edge_configuration")))!;
  const printed = execFileSync(TERRAFORM, ["console"], {
    input: `jsonencode(${expression!})\n`,
    encoding: "utf8",
    stdio: "pipe",
  });
  return JSON.parse(JSON.parse(printed) as string) as string;
}

/** What Envoy's types say of a file: the messages in it, or why they do not take it. */
function judgement(program: string, text: string): string {
  return inTemporaryFolder((folder) => {
    const file = join(folder, "envoy.yaml");
    writeFileSync(file, text);
    try {
      return execFileSync(program, [file], { encoding: "utf8", stdio: "pipe" });
    } catch (cause) {
      return `refused: ${(cause as { stderr: string }).stderr}`;
    }
  });
}

const describeWherePossible = spawnSync("go", ["version"]).error === undefined ? describe : describe.skip;

describeWherePossible("Envoy's own types (go-control-plane)", () => {
  let program: string;
  beforeAll(() => {
    program = envoyCheck();
  });

  test.each(Object.entries(CASES))("%s: the configuration is a valid bootstrap", (_, build) => {
    const said = judgement(program, configurationOf(build));
    for (const type of ["DownstreamTlsContext 1", "UpstreamTlsContext 1", "HttpConnectionManager 1", "Router 1"]) {
      expect(said).toContain(type);
    }
  });

  test.each<[string, (text: string) => string]>([
    ["an unknown field", (text) => text.replace("require_client_certificate", "require_client_certificates")],
    ["a value that the API's rules refuse", (text) => text.replace('connect_timeout: "10s"', 'connect_timeout: "-1s"')],
    ["an unknown type", (text) => text.replace("tls.v3.UpstreamTlsContext", "tls.v3.UpstreamTls")],
  ])("%s is refused", (_, damage) => {
    const text = configurationOf(CASES["mutual"]!);
    expect(damage(text)).not.toBe(text);
    expect(judgement(program, damage(text))).toMatch(/^refused: /);
  });
});
