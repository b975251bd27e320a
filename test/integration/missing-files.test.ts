import * as path from "node:path";

import type { App } from "cdktf";

import { CertificateAuthoritySource as Source, CertificateSource, MutualFleetTls } from "../../lib";
import { CA, GivenPki } from "../sources/given-pki";
import { TestStack } from "../support/apps";
import { fleetProps, variable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";

const pki = new GivenPki();
for (const name of ["fleet", "elasticsearch", "agents"]) pki.certificate(name, { extensions: CA });

const project = new TerraformProject((app: App) => {
  const bundles = new TestStack(app, "bundles");
  new MutualFleetTls(bundles, "fleet", {
    ...fleetProps(),
    fleetCa: Source.fromFiles({
      certificate: "pki/ca.pem",
      privateKey: "ca-key.pem",
      chain: "../ca.pem",
      dedicated: true,
    }),
    elasticsearchCa: Source.trustOnly({ file: variable(bundles, "es_ca") }),
    agentCa: Source.fromFiles({ certificate: "~/ca.pem", privateKey: "/nowhere/../ca-key.pem", dedicated: true }),
  });
  const keys = new TestStack(app, "keys");
  const certificate = (name: string): string => pki.path(`${name}.pem`);
  new MutualFleetTls(keys, "fleet", {
    ...fleetProps(),
    fleetCa: Source.trustOnly({ file: certificate("fleet"), dedicated: true }),
    elasticsearchCa: Source.fromFiles({
      certificate: certificate("elasticsearch"),
      privateKey: "/nowhere/../keys/ca.pem",
    }),
    agentCa: Source.fromFiles({
      certificate: certificate("agents"),
      privateKey: variable(keys, "key"),
      dedicated: true,
    }),
    fleetServer: {
      certificate: CertificateSource.onHost({
        certificatePath: "/c.pem",
        privateKeyPath: "/k.pem",
        file: "~/copy.pem",
      }),
    },
  });
  const pending = new TestStack(app, "pending");
  const fleet = new MutualFleetTls(pending, "fleet", fleetProps());
  const request = (file: string): { certificate: CertificateSource } => ({
    certificate: CertificateSource.fromCertificateRequest({ file }),
  });
  fleet.addAgent("relative", request("requests/web-1.csr"));
  fleet.addAgent("home", request("~/web-2.csr"));
  fleet.addAgent("variable", request(variable(pending, "request")));
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

test("the refusal names the absolute path that was tried, and says that ~ is not expanded", async () => {
  const [below, above] = [project.folder, path.dirname(project.folder)];
  const plain = "create the file or correct its path: a relative one starts at the folder that contains cdktf.out";
  const home = "write the path without ~, which Terraform does not expand there";
  const bundles = await project.refusal("bundles", { variables: { es_ca: "~/es-ca.pem" } });
  for (const [part, tried, fix] of [
    ["fleet-ca: the certificate (pki/ca.pem)", `${below}/pki/ca.pem`, plain],
    ["fleet-ca: the chain (../ca.pem)", `${above}/ca.pem`, plain],
    ["agent-ca: the certificate (~/ca.pem)", `${below}/~/ca.pem`, home],
    ["elasticsearch-ca: the certificate (~/es-ca.pem)", `${below}/~/es-ca.pem`, home],
  ]) {
    expect(bundles).toContain(`${part} does not exist: ${tried}; ${fix}`);
  }
  const keys = await project.refusal("keys", { variables: { key: "~/key.pem" } });
  for (const [part, tried, fix] of [
    ["elasticsearch-ca: the private key (/nowhere/../keys/ca.pem)", "/keys/ca.pem", plain],
    ["agent-ca: the private key (~/key.pem)", `${below}/~/key.pem`, home],
    ["fleet-server: the copy of fleet-cert (~/copy.pem)", `${below}/~/copy.pem`, home],
  ]) {
    expect(keys).toContain(`${part} does not exist: ${tried}; ${fix}`);
  }
});

test("a missing request is no error, and its output says that ~ is not expanded", async () => {
  const { json } = await project.plan("pending", { variables: { request: "~/web-3.csr" } });
  const script = "copy this folder to its host, run its script request-agent-cert there";
  expect(json.output_changes?.["fleet-certificate-requests"]?.after).toEqual({
    "agents/relative/agent-cert": `missing: ${script}, copy the request that it writes to requests/web-1.csr, and deploy again`,
    "agents/home/agent-cert": "missing: Terraform does not expand the ~ in ~/web-2.csr; write the path without it",
    "agents/variable/agent-cert": "missing: Terraform does not expand the ~ in ~/web-3.csr; write the path without it",
  });
});
