import { chmodSync } from "node:fs";

import type { CheckCase, CheckFixture } from "./check-fixture";
import { SERVER_SCRIPT as server, withFlag, without } from "./check-fixture";
import type { Topology } from "./fleet-fixture";

const AGENT = "agents/web-1/install-command.sh";
const certs = "/etc/elastic-agent/certs";

/** Leaves the folders of these hosts alone. */
const only =
  (...hosts: string[]) =>
  (t: Topology): void =>
    ["fleet-server", "agents", "elasticsearch", "kibana", "outputs"]
      .filter((folder) => !hosts.includes(folder))
      .forEach((folder) => t.remove(folder));

/** Both, one after the other. */
const both =
  (...changes: ((t: Topology) => void)[]) =>
  (t: Topology): void =>
    changes.forEach((change) => change(t));

const variables = (...lines: string[]): string =>
  ["FLEET_ENROLL=1", "FLEET_ENROLLMENT_TOKEN=t", ...lines, ""].join("\n");
const url = "FLEET_URL=https://fleet.example.com:8220";

/** Commands that name no CA for the server that they connect to (checks 17 and 62 to 64). */
export function trustCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  const container =
    (...lines: string[]) =>
    (t: Topology): void => {
      t.remove(AGENT);
      const pair = [`ELASTIC_AGENT_CERT=${certs}/agent-cert.pem`, `ELASTIC_AGENT_CERT_KEY=${certs}/agent-cert-key.pem`];
      t.write("agents/web-1/container.env", variables(url, ...pair, ...lines));
      chmodSync(t.path("agents/web-1/container.env"), 0o600);
      t.write("agents/web-1/agent-cert-key.pem", pki.text("web-1-key"));
    };
  return [
    [
      17,
      "an agent that names no CA",
      (t) => t.edit(AGENT, without("certificate-authorities")),
      "error agents/web-1: has no --certificate-authorities, so it trusts the system's CAs only, and a private CA",
      (t) => t.edit(AGENT, (text) => text.replace("--certificate-authorities=", "-a ")),
    ],
    [
      17,
      "an enrollment that names no CA",
      (t) => {
        t.edit(AGENT, (text) =>
          without("certificate-authorities")(text)
            .replace(" --non-interactive", " --force")
            .replace("install --", "enroll --"),
        );
      },
      "error agents/web-1: has no --certificate-authorities",
      (t) => t.edit(AGENT, (text) => text.replace(" --non-interactive", " --force").replace("install --", "enroll --")),
    ],
    [
      17,
      "a container that names no CA",
      container(),
      "error agents/web-1: has no FLEET_CA, so it trusts the system's CAs only",
      container(`FLEET_CA=${certs}/fleet-ca.pem`),
    ],
    [
      17,
      "a container that falls back to Elasticsearch's CA",
      (t) => {
        container(`ELASTICSEARCH_CA=${certs}/es-ca.pem`)(t);
        t.write("agents/web-1/es-ca.pem", pki.text("es-ca"));
      },
      "error agents/web-1: trusts es-ca.pem for Fleet Server, and not fleet-ca.pem",
      container(`KIBANA_CA=${certs}/fleet-ca.pem`, `ELASTICSEARCH_CA=${certs}/es-ca.pem`),
    ],
    [
      17,
      "a container whose empty variable wins over its fallback",
      container("FLEET_CA=", `KIBANA_CA=${certs}/fleet-ca.pem`),
      "error agents/web-1: has no FLEET_CA, so it trusts the system's CAs only",
      container(`KIBANA_CA=${certs}/fleet-ca.pem`),
    ],
    [
      17,
      "a PowerShell command that names no CA",
      (t) => {
        t.remove(AGENT);
        t.write(
          "agents/web-1/install-command.ps1",
          "elastic-agent.exe install -n --url=https://fleet.example.com:8220 --enrollment-token=$env:TOKEN --elastic-agent-cert=C:\\c\\agent-cert.pem --elastic-agent-cert-key=C:\\c\\agent-cert-key.pem --elastic-agent-cert-key-passphrase=C:\\c\\agent-cert-key-passphrase",
        );
      },
      "error agents/web-1: has no --certificate-authorities",
      (t) => {
        t.remove(AGENT);
        t.write(
          "agents/web-1/install-command.ps1",
          "elastic-agent.exe install -n --url=https://fleet.example.com:8220 --enrollment-token=$env:TOKEN --certificate-authorities=C:\\c\\fleet-ca.pem --elastic-agent-cert=C:\\c\\agent-cert.pem --elastic-agent-cert-key=C:\\c\\agent-cert-key.pem --elastic-agent-cert-key-passphrase=C:\\c\\agent-cert-key-passphrase",
        );
      },
    ],
    [
      17,
      "an agent that trusts the Elasticsearch CA instead of the fleet CA",
      both(only("agents"), (t) => t.edit(AGENT, (text) => text.replace("fleet-ca.pem", "es-ca.pem"))),
      "error agents/web-1: trusts es-ca.pem for Fleet Server, and not fleet-ca.pem of its folder",
      only("agents"),
    ],
    [
      62,
      "a Fleet Server that names no Elasticsearch CA",
      (t) => t.edit(server, without("fleet-server-es-ca")),
      "error fleet-server: has no --fleet-server-es-ca, so it trusts the system's CAs only, and a private CA",
      (t) =>
        t.edit(server, (text) =>
          withFlag(`--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256}`)(
            without("fleet-server-es-ca")(text),
          ),
        ),
    ],
    [
      62,
      "a CA in an agent's folder that nothing names",
      both(only("agents"), (t) => t.edit(AGENT, without("certificate-authorities"))),
      "warning agents/web-1/fleet-ca.pem: is a CA that the command does not name",
      both(only("agents"), (t) => t.write("agents/web-1/copy.pem", pki.text("fleet-ca"))),
    ],
    [
      62,
      "a CA in a Fleet Server's folder that nothing names",
      both(only("fleet-server"), (t) => t.edit(server, without("fleet-server-es-ca"))),
      "warning fleet-server/es-ca.pem: is a CA that the command does not name; name it by".split(";")[0]!,
      only("fleet-server"),
    ],
    [
      55,
      "an Elasticsearch CA of the same name with another key",
      (t) => {
        pki.certificate("namesake", { subject: "/CN=es-ca" });
        ["fleet-server", "agents/web-1"].forEach((host) => t.write(`${host}/es-ca.pem`, pki.text("namesake")));
      },
      "is issued by CN=es-ca with another key",
      (t) => t.edit("agents/web-1/es-ca.pem", (text) => `the CA of 2026\n${text}`),
    ],
    [
      63,
      "a folder whose command is in another file",
      (t) => {
        only("agents")(t);
        t.write("agents/web-1/how-to-run", t.read(AGENT));
        t.remove(AGENT);
      },
      "warning agents/web-1/how-to-run: seems to have the command of this host, which was not read",
      (t) => {
        only("agents")(t);
        t.write("agents/web-1/notes.md", t.read(AGENT));
      },
    ],
    [
      64,
      "a CA that the command names and the folder does not have",
      (t) => t.remove("agents/web-1/fleet-ca.pem"),
      "warning agents/web-1/fleet-ca.pem: is named by the command and is not in the folder",
      (t) => t.remove("fleet-server/service-token"),
    ],
  ];
}
