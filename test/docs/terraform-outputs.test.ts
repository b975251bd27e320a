import * as fs from "node:fs";
import * as path from "node:path";

import {
  CertificateAuthoritySource,
  CertificateSource,
  EnrollmentToken,
  ExternalFleetTls,
  MutualFleetTls,
  ServiceToken,
} from "../../lib";
import { fleetProps, secretVariable } from "../support/fleets";
import { Pki } from "../support/pki";
import { synthStack } from "../support/synth";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "terraform-outputs.md"), "utf8");

const pki = new Pki();
afterAll(() => pki.dispose());

/** What the page's table says of the shape of each output. */
function documented(): Record<string, string> {
  const rows = PAGE.matchAll(/^\| `fleet-([\w-]+)` \| ([^|]+) \|/gm);
  return Object.fromEntries(
    [...rows].map(([, id, shape]) => [id!, /^(?:sensitive )?(?:list|map|string)/.exec(shape!)![0]]),
  );
}

function shapeOf({ value, sensitive }: Record<string, unknown>): string {
  const isList = typeof value === "string" && value.startsWith("${compact(");
  const shape = isList ? "list" : typeof value === "string" ? "string" : "map";
  return sensitive === true ? `sensitive ${shape}` : shape;
}

test("the page has every output and its shape", () => {
  pki.authority("es-ca");
  const { outputs } = synthStack((stack) => {
    const fleet = new MutualFleetTls(stack, "self-managed", {
      ...fleetProps(),
      certificateOutputs: true,
      elasticsearchCa: CertificateAuthoritySource.trustOnly({ pem: pki.text("es-ca") }),
    });
    fleet.addFleetServer("fleet-server-2");
    fleet.addKibana("kibana", {
      url: "https://kibana.example.com:5601",
      clientCertificate: CertificateSource.generated(),
    });
    fleet.addFleetServer("fleet-server-3", {
      serviceToken: ServiceToken.onCommandLine(secretVariable(stack, "service")),
    });
    fleet.addAgent("web-1", {
      serverNames: ["apm.example.com"],
      certificate: CertificateSource.fromCertificateRequest({ file: "requests/web-1.pem" }),
    });
    fleet.addAgent("web-2", { enrollmentToken: EnrollmentToken.onCommandLine(secretVariable(stack, "token")) });
    new ExternalFleetTls(stack, "elsewhere", {
      fleetServerUrl: "https://fleet.example.org:8220",
      elasticsearchUrl: "https://es.example.org:9200",
      agentEnrollmentToken: EnrollmentToken.fromEnvironment("TOKEN"),
      agentCa: CertificateAuthoritySource.generated(),
    }).addAgent("web-3");
  });
  const found = Object.entries(outputs).map(([name, output]) => [
    name.replace(/^(?:self-managed|elsewhere)-/, ""),
    shapeOf(output),
  ]);
  expect(documented()).toEqual(Object.fromEntries(found));
});
