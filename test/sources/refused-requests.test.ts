import * as fs from "node:fs";

import type { App } from "cdktf";

import type { CertificateAuthority } from "../../lib";
import { CertificateSource, CertificateUsage } from "../../lib";
import { refusalOf, TestStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { synthStack } from "../support/synth";
import { TerraformProject } from "../support/terraform";
import { GivenPki } from "./given-pki";
import { request, REFUSED_REQUESTS, RIGHT, WANTED } from "./refused-requests";

const pki = new GivenPki();
const project = new TerraformProject();

beforeAll(() => {
  for (const { name, make } of REFUSED_REQUESTS) make(pki, name);
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

/** A server's certificate of that request. */
function use(stack: TestStack, name: string, source: CertificateSource): void {
  const props = { commonName: name, names: WANTED, usage: CertificateUsage.SERVER, source };
  const existing = stack.node.tryFindChild("ca") as CertificateAuthority | undefined;
  testCertificate(stack, existing ?? testAuthority(stack), props, name);
}

const text = (name: string): string => fs.readFileSync(pki.path(`${name}.csr`), "utf8");
const fromText = (name: string): CertificateSource => CertificateSource.fromCertificateRequest({ pem: text(name) });

describe("a request as text is refused at synth", () => {
  test.each(REFUSED_REQUESTS.filter(({ planOnly }) => !planOnly))("$name", ({ name, says }) => {
    const message = refusalOf((stack) => use(stack, name, fromText(name)));
    expect(message).toContain(`stack/${name}: the certificate request`);
    expect(message).toMatch(new RegExp(says.source.replace("; ", "; allowed: .*; ")));
  });
});

describe("a request in a file is refused at plan, all of a stack at once", () => {
  let refusal: string;

  beforeAll(async () => {
    project.synth((app: App) => {
      const stack = new TestStack(app);
      for (const { name } of REFUSED_REQUESTS) {
        use(stack, name, CertificateSource.fromCertificateRequest({ file: pki.path(`${name}.csr`) }));
      }
    });
    refusal = await project.refusal("stack");
  });

  test.each(REFUSED_REQUESTS)("$name", ({ name, says }) => {
    const file = pki.path(`${name}.csr`);
    const message = refusal
      .split(/ Error: /)
      .find((one) => one.includes(`stack/${name}: the certificate request (${file})`));
    expect(message).toMatch(says);
  });
});

describe("a request is signed", () => {
  test.each(Object.entries(RIGHT))("%s", (name, extensions) => {
    request(pki, "right", { extensions });
    const stack = synthStack((stack) => use(stack, "right", fromText("right")));
    const { attributes } = stack.resource("right/certificate");
    expect([name, attributes["cert_request_pem"]]).toEqual([name, text("right")]);
    expect(attributes["allowed_uses"]).toEqual(["digital_signature", "server_auth"]);
  });
});
