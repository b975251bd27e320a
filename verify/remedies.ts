/** What a check reports, and what to do about it. */
export interface Remedy {
  /** A part of a message. */
  readonly says: string;
  readonly fix: string;
}

/** The remedy of every check, for docs/verify.md; each finding has one for its own place, too. */
export const REMEDIES: Readonly<Record<number, Remedy>> = {
  1: { says: "--fleet-server-es is not a URL", fix: "write the whole URL: https://es.example.com:9200" },
  2: {
    says: "--fleet-server-service-token and its path are both missing",
    fix: "give --fleet-server-service-token-path or --fleet-server-service-token, and not both",
  },
  3: {
    says: "--fleet-server-cert-key is missing",
    fix: "give --fleet-server-cert and --fleet-server-cert-key, or neither",
  },
  4: {
    says: "--url is missing",
    fix: "add --url with a name of the fleet cert, which Fleet Server's own agent connects to",
  },
  5: { says: "--url is not an https URL", fix: "write https://" },
  6: { says: "--url has no port", fix: "add the port, usually :8220: without one the agent connects to 443" },
  7: { says: "--url is there twice", fix: "remove one of the two: the agent takes the last one" },
  8: {
    says: "--elastic-agent-cert is not absolute",
    fix: "write the whole path: the service does not run in your folder",
  },
  9: { says: "--certificate-authorities is not absolute", fix: "write the whole path of each CA in the list" },
  10: { says: "--certificate-authorities", fix: "remove the stray comma or blank: paths are separated by one comma" },
  11: { says: "--fleet-server-es-ca", fix: "name one file; several CAs go into one file, one after the other" },
  12: { says: "--fleet-server-es-ca", fix: "write the PEM into a file and name its path" },
  13: {
    says: "--fleet-server-client-auth is not a client authentication mode",
    fix: "write none, optional or required, in lower case",
  },
  14: {
    says: "--fleet-server-cert is missing",
    fix: "add --fleet-server-cert and its key, or leave --fleet-server-client-auth out",
  },
  15: {
    says: "--elastic-agent-cert is missing",
    fix: "add --elastic-agent-cert and its key: Fleet Server's own agent is a client too",
  },
  16: {
    says: "is refused by fleet-server's CA list",
    fix: "add the CA of the agents' certificates to Fleet Server's --certificate-authorities",
  },
  17: {
    says: "is refused by --certificate-authorities",
    fix: "name the CA that issued the fleet cert in --certificate-authorities of every agent and Fleet Server",
  },
  18: {
    says: "--elastic-agent-cert-key-passphrase is set without",
    fix: "add --elastic-agent-cert and its key, or remove the passphrase",
  },
  19: {
    says: "--fleet-server-cert-key-passphrase is set without",
    fix: "add --fleet-server-cert and its key, or remove the passphrase",
  },
  20: {
    says: "--fleet-server-es-cert-key-passphrase does not exist",
    fix: "keep that key plain, with mode 0600: no flag names a passphrase for it",
  },
  21: {
    says: "--fleet-server-es-cert-key is missing",
    fix: "give --fleet-server-es-cert and --fleet-server-es-cert-key, or neither",
  },
  22: {
    says: "--fleet-server-es-ca-trusted-fingerprint is not written",
    fix: "write 64 hex digits without colons: openssl x509 -in CA -noout -fingerprint -sha256, and remove the colons",
  },
  23: {
    says: "--ca-sha256 is not written",
    fix: "write the base64 of the SHA-256 of the CA's public key, not of its certificate",
  },
  24: { says: "--fleet-server-port is not a port", fix: "write a number from 1 to 65535" },
  25: { says: "--non-interactive is missing", fix: "add --non-interactive or --force" },
  26: {
    says: "--enrollment-token is missing",
    fix: "add --url and --enrollment-token: without them the agent is not enrolled",
  },
  27: { says: "--delay-enroll loses every setting", fix: "remove it from Fleet Server's command" },
  28: { says: "--insecure disables the verification", fix: "remove it, and name the CA by --certificate-authorities" },
  29: {
    says: "--fleet-server-port is set without --fleet-server-es",
    fix: "remove the --fleet-server flags from an agent's command",
  },
  30: {
    says: "trusts the Elasticsearch CA",
    fix: "remove it from --certificate-authorities: the policy's output names it",
  },
  31: {
    says: "--elastic-agent-cert is set although",
    fix: "remove the agent certificate, or set --fleet-server-client-auth",
  },
  32: {
    says: "--certificate-authority is unknown to install",
    fix: "correct the flag's name, or upgrade to the version that the message names",
  },
  33: { says: "--header has no =", fix: "write NAME=VALUE" },
  34: {
    says: "a word after --tag belongs to no flag",
    fix: "quote values with blanks, and remove what a page or an editor left in the text",
  },
  35: { says: "has a newline", fix: "write the passphrase with printf %s, which adds no newline" },
  36: {
    says: "has a newline, which counts as part of the token",
    fix: "write the token with printf %s, which adds no newline",
  },
  37: {
    says: "starts with a byte order mark",
    fix: "save the file as UTF-8 without a byte order mark, as openssl writes it",
  },
  38: {
    says: "begins with the CA CN=es-ca",
    fix: "put the leaf first, then its intermediates: cat leaf.pem intermediate.pem",
  },
  39: {
    says: "does not belong to the first certificate",
    fix: "copy the key for which the certificate was issued; `openssl x509 -noout -pubkey` and `openssl pkey -pubout` print the same for a pair",
  },
  40: {
    says: "is encrypted in the legacy DEK-Info format",
    fix: "encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256",
  },
  41: {
    says: "is encrypted, which the FIPS build does not read",
    fix: "use a plain key: RSA with 2048 bits or more, P-256, P-384 or P-521",
  },
  42: {
    says: "has mode 0644",
    fix: "chmod 600 keys, passphrases and tokens, chmod 700 their folder, and never copy the key of a CA to a host",
  },
  43: {
    says: "a certificate has headers, so the agent ignores it",
    fix: "keep nothing but CERTIFICATE blocks, as openssl x509 writes them",
  },
  44: { says: "is legacy DEK-Info, where Logstash", fix: "openssl pkcs8 -topk8 -nocrypt" },
  45: {
    says: "lacks the name other.example.com",
    fix: "reissue the fleet cert with that name as a SAN, or use a URL with one of its names",
  },
  46: {
    says: "lacks the names localhost and 127.0.0.1",
    fix: "reissue it with both, or give --stack-version if that version does not check them",
  },
  47: {
    says: "connects to other.example.com, which no fleet cert here has",
    fix: "use a name of the fleet cert in the URL, or reissue the fleet cert with that name",
  },
  48: {
    says: "lacks the name 10.0.0.9",
    fix: "reissue the Elasticsearch cert with that name, or use one of its names in the URL",
  },
  49: {
    says: "has extended key usage clientAuth, and is used for serverAuth",
    fix: "reissue it with extendedKeyUsage=serverAuth",
  },
  50: {
    says: "has extended key usage serverAuth, and is used for clientAuth",
    fix: "reissue it with extendedKeyUsage=clientAuth",
  },
  51: {
    says: "has extended key usage serverAuth, and is used for clientAuth",
    fix: "reissue it with both usages, or use two certificates",
  },
  52: {
    says: "is not a certificate authority",
    fix: "name the CA's certificate, with basicConstraints=critical,CA:TRUE and keyUsage keyCertSign",
  },
  53: { says: "has 1 CAs below CN=shallow", fix: "issue from a CA whose pathlen permits it" },
  54: { says: "expired on", fix: "renew the certificate; of a CA with the same key and name" },
  55: {
    says: "is issued by CN=es-ca with another key",
    fix: "append the missing intermediate after the leaf, or name the CA that really issued it",
  },
  56: { says: "two CAs with different keys have one name", fix: "give one of them another name" },
  57: {
    says: "serves no CA with the fingerprint",
    fix: "append the CA to the certificate file of Elasticsearch, and use the fingerprint of that CA",
  },
  58: {
    says: "has a --ca-sha256 that matches no certificate of the chain",
    fix: "give the pin of the fleet CA's public key",
  },
  59: {
    says: "is refused by elasticsearch's es-client-ca.pem",
    fix: "add the CA of the client's certificate to xpack.security.http.ssl.certificate_authorities",
  },
  60: {
    says: "names no Elasticsearch CA",
    fix: "add ssl.certificate_authorities with the Elasticsearch CA to the output",
  },
  61: {
    says: "does not contain the same CAs as fleet-server's",
    fix: "copy the new file to every host before the next step of a rotation",
  },
  62: {
    says: "has no --fleet-server-es-ca, so it trusts the system's CAs only",
    fix: "name the CA by the flag or the setting that the message gives",
  },
  63: {
    says: "seems to have the command of this host, which was not read",
    fix: "save the command as install-command.sh, .ps1, .cmd or container.env, or name it with --command FILE",
  },
  64: {
    says: "is a folder",
    fix: "copy the file itself there; Docker makes a folder of a file that it is to mount and does not find",
  },
  65: {
    says: "which replaces the CA that agents enrolled with",
    fix: "remove the setting from Kibana's Fleet Server host, or name the fleet CA in it",
  },
  66: { says: "in plain text", fix: "keep the secret in a file on the hosts, or in the object's secrets" },
  67: {
    says: "connects with https, and elasticsearch has xpack.security.http.ssl.enabled: false",
    fix: "turn TLS on at both ends",
  },
  68: { says: "no handshake", fix: "start the server, open the port, or give --connect HOST:PORT" },
  69: {
    says: "names an encrypted key, which Elastic Defend does not read",
    fix: "use plain keys on hosts with Elastic Defend, and RSA keys before 8.19 and in 9.0",
  },
  70: { says: "which also issued", fix: "use a CA for this purpose alone" },
  71: {
    says: "does not verify the certificate of",
    fix: "name the CA of the server behind it, and the name that its certificate must have",
  },
  72: {
    says: "asks for client certificates and names no CA for them",
    fix: "name the agent CA as the CA of its clients",
  },
  73: {
    says: "names a CA",
    fix: "copy the CA file to every host whose policy names the download source, or put its PEM into the source",
  },
};
