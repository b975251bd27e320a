import { CLIENT } from "../support/pki";
import type { CheckCase, CheckFixture } from "./check-fixture";
import type { Topology } from "./fleet-fixture";
import { ELASTICSEARCH_SETTINGS, KIBANA_SETTINGS } from "./fleet-fixture";

const OUTPUT = "outputs/default.yml";
const KIBANA = "kibana/kibana/kibana.tls.yml";
const ES = "elasticsearch/elasticsearch.tls.yml";

/** Ways to break the settings of Elasticsearch, Kibana and the outputs (checks 40, 47, 48, 57, 59 and 60). */
export function settingsCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  const inline = (name: string): string => pki.text(name).replace(/^(?=.)/gm, "    ");
  return [
    [
      40,
      "an output without the passphrase",
      (t) => t.edit(OUTPUT, without("key_passphrase_path")),
      "no passphrase for it",
      (t) => {
        t.edit(OUTPUT, without("key_passphrase_path"));
        for (const host of ["fleet-server", "agents/web-1"]) {
          t.edit(`${host}/install-command.sh`, (text) => text.replace(/--elastic-agent-cert-key-passphrase=\S+ /, ""));
          t.write(`${host}/agent-cert-key.pem`, pki.text(host === "fleet-server" ? "agent-cert-key" : "web-1-key"));
        }
      },
    ],
    [
      47,
      "a Fleet Server URL in Kibana of another name",
      (t) => t.edit(KIBANA, (text) => text.replace("fleet.example.com", "other.example.com")),
      "error kibana/kibana/kibana.tls.yml: Fleet Server host fleet-fleet-server makes agents connect to other.example.com, which no fleet cert here has",
      (t) => t.edit(KIBANA, (text) => text.replace("fleet.example.com", "FLEET.example.com")),
    ],
    [
      48,
      "an output that dials another name",
      (t) => t.edit(KIBANA, (text) => text.replace("- https://es.example.com", "- https://other.example.com")),
      "output fleet-default has the host other.example.com, which no Elasticsearch cert here has",
      (t) =>
        t.edit(
          KIBANA,
          (text) => `${text}- id: other\n  type: elasticsearch\n  hosts: ["https://other.example.com:9200"]\n`,
        ),
    ],
    [
      57,
      "an output that trusts the fingerprint of nothing that is served",
      (t) => t.write(OUTPUT, `ssl.ca_trusted_fingerprint: ${"ab".repeat(32)}\n`),
      "error outputs/default.yml: trusts a fingerprint of no CA that Elasticsearch serves",
      (t) => t.write(OUTPUT, `ssl.ca_trusted_fingerprint: ${pki.read("es-ca").fingerprintSha256.toUpperCase()}\n`),
    ],
    [
      22,
      "a fingerprint with colons",
      (t) =>
        t.write(
          OUTPUT,
          `ssl.ca_trusted_fingerprint: "${pki.read("es-ca").fingerprintSha256.match(/../g)!.join(":")}"\n`,
        ),
      "error outputs/default.yml: has a trusted fingerprint that is not 64 hex digits",
      (t) => t.write(OUTPUT, `ssl.ca_trusted_fingerprint: "${pki.read("es-ca").fingerprintSha256}"\n`),
    ],
    [
      60,
      "a CA that no host expects, where Elasticsearch is not here",
      (t) => {
        elsewhere(t);
        t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |\n${inline("agent-ca")}`);
      },
      "error outputs/default.yml: has none of the Elasticsearch CAs that the hosts have",
      (t) => {
        elsewhere(t);
        t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |\n${inline("es-ca")}`);
      },
    ],
    [
      59,
      "client authentication without a list",
      (t) => {
        t.write(ES, ELASTICSEARCH_SETTINGS.replace(/.*certificate_authorities.*\n.*\n/, ""));
        t.remove("elasticsearch/es-client-ca.pem");
      },
      "error elasticsearch/elasticsearch.tls.yml: asks for client certificates and names no CA for them",
      (t) => {
        t.write(
          ES,
          ELASTICSEARCH_SETTINGS.replace(/.*certificate_authorities.*\n.*\n/, "").replace("optional", "none"),
        );
        t.remove("elasticsearch/es-client-ca.pem");
      },
    ],
    [
      59,
      "a list in the settings that lacks the agents' CA",
      (t) => t.write(ES, ELASTICSEARCH_SETTINGS.replace("es-client-ca.pem", "es-ca.pem")),
      "error agents/web-1/agent-cert.pem: is refused by elasticsearch's es-ca.pem",
      (t) =>
        t.write(
          ES,
          ELASTICSEARCH_SETTINGS.replace(
            "  - certs/es-client-ca.pem",
            "  - certs/es-client-ca.pem\n  - certs/es-ca.pem",
          ),
        ),
    ],
    [
      59,
      "a Kibana without a certificate, where one is required",
      (t) => {
        t.write(ES, ELASTICSEARCH_SETTINGS.replace("optional", "required"));
        t.write(KIBANA, KIBANA_SETTINGS.replace(/elasticsearch.ssl.(certificate|key): .*\n/g, ""));
        t.remove("kibana/kibana/kibana-es-cert.pem");
        t.remove("kibana/kibana/kibana-es-cert-key.pem");
      },
      "error kibana/kibana: has no certificate to present to elasticsearch, which requires one",
      (t) => t.write(ES, ELASTICSEARCH_SETTINGS.replace("optional", "required")),
    ],
    [
      59,
      "a Kibana under a foreign CA",
      (t) => fixture.reissue(t, "kibana/kibana/kibana-es-cert.pem", "kibana", CLIENT, "fleet-ca"),
      "error kibana/kibana/kibana-es-cert.pem: is refused by elasticsearch's es-client-ca.pem",
      (t) => fixture.reissue(t, "kibana/kibana/kibana-es-cert.pem", "kibana", CLIENT, "agent-ca"),
    ],
    [
      60,
      "an output without a CA",
      (t) => t.write(OUTPUT, "ssl:\n  verification_mode: full\n"),
      "error outputs/default.yml: names no Elasticsearch CA",
      (t) => t.write(OUTPUT, "ssl:\n  certificate_authorities: /etc/elastic-agent/certs/es-ca.pem\n"),
    ],
    [
      60,
      "an output that verifies nothing",
      (t) => t.edit(OUTPUT, (text) => `${text}  verification_mode: none\n`),
      "warning outputs/default.yml: has ssl.verification_mode: none, so anybody can pose as Elasticsearch",
      (t) => t.edit(OUTPUT, (text) => `${text}  verification_mode: full\n`),
    ],
    [
      62,
      "a Kibana that verifies nothing",
      (t) => t.edit(KIBANA, (text) => `${text}elasticsearch.ssl.verificationMode: none\n`),
      "warning kibana/kibana/kibana.tls.yml: has elasticsearch.ssl.verificationMode: none, so anybody",
      (t) => t.edit(KIBANA, (text) => `${text}elasticsearch.ssl.verificationMode: full\n`),
    ],
    [
      48,
      "a Kibana that connects to another name",
      (t) =>
        t.edit(KIBANA, (text) => text.replace(/(elasticsearch\.hosts.*)es\.example\.com/, "$1elastic.example.com")),
      "error kibana/kibana/kibana.tls.yml: connects to elastic.example.com, which no Elasticsearch cert here has",
      (t) =>
        t.edit(
          KIBANA,
          (text) =>
            `${text.replace(/(elasticsearch\.hosts.*)es\.example\.com/, "$1elastic.example.com")}elasticsearch.ssl.verificationMode: certificate\n`,
        ),
    ],
    [
      60,
      "another CA in an output of Kibana's",
      (t) =>
        t.write(
          KIBANA,
          KIBANA_SETTINGS.replace("/etc/elastic-agent/certs/es-ca.pem", "/etc/elastic-agent/certs/fleet-ca.pem"),
        ),
      "error elasticsearch/es-cert.pem: is refused by kibana/kibana/kibana.tls.yml, output fleet-default: ends in CN=es-ca",
      (t) =>
        t.write(KIBANA, KIBANA_SETTINGS.replace("/es-ca.pem]", "/es-ca.pem, /etc/elastic-agent/certs/fleet-ca.pem]")),
    ],
    [
      60,
      "an inline CA that did not sign what Elasticsearch serves",
      (t) => t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |\n${inline("agent-ca")}`),
      "error elasticsearch/es-cert.pem: is refused by outputs/default.yml",
      (t) => t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |\n${inline("es-ca")}`),
    ],
    [
      60,
      "an inline CA that was cut short",
      (t) => t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |\n${inline("es-ca").slice(0, 200)}\n`),
      "error outputs/default.yml: has an inline CA that line 1: the block has no end",
      (t) => t.write(OUTPUT, `ssl:\n  certificate_authorities:\n  - |-\n${inline("es-ca")}`),
    ],
    [
      60,
      "a relative path",
      (t) => t.write(OUTPUT, "ssl.certificate_authorities: [certs/es-ca.pem]\n"),
      "error outputs/default.yml: names a CA by a path that is not absolute",
      (t) => t.write(OUTPUT, "ssl.certificate_authorities: [/certs/es-ca.pem]\n"),
    ],
    [
      60,
      "a CA that not every host has",
      (t) => {
        t.remove("agents/web-1/es-ca.pem");
        t.remove("kibana");
      },
      "warning outputs/default.yml: names a CA, es-ca.pem, which agents/web-1 does not have",
      (t) => t.remove("elasticsearch/es-ca.pem"),
    ],
    [
      60,
      "a certificate without its key",
      (t) => t.edit(OUTPUT, without("key")),
      "error outputs/default.yml: has one of ssl.certificate and ssl.key without the other",
      (t) => t.edit(OUTPUT, (text) => without("key")(without("certificate")(without("key_passphrase_path")(text)))),
    ],
  ];
}

/** Elasticsearch and Kibana are other people's. */
function elsewhere(t: Topology): void {
  ["elasticsearch", "kibana"].forEach((folder) => t.remove(folder));
}

function without(name: string): (text: string) => string {
  return (text) => text.replace(new RegExp(`^ *"?${name}"?: .*\n`, "m"), "");
}
