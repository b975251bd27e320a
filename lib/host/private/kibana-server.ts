import type { Precondition } from "cdktf";

import { CertificateUsage } from "../../certificate/certificate-usage";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import { renewalOf } from "../../certificate/renewal-of";
import type { Problems } from "../../private/problems";
import { parseUrl, urlPrecondition } from "../../private/urls";
import type { HostBase } from "../host-base";
import type { HostFiles } from "../host-files";
import type { IFleetTls } from "../ifleet-tls";
import type { KibanaOptions } from "../kibana-options";
import type { Pair } from "./pair";
import { checkPlainKey, createPair } from "./pair";
import { createReceiverCa } from "./receiver";
import { checkNames } from "./setup";

const URL_RULE = { portRequired: true, example: "https://kibana.example.com:5601" };

/** HTTPS of Kibana itself. */
export interface KibanaServer {
  readonly ca: IIssuingCertificateAuthority;
  readonly preconditions: Precondition[];
  /** Creates the server certificate, unless it exists elsewhere. */
  readonly createPair: (files: HostFiles) => Pair | undefined;
}

/** Checks the options of Kibana's own server and creates its CA; nothing without a URL. */
export function createKibanaServer(
  problems: Problems,
  kibana: HostBase,
  fleet: IFleetTls,
  options: KibanaOptions,
  keyAlgorithm: KeyAlgorithm,
): KibanaServer | undefined {
  const { url, names = [], certificate } = options;
  if (url === undefined) {
    for (const prop of ["names", "ca", "certificate"] as const) {
      if (options[prop] !== undefined) {
        problems.add(prop, {
          what: "is given without url, so the settings say nothing about Kibana's own server",
          allowed: `${prop} together with url`,
          fix: `add url, such as ${URL_RULE.example}, or leave ${prop} out`,
        });
      }
    }
    return undefined;
  }
  const { host } = parseUrl(problems, "url", url, URL_RULE);
  checkPlainKey(problems, "certificate", certificate, "Kibana");
  const preconditions = [
    ...checkNames(problems, kibana, names),
    ...urlPrecondition(`${kibana.node.path}: url`, url, URL_RULE),
  ];
  const ca = createReceiverCa(problems, kibana, fleet, { ca: options.ca, certificate }, keyAlgorithm);
  return {
    ca,
    preconditions,
    createPair: (files) =>
      ca.canIssue
        ? createPair(kibana, files, "kibana-cert", {
            issuer: ca,
            commonName: kibana.node.id,
            usage: CertificateUsage.SERVER,
            names: [...new Set([host, ...names])],
            keyAlgorithm,
            keyFormat: options.keyFormat ?? fleet.hostDefaults.keyFormat,
            ...renewalOf("kibanaCert", options, fleet.hostDefaults),
            source: certificate,
          })
        : undefined,
  };
}
