import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

import type { ExternalFleetTlsProps, FleetTlsProps } from "../../lib";
import { EnrollmentToken, ServiceToken } from "../../lib";

/** The props that every fleet must have, and no other. */
export function fleetProps(more: Partial<FleetTlsProps> = {}): FleetTlsProps {
  return {
    fleetServerUrl: "https://fleet.example.com:8220",
    elasticsearchUrl: "https://es.example.com:9200",
    fleetServerPolicy: "fleet-server-policy",
    serviceToken: ServiceToken.onHost("/etc/elastic-agent/certs/service-token"),
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    ...more,
  };
}

/** A Terraform variable that contains a secret. */
export function secretVariable(scope: Construct, id: string): string {
  return new TerraformVariable(scope, id, { type: "string", sensitive: true }).stringValue;
}

/** A variable of Terraform's. */
export function variable(scope: Construct, id: string): string {
  return new TerraformVariable(scope, id, { type: "string" }).stringValue;
}

/** Agents of Elastic Cloud. */
export function externalProps(more: Partial<ExternalFleetTlsProps> = {}): ExternalFleetTlsProps {
  return {
    fleetServerUrl: "https://0123.fleet.eu-1.elastic.cloud:443",
    elasticsearchUrl: "https://0123.eu-1.elastic.cloud:443",
    agentEnrollmentToken: EnrollmentToken.fromEnvironment("FLEET_ENROLLMENT_TOKEN"),
    ...more,
  };
}
