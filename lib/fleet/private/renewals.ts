import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import type { Certificate } from "../../certificate/certificate";
import type { CertificateAuthority } from "../../authority/certificate-authority";
import type { FleetOutputs } from "./outputs";
import type { Renewable } from "../../certificate/private/renewal/dates";
import { RenewalDates } from "../../certificate/private/renewal/dates";

/** When the certificates of a fleet are due: one date for each stack that has some, and an output of it. */
export class FleetRenewals {
  private readonly certificates = new Map<TerraformStack, Set<Certificate>>();
  private readonly authorities: CertificateAuthority[] = [];
  private readonly home: RenewalDates;

  constructor(
    private readonly fleet: Construct,
    private readonly outputs: FleetOutputs,
  ) {
    this.home = this.create(TerraformStack.of(fleet), fleet, "renewals");
  }

  /** Of the fleet's own stack. */
  public get next(): string {
    return this.home.next;
  }

  public addAuthority(authority: CertificateAuthority): void {
    this.authorities.push(authority);
  }

  /** Counts a certificate once, in the stack that makes it, however many hosts present it. */
  public add(certificates: (Certificate | undefined)[]): void {
    for (const certificate of certificates) {
      if (certificate) {
        const stack = TerraformStack.of(certificate);
        if (!this.certificates.has(stack)) {
          this.create(stack, stack, `fleet-tls-renewals-${this.fleet.node.path.replace(/[^A-Za-z0-9-]+/g, "-")}`);
        }
        this.certificates.get(stack)?.add(certificate);
      }
    }
  }

  private create(stack: TerraformStack, scope: Construct, id: string): RenewalDates {
    const members = new Set<Certificate>();
    this.certificates.set(stack, members);
    const isHome = stack === TerraformStack.of(this.fleet);
    const renewables = (): Renewable[] => [
      ...(isHome ? this.authorities.flatMap((authority) => authority._renewables) : []),
      ...[...members].map((certificate) => certificate._renewable),
    ];
    const dates = new RenewalDates(scope, id, renewables);
    this.outputs.add(isHome ? this.fleet : stack, "next-renewal", dates.next, {
      description: "When the first certificate is due: deploy then (RFC 3339, UTC)",
    });
    return dates;
  }
}
