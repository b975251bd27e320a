import { Fn, Lazy, Op, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { Certificate } from "../../certificate/certificate";
import type { CertificateAuthority } from "../../authority/certificate-authority";
import type { HostFiles } from "../../host/host-files";
import { checkTrust } from "../../authority/private/check-trust";
import type { GivenEnding } from "../../authority/private/material";
import { CertificateDescriptions } from "../../certificate/private/certificate-details";
import type { Faults } from "../../private/faults";
import type { FleetOutputs } from "./outputs";
import { requestState } from "../../host/private/request-state";
import { folderBelow } from "../../private/paths";
import { expression } from "../../private/terraform/text";

/** A CA of a fleet, and where it comes from. */
export interface FleetAuthority {
  /** The prop, such as `fleetCa`. */
  readonly prop: string;
  /** The first part of its key in outputs, such as `fleet-ca`. */
  readonly id: string;
  readonly authority: CertificateAuthority;
}

/** A host, as far as its certificates are concerned. */
export interface CertificateHost extends Construct {
  readonly files: HostFiles;
}

/** What becomes of a fleet's certificates, beside their files: checks across its CAs, and outputs to watch. */
export class FleetCertificates {
  private readonly authorities: FleetAuthority[] = [];

  /** @param describes whether an output tells of each certificate, for which every plan runs a Node program */
  constructor(
    private readonly fleet: Construct,
    private readonly outputs: FleetOutputs,
    private readonly outputDirectory: string,
    private readonly describes: boolean,
  ) {}

  public addAuthority(authority: FleetAuthority): void {
    this.authorities.push(authority);
    if (!this.describes) {
      return;
    }
    for (const { generationId, pem } of authority.authority._certificates) {
      const key = `${authority.id}/${generationId}`;
      const descriptions = CertificateDescriptions.ofStack(this.fleet);
      this.describe(this.fleet, key, descriptions.add(`${this.fleet.node.path}/${key}`, pem).all);
    }
  }

  public addHost(host: CertificateHost): void {
    const folder = folderBelow(this.outputDirectory, host.files._outputDirectory);
    for (const { name, certificate } of host.files._certificates) {
      const key = `${folder}/${name.replace(/\.pem$/, "")}`;
      this.addRequest(host, key, certificate);
      if (this.describes) {
        this.describe(host, key, certificate._details.all);
      }
    }
    for (const { name, pem } of this.describes ? host.files._copies : []) {
      const descriptions = CertificateDescriptions.ofStack(host);
      this.describe(host, `${folder}/${name}`, descriptions.add(`${host.node.path}/${name}`, pem).all);
    }
  }

  /** What is wrong with CAs only beside each other, and what the owners of given ones should know. */
  public finish(faults: Faults, isMutual: boolean, windowHours: number): void {
    const trusted = this.authorities.map(({ prop, authority }) => ({
      name: prop,
      givenTrustPem: authority._givenTrustPem,
      admitsClients: isMutual && (prop === "fleetCa" || prop === "agentCa"),
    }));
    for (const { name, what, fix } of checkTrust(this.fleet, trusted)) {
      faults.add(name, { what, allowed: "CAs that a verifier can tell apart, and of your own", fix });
    }
    const endings = [...new Set(this.authorities.flatMap(({ authority }) => authority._given))];
    if (endings.length === 0) {
      return;
    }
    const warnings = (): unknown => Fn.compact(endings.map((ending) => warning(ending, windowHours)));
    this.outputs.add(this.fleet, "certificate-authority-warnings", Lazy.anyValue({ produce: warnings }), {
      description: "CAs that were given and end soon; only their owners can renew them",
    });
  }

  private describe(owner: Construct, key: string, value: unknown): void {
    this.outputs.addToMap(owner, "certificates", key, value, {
      description: "The end, the serial number, the fingerprint and the pin of each certificate",
    });
  }

  private addRequest(host: Construct, key: string, certificate: Certificate): void {
    const state = requestState(certificate);
    if (state !== undefined && TerraformStack.of(host) === TerraformStack.of(certificate)) {
      this.outputs.addToMap(host, "certificate-requests", key, state, {
        description: "Whether each request that a host has to send is there",
      });
    }
  }
}

/** Empty until the end is near: it changes with the state of affairs, not from plan to plan. */
function warning({ what, until, noticeHours }: GivenEnding, windowHours: number): string {
  const notice = noticeHours() || windowHours;
  const isNear = Op.lte(Fn.timecmp(Fn.timeadd(expression(until), `-${notice}h`), Fn.plantimestamp()), ZERO);
  const message = Fn.join("", [
    expression(`${what}: ends on `),
    expression(until),
    `, less than ${notice} h away; have it renewed with the same key and name, or begin a rotation`,
  ]);
  return Fn.conditional(isNear, message, Fn.rawString("")) as string;
}

/** `Op` loses a 0. */
const ZERO = Fn.parseint("0", 10);
