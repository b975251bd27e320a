import type { CertificateAuthority } from "./certificate-authority";
import type {
  FileCertificateAuthorityOptions,
  GeneratedCertificateAuthorityOptions,
  IntermediateCertificateAuthorityOptions,
  PemCertificateAuthorityOptions,
  RotatingCertificateAuthorityOptions,
  TrustOnlyOptions,
} from "./certificate-authority-options";
import { authorityOnHost, systemAuthorities } from "./private/elsewhere";
import { generatedIntermediate, generatedRoot } from "./private/generated";
import type { GivenText } from "../private/terraform/given-text";
import { givenAuthority } from "./private/given";
import type { AuthorityMaker } from "./private/material";
import type { RotationPlan } from "./private/rotation-plan";
import { FIRST_GENERATION, NO_ROTATION } from "./private/rotation-plan";
import { quoted } from "../private/faults";
import { requireToken } from "../private/secret-source";

/**
 * Where a CA comes from: a value, from which a fleet makes the CA at an address of its own, so that going from the
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
    return CertificateAuthoritySource.of(generatedRoot(options));
  }

  /** A CA whose key Terraform generates, signed by another CA. Hosts get it after each leaf, and the root as trust. */
  public static intermediate(options: IntermediateCertificateAuthorityOptions): CertificateAuthoritySource {
    return CertificateAuthoritySource.of(generatedIntermediate(options.issuer, options.anchor ?? false, options));
  }

  /**
   * Your own CA, root or intermediate, as text.
   *
   * @throws if the key or its passphrase is a literal
   */
  public static fromPem(options: PemCertificateAuthorityOptions): CertificateAuthoritySource {
    return CertificateAuthoritySource.of(
      givenAuthority({
        certificate: { pem: options.certificate },
        chain: options.chain === undefined ? undefined : { pem: options.chain },
        privateKey: { pem: requireToken("CertificateAuthoritySource.fromPem: privateKey", options.privateKey) },
        passphrase: checkPassphrase("fromPem", options.passphrase),
        anchor: options.anchor,
      }),
    );
  }

  /**
   * Your own CA, root or intermediate, in files. Its key gets into Terraform's state, since Terraform signs with it.
   *
   * @throws if the passphrase is a literal
   */
  public static fromFiles(options: FileCertificateAuthorityOptions): CertificateAuthoritySource {
    return CertificateAuthoritySource.of(
      givenAuthority({
        certificate: { file: options.certificate },
        chain: options.chain === undefined ? undefined : { file: options.chain },
        privateKey: { file: options.privateKey },
        passphrase: checkPassphrase("fromFiles", options.passphrase),
        anchor: options.anchor,
      }),
    );
  }

  /**
   * A CA that exists elsewhere and only has to be trusted, such as that of an Elasticsearch which is there already.
   *
   * @throws unless exactly one of `pem`, `file` and `hostPath` is given
   */
  public static trustOnly(options: TrustOnlyOptions): CertificateAuthoritySource {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    if (given.length !== 1) {
      throw new Error(
        `CertificateAuthoritySource.trustOnly: ${given.length === 0 ? "nothing is" : "too much is"} given, ` +
          `got ${quoted(given.map(([key]) => key))}; allowed: exactly one of pem, file and hostPath; ` +
          "give the certificate as text, as a file for Terraform to read, or as its path on the hosts",
      );
    }
    const { hostPath, ...text } = options;
    return CertificateAuthoritySource.of(
      hostPath === undefined ? givenAuthority({ certificate: text as GivenText }) : authorityOnHost(hostPath),
    );
  }

  /** A CA that is there already as a construct, in this or another stack: one CA for several jobs or topologies. */
  public static existing(authority: CertificateAuthority): CertificateAuthoritySource {
    return new CertificateAuthoritySource([], NO_ROTATION, authority);
  }

  /**
   * A CA of which one generation follows another: hosts trust all that are listed, one of them signs. Each deploy may
   * change either the list or the one that signs; what would cut hosts off is refused at plan.
   *
   * @throws if the generations or the issuing one are not usable
   */
  public static rotating(options: RotatingCertificateAuthorityOptions): CertificateAuthoritySource {
    const ids = Object.keys(options.generations);
    checkGenerations(ids, options);
    const generations = ids.map((id) => ({
      id,
      maker: (options.generations[id] as CertificateAuthoritySource).onlyMaker(id),
    }));
    const plan: RotationPlan = {
      generations: ids,
      issuing: options.issuing,
      minimumOverlapHours: options.minimumOverlapHours,
      startsHere: options.startsHere ?? false,
      emergency: options.emergency ?? false,
      confirmedStacks: options.confirmedStacks ?? [],
      inlinePemInKibana: options.inlinePemInKibana,
    };
    return new CertificateAuthoritySource(generations, plan);
  }

  /**
   * The CAs that the hosts' operating systems trust: the flag for the CA is left out. A CA that is given instead
   * replaces the system's (elastic-agent-libs tls_config.go): where both are needed, give one bundle that has both.
   */
  public static system(): CertificateAuthoritySource {
    return CertificateAuthoritySource.of(systemAuthorities());
  }

  private static of(maker: AuthorityMaker): CertificateAuthoritySource {
    return new CertificateAuthoritySource([{ id: FIRST_GENERATION, maker }], NO_ROTATION);
  }

  /** @internal */
  public readonly _generations: GenerationSource[];

  /** @internal */
  public readonly _rotation: RotationPlan;

  /** The CA that is borrowed. @internal */
  public readonly _lender?: CertificateAuthority;

  private constructor(generations: GenerationSource[], rotation: RotationPlan, lender?: CertificateAuthority) {
    this._generations = generations;
    this._rotation = rotation;
    this._lender = lender;
  }

  /**
   * Time is what protects hosts of other stacks, so it has no default there.
   *
   * @internal
   */
  public _checkOtherStack(authority: string, stack: string): void {
    const { generations, minimumOverlapHours = 0, emergency } = this._rotation;
    if (generations.length > 1 && minimumOverlapHours === 0 && !emergency) {
      throw new Error(
        `${authority}: minimumOverlapHours is missing, got hosts of this CA in the stack ${stack} too; allowed: whole ` +
          "hours above 0; set it to the longest that a host of another stack may go without its new files",
      );
    }
  }

  private onlyMaker(id: string): AuthorityMaker {
    const [first, ...more] = this._generations;
    if (!first || more.length > 0) {
      throw new Error(
        `CertificateAuthoritySource.rotating: generations["${id}"] is itself ${first ? "rotating" : "an existing CA"}; ` +
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

function checkGenerations(ids: string[], options: RotatingCertificateAuthorityOptions): void {
  const { issuing, minimumOverlapHours, inlinePemInKibana, emergency } = options;
  const refuse = (prop: string, what: string, got: unknown, allowed: string, fix: string): never => {
    throw new Error(
      `CertificateAuthoritySource.rotating: ${prop} ${what}, got ${quoted(got)}; allowed: ${allowed}; ${fix}`,
    );
  };
  if (ids.length === 0 || ids.some((id) => !/^[1-9][0-9]{0,5}$/.test(id))) {
    refuse("generations", "has no usable ids", ids, 'whole numbers from "1" on', "number generations as they come");
  }
  if (!ids.includes(issuing)) {
    refuse("issuing", "is not among the generations", issuing, ids.join(", "), "name the generation that signs");
  }
  // That text comes before an agent's file (elastic-agent handler_action_policy_change.go), so the file alone is no cure.
  if (inlinePemInKibana && !inlinePemInKibana.includes(issuing) && !emergency) {
    refuse(
      "inlinePemInKibana",
      `lacks the generation that signs, ${issuing}, so agents would go on without it`,
      inlinePemInKibana,
      "the generations that a person has seen agents take from Kibana, the issuing one among them",
      "add its certificate in Fleet > Settings, see that agents have it (they apply TLS alone only when they restart), " +
        "and list it; better empty that setting, or name the files' paths in it, and leave this out",
    );
  }
  if (minimumOverlapHours !== undefined && !(Number.isInteger(minimumOverlapHours) && minimumOverlapHours >= 0)) {
    refuse("minimumOverlapHours", "is no length of time", minimumOverlapHours, "whole hours from 0 on", "write hours");
  }
}

function checkPassphrase(factory: string, passphrase?: string): string | undefined {
  return passphrase && requireToken(`CertificateAuthoritySource.${factory}: passphrase`, passphrase);
}
