import { Fn, Lazy, Op, TerraformStack } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import { CertificateAuthoritySource } from "../../authority/certificate-authority-source";
import { createAuthority, isListed, ownerOf } from "../../authority/create-authority";
import type { IIssuingCertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { checkTrust } from "../../authority/check-trust";
import type { GivenEnding } from "../../authority/given-ending";
import { givenWarnings } from "../../authority/given-ending";
import { KeyAlgorithm } from "../../certificate/key-algorithm";
import { duration } from "../../private/duration";
import type { Problems } from "../../private/problems";
import { expression } from "../../private/terraform/text";
import type { AuthorityRole } from "./authority-role";
import { ELASTICSEARCH_CA, receiverRole } from "./authority-role";
import type { IFleetHost } from "../../host/fleet-host";
import { isReceiver } from "../../host/output-settings";
import type { FleetOutputs } from "./outputs";
import { serverCaOf } from "./server-ca";
import { authorityRecord, isSystemTrust } from "../../authority/records";
import { sharedReceiverCaWarning } from "./shared-receiver-ca";

/** A CA of a fleet. */
export interface FleetAuthority {
  readonly role: AuthorityRole;
  readonly ca: IIssuingCertificateAuthority;
  /** Whether the fleet created it from a source; otherwise it was passed in, and its owner renews and rotates it. */
  readonly isOwn: boolean;
}

/** Options for creating a CA of a fleet. */
export interface CreateOptions {
  readonly intermediatePerStack?: boolean;
  /** URL by which hosts reach what presents its certificates. */
  readonly dialled?: { readonly prop: string; readonly hosts: readonly string[] };
}

/** The CAs of a fleet, each with its role. */
export class FleetAuthorities {
  private readonly known: FleetAuthority[] = [];
  private readonly notices: string[] = [];
  private addWarnings?: () => void;

  constructor(
    private readonly fleet: Construct,
    private readonly keyAlgorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
    private readonly onAdd: (authority: FleetAuthority) => void = () => undefined,
  ) {}

  public get all(): readonly FleetAuthority[] {
    return this.known;
  }

  /** The CAs that the fleet created. */
  public get own(): readonly FleetAuthority[] {
    return this.known.filter(({ isOwn }) => isOwn);
  }

  /** Creates a CA at an address that does not depend on its source. */
  public create(
    role: AuthorityRole,
    source = CertificateAuthoritySource.generated(),
    { intermediatePerStack = false, dialled }: CreateOptions = {},
  ): IIssuingCertificateAuthority {
    const ca = createAuthority(this.fleet, role.id, {
      source,
      commonName: `${this.fleet.node.id} ${role.title}`,
      keyAlgorithm: this.keyAlgorithm,
      intermediatePerStack,
    });
    const record = authorityRecord(ca);
    record.addUsage(role.isForClients ? "clientAuth" : "serverAuth");
    if (!ca.canIssue && dialled !== undefined) {
      // Others sign; what they sign has at least the name that is dialled.
      record.addNames(ca, `${this.fleet.node.path}: ${dialled.prop}`, dialled.hosts);
    }
    this.push({ role, ca, isOwn: true });
    return ca;
  }

  /** Adds the CA of a server that outputs ship to, or of Kibana; a CA that several servers share is added once. */
  public addReceiver(host: IFleetHost): FleetAuthority | undefined {
    const serverCa = serverCaOf(host);
    if (serverCa === undefined) {
      return undefined;
    }
    const warning = isReceiver(host) ? sharedReceiverCaWarning(host) : undefined;
    if (warning !== undefined && !this.notices.includes(warning)) {
      this.notices.push(warning);
      this.addWarnings?.();
    }
    const isHere = (construct: IConstruct): boolean => TerraformStack.of(construct) === TerraformStack.of(this.fleet);
    // What stands for a CA in another stack is not read from here; the CA itself may be of this stack.
    const ca = isHere(host) ? serverCa : (ownerOf(serverCa) as IIssuingCertificateAuthority);
    if (!isHere(ca)) {
      return undefined;
    }
    if (this.known.some((authority) => authority.ca === ca)) {
      return undefined;
    }
    const authority = { role: receiverRole(host), ca, isOwn: true };
    this.known.push(authority);
    this.addWarnings?.();
    return authority;
  }

  /** Adds a CA that was passed in. */
  public add(role: AuthorityRole, ca: IIssuingCertificateAuthority): void {
    this.push({ role, ca, isOwn: false });
  }

  private push(authority: FleetAuthority): void {
    this.known.push(authority);
    this.onAdd(authority);
  }

  /** Checks the CAs against each other: hosts must be able to distinguish them. */
  public check(problems: Problems, isMutual: boolean): void {
    const trusted = this.known.map(({ role, ca }) => ({
      name: role.prop,
      givenTrustPem: authorityRecord(ca).givenTrustPem,
      admitsClients: isMutual && role.admitsClients,
    }));
    for (const { name, what, fix } of checkTrust(this.fleet, trusted)) {
      problems.add(name, { what, allowed: "CAs that a verifier can tell apart, and of your own", fix });
    }
  }

  /** Warnings about the CAs that were given, as one list in Terraform; absent if none was given. */
  public get warnings(): string[] | undefined {
    return this.given.length === 0 && this.notices.length === 0
      ? undefined
      : Fn.concat([this.notices.map(expression), givenWarnings(this.given)]);
  }

  /** Fleet Server does not check the name in the certificates of a CA that is given to it. */
  public warnOfSharedElasticsearchCa(accepted: CertificateAuthoritySource[]): void {
    const { ca } = this.known.find(({ role }) => role === ELASTICSEARCH_CA) as FleetAuthority;
    if (!isSystemTrust(ca) && authorityRecord(ca).signsForOthers && !isListed(ca, accepted)) {
      this.notices.push(
        `${ca.node.path}: elasticsearchCa may also issue certificates to others, and Fleet Server does not check the name ` +
          "in the certificates of a CA that is given to it: anyone with such a certificate can pose as Elasticsearch and receive the " +
          "service token; set dedicated: true if it issues certificates for Elasticsearch alone, list its source in " +
          "acceptAnyServerOf, or use an intermediate for Elasticsearch alone as the anchor",
      );
    }
  }

  private get given(): GivenEnding[] {
    return [...new Set(this.known.flatMap(({ ca }) => authorityRecord(ca).given))];
  }

  /** Warns in an output of given CAs that end within the window, or that strict verifiers refuse. */
  public warnOfGiven(outputs: FleetOutputs, windowHours: number): void {
    const { notices } = this;
    if (this.given.length === 0 && notices.length === 0) {
      // Hosts that are added later have their own CAs.
      this.addWarnings = () => this.warnOfGiven(outputs, windowHours);
      return;
    }
    this.addWarnings = undefined;
    const warnings = (): unknown =>
      Fn.compact(
        Fn.concat([
          notices.map(expression),
          this.given.map((ending) => warning(ending, windowHours)),
          givenWarnings(this.given),
        ]),
      );
    outputs.add(this.fleet, "certificate-authority-warnings", Lazy.anyValue({ produce: warnings }), {
      description: "Given CAs that end soon, that strict verifiers refuse, or that let others pose as Elasticsearch",
    });
  }
}

/** Empty until the end is near: it changes with the state of affairs, not from plan to plan. */
function warning({ what, until, noticeHours }: GivenEnding, windowHours: number): string {
  const notice = noticeHours() || windowHours;
  const isNear = Op.lte(Fn.timecmp(Fn.timeadd(expression(until), `-${notice}h`), Fn.plantimestamp()), ZERO);
  const message = Fn.join("", [
    expression(`${what}: ends on `),
    expression(until),
    `, less than ${duration(notice)} away; have it renewed with the same key and name, or begin a rotation`,
  ]);
  return Fn.conditional(isNear, message, Fn.rawString("")) as string;
}

/** `Op` loses a 0. */
const ZERO = Fn.parseint("0", 10);
