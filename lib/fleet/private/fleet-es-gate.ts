import type { TerraformResource } from "cdktf";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { IssuerGate } from "../../authority/issuer-gate";
import type { ClientTls } from "../../host/client-tls";
import type { IFleetHost } from "../../host/fleet-host";
import { FLEET_ES_CA } from "./authority-role";

/** Files that contain a client certificate towards Elasticsearch. */
const LEAVES = ["fleet-es-cert.pem", "kibana-es-cert.pem", "fleet-cert.pem"];

const REMEDY =
  "the issuer of fleet-es-cert.pem may change only while Elasticsearch accepts both the former issuer and the new one: " +
  "list the other one in furtherFleetEsIssuers (FleetEsIssuer.ELASTICSEARCH_CA, AGENT_CA, FLEET_CA or of(ca)), first the " +
  "new one while the former still issues, then the former one while the new issues, then drop it";

/** Gate of the CAs whose client certificates Elasticsearch accepts, and of the one that issues those of Fleet Servers. */
export class FleetEsGate {
  private readonly gate: IssuerGate;

  constructor(
    private readonly fleet: Construct,
    issuer: NonNullable<ClientTls["elasticsearchClientIssuer"]>,
    accepted: ClientTls["elasticsearchClientCas"],
  ) {
    this.gate = new IssuerGate(fleet, FLEET_ES_CA.id, { issuer, accepted, remedy: REMEDY });
  }

  public get completion(): TerraformResource {
    return this.gate.completion;
  }

  /** A gate sees its own stack only. */
  public addHost({ files }: IFleetHost): void {
    if (TerraformStack.of(files) !== TerraformStack.of(this.fleet)) {
      return;
    }
    const bundle = files.node.tryFindChild(FLEET_ES_CA.file);
    if (bundle) {
      this.gate.addBundleFile(bundle as TerraformResource);
    }
    for (const leaf of LEAVES.flatMap((name) => files.node.tryFindChild(name) ?? [])) {
      this.gate.addLeafFile(leaf as TerraformResource);
    }
  }
}
