import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { IFleetHost } from "../../host/fleet-host";
import { Kibana } from "../../host/kibana";
import { isReceiver } from "../../host/output-settings";

/** CA of a host's server certificate, if it is a CA of the host's own. */
export function serverCaOf(host: IFleetHost): IIssuingCertificateAuthority | undefined {
  return isReceiver(host) || host instanceof Kibana ? host.serverCa : undefined;
}
