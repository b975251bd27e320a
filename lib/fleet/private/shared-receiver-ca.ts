import { isListed } from "../../authority/create-authority";
import { authorityRecord, isSystemTrust } from "../../authority/records";
import type { IOutputReceiver } from "../../host/output-receiver";
import { OutputType } from "../../host/output-type";
import { RemoteElasticsearch } from "../../host/remote-elasticsearch";

/** Warning of a receiver whose CA may have issued certificates to others, by which they can pose as the receiver. */
export function sharedReceiverCaWarning(receiver: IOutputReceiver): string | undefined {
  const { serverCa: ca, outputType } = receiver;
  if (isSystemTrust(ca) || !authorityRecord(ca).signsForOthers) {
    return undefined;
  }
  const start = `${ca.node.path}: this CA may also issue certificates to others, and `;
  if (outputType === OutputType.KAFKA) {
    return (
      `${start}agents check no broker's name with it, unless the output has verification_mode: strict and the hosts' ` +
      "version reloads no certificates: anyone with such a certificate can pose as this broker and receive what agents ship; set " +
      "dedicated: true if it issues certificates for brokers alone, or use an intermediate for brokers alone as the anchor"
    );
  }
  const accepted = receiver instanceof RemoteElasticsearch ? receiver._acceptAnyServerOf : [];
  if (outputType !== OutputType.REMOTE_ELASTICSEARCH || isListed(ca, accepted)) {
    return undefined;
  }
  return (
    `${start}Fleet Server does not check the name in the certificates of a CA that is given to it: anyone with such a certificate can ` +
    "pose as this cluster and receive its service token; set dedicated: true if it issues certificates for this cluster " +
    "alone, list its source in acceptAnyServerOf, or use an intermediate for this cluster alone as the anchor"
  );
}
