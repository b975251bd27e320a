import { Fn } from "cdktf";

import type { ClientAuthentication } from "../../../command/client-authentication";
import { expression, literalArgument } from "../../../private/terraform/text";
import { withPort } from "../../../private/urls";

/** Paths on the host, and what the pipeline connects. */
export interface LogstashPipeline {
  readonly port: number;
  readonly certificatePath?: string;
  readonly keyPath?: string;
  readonly clientCaPath?: string;
  readonly clientAuthentication: ClientAuthentication;
  readonly elasticsearchUrl: string;
  readonly elasticsearchCaPath?: string;
  readonly elasticsearchCertificatePath?: string;
  readonly elasticsearchKeyPath?: string;
}

/** A pipeline with an `elastic_agent` input and an output to Elasticsearch, as secure-logstash-connections has it. */
export function logstashPipeline(pipeline: LogstashPipeline): string {
  const { certificatePath, keyPath, clientCaPath, elasticsearchCaPath } = pipeline;
  const { elasticsearchCertificatePath: certificate, elasticsearchKeyPath: key } = pipeline;
  const lines: (string | undefined)[] = [
    literalArgument("input {\n  elastic_agent {\n"),
    setting("port", String(pipeline.port)),
    setting("ssl_enabled", "true"),
    certificatePath === undefined
      ? literalArgument("    # add ssl_certificate and ssl_key of the certificate that exists already\n")
      : text("ssl_certificate", certificatePath),
    keyPath === undefined ? undefined : text("ssl_key", keyPath),
    clientCaPath === undefined ? undefined : list("ssl_certificate_authorities", clientCaPath),
    text("ssl_client_authentication", pipeline.clientAuthentication.mode),
    literalArgument("  }\n}\noutput {\n  elasticsearch {\n"),
    list("hosts", withPort(pipeline.elasticsearchUrl, "9200")),
    setting("data_stream", "true"),
    literalArgument('    api_key => "${LOGSTASH_API_KEY}"\n'),
    setting("ssl_enabled", "true"),
    elasticsearchCaPath === undefined ? undefined : list("ssl_certificate_authorities", elasticsearchCaPath),
    certificate === undefined ? undefined : text("ssl_certificate", certificate),
    key === undefined ? undefined : text("ssl_key", key),
    literalArgument("  }\n}\n"),
  ];
  return Fn.join(
    "",
    lines.filter((line) => line !== undefined),
  );
}

function setting(name: string, value: string): string {
  return literalArgument(`    ${name} => ${value}\n`);
}

/** Logstash reads a string without escapes, unless `config.support_escapes` is on. */
function text(name: string, value: string): string {
  return Fn.join("", [literalArgument(`    ${name} => "`), expression(value), literalArgument('"\n')]);
}

function list(name: string, value: string): string {
  return Fn.join("", [literalArgument(`    ${name} => ["`), expression(value), literalArgument('"]\n')]);
}
