import type {
  FileCertificateAuthorityOptions,
  GeneratedCertificateAuthorityOptions,
  IntermediateCertificateAuthorityOptions,
  PemCertificateAuthorityOptions,
  TrustOnlyOptions,
} from "./certificate-authority-options";
import { existingAuthority } from "./private/existing-generation";
import { authorityOfOtherClass, authorityOnHost, systemAuthorities } from "./private/external-authorities";
import { generatedIntermediate, generatedRoot } from "./private/generated";
import type { ICertificateAuthority } from "../certificate/issuing-certificate-authority";
import type { GivenText } from "../private/terraform/given-text";
import { givenAuthority } from "./private/given";
import type { AuthorityMaker } from "./private/material";
import type { RotationPlan } from "./rotation-plan";
import { checkPlan, FIRST_GENERATION, NO_ROTATION } from "./rotation-plan";
import { quoted } from "../private/problems";
import { requireToken } from "../private/secret-source";
import type { ConfirmedStack } from "./confirmed-stack";
import { isOfLibrary } from "./records";
import { checkArguments } from "../private/check-props";
import { UserError } from "../private/user-error";

/** Options for a CA whose generations replace one another. */
export interface RotatingCertificateAuthorityOptions {
  /**
   * Generations that hosts trust, by their numbers. `"1"` is the generation of a CA without a rotation, so a rotation
   * begins with the source that the CA had. A generation keeps its number, its key and its addresses for life.
   */
  readonly generations: { [id: string]: CertificateAuthoritySource };

  /** Number of the generation that issues certificates. */
  readonly issuing: string;

  /**
   * How long each step has to have been deployed before the next, in whole hours: the longest that a host may go
   * without the files of a step. Terraform knows when it wrote files, not when hosts received them.
   *
   * @default 0 - no wait; not allowed if other stacks have hosts of this CA, since only time protects those
   */
  readonly minimumOverlapHours?: number;

  /**
   * Steps that all hosts of other stacks have completed. A step that would cut off hosts without the previous step is
   * refused until their stack is listed with it.
   *
   * @default - none
   */
  readonly confirmedStacks?: ConfirmedStack[];

  /**
   * Declare that this topology was never deployed, or that its state is lost and its hosts receive all files again.
   *
   * @default false - a rotation has to begin with generation 1
   */
  readonly startsHere?: boolean;

  /**
   * Take any step at once, for a CA whose key was disclosed. Hosts without their new files are cut off until you copy
   * the files to them. The synthesis, an output and the runbook warn of it. Remove it with the next deploy.
   *
   * @default false - steps that would cut hosts off are refused
   */
  readonly emergency?: boolean;

  /**
   * Generations whose certificates agents take as PEM text from Kibana, if the TLS settings of a Fleet Server host
   * contain such text: it takes precedence over the hosts' files, so no generation that it lacks may issue
   * certificates, and its last generation may not be dropped. List a generation once agents have it.
   *
   * @default - there is no such text: the setting is empty, or names the same paths as the commands
   */
  readonly inlinePemInKibana?: string[];
}

/**
 * Source of a CA: a value, from which a fleet makes the CA at an address of its own, so that going from the
 * default to an explicit source moves nothing.
 *
 * @example
 * new MutualFleetTls(stack, "fleet", {
 *   ...props,
 *   fleetCa: CertificateAuthoritySource.generated({ keyAlgorithm: KeyAlgorithm.ECDSA_P384 }),
 *   elasticsearchCa: CertificateAuthoritySource.trustOnly({ file: "pki/es-ca.pem" }),
 * });
 */
export class CertificateAuthoritySource {
  /** A root CA whose key Terraform generates and keeps in its state. */
  public static generated(options: GeneratedCertificateAuthorityOptions = {}): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.generated", { options });
    return CertificateAuthoritySource.of(generatedRoot(options));
  }

  /** A CA whose key Terraform generates, signed by another CA. Hosts get it after each leaf, and the root as trust. */
  public static intermediate(options: IntermediateCertificateAuthorityOptions): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.intermediate", { options });
    return CertificateAuthoritySource.of(generatedIntermediate(options.issuer, options.anchor ?? false, options));
  }

  /**
   * Your own CA, root or intermediate, as text.
   *
   * @throws if the key or its passphrase is a literal
   */
  public static fromPem(options: PemCertificateAuthorityOptions): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.fromPem", { options });
    return CertificateAuthoritySource.of(
      givenAuthority({
        certificate: { pem: options.certificate },
        chain: options.chain === undefined ? undefined : { pem: options.chain },
        privateKey: { pem: requireToken("CertificateAuthoritySource.fromPem: privateKey", options.privateKey) },
        passphrase: checkPassphrase("fromPem", options.passphrase),
        anchor: options.anchor,
        dedicated: options.dedicated,
      }),
    );
  }

  /**
   * Your own CA, root or intermediate, in files. Its key gets into Terraform's state, since Terraform signs with it.
   *
   * @throws if the passphrase is a literal
   */
  public static fromFiles(options: FileCertificateAuthorityOptions): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.fromFiles", { options });
    return CertificateAuthoritySource.of(
      givenAuthority({
        certificate: { file: options.certificate },
        chain: options.chain === undefined ? undefined : { file: options.chain },
        privateKey: { file: options.privateKey },
        passphrase: checkPassphrase("fromFiles", options.passphrase),
        anchor: options.anchor,
        dedicated: options.dedicated,
      }),
    );
  }

  /**
   * A CA that exists elsewhere and only has to be trusted, such as that of an Elasticsearch which is there already.
   *
   * @throws unless exactly one of `pem`, `file` and `hostPath` is given
   */
  public static trustOnly(options: TrustOnlyOptions): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.trustOnly", { options });
    const { dedicated, ...texts } = options;
    const given = Object.entries(texts).filter(([, value]) => value !== undefined);
    if (given.length !== 1) {
      throw new UserError(
        `CertificateAuthoritySource.trustOnly: ${given.length === 0 ? "nothing is" : "too much is"} given, ` +
          `got ${quoted(given.map(([key]) => key))}; allowed: exactly one of pem, file and hostPath; ` +
          "give the certificate as text, as a file for Terraform to read, or as its path on the hosts",
      );
    }
    const { hostPath, ...text } = texts;
    return CertificateAuthoritySource.of(
      hostPath === undefined
        ? givenAuthority({ certificate: text as GivenText, dedicated })
        : authorityOnHost(hostPath, dedicated),
    );
  }

  /**
   * A CA that exists as a construct, in this or another stack: one CA for several roles or topologies, or a class of
   * your own that implements `ICertificateAuthority`. To issue, it must implement `IIssuingCertificateAuthority`.
   *
   * A class of your own renews its CA with the same keys. For other keys, create a second construct of it and list both
   * in `rotating`.
   */
  public static existing(authority: ICertificateAuthority): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.existing", { authority });
    return isOfLibrary(authority)
      ? new CertificateAuthoritySource([], NO_ROTATION, authority)
      : CertificateAuthoritySource.of(authorityOfOtherClass(authority), authority);
  }

  /**
   * A CA of which one generation follows another: hosts trust all that are listed, one of them signs. Each deploy may
   * change either the list or the one that signs; what would cut hosts off is refused at plan.
   *
   * @throws if the generations or the issuing one are not usable
   */
  public static rotating(options: RotatingCertificateAuthorityOptions): CertificateAuthoritySource {
    checkArguments("CertificateAuthoritySource.rotating", { options });
    const plan: RotationPlan = {
      generations: Object.keys(options.generations),
      issuing: options.issuing,
      minimumOverlapHours: options.minimumOverlapHours,
      startsHere: options.startsHere ?? false,
      emergency: options.emergency ?? false,
      confirmedStacks: options.confirmedStacks ?? [],
      inlinePemInKibana: options.inlinePemInKibana,
    };
    checkPlan(plan);
    const generations = Object.entries(options.generations).map(([id, source]) => ({
      id,
      maker: source.onlyMaker(id),
    }));
    return new CertificateAuthoritySource(generations, plan);
  }

  /**
   * The CAs that the hosts' operating systems trust: the flag for the CA is left out. A CA that is given instead
   * replaces the system's (elastic-agent-libs tls_config.go): where both are needed, give one bundle that has both.
   */
  public static system(): CertificateAuthoritySource {
    return CertificateAuthoritySource.of(systemAuthorities());
  }

  private static of(maker: AuthorityMaker, owner?: ICertificateAuthority): CertificateAuthoritySource {
    return new CertificateAuthoritySource([{ id: FIRST_GENERATION, maker }], NO_ROTATION, owner);
  }

  /** @internal */
  public readonly _generations: GenerationSource[];

  /** @internal */
  public readonly _rotation: RotationPlan;

  /** The CA that exists as a construct; one of this library's has no generations here. @internal */
  public readonly _owner?: ICertificateAuthority;

  private constructor(generations: GenerationSource[], rotation: RotationPlan, owner?: ICertificateAuthority) {
    this._generations = generations;
    this._rotation = rotation;
    this._owner = owner;
  }

  private onlyMaker(id: string): AuthorityMaker {
    if (this._owner && this._generations.length === 0) {
      return existingAuthority(this._owner);
    }
    const [first, ...more] = this._generations;
    if (!first || more.length > 0) {
      throw new UserError(
        `CertificateAuthoritySource.rotating: generations["${id}"] is itself rotating; ` +
          "allowed: sources of one CA; list every generation in one rotation, where the CA is made",
      );
    }
    return first.maker;
  }
}

interface GenerationSource {
  readonly id: string;
  readonly maker: AuthorityMaker;
}

function checkPassphrase(factory: string, passphrase?: string): string | undefined {
  return passphrase && requireToken(`CertificateAuthoritySource.${factory}: passphrase`, passphrase);
}
