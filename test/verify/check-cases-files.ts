import { chmodSync, mkdirSync, writeFileSync } from "node:fs";

import { CLIENT, SERVER } from "../support/pki";
import type { CheckCase, CheckFixture } from "./check-fixture";
import { FLEET_NAMES, SERVER_SCRIPT as server, without } from "./check-fixture";
import { PASSPHRASE, TOKEN } from "./fleet-fixture";

/** Ways to break what files must be, and the command together with them (checks 16 to 44). */
export function fileCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  const pkcs8 = (name: string): string =>
    pki.openssl("pkcs8", "-topk8", "-nocrypt", "-in", `${name}-key.pem`).toString();
  const sec1 = (name: string): string => pki.openssl("ec", "-in", `${name}-key.pem`).toString();
  return [
    [
      16,
      "an agent under a foreign CA",
      (t) => fixture.reissue(t, "agents/web-1/agent-cert.pem", "web-1", CLIENT, "es-ca"),
      "error agents/web-1/agent-cert.pem: is refused by fleet-server's CA list",
      (t) => fixture.reissue(t, "agents/web-1/agent-cert.pem", "web-1", CLIENT, "agent-ca"),
    ],
    [
      16,
      "an agent without a certificate",
      (t) =>
        t.edit("agents/web-1/install-command.sh", (text) =>
          text.replace(/--elastic-agent-cert[^-]\S* /g, "").replace(/--elastic-agent-cert-key\S* /g, ""),
        ),
      "error agents/web-1: names no client certificate",
      (t) => {
        t.edit("agents/web-1/install-command.sh", (text) => text.replace(/--elastic-agent-cert\S* /g, ""));
        t.edit(server, (text) => text.replace("client-auth=required", "client-auth=optional"));
      },
    ],
    [
      17,
      "a fleet cert under a foreign CA",
      (t) => {
        pki.certificate("foreign", { days: 3650 });
        fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES], "foreign");
      },
      "error fleet-server/fleet-cert.pem: is refused by --certificate-authorities",
      (t) => fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", [...SERVER, FLEET_NAMES]),
    ],
    [
      17,
      "a command without a CA list",
      (t) => t.edit(server, without("certificate-authorities")),
      "error fleet-server: has no --certificate-authorities",
      (t) => t.edit(server, (text) => text.replace("--certificate-authorities=", "-a ")),
    ],
    [
      20,
      "an encrypted ES client key",
      (t) => t.write("fleet-server/fleet-es-cert-key.pem", pki.text("agent-cert-encrypted")),
      "error fleet-server/fleet-es-cert-key.pem: is encrypted, and no flag names a passphrase",
      (t) => t.write("fleet-server/fleet-es-cert-key.pem", pkcs8("fleet-es-cert")),
    ],
    [
      30,
      "an agent that trusts the Elasticsearch CA",
      (t) =>
        t.edit("agents/web-1/install-command.sh", (text) =>
          text.replace("fleet-ca.pem", "fleet-ca.pem,/etc/elastic-agent/certs/es-ca.pem"),
        ),
      "warning agents/web-1: trusts the Elasticsearch CA",
      (t) => t.write("agents/web-1/fleet-ca.pem", `${pki.text("fleet-ca")}\n`),
    ],
    [
      35,
      "a newline after the passphrase",
      (t) => t.edit("agents/web-1/agent-cert-key-passphrase", (text) => `${text}\n`),
      "error agents/web-1/agent-cert-key-passphrase: has a newline",
      (t) => t.edit("agents/web-1/agent-cert-key-passphrase", (text) => text),
    ],
    [
      35,
      "an empty passphrase",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", ""),
      "is empty",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", PASSPHRASE),
    ],
    [
      35,
      "a passphrase in UTF-16",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", Buffer.from(PASSPHRASE, "utf16le")),
      "UTF-16",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", Buffer.from(PASSPHRASE, "utf8")),
    ],
    [
      36,
      "a newline after the token",
      (t) => t.edit("fleet-server/service-token", (text) => `${text}\r\n`),
      "error fleet-server/service-token: has a newline, which counts as part of the token",
      (t) => t.write("fleet-server/service-token", TOKEN.replace(/A$/, "B")),
    ],
    [
      37,
      "a byte order mark",
      (t) => t.edit("fleet-server/fleet-ca.pem", (text) => `\ufeff${text}`),
      "error fleet-server/fleet-ca.pem: starts with a byte order mark",
      (t) => t.edit("fleet-server/fleet-ca.pem", (text) => `# the fleet CA\n${text}`),
    ],
    [
      37,
      "DER",
      (t) => t.write("fleet-server/fleet-cert.pem", pki.read("fleet-cert").raw),
      "error fleet-server/fleet-cert.pem: is DER",
      (t) => t.edit("fleet-server/fleet-cert.pem", (text) => text.replace(/\n/g, "\r\n")),
    ],
    [
      37,
      "a damaged key",
      (t) => t.edit("fleet-server/fleet-cert-key.pem", (text) => text.slice(0, 100)),
      "error fleet-server/fleet-cert-key.pem: line 1: the block has no end",
      (t) => t.edit("fleet-server/fleet-cert-key.pem", (text) => `${text}\n`),
    ],
    [
      38,
      "the CA first",
      (t) => t.edit("elasticsearch/es-cert.pem", () => pki.text("es-ca") + pki.text("es-cert")),
      "error elasticsearch/es-cert.pem: begins with the CA CN=es-ca",
      (t) => t.edit("elasticsearch/es-cert.pem", () => pki.text("es-cert") + pki.text("es-ca")),
    ],
    [
      39,
      "another key",
      (t) => t.copy("fleet-server/fleet-es-cert-key.pem", "fleet-server/fleet-cert-key.pem"),
      "error fleet-server/fleet-cert-key.pem: does not belong to the first certificate",
      (t) => t.write("fleet-server/fleet-cert-key.pem", sec1("fleet-cert")),
    ],
    [
      39,
      "another passphrase",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", "wrong"),
      "error agents/web-1/agent-cert-key.pem: is not decrypted by its passphrase",
      (t) => t.write("agents/web-1/agent-cert-key-passphrase", PASSPHRASE),
    ],
    [
      40,
      "a legacy key",
      (t) => t.write("agents/web-1/agent-cert-key.pem", fixture.legacyKey()),
      "is encrypted in the legacy DEK-Info format",
      (t) => t.write("agents/web-1/agent-cert-key.pem", pki.text("web-1-encrypted")),
    ],
    [
      40,
      "a command without the passphrase",
      (t) => t.edit("agents/web-1/install-command.sh", without("elastic-agent-cert-key-passphrase")),
      "is encrypted, and the command names no passphrase for it",
      (t) => {
        t.edit("agents/web-1/install-command.sh", without("elastic-agent-cert-key-passphrase"));
        t.write("agents/web-1/agent-cert-key.pem", pki.text("web-1-key"));
      },
    ],
    [
      41,
      "an encrypted key, under FIPS",
      () => undefined,
      "error agents/web-1/agent-cert-key.pem: is encrypted, which the FIPS build does not read",
      (t) => {
        for (const [host, name] of [
          ["fleet-server", "agent-cert"],
          ["agents/web-1", "web-1"],
        ] as const) {
          t.write(`${host}/agent-cert-key.pem`, pki.text(`${name}-key`));
          t.edit(`${host}/install-command.sh`, without("elastic-agent-cert-key-passphrase"));
        }
      },
    ],
    [
      42,
      "a key that others may read",
      (t) => chmodSync(t.path("fleet-server/fleet-cert-key.pem"), 0o644),
      "error fleet-server/fleet-cert-key.pem: has mode 0644",
      (t) => chmodSync(t.path("fleet-server/fleet-cert-key.pem"), 0o400),
    ],
    [
      42,
      "a token that others may read",
      (t) => chmodSync(t.path("fleet-server/service-token"), 0o640),
      "error fleet-server/service-token: has mode 0640",
      (t) => chmodSync(t.path("fleet-server/service-token"), 0o400),
    ],
    [
      42,
      "a folder that others may enter",
      (t) => chmodSync(t.path("fleet-server"), 0o711),
      "error fleet-server: has mode 0711",
      (t) => chmodSync(t.path("fleet-server"), 0o500),
    ],
    [
      42,
      "a link at a key's path",
      (t) => fixture.link(t, "fleet-server/fleet-cert-key.pem"),
      "error fleet-server/fleet-cert-key.pem: is a symbolic link",
      (t) => fixture.link(t, "fleet-server/es-ca.pem"),
    ],
    [
      42,
      "the key of a CA",
      (t) => t.write("fleet-server/fleet-ca-key.pem", pki.text("fleet-ca-key")),
      "error fleet-server/fleet-ca-key.pem: is the private key of a CA",
      (t) => t.write("fleet-server/spare-key.pem", pki.text("web-1-key")),
    ],
    [
      42,
      "the encrypted key of a CA, as certutil names it",
      (t) => t.write("agents/web-1/ca.key", pki.text("web-1-encrypted")),
      "error agents/web-1/ca.key: is by its name the private key of a CA",
      (t) => t.write("agents/web-1/spare.key", pki.text("web-1-encrypted")),
    ],
    [
      42,
      "a token in a script that others may read",
      (t) => t.edit("agents/web-1/install-command.sh", (text) => text.replace(/"\$\{FLEET[^"]*"/, TOKEN)),
      "error agents/web-1/install-command.sh: has mode 0644",
      (t) => {
        t.edit("agents/web-1/install-command.sh", (text) => text.replace(/"\$\{FLEET[^"]*"/, TOKEN));
        chmodSync(t.path("agents/web-1/install-command.sh"), 0o700);
      },
    ],
    [
      43,
      "headers in a CA file",
      (t) => t.edit("agents/web-1/fleet-ca.pem", (text) => text.replace("\n", "\nComment: a\n\n")),
      "error agents/web-1/fleet-ca.pem: line 1: a certificate has headers, so the agent ignores it",
      (t) => t.edit("agents/web-1/agent-cert.pem", (text) => text.replace("\n", "\nComment: a\n\n")),
    ],
    [
      39,
      "a certificate first in the key file of Elasticsearch",
      (t) => t.edit("elasticsearch/es-cert-key.pem", (text) => pki.text("es-cert") + text),
      "error elasticsearch/es-cert-key.pem: begins with CERTIFICATE, and Elasticsearch reads the first block only",
      (t) => t.edit("fleet-server/fleet-cert-key.pem", (text) => pki.text("fleet-cert") + text),
    ],
    [
      39,
      "headers in the key file of Elasticsearch",
      (t) => t.edit("elasticsearch/es-cert-key.pem", (text) => text.replace("\n", "\nComment: a\n\n")),
      "error elasticsearch/es-cert-key.pem: has headers, which Elasticsearch does not read",
      (t) => t.edit("fleet-server/fleet-cert-key.pem", (text) => text.replace("\n", "\nComment: a\n\n")),
    ],
    [
      39,
      "Latin-1 in the key file of Elasticsearch",
      (t) =>
        writeFileSync(t.path("elasticsearch/es-cert-key.pem"), `Schl\u00fcssel\n${pki.text("es-cert-key")}`, "latin1"),
      "error elasticsearch/es-cert-key.pem: has bytes that are not UTF-8, so Elasticsearch does not read the file",
      (t) => t.edit("elasticsearch/es-cert-key.pem", (text) => `Schl\u00fcssel\n${text}`),
    ],
    [
      64,
      "a folder in the place of a file, as Docker makes it",
      (t) => {
        t.remove("agents/web-1/fleet-ca.pem");
        mkdirSync(t.path("agents/web-1/fleet-ca.pem"));
      },
      "error agents/web-1/fleet-ca.pem: is a folder",
      (t) => mkdirSync(t.path("agents/web-1/backup")),
    ],
    [
      43,
      "a key in a bundle",
      (t) => {
        t.edit("fleet-server/fleet-ca.pem", (text) => text + pki.text("web-1-key"));
        chmodSync(t.path("fleet-server/fleet-ca.pem"), 0o600);
      },
      "warning fleet-server/fleet-ca.pem: has a private key among its certificates",
      (t) => t.edit("fleet-server/agent-ca.pem", (text) => `${text}# the end\n`),
    ],
    [
      43,
      "an empty bundle",
      (t) => t.write("elasticsearch/es-client-ca.pem", ""),
      "error elasticsearch/es-client-ca.pem: is empty",
      (t) => t.write("elasticsearch/es-client-ca.pem", pki.text("agent-ca") + pki.text("es-ca")),
    ],
    [
      44,
      "a Logstash key that is not PKCS#8",
      (t) => t.write("agents/web-1/logstash-key.pem", fixture.legacyKey()),
      "error agents/web-1/logstash-key.pem: is legacy DEK-Info, where Logstash",
      (t) => t.write("agents/web-1/logstash-key.pem", pkcs8("web-1")),
    ],
  ];
}
