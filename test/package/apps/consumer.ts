import { TerraformStack, App } from "cdktf";
import type {
  CertificateIssueRequest,
  ICertificateAuthority,
  IIssuingCertificateAuthority,
  IssuedCertificate,
} from "cdktf-fleet-tls";
import {
  CertificateAuthoritySource,
  EnrollmentToken,
  MutualFleetTls,
  OneWayFleetTls,
  ServiceToken,
} from "cdktf-fleet-tls";
import { Construct } from "constructs";

/** CA of a consumer's own class: every published member, and no other. */
export class OwnAuthority extends Construct implements IIssuingCertificateAuthority {
  public readonly canIssue = true;
  public readonly trustBundlePem = "pem";
  public readonly fingerprintSha256 = "fingerprint";
  public readonly spkiPinsSha256 = ["pin"];

  public issue(_scope: Construct, _id: string, request: CertificateIssueRequest): IssuedCertificate {
    const certificatePem = request.requestPem;
    return { certificatePem, chainPem: certificatePem, anchorPem: this.trustBundlePem, validityEndTime: "" };
  }
}

const stack = new TerraformStack(new App(), "stack");
const props = {
  fleetServerUrl: "https://fleet.example.com:8220",
  elasticsearchUrl: "https://es.example.com:9200",
  fleetServerPolicy: "fleet-server-policy",
  serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
  agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
};

// Every parameter that takes a CA takes the interface: those of fleets, and a class of the consumer's own.
const oneWay = new OneWayFleetTls(stack, "one-way", props);
const own = new OwnAuthority(stack, "own");
const first = new MutualFleetTls(stack, "first", {
  ...props,
  elasticsearchCa: CertificateAuthoritySource.existing(oneWay.elasticsearchCa),
  fleetCa: CertificateAuthoritySource.intermediate({ issuer: oneWay.fleetCa, anchor: true }),
  agentCa: CertificateAuthoritySource.existing(own),
});
const second = new MutualFleetTls(stack, "second", { ...props, fleetEsIssuer: first.agentCa });
new MutualFleetTls(stack, "third", {
  ...props,
  agentCa: CertificateAuthoritySource.intermediate({ issuer: own }),
  fleetEsIssuer: own,
});

export const trusted: ICertificateAuthority = second.agentCa;
export const pins: (string | undefined)[] = [trusted.spkiPinsSha256[0], second.fleetServer.installCommand];
