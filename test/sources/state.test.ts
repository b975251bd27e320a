import * as fs from "node:fs";
import * as path from "node:path";

import type { App } from "cdktf";

import {
  Agent,
  CertificateAuthoritySource as Source,
  CertificateSource,
  KeyPassphrase,
  MutualFleetTls,
  Validity,
} from "../../lib";
import { TestStack } from "../support/apps";
import { testAuthority, testCertificate } from "../support/certificates";
import { fleetProps, secretVariable } from "../support/fleets";
import { TerraformProject } from "../support/terraform";
import { CA, GivenPki } from "./given-pki";
import { traceOf } from "./traces";

/** One line of the table in docs/state.md: a source, the stack whose state is searched, and what it is searched for. */
interface Row {
  readonly source: string;
  readonly whose: string;
  readonly stack: string;
  /** The private key as PEM, and its passphrase if it has one. */
  readonly secret: () => { readonly key: string; readonly passphrase?: string };
}

const PASSPHRASE = `what-the-ca-is-locked-with-${Math.random().toString(36).slice(2)}`;
const ITS_OWN = "its own stack's";
const pki = new GivenPki();
const project = new TerraformProject();
const keyOf = (name: string) => () => ({ key: pki.text(`${name}-key`) });

const ROWS: Row[] = [
  { source: "CA `generated()`", whose: ITS_OWN, stack: "generated", secret: generatedKey("generated", "ca_") },
  {
    source: "CA `generated()` that signs in another stack",
    whose: "the other stack's",
    stack: "signed-for",
    secret: generatedKey("generated", "ca_"),
  },
  {
    source: "CA `intermediate({ issuer })`",
    whose: ITS_OWN,
    stack: "intermediate",
    secret: generatedKey("intermediate", "ca_"),
  },
  {
    source: "its `issuer`, made in another stack",
    whose: "the intermediate's",
    stack: "intermediate",
    secret: generatedKey("generated", "ca_"),
  },
  {
    source: "agent CA with `intermediatePerStack`",
    whose: "the stack's of other agents",
    stack: "agents",
    secret: generatedKey("fleet", "fleet_agent-ca_generation-1"),
  },
  {
    source: "the intermediate that it makes for them",
    whose: "the stack's of other agents",
    stack: "agents",
    secret: generatedKey("fleet", "fleet_agent-ca_stack-agents"),
  },
  { source: "CA `fromPem`", whose: ITS_OWN, stack: "from-pem", secret: keyOf("from-pem") },
  { source: "CA `fromFiles`", whose: ITS_OWN, stack: "from-files", secret: keyOf("from-files") },
  {
    source: "CA `fromFiles` with a passphrase",
    whose: ITS_OWN,
    stack: "from-locked-files",
    secret: () => ({ ...keyOf("locked")(), passphrase: PASSPHRASE }),
  },
  { source: "CA `trustOnly`", whose: ITS_OWN, stack: "trust-only", secret: keyOf("trust-only") },
  {
    source: "certificate `generated()`",
    whose: ITS_OWN,
    stack: "fleet",
    secret: () => ({ key: staged("agents/plain/agent-cert-key.pem") }),
  },
  {
    source: "certificate `generated()` with a `KeyPassphrase`",
    whose: ITS_OWN,
    stack: "fleet",
    secret: () => ({
      key: staged("agents/locked/agent-cert-key.pem"),
      passphrase: staged("agents/locked/agent-cert-key-passphrase"),
    }),
  },
  {
    source: "certificate `fromCertificateRequest`",
    whose: ITS_OWN,
    stack: "fleet",
    secret: () => ({ key: pki.text("born-key"), passphrase: PASSPHRASE }),
  },
  {
    source: "certificate `onHost`",
    whose: ITS_OWN,
    stack: "fleet",
    secret: () => ({ key: pki.text("on-host-key"), passphrase: PASSPHRASE }),
  },
];

function build(app: App): void {
  const stack = (id: string): TestStack => new TestStack(app, id);
  const short = { validity: Validity.days(1) };
  const use = (id: string, source: (own: TestStack) => Source): void => {
    const own = stack(id);
    const authority = testAuthority(own, "ca", source(own));
    if (authority.canIssue) testCertificate(own, authority, short);
  };
  const files = (name: string) => ({ certificate: pki.path(`${name}.pem`), privateKey: pki.path(`${name}-key.pem`) });

  const generated = testAuthority(stack("generated"), "ca");
  testCertificate(stack("signed-for"), generated, short);
  use("intermediate", () => Source.intermediate({ issuer: generated }));
  use("from-pem", (own) =>
    Source.fromPem({ certificate: pki.text("from-pem"), privateKey: secretVariable(own, "key") }),
  );
  use("from-files", () => Source.fromFiles(files("from-files")));
  use("from-locked-files", (own) =>
    Source.fromFiles({
      certificate: pki.path("locked.pem"),
      privateKey: pki.path("really-locked-key.pem"),
      passphrase: secretVariable(own, "passphrase"),
    }),
  );
  use("trust-only", () => Source.trustOnly({ file: pki.path("trust-only.pem") }));

  const fleet = new MutualFleetTls(stack("fleet"), "fleet", {
    ...fleetProps({ outputDirectory: "fleet-tls" }),
    intermediatePerStack: true,
  });
  fleet.addAgent("plain");
  fleet.addAgent("locked", { keyPassphrase: KeyPassphrase.generated() });
  const passphrasePath = "/etc/pki/passphrase";
  fleet.addAgent("born", {
    certificate: CertificateSource.fromCertificateRequest({ file: pki.path("born.csr"), passphrasePath }),
  });
  fleet.addAgent("on-host", {
    certificate: CertificateSource.onHost({
      certificatePath: "/etc/pki/agent.pem",
      privateKeyPath: "/etc/pki/agent-key.pem",
      passphrasePath,
    }),
  });
  new Agent(stack("agents"), "elsewhere", { fleet });
}

beforeAll(async () => {
  for (const name of ["from-pem", "from-files", "locked", "trust-only"]) {
    pki.certificate(name, { extensions: CA, days: 3650 });
  }
  pki.lock("locked", "really-locked", PASSPHRASE, "pkcs8", "-topk8", "-v2", "aes-256-cbc");
  pki.key("on-host");
  pki.key("born");
  pki.openssl("req", "-new", "-key", "born-key.pem", "-subj", "/CN=born", "-out", "born.csr");
  project.synth(build);
  // A stack that reads another's outputs comes after it.
  const later = ["signed-for", "intermediate", "agents"];
  const variables = { key: pki.text("from-pem-key"), passphrase: PASSPHRASE };
  for (const id of [...Object.keys(project.stacks).filter((each) => !later.includes(each)), ...later]) {
    await project.apply(id, { variables });
  }
});
afterAll(() => {
  project.dispose();
  pki.dispose();
});

const measured = (): string[][] =>
  ROWS.map(({ source, whose, stack, secret }) => {
    const { key, passphrase } = secret();
    const state = project.read(`terraform.${stack}.tfstate`).replace(/\\[nr]|\s/g, "");
    const isKeyThere = traceOf(key, passphrase).some((trace) => state.includes(trace));
    const isPassphraseThere = passphrase !== undefined && state.includes(passphrase);
    const word = (isThere: boolean): string => (isThere ? "**in it**" : "not in it");
    return [source, whose, word(isKeyThere), passphrase === undefined ? "" : word(isPassphraseThere)];
  });

test("docs/state.md lists for every source what the state of a real deploy contains", () => {
  const page = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "state.md"), "utf8");
  const [table = ""] = /^\|[^]*?\n\n/m.exec(page) ?? [];
  const [, , ...documented] = table
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(documented).toEqual(measured());
});

test("no key that was generated on its host, and no passphrase of one, is in any state", () => {
  const all = Object.keys(project.stacks).map((id) => project.read(`terraform.${id}.tfstate`));
  const flat = all.join("\n").replace(/\\[nr]|\s/g, "");
  for (const name of ["born", "on-host", "trust-only"]) {
    for (const trace of traceOf(pki.text(`${name}-key`))) expect([name, flat.includes(trace)]).toEqual([name, false]);
  }
});

test("a search by such traces finds a key in each form that a state can contain", () => {
  const pem = pki.text("born-key");
  const traces = traceOf(pem);
  const der = pki.openssl("pkey", "-in", "born-key.pem", "-outform", "der");
  const forms = {
    "PKCS#8": pem,
    SEC1: pki.openssl("pkey", "-in", "born-key.pem", "-traditional").toString(),
    "PEM in base64": der.toString("base64"),
    hexadecimal: der.toString("hex"),
  };
  for (const [form, text] of Object.entries(forms)) {
    expect([form, traces.some((trace) => text.replace(/\s/g, "").includes(trace))]).toEqual([form, true]);
  }
});

function generatedKey(stack: string, prefix: string) {
  return () => {
    const [resource, ...more] = project
      .state(stack)
      .filter(({ type, name }) => type === "tls_private_key" && name.startsWith(prefix));
    if (!resource || more.length > 0) throw new Error(`${more.length + (resource ? 1 : 0)} keys ${prefix} in ${stack}`);
    return { key: String(resource.instances[0]!.attributes["private_key_pem_pkcs8"]) };
  };
}

function staged(file: string): string {
  return project.read("fleet-tls", file);
}
