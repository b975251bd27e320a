/** One check of a command, of files, or of settings. */
export interface Check {
  /** The requirement. */
  readonly text: string;
  /** The option or the file without which it is not applicable. */
  readonly needs?: string;
}

/** Every check by its number, which never changes; a report gives the status of each. */
export const CHECKS: Readonly<Record<number, Check>> = {
  1: { text: "a Fleet Server's command has --fleet-server-es with scheme and host" },
  2: { text: "there is exactly one service token or path of one" },
  3: { text: "--fleet-server-cert and its key come together" },
  4: { text: "--url is there with --fleet-server-cert" },
  5: { text: "--url is https" },
  6: { text: "--url has an explicit port" },
  7: { text: "no flag is repeated" },
  8: { text: "every path is absolute on the host's platform" },
  9: { text: "every path of the CA list is absolute" },
  10: { text: "no CA path has a comma or blanks around it" },
  11: { text: "--fleet-server-es-ca is one path" },
  12: { text: "the command contains no PEM" },
  13: { text: "--fleet-server-client-auth is none, optional or required" },
  14: { text: "client authentication comes with a server certificate" },
  15: { text: "required client authentication comes with an agent certificate" },
  16: { text: "the CA list admits every agent's certificate" },
  17: { text: "the CA list has the issuer of the fleet cert" },
  18: { text: "an agent passphrase comes with the agent's certificate and key" },
  19: { text: "a Fleet Server passphrase comes with its certificate and key" },
  20: { text: "the Elasticsearch client key is plain" },
  21: { text: "--fleet-server-es-cert and its key come together" },
  22: { text: "the trusted fingerprint is 64 hex digits" },
  23: { text: "each pin is 32 bytes in base64" },
  24: { text: "ports are 1 to 65535" },
  25: { text: "install does not prompt" },
  26: { text: "an agent's command has --url and --enrollment-token" },
  27: { text: "no --delay-enroll on a Fleet Server" },
  28: { text: "no --insecure flag" },
  29: { text: "an agent's command has no --fleet-server flag" },
  30: { text: "an agent trusts only the fleet CA for Fleet Server" },
  31: { text: "a one-way command has no agent certificate" },
  32: { text: "the stack's version has every flag", needs: "--stack-version" },
  33: { text: "headers are name=value" },
  34: { text: "values survive the shell" },
  35: { text: "a passphrase file contains the passphrase and no newline" },
  36: { text: "a service-token file has no newline" },
  37: { text: "PEM files begin with BEGIN, without byte order mark" },
  38: { text: "certificate files have the leaf first, then its intermediates" },
  39: { text: "keys belong to their certificates" },
  40: { text: "encrypted keys are PKCS#8 with PBES2" },
  41: { text: "keys suit a FIPS build", needs: "--fips" },
  42: { text: "only their owner can read keys, and no CA key is there" },
  43: { text: "CA files contain certificates and nothing else" },
  44: { text: "a Logstash key is plain PKCS#8", needs: "a key file with logstash in its name" },
  45: { text: "the fleet cert has the host of --url" },
  46: { text: "the fleet cert has localhost and 127.0.0.1" },
  47: {
    text: "the fleet certs have the host of every agent's --url and of every URL that Kibana gives",
    needs: "Fleet Servers, and agents or kibana.yml, in one tree",
  },
  48: {
    text: "the Elasticsearch cert has the hosts of --fleet-server-es and of the outputs",
    needs: "es-cert.pem in the tree",
  },
  49: { text: "server certificates may be used by servers" },
  50: { text: "client certificates may be used by clients" },
  51: { text: "a certificate in both roles may be used for both" },
  52: { text: "CAs may sign certificates" },
  53: { text: "path lengths permit the chains" },
  54: { text: "certificates are valid now, end before their CA, and are strong" },
  55: { text: "each leaf verifies with the files that are there" },
  56: { text: "CAs with different keys have different names" },
  57: {
    text: "the trusted fingerprint is that of a CA that Elasticsearch serves",
    needs: "es-cert.pem in the tree, or --connect",
  },
  58: { text: "pins are those of the chain that Fleet Server serves", needs: "--ca-sha256 and a fleet cert" },
  59: {
    text: "Elasticsearch admits the fleet ES cert, the agents' certs and Kibana's",
    needs: "es-client-ca.pem or elasticsearch.yml in the tree",
  },
  60: {
    text: "the outputs have the Elasticsearch CA",
    needs: "outputs/*.yml, or kibana.yml in a folder of the tree",
  },
  61: { text: "every host has the same CAs in a rotation", needs: "several hosts in one tree" },
  62: { text: "every client names the CA of the server that it connects to" },
  63: { text: "the command, the settings and the outputs can be read" },
  64: { text: "every file that a command or settings name is in the folder" },
  65: {
    text: "Kibana's Fleet Server hosts, proxies and outputs do not replace a command's settings with wrong ones",
    needs: "kibana.yml in a folder of the tree, or --kibana",
  },
  66: {
    text: "no secret is in plain text in Kibana's objects",
    needs: "kibana.yml in a folder of the tree, or --kibana",
  },
  67: { text: "both ends of a connection use TLS", needs: "elasticsearch.yml in the tree" },
  68: { text: "the endpoints answer, and accept this host", needs: "--connect" },
  69: { text: "Elastic Defend reads the keys", needs: "--defend" },
  70: { text: "a list of CAs admits only the clients that it is for" },
  71: {
    text: "a proxy or a receiver verifies the server behind it, and that server's name",
    needs: "nginx.conf, haproxy.cfg, envoy.yaml or a Logstash pipeline in the tree",
  },
  72: {
    text: "a proxy or a receiver admits the agents' certificates",
    needs: "nginx.conf, haproxy.cfg, envoy.yaml, a Logstash pipeline or server.properties in the tree",
  },
  73: {
    text: "agents can verify the servers that they download from",
    needs: "download-sources/*.json, kibana.yml in a folder of the tree, or --kibana",
  },
};

/** The first of the checks that need more than the command. */
export const FIRST_FILE_CHECK = 35;

/** The result of a check. */
export type CheckStatus = "passed" | "failed" | "not applicable";

/** Where each check is explained. */
export const CHECKS_PAGE = "https://github.com/cdktf-fleet-tls/cdktf-fleet-tls/blob/main/docs/verify.md";
