import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import type { FleetTlsProps } from "../../lib";
import { CertificateAuthoritySource, KeyPassphrase, MutualFleetTls, OneWayFleetTls } from "../../lib";
import type { TestStack } from "../support/apps";
import { fleetProps } from "../support/fleets";
import { synthStack } from "../support/synth";
import { HOST, ONE_WAY } from "./elastic-fixture";
import { Impostor } from "./impostor";
import { missing } from "./programs";

const whereGoIs = missing("elastic-v0.46.3") === undefined ? test : test.skip;

let impostor: Impostor;

beforeAll(async () => {
  impostor = await Impostor.start();
});

afterAll(() => impostor.close());

const CA_FILE = { certificate_authorities: [`${HOST}/es-ca.pem`] };
const INLINE = () => ({ certificate_authorities: [readFileSync(impostor.pki.path("es-ca.pem"), "utf8")] });
const CLIENT = { certificate: `${HOST}/fleet-es-cert.pem`, key: `${HOST}/fleet-es-cert-key.pem` };
const RELOAD_OFF = { certificate_reload: { enabled: false } };

/** The output's `ssl` as docs/elasticsearch-name-check.md words it; without settings there is no `ssl`. */
const OUTPUTS: [string, "public-ca" | "es-ca", (() => Record<string, unknown>)?][] = [
  ["none", "public-ca"],
  ["`{}`", "public-ca", () => ({})],
  ["`enabled: true`", "public-ca", () => ({ enabled: true })],
  ["`enabled: false`", "public-ca", () => ({ enabled: false })],
  ["`verification_mode: full`", "public-ca", () => ({ verification_mode: "full" })],
  ["`certificate_reload.enabled: false`", "public-ca", () => RELOAD_OFF],
  ["`ca_trusted_fingerprint`", "public-ca", () => ({ ca_trusted_fingerprint: impostor.fingerprint("es-ca") })],
  ["`certificate`, `key`", "public-ca", () => CLIENT],
  ["`verification_mode: strict`", "public-ca", () => ({ verification_mode: "strict" })],
  ["`strict`, `certificate`, `key`", "public-ca", () => ({ ...CLIENT, verification_mode: "strict" })],
  ["CA file", "es-ca", () => CA_FILE],
  ["CA inline", "es-ca", INLINE],
  ["`strict`, CA file", "es-ca", () => ({ ...CA_FILE, verification_mode: "strict" })],
  ["`strict`, CA inline", "es-ca", () => ({ ...INLINE(), verification_mode: "strict" })],
  ["`strict`, CA file, reload off", "es-ca", () => ({ ...CA_FILE, ...RELOAD_OFF, verification_mode: "strict" })],
  ["`strict`, CA inline, reload off", "es-ca", () => ({ ...INLINE(), ...RELOAD_OFF, verification_mode: "strict" })],
];

const WITHOUT_ES_FLAGS = ONE_WAY.replace(/--fleet-server-es-ca=\S+ \\\n/, "");
const COMMANDS: [string, "public-ca" | "es-ca", string][] = [
  ["none", "public-ca", WITHOUT_ES_FLAGS],
  [
    "`--fleet-server-es-cert`, `--fleet-server-es-cert-key`",
    "public-ca",
    `${WITHOUT_ES_FLAGS} --fleet-server-es-cert=${CLIENT.certificate} --fleet-server-es-cert-key=${CLIENT.key}`,
  ],
  ["`--fleet-server-es-ca`", "es-ca", ONE_WAY],
];

const page = readFileSync(join(__dirname, "../../docs/elasticsearch-name-check.md"), "utf8");

whereGoIs("the documented table of outputs says whom Fleet Server accepts in Elasticsearch's place", async () => {
  for (const [words, authority, ssl] of OUTPUTS) {
    const output = { hosts: ["https://es.example.com:9200"], ...(ssl === undefined ? {} : { ssl: ssl() }) };

    expect(page).toContain(row(words, authority, await impostor.answers(authority, { output })));
  }
});

whereGoIs("the documented table of commands says whom Fleet Server accepts in Elasticsearch's place", async () => {
  for (const [words, authority, command] of COMMANDS) {
    expect(page).toContain(row(words, authority, await impostor.answers(authority, { command })));
  }
});

whereGoIs("a CA that is set replaces the operating system's, as docs/trust-model.md says", async () => {
  const hosts = ["https://es.example.com:9200"];
  for (const server of [
    { command: ONE_WAY },
    { output: { hosts, ssl: CA_FILE } },
    { output: { hosts, ssl: INLINE() } },
  ]) {
    expect(await impostor.accepts("es-ca", server)).toEqual([true, true]);
    expect(await impostor.accepts("public-ca", server)).toEqual([false, false]);
  }
  for (const server of [{ command: WITHOUT_ES_FLAGS }, { output: { hosts } }]) {
    expect(await impostor.accepts("es-ca", server)).toEqual([false, false]);
    expect(await impostor.accepts("public-ca", server)).toEqual([true, true]);
  }
});

/** The command and the default output of a fleet's Fleet Server, as they are written to its folder. */
function emitted(create: (stack: TestStack, props: FleetTlsProps) => OneWayFleetTls) {
  const stack = synthStack((scope) => {
    const fleet = create(scope, fleetProps({ elasticsearchCa: CertificateAuthoritySource.system() }));
    void fleet.outputSettings;
  });
  return {
    command: stack.local("fleet_fleet-server_command") as string,
    output: {
      hosts: ["https://es.example.com:9200"],
      ...parse(stack.local("fleet_outputs_default_settings") as string),
    },
  };
}

whereGoIs.each<[string, Parameters<typeof emitted>[0]]>([
  ["one-way", (stack, props) => new OneWayFleetTls(stack, "fleet", props)],
  [
    "mutual",
    (stack, props) => new MutualFleetTls(stack, "fleet", { ...props, agentKeyPassphrase: KeyPassphrase.generated() }),
  ],
  [
    "mutual with one certificate",
    (stack, props) => new MutualFleetTls(stack, "fleet", { ...props, oneCertificatePerFleetServer: true }),
  ],
])("an impostor of the same public CA is refused by what a %s fleet with system() emits", async (_, create) => {
  const { command, output } = emitted(create);

  expect(await impostor.answers("public-ca", { command })).toEqual(["refused", "refused"]);
  expect(await impostor.answers("public-ca", { output })).toEqual(["refused", "refused"]);
  // The control: an empty ssl lets it in.
  expect(await impostor.answers("public-ca", { output: { ...output, ssl: {} } })).toEqual(["accepted", "accepted"]);
});

function row(words: string, authority: string, answers: readonly string[]): string {
  return `| ${[words, authority === "public-ca" ? "public" : "dedicated", ...answers].join(" | ")} |\n`;
}
