import type { AgentOptions, FleetServerOptions } from "../../lib";
import { CertificateSource, ExternalFleetTls, KeyPassphrase, OneWayFleetTls } from "../../lib";
import { refusalOf, withStack } from "../support/apps";
import { externalProps, fleetProps } from "../support/fleets";

const source = CertificateSource.generated();
const WHAT = "is given in a fleet without client certificates, which asks for none";

describe("in a fleet without client certificates, what only they have use for is refused", () => {
  test.each<[string, AgentOptions]>([
    ["certificate", { certificate: source }],
    ["keyPassphrase", { keyPassphrase: KeyPassphrase.generated() }],
  ])("an agent's %s", (prop, options) => {
    const ofOneWay = refusalOf((stack) => {
      new OneWayFleetTls(stack, "fleet", fleetProps()).addAgent("web-1", options);
    });
    const ofExternal = refusalOf((stack) => {
      new ExternalFleetTls(stack, "fleet", externalProps()).addAgent("web-1", options);
    });
    expect([ofOneWay, ofExternal]).toEqual([
      expect.stringContaining(`web-1: ${prop} ${WHAT}`),
      expect.stringContaining(`web-1: ${prop} ${WHAT}`),
    ]);
  });

  test.each<[string, FleetServerOptions]>([
    ["agentCertificate", { agentCertificate: source }],
    ["elasticsearchClientCertificate", { elasticsearchClientCertificate: source }],
  ])("a Fleet Server's %s", (prop, fleetServer) => {
    expect(
      refusalOf((stack) => {
        new OneWayFleetTls(stack, "fleet", { ...fleetProps(), fleetServer });
      }),
    ).toContain(`${prop} ${WHAT}`);
  });

  test("what servers have use for is not", () => {
    withStack((stack) => {
      const fleet = new OneWayFleetTls(stack, "fleet", { ...fleetProps(), fleetServer: { certificate: source } });
      fleet.addAgent("web-1", { serverNames: ["web-1.example.com"], serverCertificate: source });
    });
  });
});
