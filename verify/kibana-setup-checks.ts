import { checkNames } from "../lib/private/x509/checks";
import { error } from "../lib/private/x509/finding";
import { isHttps, urlHost } from "./dialled-url";
import type { Host } from "./host";
import { fileName } from "./host-folder";
import type { Report } from "./report";
import type { Trust } from "./trust-checks";
import { checkTrusted, isPrivate } from "./trust-checks";

/** Variables by which a container prepares Fleet in Kibana, each with its fallback (elastic-agent cmd/setup_config.go). */
const SETUP = ["KIBANA_FLEET_SETUP", "FLEET_SETUP"];
const KIBANA_HOST = ["KIBANA_FLEET_HOST", "KIBANA_HOST"];
const KIBANA_CA = ["KIBANA_FLEET_CA", "KIBANA_CA", "ELASTICSEARCH_CA"];

/** A container that prepares Fleet verifies Kibana's certificate and name (check 62). */
export function checkKibanaSetup(host: Host, kibanas: readonly Host[], report: Report, trust: Trust): void {
  const variables = environmentOf(host);
  const valueOf = (names: readonly string[]): string | undefined =>
    names.map((name) => variables.get(name)).find((value) => value !== undefined && value !== "");
  const url = valueOf(KIBANA_HOST);
  const dialled = url !== undefined && isHttps(url) ? urlHost(url) : undefined;
  const serving = kibanas.filter((kibana) => kibana.chain("kibanaServerCert").length > 0);
  if (!/^(1|true|yes|y)$/i.test(valueOf(SETUP) ?? "") || dialled === undefined || serving.length === 0) {
    return;
  }
  report.check(62);
  const kibana = serving.find((one) => checkNames(one.chain("kibanaServerCert")[0]!, [dialled], 62).length === 0);
  if (kibana === undefined) {
    const what = `prepares Fleet in Kibana by ${dialled}, which no Kibana cert here has`;
    report.add(host.label, host.commandFile, [error(62, what, "use the name of Kibana's certificate")]);
    return;
  }
  const chain = kibana.chain("kibanaServerCert");
  const ca = valueOf(KIBANA_CA);
  if (ca === undefined) {
    if (isPrivate(chain, "serverAuth", trust)) {
      const what = `has no KIBANA_FLEET_CA, and a private CA issued ${kibana.label}'s certificate`;
      report.add(host.label, host.commandFile, [error(62, what, "set KIBANA_FLEET_CA to the file of that CA")]);
    }
    return;
  }
  const name = fileName(ca);
  if (!host.folder.files.has(name)) {
    report.check(64);
    const what = `names ${name} by KIBANA_FLEET_CA, which is not in the folder`;
    report.add(host.label, host.commandFile, [error(64, what, "copy the file there")]);
    return;
  }
  const file = kibana.named("kibanaServerCert")!.name;
  const presented = { host: kibana.label, file, chain, usage: "serverAuth", by: `${host.label}'s ${name}` } as const;
  checkTrusted(report, { ...presented, checks: [62] }, host.certificates(name), trust.at);
}

function environmentOf({ commandFile, folder }: Host): ReadonlyMap<string, string> {
  const text = commandFile?.endsWith(".env") === true ? folder.files.get(commandFile)?.bytes?.toString("utf8") : "";
  return new Map(
    (text ?? "").split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf("=");
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
