import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import type { KeyAlgorithm } from "../../certificate/key-algorithm";
import type { AuthorityUses } from "./authority-uses";
import type { Renewable } from "../../certificate/renewal-dates";
import type { GivenEnding } from "../given-ending";

/** Context in which a source creates a CA. */
export interface AuthorityContext {
  /** The common name of a CA whose source chooses none. */
  readonly commonName: string;
  /** The key algorithm of a CA whose source chooses none. */
  readonly keyAlgorithm: KeyAlgorithm;
  /** Uses of the CA, complete by the end of synthesis. */
  readonly uses: AuthorityUses;
  /** Accept a certificate that has ended, because another generation signs. */
  readonly isRetired: boolean;
}

/** One generation of a CA, as its source made it. */
export interface AuthorityMaterial {
  /** Certificates that verifiers trust, as PEM. Absent if only the host has them. */
  readonly trustPem?: string;
  /** Paths, if they already exist on the host. */
  readonly trustHostPath?: string;
  /** Key and certificate that sign, if this CA can sign. */
  readonly issuer?: IssuerMaterial;
  /** CA of a class of the user's own, which signs and describes itself. */
  readonly owner?: ICertificateAuthority;
  /** The Terraform resource of its certificate, if Terraform creates it. */
  readonly certificateResource?: TerraformResource;
  /** The CA's validity and renewal in hours, where they are ours to choose. */
  readonly lifetime?: { readonly validityPeriodHours: number; readonly explicitRenewBeforeHours?: number };
  /** Its common name, where that is ours to choose. */
  readonly commonName?: string;
  /** When the CA is due, where a deploy renews it. */
  readonly renewable?: Renewable;
  /** The given certificates that hosts trust, or that its chain needs, and when they end. */
  readonly given?: readonly GivenEnding[];
  /** The given anchors, whose names may clash with those of others. */
  readonly givenTrustPem?: string;
  /** Trusted certificates as Terraform knows them at plan, as PEM. */
  readonly readPem?: string;
  /** The CA above it that hosts trust, for an intermediate that is not its own anchor. */
  readonly above?: ComparedAuthority;
  /** Trusted certificates, for the memory of them. */
  readonly anchors: Anchors;
  /** Those of them that its certificates need; all of them if absent. */
  readonly signingAnchors?: Anchors;
  /** Identity that must stay the same as long as hosts trust it, if it can sign. */
  readonly identity?: AuthorityIdentity;
  /** Whether the anchor may have signed certificates that this library does not know of. */
  readonly signsForOthers: boolean;
  /** Whether the trusted certificates lead to a root: known at synth, or an expression. True if absent. */
  readonly hasRoot?: boolean | string;
}

/** CA that is compared with the files of an earlier deploy. */
export interface ComparedAuthority {
  /**
   * Expression that says whether, for a state that knows nothing, this CA is another one than that of the files on disk.
   * Undefined if it is not, or if the user declared the state lost. `id` names what is added to the scope for it.
   */
  isOther(scope: Construct, id: string): string | undefined;
}

/**
 * What of a CA may not change as long as hosts trust it: a renewal keeps name and key, so that everything it signed stays
 * valid. With either changed it is another CA, which hosts come to trust by a rotation alone.
 */
export interface AuthorityIdentity {
  /** In words; known at plan. */
  readonly description: string;
  /** Fingerprint of a key that Terraform generates; unknown at plan while the key is replaced. */
  readonly key?: string;
  /** Issuer of the certificate that hosts trust, if it matters: verifiers that go up to a root need it. Known at plan. */
  readonly issuer?: string;
  /** Names of what hosts trust, of a CA whose text may be unknown at plan and whose `anchors` are a constant therefore. */
  readonly unplanned?: string;
}

/**
 * The names of what hosts trust: texts, or tokens of lists of texts. All of it is known while planning. Two of one name are
 * one CA.
 */
export type Anchors = readonly unknown[];

/** A CA's certificate and key as the tls provider wants them. */
export interface IssuerMaterial {
  readonly certificatePem: string;
  /** Sensitive. */
  readonly privateKeyPem: string;
  /** Intermediates between a leaf and the anchor, nearest to the leaf first; empty below a root. */
  readonly intermediatesPem: string;
  /** The anchor that the leaf is verified with. */
  readonly anchorPem: string;
}

/** Maker of a CA from one kind of source. */
export interface AuthorityMaker {
  readonly canIssue: boolean;
  /** Whether the CA exists as a construct elsewhere. */
  readonly isBorrowed?: boolean;
  create(scope: Construct, context: AuthorityContext): AuthorityMaterial;
}
