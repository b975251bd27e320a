import * as fs from "node:fs";
import * as path from "node:path";

import * as ts from "typescript";

const ROOT = path.join(__dirname, "..");

const SHARED_FLAGS = path.join(ROOT, "lib", "host", "shared-flags.ts");

/** The structs of the page, in its order, with where they are given. */
const STRUCTS: readonly (readonly [file: string, name: string, heading: string])[] = [
  ["fleet/fleet-base-props", "FleetBaseProps", "Of every fleet"],
  ["fleet/fleet-tls-props", "FleetTlsProps", "Of `OneWayFleetTls` and `MutualFleetTls`"],
  ["fleet/mutual-fleet-tls-props", "MutualFleetTlsProps", "Only of `MutualFleetTls`"],
  ["fleet/external-fleet-tls-props", "ExternalFleetTlsProps", "Only of `ExternalFleetTls`"],
  ["host/host-options", "HostOptions", "Of every host, and of the fleet for all of its hosts"],
  ["host/install-options", "InstallOptions", "Of Fleet Servers and agents"],
  ["host/fleet-server-options", "FleetServerOptions", "Of Fleet Servers: `fleetServer`, `addFleetServer`"],
  ["host/agent-options", "AgentOptions", "Of agents: `addAgent`"],
  ["host/elasticsearch", "ElasticsearchOptions", "Of Elasticsearch: `elasticsearch`, `addElasticsearchNode`"],
  ["host/kibana-options", "KibanaOptions", "Of Kibana: `addKibana`"],
  ["host/agent-policy", "AgentPolicyOptions", "Of agent policies: `addAgentPolicy`"],
  ["host/fleet-server-hosts", "FleetServerHostsOptions", "Of Fleet Server hosts: `addFleetServerHosts`"],
  [
    "host/download-source-options",
    "BinaryDownloadSourceOptions",
    "Of download sources: `addDownloadSource`, with `ca`",
  ],
  ["host/fleet-proxy-options", "ForwardProxyOptions", "Of Fleet proxies: `addFleetProxy`, with `ca`"],
  ["host/fleet-output-options", "FleetOutputOptions", "Of outputs: `addOutput`"],
  ["host/reverse-proxy-options", "ReverseProxyOptions", "Of reverse proxies: `addProxy`, with `ca`"],
  ["host/logstash-options", "LogstashOptions", "Of Logstash: `addLogstash`"],
  ["host/kafka-broker-options", "KafkaBrokerOptions", "Of Kafka brokers: `addKafkaBroker`"],
  ["host/remote-elasticsearch-options", "RemoteElasticsearchOptions", "Of other clusters: `addRemoteElasticsearch`"],
  ["authority/certificate-authority-options", "GeneratedCertificateAuthorityOptions", "Of a generated CA: `generated`"],
  [
    "authority/certificate-authority-options",
    "IntermediateCertificateAuthorityOptions",
    "Of an intermediate CA: `intermediate`",
  ],
  ["authority/certificate-authority-options", "FileCertificateAuthorityOptions", "Of a CA in files: `fromFiles`"],
  ["authority/certificate-authority-options", "PemCertificateAuthorityOptions", "Of a CA as text: `fromPem`"],
  ["authority/certificate-authority-options", "TrustOnlyOptions", "Of a CA that others run: `trustOnly`"],
  ["authority/certificate-authority-source", "RotatingCertificateAuthorityOptions", "Of a rotation: `rotating`"],
  [
    "certificate/certificate-source",
    "CertificateRequestOptions",
    "Of a key that stays on its host: `fromCertificateRequest`",
  ],
  ["certificate/certificate-source", "OnHostCertificateOptions", "Of a pair that is on its host: `onHost`"],
];

/** The page of every prop, from the docstrings. */
export function propsPage(): string {
  const sections = STRUCTS.map(([file, name, heading]) => {
    const rows = propsOf(path.join(ROOT, "lib", `${file}.ts`), name).map((cells) => `| ${cells.join(" | ")} |`);
    return [`## ${heading}`, "", "| prop | flag | what it is | default |", "| --- | --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  return `# Props

Generated from the docstrings by \`npm run docs\`. [API.md](../API.md) has each docstring whole, with units and errors.

${sections.join("\n\n")}
`;
}

function propsOf(file: string, name: string): string[][] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const struct = source.statements.filter(ts.isInterfaceDeclaration).find((node) => node.name.text === name);
  if (!struct) {
    throw new Error(`props-page: ${file} has no interface ${name}; allowed: names of structs; correct the list`);
  }
  const parents = struct.heritageClauses?.flatMap(({ types }) => types.map((type) => type.expression.getText())) ?? [];
  const flags = parents.filter((parent) => parent.endsWith("Flags")).flatMap((parent) => propsOf(SHARED_FLAGS, parent));
  const isHere = (parent: string): boolean =>
    source.statements.some((node) => ts.isInterfaceDeclaration(node) && node.name.text === parent);
  const inherited = parents.filter(isHere).flatMap((parent) => propsOf(file, parent));
  const own = struct.members.filter(ts.isPropertySignature).map((member) => {
    const [doc] = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
    const text = textOf(doc?.comment);
    const fallback = textOf(doc?.tags?.find((tag) => tag.tagName.text === "default")?.comment).replace(/^- /, "");
    const flag = /Emitted as `(--[a-z0-9-]+)`/.exec(text)?.[1];
    const prop = `\`${member.name.getText()}\`${member.questionToken ? "" : " (required)"}`;
    return [prop, flag === undefined ? "" : `\`${flag}\``, firstSentence(text), fallback].map(cell);
  });
  return [...flags, ...inherited, ...own];
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return ts.getTextOfJSDocComment(comment)?.replace(/\s+/g, " ").trim() ?? "";
}

function firstSentence(text: string): string {
  return /^.*?[.](?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}

function cell(text: string): string {
  return text.replace(/\|/g, "\\|");
}
