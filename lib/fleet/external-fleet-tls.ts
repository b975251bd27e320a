import type { Construct } from "constructs";

import { CertificateAuthoritySource } from "../authority/certificate-authority-source";
import { createsIssuer } from "../authority/create-authority";
import type { ICertificateAuthority, IIssuingCertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { ClientTls } from "../host/client-tls";
import { checkProps, pathOf } from "../private/check-props";
import type { Problems } from "../private/problems";
import type { ExternalFleetTlsProps } from "./external-fleet-tls-props";
import { FleetBase } from "./fleet-base";
import { ELASTICSEARCH_CA, FLEET_CA } from "./private/authority-role";
import { createExternalClientTls } from "./private/client-tls";
import { partsOf } from "./private/fleet-parts";

/**
 * Agents of a Fleet Server that runs elsewhere: in Elastic Cloud, Serverless, ECE, or run by another team. No Fleet Server
 * is created, so no policy and no service token are needed. Agents present client certificates if there is an `agentCa`.
 *
 * @example
 * const cloud = new ExternalFleetTls(stack, "fleet", {
 *   fleetServerUrl: "https://0123abcd.fleet.us-east-1.aws.elastic.cloud:443",
 *   elasticsearchUrl: "https://0123abcd.us-east-1.aws.elastic.cloud:443",
 *   agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
 * });
 * cloud.addAgent("web-1");
 * @see https://www.elastic.co/guide/en/fleet/current/fleet-deployment-models.html
 */
export class ExternalFleetTls extends FleetBase {
  public readonly fleetServerTrust: ICertificateAuthority;
  public readonly elasticsearchCa: IIssuingCertificateAuthority;
  public readonly clientTls?: ClientTls;

  constructor(scope: Construct, id: string, props: ExternalFleetTlsProps) {
    super(scope, id, checkProps(pathOf(scope, id), "ExternalFleetTlsProps", props));
    const parts = partsOf(this);
    const { authorities, problems } = parts;
    const { fleetCa = CertificateAuthoritySource.system(), elasticsearchCa = CertificateAuthoritySource.system() } =
      props;
    checkExternalFleetCa(problems, fleetCa);
    this.fleetServerTrust = authorities.create(FLEET_CA, fleetCa, {
      dialled: { prop: "fleetServerUrl", hosts: parts.fleetServers.map(({ host }) => host) },
    });
    this.elasticsearchCa = authorities.create(ELASTICSEARCH_CA, elasticsearchCa, {
      dialled: { prop: "elasticsearchUrl", hosts: [this.elasticsearchHost] },
    });
    this.clientTls = createExternalClientTls(parts, this.elasticsearchCa, props);
    parts.recordChanges(this);
    parts.finish(this, false);
  }

  /** CA that issues the agents' client certificates, if they present any. */
  public get agentCa(): IIssuingCertificateAuthority | undefined {
    return this.clientTls?.agentCa;
  }
}

/** Refuses a CA that this fleet would create or sign with: no certificate is issued here for Fleet Server. */
function checkExternalFleetCa(problems: Problems, source: CertificateAuthoritySource): void {
  if (createsIssuer(source)) {
    problems.add("fleetCa", {
      what: "is a CA that issues certificates, but Fleet Server runs elsewhere and gets none from here",
      allowed:
        "CertificateAuthoritySource.system(), trustOnly({ file }), existing(ca), or a rotation of those, as the CA of the " +
        "certificate that Fleet Server already has",
      fix:
        "give that CA's certificate by trustOnly({ file }), leave fleetCa out for a public CA, or use OneWayFleetTls or " +
        "MutualFleetTls for a Fleet Server of your own",
    });
  }
}
