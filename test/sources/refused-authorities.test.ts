import type { App } from "cdktf";

import {
  Certificate,
  CertificateAuthority,
  CertificateAuthoritySource,
  CertificateUsage,
  KeyAlgorithm,
  Validity,
} from "../../lib";
import type { TestStack } from "../support/apps";
import { refusalOf, TestStack as Stack } from "../support/apps";
import { secretVariable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import type { RefusedAuthority } from "./refused-authorities";
import { REFUSED_AUTHORITIES } from "./refused-authorities";
import { GivenPki } from "./given-pki";

const pki = new GivenPki();
const project = new TerraformProject();

beforeAll(() => {
  for (const { name, make } of REFUSED_AUTHORITIES) make(pki, name);
});
afterAll(() => {
  pki.dispose();
  project.dispose();
});

/** A CA of that source, and a leaf below it if it issues. */
function use(stack: TestStack, name: string, source: CertificateAuthoritySource): void {
  const keyAlgorithm = KeyAlgorithm.ECDSA_P256;
  const issuer = new CertificateAuthority(stack, name, { source, commonName: name, keyAlgorithm });
  if (!issuer.canIssue) return;
  const validity = Validity.days(1);
  new Certificate(stack, `leaf-of-${name}`, {
    issuer,
    commonName: name,
    usage: CertificateUsage.SERVER,
    keyAlgorithm,
    validity,
  });
}

function fromFiles({ name, issues, hasChain, anchor }: RefusedAuthority): CertificateAuthoritySource {
  const file = (part: string): string => pki.path(`${name}${part}.pem`);
  return issues
    ? CertificateAuthoritySource.fromFiles({
        certificate: file(""),
        privateKey: file("-key"),
        chain: hasChain ? file("-chain") : undefined,
        anchor,
      })
    : CertificateAuthoritySource.trustOnly({ file: file("") });
}

function fromText(stack: TestStack, { name, issues, hasChain, anchor }: RefusedAuthority): CertificateAuthoritySource {
  return issues
    ? CertificateAuthoritySource.fromPem({
        certificate: pki.text(name),
        privateKey: secretVariable(stack, `${name}-key`),
        chain: hasChain ? pki.text(`${name}-chain`) : undefined,
        anchor,
      })
    : CertificateAuthoritySource.trustOnly({ pem: pki.text(name) });
}

describe("a given CA as text is refused at synth", () => {
  test.each(REFUSED_AUTHORITIES.filter(({ planOnly }) => !planOnly))("$name", (each) => {
    const message = refusalOf((stack) => use(stack, each.name, fromText(stack, each)));
    expect(message).toMatch(new RegExp(`stack/${each.name}: ${each.part ?? "the certificate"}`));
    expect(message).toMatch(each.says.source.includes("; ") ? relaxed(each.says) : each.says);
  });
});

describe("a given CA in files is refused at plan, all of a stack at once", () => {
  let refusal: string;

  beforeAll(async () => {
    project.synth((app: App) => {
      const stack = new Stack(app);
      for (const each of REFUSED_AUTHORITIES) use(stack, each.name, fromFiles(each));
    });
    refusal = await project.refusal("stack");
  });

  test.each(REFUSED_AUTHORITIES)("$name", ({ name, says, part = "the certificate" }) => {
    const end = { "the certificate": "", "the chain": "-chain", "the private key": "-key" }[part];
    const message = refusal
      .split(/ Error: /)
      .find((one) => one.includes(`stack/${name}: ${part} (${pki.path(`${name}${end}.pem`)})`));
    expect(message).toMatch(says);
  });
});

/** At synth what is allowed is written between what is wrong and how to fix it. */
function relaxed(says: RegExp): RegExp {
  return new RegExp(says.source.replace("; ", "; allowed: .*; "));
}
