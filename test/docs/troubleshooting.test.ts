import * as fs from "node:fs";
import * as path from "node:path";

import { AGENT, ElasticFixture, MUTUAL, MUTUAL_AGENT } from "../conformance/elastic-fixture";
import { missing } from "../conformance/programs";
import type { Validators } from "../conformance/validators";
import { startValidators } from "../conformance/validators";

jest.setTimeout(180_000);

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

  /** What an agent says that connects to a mutual Fleet Server. */
  async function errorOf(command: string, changes: { files?: Record<string, string>; serverName?: string } = {}) {
    const [elastic] = all.validators;
    const port = await fixture.portOf(elastic!, { command: await fixture.handleOf(elastic!, MUTUAL) });
    const folder = fixture.folder();
    fs.cpSync(fixture.directory, folder, { recursive: true });
    for (const [file, other] of Object.entries(changes.files ?? {})) {
      fs.copyFileSync(path.join(folder, other), path.join(folder, file));
    }
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
  });
});
