import * as fs from "node:fs";
import * as path from "node:path";

import type { AgentOptions, MutualFleetTlsProps } from "../../lib";
import { CertificateAuthoritySource, CertificateSource, KeyPassphrase, MutualFleetTls, OutputTrust } from "../../lib";
import { GivenPki } from "../sources/given-pki";
import type { TestStack } from "../support/apps";
import { fleetProps, secretVariable } from "../support/fleets";
import { synthStack } from "../support/synth";

const DOCS = path.join(__dirname, "..", "..", "docs");
const pki = new GivenPki();
beforeAll(() => pki.certificate("company", { days: 3650 }));
afterAll(() => pki.dispose());

type Build = (stack: TestStack) => void;

const fleet =
  (props: Partial<MutualFleetTlsProps>, agent: AgentOptions = {}): Build =>
  (stack) =>
    void new MutualFleetTls(stack, "fleet", { ...fleetProps(), ...props }).addAgent("web-1", agent);

const { generated, rotating, system, trustOnly } = CertificateAuthoritySource;
const pair = { certificatePath: "/pki/agent.pem", privateKeyPath: "/pki/agent-key.pem" };

/** What the page lists, by its words. */
const WITH_NODE: Readonly<Record<string, () => Build>> = {
  fromFiles: () => (stack) => {
    const given = { certificate: pki.path("company.pem"), privateKey: pki.path("company-key.pem"), dedicated: true };
    fleet({ fleetCa: CertificateAuthoritySource.fromFiles(given) })(stack);
  },
  fromPem: () => (stack) => {
    const given = { certificate: pki.text("company"), privateKey: secretVariable(stack, "key"), dedicated: true };
    fleet({ fleetCa: CertificateAuthoritySource.fromPem(given) })(stack);
  },
  trustOnly: () => fleet({ elasticsearchCa: trustOnly({ file: pki.path("company.pem"), dedicated: true }) }),
  KeyPassphrase: () => fleet({ agentKeyPassphrase: KeyPassphrase.generated() }),
  "CertificateSource.fromCertificateRequest": () =>
    fleet({}, { certificate: CertificateSource.fromCertificateRequest({ file: "web-1.csr" }) }),
  "CertificateSource.onHost": () =>
    fleet({}, { certificate: CertificateSource.onHost({ ...pair, file: "web-1.pem" }) }),
  operatorPage: () => fleet({ operatorPage: true }),
  certificateOutputs: () => fleet({ certificateOutputs: true }),
  pinFleetCa: () => fleet({ pinFleetCa: true }),
  pinElasticsearchCa: () => fleet({ pinElasticsearchCa: true }),
  "OutputTrust.FINGERPRINT": () => (stack) =>
    new MutualFleetTls(stack, "fleet", fleetProps()).addOutput("main", { trust: OutputTrust.FINGERPRINT }),
};

const WITHOUT_NODE: Readonly<Record<string, () => Build>> = {
  "the default": () => fleet({}),
  "a rotation": () =>
    fleet({ fleetCa: rotating({ generations: { "1": generated(), "2": generated() }, issuing: "1" }) }),
  "CAs of the hosts": () => fleet({ elasticsearchCa: system() }),
  "a pair on its host": () => fleet({}, { certificate: CertificateSource.onHost(pair) }),
  "Kibana, a proxy and receivers": () => (stack) => {
    const mutual = new MutualFleetTls(stack, "fleet", fleetProps());
    mutual.addKibana("kibana", { url: "https://kibana.example.com:5601" });
    mutual.addLogstash("logstash", { hosts: ["logstash.example.com:5044"] });
    mutual.addAgent("web-1", { serverNames: ["apm.example.com"] });
  },
};

const programs = (build: Build): string[] => Object.keys(synthStack(build).json["data"]?.["local_command"] ?? {});

test("docs/deploy.md lists what runs Node at plan", () => {
  const page = fs.readFileSync(path.join(DOCS, "deploy.md"), "utf8");
  const [, section = ""] = /\n## Node where Terraform plans\n([^]*?)\n## /.exec(page) ?? [];
  const listed = [...section.matchAll(/^- [^`]*(.*)$/gm)].flatMap(([, line]) =>
    [...line!.replace(/\([^)]*\)/g, "").matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  expect(listed.sort()).toEqual(Object.keys(WITH_NODE).sort());
});

test.each(Object.keys(WITH_NODE))("%s needs it", (name) => expect(programs(WITH_NODE[name]!())).not.toEqual([]));

test.each(Object.keys(WITHOUT_NODE))("%s does not", (name) => expect(programs(WITHOUT_NODE[name]!())).toEqual([]));
