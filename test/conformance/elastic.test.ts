import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AGENT, ElasticFixture, HOST, MUTUAL, MUTUAL_AGENT, need, ONE_WAY } from "./elastic-fixture";
import type { ConnectRequest, Edge } from "./protocol";
import { missing } from "./programs";
import { startValidators } from "./validators";
import type { Validator, Validators } from "./validators";

const fixture = new ElasticFixture();
let all: Validators;

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;

beforeAll(async () => {
  all = await startValidators(["elastic-v0.46.3", "elastic-v0.31.0"]);
});

afterAll(async () => {
  await all.close();
  fixture.remove();
});

function connect(validator: Validator, command: string, edge: Edge, port: number, serverName?: string) {
  return validator.request({ op: "connect", command, edge, port, ...(serverName === undefined ? {} : { serverName }) });
}

whereGoIs("the one-way command serves agents and reaches elasticsearch", async () => {
  for (const elastic of all.validators) {
    const summary = await fixture.read(elastic, ONE_WAY);
    expect(summary).toMatchObject({ ok: true, mode: "fleet-server", prompts: false, repeated: [], stray: [] });
    const server = need(summary).command;
    const agent = await fixture.handleOf(elastic, AGENT);
    const port = await fixture.portOf(elastic, { command: server });
    expect(await connect(elastic, agent, "agent-to-fleet", port)).toMatchObject({ ok: true, clientCertificate: false });
    expect(await connect(elastic, agent, "agent-to-fleet", port, "127.0.0.1")).toMatchObject({ ok: true });
    expect(await connect(elastic, agent, "agent-to-fleet", port, "other")).toMatchObject({ ok: false });
    expect(await connect(elastic, server, "fleet-to-local", port)).toMatchObject({ ok: true });
    const es = await fixture.elasticsearch(elastic);
    expect(await connect(elastic, server, "fleet-to-elasticsearch", es)).toMatchObject({ ok: true });
    expect(await connect(elastic, server, "fleet-to-elasticsearch", port)).toMatchObject({ ok: false });
  }
});

whereGoIs("the mutual command admits agents that present their certificate and nobody else", async () => {
  for (const elastic of all.validators) {
    const server = await fixture.handleOf(elastic, MUTUAL);
    const port = await fixture.portOf(elastic, { command: server });
    const agent = await fixture.handleOf(elastic, MUTUAL_AGENT);
    const bare = await fixture.handleOf(elastic, AGENT);
    const verified = { ok: true, clientCertificate: true };
    expect(await connect(elastic, agent, "agent-to-fleet", port)).toMatchObject(verified);
    expect(await connect(elastic, bare, "agent-to-fleet", port)).toMatchObject({
      ok: false,
      error: expect.stringMatching("certificate required"),
    });
    expect(await connect(elastic, server, "fleet-to-local", port)).toMatchObject(verified);
    const es = await fixture.elasticsearch(elastic, {
      clientCas: [fixture.pki.path("es-ca.pem")],
      clientAuth: "required",
    });
    expect(await connect(elastic, server, "fleet-to-elasticsearch", es)).toMatchObject(verified);
  }
});

whereGoIs(
  "the documentation's mutual command is refused: its last --elastic-agent-cert-key is the passphrase",
  async () => {
    for (const elastic of all.validators) {
      const wrong = MUTUAL.replace("--elastic-agent-cert-key-passphrase", "--elastic-agent-cert-key");
      expect(await fixture.read(elastic, wrong)).toMatchObject({ ok: false, error: expect.stringMatching(/no PEM/i) });
    }
  },
);

whereGoIs.each([
  [
    ONE_WAY.replace(`${HOST}/fleet-ca.pem`, "fleet-ca.pem"),
    /--certificate-authorities must be provided as an absolute/,
  ],
  [MUTUAL.replace("=required", "=Required"), /--fleet-server-client-auth must be one of \[none, optional, required\]/],
  [ONE_WAY.replace("--url=https://fleet.example.com:8220", ""), /url is required when a certificate is provided/],
  [ONE_WAY.replace(/--fleet-server-service-token-path=\S+/, ""), /must include a service token/],
  [ONE_WAY.replace(/--fleet-server-cert-key=\S+/, ""), /certificate private key is required/],
  [ONE_WAY.replace("https://es.", "es."), /scheme must be http or https/],
  [
    `${AGENT} --elastic-agent-cert-key-passphrase=/p`,
    /must be provided when using --elastic-agent-cert-key-passphrase/,
  ],
  [`${AGENT} --elastic-agent-cert=${HOST}/agent-cert.pem`, /key file not configured/],
  [`${AGENT} --no-such-flag`, /unknown flag: --no-such-flag/],
  [ONE_WAY.replace("8220 \\\n--non", "65536 --non"), /invalid argument "65536"/],
])("what the agent refuses is refused in its words (%#)", async (command, message) => {
  for (const elastic of all.validators) {
    expect(await fixture.read(elastic, command)).toMatchObject({ ok: false, error: expect.stringMatching(message) });
  }
});

whereGoIs("what the agent accepts silently is reported", async () => {
  const [elastic] = all.validators;
  const silent = AGENT.replace(/--enrollment-token=\S+/, "--enrollment-token=");
  expect(await fixture.read(elastic!, silent)).toMatchObject({ ok: true, mode: "standalone" });
  expect(await fixture.read(elastic!, AGENT.replace("--non-interactive", ""))).toMatchObject({
    ok: true,
    prompts: true,
  });
  expect(await fixture.read(elastic!, `${AGENT} , --url=https://fleet.example.com`)).toMatchObject({
    ok: true,
    stray: [","],
    repeated: ["url"],
  });
});

whereGoIs("a windows command has windows paths", async () => {
  const certs = "C:\\Elastic\\certs";
  for (const elastic of all.validators) {
    const answers = [`${certs}\\fleet-ca.pem`, `${HOST}/fleet-ca.pem`].map((path) =>
      elastic.request({
        op: "command",
        argv: ["install", "--url=https://fleet.example.com:8220", "-t", "token", `-a=${path}`, "-n"],
        directories: { [certs]: fixture.directory },
        platform: "windows",
      }),
    );
    expect(await Promise.all(answers)).toMatchObject([
      { ok: true, mode: "agent" },
      { ok: false, error: expect.stringMatching("must be provided as an absolute path") },
    ]);
  }
});

whereGoIs("an output's settings reach elasticsearch, inline or by path, and check its name", async () => {
  for (const elastic of all.validators) {
    const chain = join(fixture.directory, "es-chain.pem");
    writeFileSync(
      chain,
      readFileSync(fixture.pki.path("es-cert.pem"), "utf8") + readFileSync(fixture.pki.path("es-ca.pem"), "utf8"),
    );
    const clientCas = [fixture.pki.path("agent-ca.pem")];
    const port = await fixture.elasticsearch(elastic, { certificate: chain, clientCas, clientAuth: "required" });
    const pair = {
      certificate: `${HOST}/agent-cert.pem`,
      key: `${HOST}/agent-cert-key.pem`,
      key_passphrase_path: `${HOST}/agent-cert-key-passphrase`,
    };
    const fingerprint = execFileSync("openssl", [
      "x509",
      "-in",
      fixture.pki.path("es-ca.pem"),
      "-noout",
      "-fingerprint",
      "-sha256",
    ]);
    const ca_trusted_fingerprint = fingerprint.toString().split("=")[1]!.replaceAll(":", "").trim();
    const trusts = [
      { certificate_authorities: [readFileSync(fixture.pki.path("es-ca.pem"), "utf8")] },
      { certificate_authorities: [`${HOST}/es-ca.pem`] },
      { ca_trusted_fingerprint },
    ];
    const request: ConnectRequest = {
      op: "connect",
      port,
      serverName: "es.example.com",
      directories: { [HOST]: fixture.directory },
    };
    for (const trust of trusts) {
      const output = { ...pair, ...trust };
      expect(await elastic.request({ ...request, output })).toMatchObject({ ok: true, clientCertificate: true });
      expect(await elastic.request({ ...request, output, serverName: "other" })).toMatchObject({ ok: false });
      expect(await elastic.request({ ...request, output: trust })).toMatchObject({ ok: false });
    }
  }
});

whereGoIs("a newline after a passphrase is trimmed by v0.46.3 and fatal to v0.31.0", async () => {
  const local = fixture.folder();
  cpSync(fixture.directory, local, { recursive: true });
  writeFileSync(join(local, "agent-cert-key-passphrase"), "a passphrase\n");
  const [current, old] = all.validators;
  expect(await fixture.read(current!, MUTUAL_AGENT, local)).toMatchObject({ ok: true });
  expect(await fixture.read(old!, MUTUAL_AGENT, local)).toMatchObject({
    ok: false,
    error: expect.stringMatching("password"),
  });
});
