import { Fn, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { CertificateDescriptions } from "../../certificate/certificate-descriptions";
import type { Certificate } from "../../certificate/certificate";
import type { IFleetHost } from "../../host/fleet-host";
import type { FleetAuthority } from "./authorities";
import type { FleetOutputs } from "./outputs";
import { authorityRecord } from "../../authority/records";
import { projectPathArgument } from "../../private/paths";
import { expression, isKnown } from "../../private/terraform/text";

/** The outputs about a fleet's certificates: the details of each, and the requests that hosts still have to send. */
export class FleetCertificates {
  /** @param describes whether an output has the details of each certificate, for which every plan runs a Node program */
  constructor(
    private readonly fleet: Construct,
    private readonly outputs: FleetOutputs,
    private readonly describes: boolean,
  ) {}

  public addAuthority({ role, ca }: FleetAuthority): void {
    for (const { generationId, pem } of this.describes ? authorityRecord(ca).certificates : []) {
      const key = `${role.id}/${generationId}`;
      const descriptions = CertificateDescriptions.ofStack(this.fleet);
      this.describe(this.fleet, key, descriptions.add(`${this.fleet.node.path}/${key}`, pem).all);
    }
  }

  public addHost(host: IFleetHost): void {
    for (const { name, pem, certificate } of host.files.certificates) {
      const key = `${host.folder}/${name.replace(/\.pem$/, "")}`;
      if (certificate) {
        this.addRequest(host, key, certificate);
      }
      if (this.describes) {
        const descriptions = CertificateDescriptions.ofStack(host);
        const details = certificate?._details ?? descriptions.add(`${host.node.path}/${name}`, pem);
        this.describe(host, key, details.all);
      }
    }
  }

  private describe(owner: Construct, key: string, value: unknown): void {
    this.outputs.addToMap(owner, "certificates", key, value, {
      description: "The end, the serial number, the fingerprint and the pin of each certificate",
    });
  }

  private addRequest(host: IFleetHost, key: string, certificate: Certificate): void {
    const state = requestState(certificate);
    if (state !== undefined && TerraformStack.of(host) === TerraformStack.of(certificate)) {
      this.outputs.addToMap(host, "certificate-requests", key, state, {
        description: "Status of each pending certificate request",
      });
    }
  }
}

/** Status of a pending certificate request, and what to do if it is missing. */
function requestState({ _requestFile: file, node }: Certificate): string | undefined {
  if (file === undefined) {
    return undefined;
  }
  const path = expression(file);
  const missing = Fn.join("", [
    `missing: copy this folder to its host, run its script request-${node.id} there, copy the request that it writes to `,
    path,
    ", and deploy again",
  ]);
  const unexpanded = Fn.join("", ["missing: Terraform does not expand the ~ in ", path, "; write the path without it"]);
  const absent = isKnown(file)
    ? file.startsWith("~")
      ? unexpanded
      : missing
    : Fn.conditional(Fn.can(Fn.regex("^~", path)), unexpanded, missing);
  return Fn.conditional(Fn.fileexists(projectPathArgument(file)), "signed", absent) as string;
}
