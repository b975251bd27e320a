import { readFileSync } from "node:fs";

import fc from "fast-check";

import { FleetFixture, fleetTls, PASSPHRASE, TOKEN } from "../verify/fleet-fixture";
import { damaged } from "./damage";
import { fuzz } from "./fuzz";

const fixture = new FleetFixture();
afterAll(() => fixture.dispose());

const topology = fixture.topology();
const FILES = [
  ...["fleet-ca.pem", "fleet-cert.pem", "fleet-cert-key.pem", "fleet-es-cert-key.pem", "install-command.sh"].map(
    (name) => `fleet-server/${name}`,
  ),
  ...["agent-cert.pem", "agent-cert-key.pem", "agent-cert-key-passphrase"].map((name) => `agents/web-1/${name}`),
  ...["es-cert.pem", "es-client-ca.pem", "elasticsearch.tls.yml"].map((name) => `elasticsearch/${name}`),
  ...["kibana/kibana/kibana.tls.yml", "outputs/default.yml"],
];
const ORIGINALS = new Map(FILES.map((file) => [file, readFileSync(topology.path(file))]));
const SECRETS = [PASSPHRASE, TOKEN, ORIGINALS.get("fleet-server/fleet-cert-key.pem")!.toString().split("\n")[1]!];

/** The name of a file, a newline, and its new content. */
const damagedFile = fc.constantFrom(...FILES).chain((file) => {
  return damaged([ORIGINALS.get(file)!]).map((content) => Buffer.concat([Buffer.from(`${file}\n`), content]));
});

fuzz("folders as fleet-tls verify reads them", {
  percent: 2,
  input: damagedFile,
  holds: async (input) => {
    const end = input.indexOf("\n");
    const [file, content] = [input.subarray(0, end).toString(), input.subarray(end + 1)];
    topology.write(file, content);
    try {
      const { code, out, err } = await fleetTls(["verify", "--json", topology.root]);
      expect([err, [0, 1].includes(code)]).toEqual(["", true]);
      const { summary, findings } = JSON.parse(out) as {
        summary: { errors: number };
        findings: { severity: string }[];
      };
      expect(summary.errors).toBe(findings.filter(({ severity }) => severity === "error").length);
      expect(code).toBe(summary.errors > 0 ? 1 : 0);
      for (const secret of SECRETS) expect(out).not.toContain(secret.slice(0, 20));
      // eslint-disable-next-line no-control-regex -- JSON escapes what would steer a terminal, and people's text has none
      expect((await fleetTls(["verify", topology.root])).out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    } finally {
      topology.write(file, ORIGINALS.get(file)!);
    }
  },
});
