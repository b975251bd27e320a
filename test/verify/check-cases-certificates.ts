import { CLIENT, SERVER } from "../support/pki";
import type { CheckCase, CheckFixture } from "./check-fixture";
import { FLEET_NAMES, SERVER_SCRIPT as server, withFlag as flag } from "./check-fixture";

/** Ways to break certificates, for themselves and between hosts (checks 45 to 61). */
export function certificateCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  return [
    [
      45,
      "another URL",
      (t) => t.edit(server, (text) => text.replace("fleet.example.com", "other.example.com")),
      "error fleet-server/fleet-cert.pem: lacks the name other.example.com",
      (t) => t.edit(server, (text) => text.replace("fleet.example.com", "FLEET.example.com")),
    ],
    [
      46,
      "no localhost",
      (t) =>
        fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [
          ...SERVER,
          "subjectAltName=DNS:fleet.example.com",
        ]),
      "warning fleet-server/fleet-cert.pem: lacks the names localhost and 127.0.0.1",
      (t) => fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES]),
    ],
    [
      47,
      "an agent that dials another name",
      (t) =>
        t.edit("agents/web-1/install-command.sh", (text) => text.replace("fleet.example.com", "other.example.com")),
      "error agents/web-1: connects to other.example.com, which no fleet cert here has",
      (t) =>
        t.edit("agents/web-1/install-command.sh", (text) =>
          text.replace("https://fleet.example.com", "HTTPS://FLEET.EXAMPLE.COM"),
        ),
    ],
    [
      48,
      "another Elasticsearch URL",
      (t) => t.edit(server, (text) => text.replace("es.example.com", "10.0.0.9")),
      "error elasticsearch/es-cert.pem: lacks the name 10.0.0.9",
      (t) => t.edit(server, (text) => text.replace("https://es.example.com", "Https://ES.example.com")),
    ],
    [
      49,
      "a client certificate on the server",
      (t) => fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...CLIENT, FLEET_NAMES]),
      "error fleet-server/fleet-cert.pem: has extended key usage clientAuth, and is used for serverAuth",
      (t) =>
        fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [
          ...SERVER.map((line) => line.replace("serverAuth", "serverAuth,clientAuth")),
          FLEET_NAMES,
        ]),
    ],
    [
      50,
      "a server certificate on a client",
      (t) => fixture.reissue(t, "agents/web-1/agent-cert.pem", "web-1", SERVER, "agent-ca"),
      "error agents/web-1/agent-cert.pem: has extended key usage serverAuth, and is used for clientAuth",
      (t) =>
        fixture.reissue(
          t,
          "agents/web-1/agent-cert.pem",
          "web-1",
          CLIENT.filter((line) => !line.startsWith("extendedKeyUsage")),
          "agent-ca",
        ),
    ],
    [
      51,
      "one pair in both roles",
      (t) => {
        fixture.reuse(t);
        for (const file of ["fleet-server/agent-ca.pem", "elasticsearch/es-client-ca.pem"]) {
          t.edit(file, (text) => text + pki.text("fleet-ca"));
        }
      },
      "error fleet-server/fleet-cert.pem: has extended key usage serverAuth, and is used for clientAuth",
      (t) => {
        const both = [...SERVER.map((line) => line.replace("serverAuth", "serverAuth,clientAuth")), FLEET_NAMES];
        fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", both);
        fixture.reuse(t);
        for (const file of ["fleet-server/agent-ca.pem", "elasticsearch/es-client-ca.pem"]) {
          t.edit(file, (text) => text + pki.text("fleet-ca"));
        }
      },
    ],
    [
      52,
      "a leaf as CA",
      (t) => t.write("fleet-server/fleet-ca.pem", pki.text("fleet-cert")),
      "error fleet-server/fleet-ca.pem: is not a certificate authority",
      (t) => t.write("fleet-server/fleet-ca.pem", pki.text("fleet-ca")),
    ],
    [
      53,
      "a path that is too long",
      (t) => fixture.deepen(t),
      "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities and 1 more: has 1 CAs below CN=shallow",
      (t) => fixture.deepen(t, 1),
    ],
    [
      55,
      "a missing intermediate",
      (t) => fixture.intermediate(t),
      "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities and 1 more: is issued by CN=between, which is neither",
      (t) => {
        fixture.intermediate(t);
        t.edit("fleet-server/fleet-cert.pem", (text) => text + pki.text("between"));
      },
    ],
    [
      55,
      "another Elasticsearch CA",
      (t) => t.write("agents/web-1/es-ca.pem", pki.text("agent-ca")),
      "error elasticsearch/es-cert.pem: is refused by agents/web-1's es-ca.pem",
      (t) => t.write("agents/web-1/es-ca.pem", pki.text("es-ca")),
    ],
    [
      56,
      "two CAs of one name",
      (t) => {
        fixture.twins(t);
        t.copy("fleet-server/fleet-ca.pem", "agents/web-1/fleet-ca.pem");
      },
      "two CAs with different keys have one name, CN=fleet-ca",
      (t) => t.edit("fleet-server/agent-ca.pem", (text) => text),
    ],
    [
      57,
      "a fingerprint of nothing that is served",
      (t) => t.edit(server, flag(`--fleet-server-es-ca-trusted-fingerprint=${"ab".repeat(32)}`)),
      "error elasticsearch/es-cert.pem: serves no CA with the fingerprint",
      (t) => t.edit(server, flag(`--fleet-server-es-ca-trusted-fingerprint=${pki.read("es-ca").fingerprintSha256}`)),
    ],
    [
      57,
      "a leaf served alone",
      (t) => fixture.serveAlone(t),
      "error elasticsearch/es-cert.pem: serves no CA with the fingerprint",
      (t) => t.write("elasticsearch/es-cert.pem", pki.text("es-cert")),
    ],
    [
      58,
      "a pin of another key",
      (t) => t.edit(server, flag(`--ca-sha256=${pki.read("es-ca").spkiPinSha256}`)),
      "error fleet-server: has a --ca-sha256 that matches no certificate of the chain",
      (t) => t.edit(server, flag(`--ca-sha256=${pki.read("fleet-ca").spkiPinSha256}`)),
    ],
    [
      58,
      "an agent's pin of another key",
      (t) => t.edit("agents/web-1/install-command.sh", flag(`--ca-sha256=${pki.read("es-ca").spkiPinSha256}`)),
      "error agents/web-1: has a --ca-sha256",
      (t) => t.edit("agents/web-1/install-command.sh", flag(`--ca-sha256=${pki.read("fleet-cert").spkiPinSha256}`)),
    ],
    [
      59,
      "client CAs without the agents'",
      (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("es-ca")),
      "error agents/web-1/agent-cert.pem: is refused by elasticsearch's es-client-ca.pem",
      (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("agent-ca") + pki.text("es-ca")),
    ],
    [
      59,
      "client CAs without Fleet Server's",
      (t) => {
        t.write("elasticsearch/es-client-ca.pem", pki.text("agent-ca"));
        fixture.reissue(t, "kibana/kibana/kibana-es-cert.pem", "kibana", CLIENT, "agent-ca");
      },
      "error fleet-server/fleet-es-cert.pem: is refused by elasticsearch's es-client-ca.pem",
      (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("agent-ca") + pki.text("es-ca")),
    ],
    [
      61,
      "a host that a rotation has not reached",
      (t) => fixture.introduce(t),
      "warning agents/web-1/fleet-ca.pem: does not contain the same CAs as fleet-server's",
      (t) => {
        fixture.introduce(t);
        t.copy("fleet-server/fleet-ca.pem", "agents/web-1/fleet-ca.pem");
      },
    ],
  ];
}
