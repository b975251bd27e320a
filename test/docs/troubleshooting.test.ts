import * as fs from "node:fs";
import * as path from "node:path";

import { AGENT, ElasticFixture, MUTUAL, MUTUAL_AGENT, ONE_WAY } from "../conformance/elastic-fixture";
import { missing } from "../conformance/programs";
import type { Validators } from "../conformance/validators";
import { startValidators } from "../conformance/validators";
import { SERVER } from "../support/pki";

const PAGE = fs.readFileSync(path.join(__dirname, "..", "..", "docs", "troubleshooting.md"), "utf8");
const GO = missing("elastic-v0.46.3") === undefined;

/** The texts of the page that a test produces. */
const PRODUCED = [...PAGE.matchAll(/^\| (`[^|]*) \\\* \|/gm)].flatMap(([, texts]) =>
  [...texts!.matchAll(/`([^`]+)`/g)].map(([, text]) => text!),
);

test("every text that is said to be produced has a test", () => {
  const agents = Object.values(SYMPTOMS);
  const elsewhere = Object.keys(ELSEWHERE);
  expect([...PRODUCED].sort()).toEqual([...agents, ...elsewhere].sort());
});

/** Texts that other tests produce, by the test's file, in which the text stands. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "ERESOLVE unable to resolve dependency tree": "test/docs/deploy-symptoms.test.ts",
  "Failed to query available provider packages": "test/docs/deploy-symptoms.test.ts",
  "Invoking Terraform CLI failed with exit code 1": "test/deploy/lanes.test.ts",
  "x509: certificate relies on legacy Common Name field": "test/docs/deploy-symptoms.test.ts",
  "Inconsistent dependency lock file": "test/docs/deploy-symptoms.test.ts",
  "Invalid count argument": "test/docs/deploy-symptoms.test.ts",
  'exec: "node": executable file not found': "test/docs/deploy-symptoms.test.ts",
  "Resource precondition failed": "test/docs/deploy-symptoms.test.ts",
  "the key of generation 1 is another one than before": "test/authority/user-authority.test.ts",
};

test.each(Object.entries(ELSEWHERE))("%s is asserted in %s", (text, file) => {
  expect(fs.readFileSync(path.join(__dirname, "..", "..", file), "utf8")).toContain(text);
});

const SYMPTOMS = {
  unknown: "x509: certificate signed by unknown authority",
  name: "x509: certificate is valid for …, not …",
  required: "certificate required",
  foreign: "unknown certificate authority",
  bad: "bad certificate",
  unread: "no PEM blocks",
  passphrase: "pkcs8: incorrect password",
  expired: "x509: certificate has expired or is not yet valid",
  token: 'invalid header field value for "Authorization"',
} as const;

(GO ? describe : describe.skip)("Elastic's TLS code", () => {
  const fixture = new ElasticFixture();
  let all: Validators;
  beforeAll(async () => {
    all = await startValidators(["elastic-v0.46.3"]);
  });
  afterAll(async () => {
    await all.close();
    fixture.remove();
  });

  /** A host's folder in which some files have the content of others. */
  function folderWith(files: Record<string, string> = {}): string {
    const folder = fixture.folder();
    fs.cpSync(fixture.directory, folder, { recursive: true });
    for (const [file, other] of Object.entries(files)) {
      fs.copyFileSync(path.join(folder, other), path.join(folder, file));
    }
    return folder;
  }

  /** What an agent says that connects to a mutual Fleet Server. */
  async function errorOf(
    command: string,
    changes: { files?: Record<string, string>; ofServer?: Record<string, string>; serverName?: string } = {},
  ) {
    const [elastic] = all.validators;
    const server = await fixture.handleOf(elastic!, MUTUAL, folderWith(changes.ofServer));
    const port = await fixture.portOf(elastic!, { command: server });
    const folder = folderWith(changes.files);
    const agent = await fixture.handleOf(elastic!, command, folder);
    const { serverName } = changes;
    const answer = await elastic!.request({
      ...({ op: "connect", command: agent, edge: "agent-to-fleet", port } as const),
      ...(serverName === undefined ? {} : { serverName }),
    });
    return JSON.stringify(answer);
  }

  test("a foreign CA, another name, no certificate, a foreign certificate", async () => {
    expect(await errorOf(MUTUAL_AGENT, { files: { "fleet-ca.pem": "es-ca.pem" } })).toContain(SYMPTOMS.unknown);
    const [before, after] = SYMPTOMS.name.split("…");
    expect(await errorOf(MUTUAL_AGENT, { serverName: "other" })).toMatch(new RegExp(`${before!}.*${after!}`));
    expect(await errorOf(AGENT)).toContain(SYMPTOMS.required);
    const foreign = { "agent-cert.pem": "foreign-cert.pem", "agent-cert-key.pem": "foreign-cert-key.pem" };
    const plain = MUTUAL_AGENT.replace(/ --elastic-agent-cert-key-passphrase=\S+/, "");
    expect(await errorOf(plain, { files: foreign })).toContain(SYMPTOMS.foreign);
    const serverAsClient = {
      "agent-cert.pem": "server-as-client.pem",
      "agent-cert-key.pem": "server-as-client-key.pem",
    };
    expect(await errorOf(plain, { files: serverAsClient })).toContain(SYMPTOMS.bad);
  });

  test("a server certificate that ended", async () => {
    fixture.pki.expired("ended", "fleet-ca", [...SERVER, "subjectAltName=DNS:fleet.example.com"]);
    const ofServer = { "fleet-cert.pem": "ended.pem", "fleet-cert-key.pem": "ended-key.pem" };
    expect(await errorOf(MUTUAL_AGENT, { ofServer })).toContain(SYMPTOMS.expired);
  });

  test("a service token with a newline at its end", async () => {
    const [elastic] = all.validators;
    const port = await fixture.elasticsearch(elastic!);
    const answerWith = async (token: string) => {
      const folder = folderWith();
      fs.writeFileSync(path.join(folder, "service-token"), token);
      const command = await fixture.handleOf(elastic!, ONE_WAY, folder);
      return JSON.stringify(await elastic!.request({ op: "connect", command, edge: "fleet-to-elasticsearch", port }));
    };
    expect(await answerWith("token")).toContain('"ok":true');
    expect(JSON.parse(await answerWith("token\n"))).toMatchObject({ error: expect.stringContaining(SYMPTOMS.token) });
  });

  test("an output without Elasticsearch's CA, or without a certificate: the texts of an agent that ships nothing", async () => {
    const [elastic] = all.validators;
    const clientCas = [fixture.pki.path("agent-ca.pem")];
    const port = await fixture.elasticsearch(elastic!, { clientAuth: "required", clientCas });
    const answerOf = async (output: Record<string, unknown>) =>
      JSON.stringify(await elastic!.request({ op: "connect", output, port, serverName: "es.example.com" }));
    const trust = { certificate_authorities: [fixture.pki.path("es-ca.pem")] };
    expect(await answerOf({ certificate_authorities: [fixture.pki.path("fleet-ca.pem")] })).toContain(SYMPTOMS.unknown);
    expect(await answerOf(trust)).toContain(SYMPTOMS.required);
    expect(PAGE).toContain("The agent's log has one of the texts above for the output.");
  });

  test("an agent accepts a server certificate whose name is in its common name alone, as the page says", async () => {
    const { pki } = fixture;
    pki.certificate("nameless", { issuer: "fleet-ca", extensions: [...SERVER], subject: "/CN=fleet.example.com" });
    const presenting = (name: string) => ({ "fleet-cert.pem": `${name}.pem`, "fleet-cert-key.pem": `${name}-key.pem` });
    expect(await errorOf(MUTUAL_AGENT, { ofServer: presenting("nameless") })).toContain('"ok":true');
    expect(PAGE).toContain("The agent accepts a name that is only in the common name");
  });

  test("a passphrase of another key", async () => {
    const folder = folderWith({ "agent-cert-key-passphrase": "service-token" });
    const answer = await fixture.read(all.validators[0]!, MUTUAL_AGENT, folder);
    expect(JSON.stringify(answer)).toContain(SYMPTOMS.unread);
    expect(JSON.stringify(answer)).toContain(SYMPTOMS.passphrase);
  });
});
