import { ClientAuthentication, MutualFleetTls } from "../../lib";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";

/** Contents of the files of a fleet on its way from one-way to mutual TLS, by the end of their paths. */
function contents(outputClientCertificates?: boolean): (file: string) => string {
  const stack = synthStack((scope) => {
    const fleet = new MutualFleetTls(scope, "fleet", {
      ...fleetProps(),
      clientAuthentication: ClientAuthentication.OPTIONAL,
      ...(outputClientCertificates !== undefined && { outputClientCertificates }),
    });
    fleet.addAgent("web-1");
    fleet.addOutput("default");
    fleet.addKibana("kibana");
  });
  return (file) => {
    const [found, ...more] = stack
      .resources()
      .filter(({ attributes }) => String(attributes["filename"]).endsWith(`/${file}`));
    expect([found?.path, more]).toEqual([expect.anything(), []]);
    return stack.resolved(found!.attributes["content"]);
  };
}

const OUTPUTS = ["outputs/default.yml", "kibana/kibana/kibana.tls.yml"];
const CERTIFICATE = "agent-cert.pem";

test("outputs and Kibana's settings name the agents' certificate, unless that is held back", () => {
  for (const file of OUTPUTS) {
    expect(contents()(file)).toContain(CERTIFICATE);
    expect(contents(true)(file)).toContain(CERTIFICATE);
    expect(contents(false)(file)).not.toMatch(/agent-cert/);
    expect(contents(false)(file)).toContain("certificate_authorities");
  }
});

test("the hosts have the certificate and their commands name it in either case", () => {
  const [held, named] = [contents(false), contents()];
  for (const file of ["agents/web-1/install-command.sh", "fleet-server/install-command.sh"]) {
    expect(held(file)).toBe(named(file));
    expect(held(file)).toContain(CERTIFICATE);
  }
});
