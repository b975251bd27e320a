import type { CertificateSource } from "../../../certificate/certificate-source";
import type { Problems } from "../../../private/problems";
import { quoted } from "../../../private/problems";

/**
 * Refuses a key with a passphrase where the settings cannot say where the passphrase lies. Elasticsearch takes it from
 * its keystore alone (SslConfigurationKeys.KEY_SECURE_PASSPHRASE), Kibana as text (elasticsearch.ssl.keyPassphrase).
 */
export function checkPlainKey(
  problems: Problems,
  prop: string,
  source: CertificateSource | undefined,
  reader: "Elasticsearch" | "Kibana",
): void {
  const passphrasePath = source?._request?.passphrasePath ?? source?._onHost?.passphrasePath;
  if (passphrasePath !== undefined) {
    problems.add(prop, {
      what: `has a key with a passphrase in a file, which ${reader} cannot be pointed to`,
      got: quoted(passphrasePath),
      allowed: `a plain key, readable by the user alone that runs ${reader}`,
      fix: "leave passphrasePath out",
    });
  }
}
