import type { Construct } from "constructs";

import { CertificateUsage } from "../../certificate/certificate-usage";
import { renewalOf } from "../../certificate/renewal-of";
import { Problems } from "../../private/problems";
import type { AgentOptions } from "../agent-options";
import type { HostFiles } from "../host-files";
import type { IFleetTls } from "../ifleet-tls";
import { checkPlainKey, createPair } from "./pair";
import type { Pair } from "./pair";
import type { ResolvedHostOptions } from "./setup";

/** Creates the server certificate of inputs on an agent's host, if it has names for one. */
export function createInputPair(
  host: Construct,
  files: HostFiles,
  fleet: IFleetTls,
  { serverNames, serverCertificate, ...own }: AgentOptions,
  { keyAlgorithm, keyFormat }: ResolvedHostOptions,
): Pair | undefined {
  const problems = new Problems(host.node.path);
  if (serverNames?.length === 0) {
    problems.add("serverNames", {
      what: "is empty, so no client would accept the certificate",
      allowed: "at least one DNS name or IP address",
      fix: "write the names by which clients reach the inputs, or leave it out",
    });
  }
  if (serverCertificate && serverNames === undefined) {
    problems.add("serverCertificate", {
      what: "is given without serverNames, so its names are unknown",
      allowed: "serverCertificate together with serverNames",
      fix: "add serverNames, or leave it out",
    });
  }
  checkPlainKey(problems, "serverCertificate", serverCertificate, "an input");
  problems.throwIfAny();
  if (serverNames === undefined) {
    return undefined;
  }
  return createPair(host, files, "input-cert", {
    issuer: fleet.inputCa,
    commonName: host.node.id,
    usage: CertificateUsage.SERVER,
    names: [...new Set(serverNames)],
    keyAlgorithm,
    keyFormat,
    ...renewalOf("inputCert", own, fleet.hostDefaults),
    source: serverCertificate,
  });
}
