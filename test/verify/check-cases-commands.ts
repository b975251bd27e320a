import { X509Certificate } from "node:crypto";
import { chmodSync } from "node:fs";
import { rootCertificates } from "node:tls";

import { CLIENT, SERVER } from "../support/pki";
import type { CheckCase, CheckFixture } from "./check-fixture";
import { FLEET_NAMES, SERVER_SCRIPT as server, withFlag, without } from "./check-fixture";
import type { Topology } from "./fleet-fixture";

const AGENT = "agents/web-1/install-command.sh";
const certs = "/etc/elastic-agent/certs";

/** A root of Let's Encrypt, which ends in 2040. */
const PUBLIC_CA = rootCertificates.find((pem) => new X509Certificate(pem).subject.includes("ISRG Root X2"))!;

type Edit = (text: string) => string;
const inServer =
  (...edits: Edit[]) =>
  (t: Topology): void =>
    edits.forEach((edit) => t.edit(server, edit));
const inAgent =
  (...edits: Edit[]) =>
  (t: Topology): void =>
    edits.forEach((edit) => t.edit(AGENT, edit));
const put =
  (from: string | RegExp, to: string): Edit =>
  (text) =>
    text.replace(from, to);
/** Leaves the Fleet Server's own folder alone. */
const alone =
  (...keep: string[]) =>
  (t: Topology): void =>
    ["fleet-server", "agents", "elasticsearch", "kibana", "outputs"]
      .filter((folder) => !keep.includes(folder))
      .forEach((folder) => t.remove(folder));
const then =
  (...changes: ((t: Topology) => void)[]) =>
  (t: Topology): void =>
    changes.forEach((change) => change(t));
/** Adds a CA to those of Elasticsearch on every host. */
const everyEsCa = (t: Topology, pem: string): void =>
  ["fleet-server", "agents/web-1", "elasticsearch", "kibana/kibana"].forEach((host) =>
    t.edit(`${host}/es-ca.pem`, (text) => `${text}${pem}\n`),
  );
const URL = "--url=https://fleet.example.com:8220";

/** Ways to break a command by itself (checks 1 to 34), and lists of CAs that admit others (checks 69 and 70). */
export function commandCases(fixture: CheckFixture): CheckCase[] {
  const { pki } = fixture;
  return [
    [
      1,
      "an Elasticsearch without scheme",
      inServer(put("https://es.", "es.")),
      "--fleet-server-es is not a URL",
      inServer(put("https://es.example.com:9200", "HTTPS://es.example.com")),
    ],
    [
      2,
      "a Fleet Server without a token",
      inServer(without("fleet-server-service-token-path")),
      "--fleet-server-service-token and its path are both missing",
      inServer(put(`service-token-path=${certs}/service-token`, 'service-token="${TOKEN:?}"')),
    ],
    [
      2,
      "a token and its path",
      inServer(withFlag('--fleet-server-service-token="${TOKEN:?}"')),
      "--fleet-server-service-token is set, and so is its path",
      inServer(put("service-token-path=", "service-token-path ")),
    ],
    [
      3,
      "a Fleet Server certificate without its key",
      inServer(without("fleet-server-cert-key")),
      "--fleet-server-cert-key is missing",
      inServer(put("--fleet-server-cert-key=", "--fleet-server-cert-key ")),
    ],
    [
      4,
      "a Fleet Server certificate without a URL",
      inServer(put(`${URL} `, "")),
      "--url is missing",
      inServer(put("--url=", "--url ")),
    ],
    [5, "an http URL", inAgent(put("https:", "http:")), "--url is not an https URL", inAgent(put(":8220", ":8220/"))],
    [6, "a URL without a port", inAgent(put(":8220", "")), "--url has no port", inAgent(put(":8220", ":443"))],
    [
      7,
      "a URL that is given twice",
      inAgent(withFlag(URL)),
      "--url is there twice",
      inAgent(withFlag("--tag=a --tag=b")),
    ],
    [
      8,
      "a relative path",
      inAgent(put(`cert=${certs}`, "cert=certs")),
      "--elastic-agent-cert is not absolute",
      inAgent(put(`cert=${certs}`, `cert=${certs}/../certs`)),
    ],
    [
      9,
      "a relative path in the list of CAs",
      inAgent(put(`${certs}/fleet-ca`, "certs/fleet-ca")),
      "--certificate-authorities is not absolute",
      inAgent(put(`${certs}/fleet-ca`, "/fleet-ca")),
    ],
    [
      10,
      "a comma at the end of the list of CAs",
      inAgent(put("fleet-ca.pem", "fleet-ca.pem,")),
      "--certificate-authorities",
      inAgent(put(`${certs}/fleet-ca.pem`, `'/etc/my certs/fleet-ca.pem'`)),
    ],
    [
      10,
      "an empty path in the list of CAs",
      inServer(put(/(--certificate-authorities=)(\S+),(\S+)/, '$1"$2, ,$3"')),
      "--certificate-authorities",
      // The agent trims each path.
      inServer(put(/(--certificate-authorities=)(\S+),(\S+)/, '$1" $2 , $3"')),
    ],
    [
      11,
      "two paths for one CA",
      inServer(put(`es-ca=${certs}/es-ca.pem`, `es-ca=${certs}/es-ca.pem,${certs}/es-ca.pem`)),
      "--fleet-server-es-ca",
      inServer(put(`es-ca=${certs}/es-ca.pem`, `es-ca="${certs}/es-ca.pem"`)),
    ],
    [
      12,
      "PEM in the command",
      inServer(put(`es-ca=${certs}/es-ca.pem`, "es-ca='-----BEGIN CERTIFICATE-----'")),
      "--fleet-server-es-ca",
      inServer(put(`es-ca=${certs}`, "es-ca=/-certs-")),
    ],
    [
      13,
      "client authentication in capitals",
      then(alone("fleet-server"), inServer(put("auth=required", "auth=REQUIRED"))),
      "--fleet-server-client-auth is not a client authentication mode",
      inServer(put("client-auth=", "client-auth ")),
    ],
    [
      14,
      "client authentication without a server certificate",
      then(alone("fleet-server"), inServer(without("fleet-server-cert"), without("fleet-server-cert-key"))),
      "--fleet-server-cert is missing",
      inServer(put("--fleet-server-cert=", "--fleet-server-cert ")),
    ],
    [
      15,
      "required client authentication without an agent certificate",
      then(alone("fleet-server"), inServer(put(/--elastic-agent-cert\S* \\\n/g, ""))),
      "--elastic-agent-cert is missing",
      then(
        alone("fleet-server"),
        inServer(put(/--elastic-agent-cert\S* \\\n/g, ""), put("auth=required", "auth=optional")),
      ),
    ],
    [
      18,
      "a passphrase without the pair",
      then(alone("agents"), inAgent(without("elastic-agent-cert"), without("elastic-agent-cert-key"))),
      "--elastic-agent-cert-key-passphrase is set without",
      alone("agents"),
    ],
    [
      19,
      "a Fleet Server passphrase without the pair",
      then(
        alone("fleet-server"),
        inServer(
          without("fleet-server-cert"),
          without("fleet-server-cert-key"),
          without("fleet-server-client-auth"),
          put(/--elastic-agent-cert\S* \\\n/g, ""),
          withFlag(`--fleet-server-cert-key-passphrase=${certs}/pass`),
        ),
      ),
      "--fleet-server-cert-key-passphrase is set without",
      inServer(withFlag(`--fleet-server-cert-key-passphrase=${certs}/pass`)),
    ],
    [
      20,
      "a passphrase of the Elasticsearch client key",
      inServer(withFlag(`--fleet-server-es-cert-key-passphrase=${certs}/pass`)),
      "--fleet-server-es-cert-key-passphrase does not exist",
      inServer(put("--fleet-server-es-cert-key=", "--fleet-server-es-cert-key ")),
    ],
    [
      21,
      "an Elasticsearch client certificate without its key",
      inServer(without("fleet-server-es-cert-key")),
      "--fleet-server-es-cert-key is missing",
      inServer(put("--fleet-server-es-cert=", "--fleet-server-es-cert ")),
    ],
    [
      22,
      "a fingerprint with colons",
      then(alone("fleet-server"), inServer(withFlag(`--fleet-server-es-ca-trusted-fingerprint=${"AB:".repeat(31)}AB`))),
      "--fleet-server-es-ca-trusted-fingerprint is not written",
      then(alone("fleet-server"), inServer(withFlag(`--fleet-server-es-ca-trusted-fingerprint=${"AB".repeat(32)}`))),
    ],
    [
      23,
      "a pin in hexadecimal",
      then(alone("agents"), inAgent(withFlag(`--ca-sha256=${"ab".repeat(32)}`))),
      "--ca-sha256 is not written",
      then(alone("agents"), inAgent(withFlag(`--ca-sha256=${pki.read("fleet-ca").spkiPinSha256}`))),
    ],
    [
      24,
      "a port that is too large",
      inServer(put("port=8220", "port=82200")),
      "--fleet-server-port is not a port",
      inServer(put("port=8220", "port=08220")),
    ],
    [
      25,
      "a command that asks",
      inAgent(put(" --non-interactive", "")),
      "--non-interactive is missing",
      inAgent(put("--non-interactive", "--force")),
    ],
    [
      26,
      "an agent without an enrollment token",
      inAgent(put(/--enrollment-token="[^"]*" /, "")),
      "--enrollment-token is missing",
      inAgent(put("--enrollment-token=", "-t ")),
    ],
    [
      27,
      "a Fleet Server that delays its enrollment",
      inServer(withFlag("--delay-enroll")),
      "--delay-enroll loses every setting",
      inAgent(withFlag("--delay-enroll")),
    ],
    [
      28,
      "verification that is turned off",
      inAgent(withFlag("--insecure")),
      "--insecure disables the verification",
      inAgent(withFlag("--insecure=false")),
    ],
    [
      29,
      "a flag of Fleet Server on an agent",
      inAgent(withFlag("--fleet-server-port=8220")),
      "--fleet-server-port is set without --fleet-server-es",
      inAgent(withFlag("--tag=fleet-server-port")),
    ],
    [
      31,
      "an agent certificate that nobody asks for",
      then(alone("fleet-server"), inServer(without("fleet-server-client-auth"))),
      "--elastic-agent-cert is set although",
      then(alone("fleet-server"), inServer(put("auth=required", "auth=optional"))),
    ],
    [
      32,
      "a flag that does not exist",
      inAgent(withFlag("--certificate-authority=x")),
      "--certificate-authority is unknown to install",
      inAgent(withFlag("--enroll-timeout=5m")),
    ],
    [
      33,
      "a header without a value",
      inAgent(withFlag("--header=X-Team")),
      "--header has no =",
      inAgent(withFlag("--header=X-Team=")),
    ],
    [
      34,
      "a word too much",
      inAgent(withFlag("--tag a b")),
      "a word after --tag belongs to no flag",
      inAgent(withFlag("--tag 'a b'")),
    ],
    [
      34,
      "a value that the shell may split",
      inAgent(withFlag("--tag=$TAG")),
      "--tag may be split by the shell",
      inAgent(withFlag('--tag="$TAG"')),
    ],
    [
      34,
      "a byte order mark",
      inAgent((text) => `\ufeff${text}`),
      "error agents/web-1/install-command.sh: starts with a byte order mark",
      inAgent((text) => text.replace("\n", "\n# \u00e4 \u201c \ufeff\n")),
    ],
    [
      34,
      "a quote without an end",
      (t) => {
        inAgent((text) => `${text}echo 'done\n`)(t);
        // Whether it contains a secret cannot be seen.
        chmodSync(t.path(AGENT), 0o700);
      },
      "error agents/web-1/install-command.sh: cannot be read as a script: ",
      inAgent((text) => `${text}echo 'done'\n`),
    ],
    [
      67,
      "a Fleet Server that connects with http to an Elasticsearch that is not here",
      then(alone("fleet-server"), inServer(put("--fleet-server-es=https:", "--fleet-server-es=http:"))),
      "warning fleet-server: connects to Elasticsearch with http, so its service token is sent unencrypted",
      then(alone("fleet-server"), inServer(put("https://es.example.com", "HTTPS://http.example.com"))),
    ],
    [
      69,
      "an encrypted key in an output, with Elastic Defend",
      () => undefined,
      "error outputs/default.yml: names an encrypted key, which Elastic Defend does not read",
      (t) => fixture.plainKeys(t),
    ],
    [
      70,
      "a client CA that issued Fleet Server's certificate, usable by clients",
      (t) => {
        const both = [...SERVER.map((line) => line.replace("serverAuth", "serverAuth,clientAuth")), FLEET_NAMES];
        fixture.reissue(t, "fleet-server/fleet-cert.pem", "fleet-cert", both);
        t.edit("elasticsearch/es-client-ca.pem", (text) => text + pki.text("fleet-ca"));
      },
      "warning elasticsearch/es-client-ca.pem: has the CA CN=fleet-ca, which also issued",
      (t) => t.edit("elasticsearch/es-client-ca.pem", (text) => text + pki.text("fleet-ca")),
    ],
    [
      70,
      "an Elasticsearch CA that issued another server's certificate",
      (t) => everyEsCa(t, pki.text("fleet-ca")),
      "warning fleet-server/es-ca.pem: has the CA CN=fleet-ca, which also issued fleet-server/fleet-cert.pem",
      (t) => {
        pki.certificate("es-ca-2", { days: 3650 });
        everyEsCa(t, pki.text("es-ca-2"));
      },
    ],
    [
      70,
      "one CA for everything, and an agent's certificate that servers may use",
      (t) => fixture.oneAuthority(t, [...CLIENT, "subjectAltName=DNS:es.example.com"].map(forBoth)),
      "warning fleet-server/es-ca.pem: has the CA CN=fleet-ca, which also issued agents/web-1/agent-cert.pem",
      (t) => fixture.oneAuthority(t, CLIENT),
    ],
    [
      70,
      "a public CA for clients",
      (t) => t.edit("elasticsearch/es-client-ca.pem", (text) => `${text}${PUBLIC_CA}\n`),
      "error elasticsearch/es-client-ca.pem: has a public CA, so everybody",
      (t) => fixture.reissue(t, "agents/web-1/agent-cert.pem", "web-1", CLIENT, "agent-ca"),
    ],
    [
      70,
      "a public CA for Elasticsearch",
      (t) => everyEsCa(t, PUBLIC_CA),
      "error fleet-server/es-ca.pem: has a public CA, and Fleet Server does not check Elasticsearch's name",
      (t) => {
        pki.certificate("es-ca-2", { days: 3650 });
        everyEsCa(t, pki.text("es-ca-2"));
      },
    ],
    [
      70,
      "an Elasticsearch client certificate towards public CAs",
      then(alone("fleet-server"), (t) => t.remove("fleet-server/es-ca.pem"), inServer(without("fleet-server-es-ca"))),
      "error fleet-server: has --fleet-server-es-cert and no --fleet-server-es-ca",
      then(
        alone("fleet-server"),
        (t) => t.remove("fleet-server/es-ca.pem"),
        inServer(without("fleet-server-es-ca"), without("fleet-server-es-cert"), without("fleet-server-es-cert-key")),
      ),
    ],
    [
      70,
      "an output with ssl: {} towards a public CA",
      then(alone("fleet-server", "outputs"), publicElasticsearch, (t) => t.write("outputs/default.yml", "ssl: {}\n")),
      "error outputs/default.yml: has ssl settings and names no CA",
      then(alone("fleet-server", "outputs"), publicElasticsearch, (t) =>
        t.write("outputs/default.yml", "ssl.verification_mode: strict\n"),
      ),
    ],
  ];
}

const forBoth = (extension: string): string => extension.replace("clientAuth", "clientAuth,serverAuth");

/** A Fleet Server whose Elasticsearch has a certificate of a public CA. */
function publicElasticsearch(t: Topology): void {
  t.remove("fleet-server/es-ca.pem");
  inServer(without("fleet-server-es-ca"), without("fleet-server-es-cert"), without("fleet-server-es-cert-key"))(t);
}
