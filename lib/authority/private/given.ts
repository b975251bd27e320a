import { Fn, TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { InputError } from "../../private/problems";
import { runLocalProgram, runSecretProgram } from "../../private/local-program";
import { expression, literalArgument } from "../../private/terraform/text";
import type { GivenText } from "../../private/terraform/given-text";
import { isKnownAtPlan, isTextKnown, textExpression } from "../../private/terraform/given-text";
import { checkNames } from "./check-names";
import type { AuthorityContext, AuthorityMaker, AuthorityMaterial } from "./material";
import type { GivenEnding } from "../given-ending";
import type { AuthorityParts } from "../../private/given/authority-path";
import type { AuthorityReading } from "../../private/given/read-authority";
import { AuthorityError, readAuthority } from "../../private/given/read-authority";

/** A CA that exists already. */
export interface GivenAuthority {
  readonly certificate: GivenText;
  readonly chain?: GivenText;
  /** Absent for a CA that is only trusted. */
  readonly privateKey?: GivenText;
  /** Of the private key, if that is encrypted. */
  readonly passphrase?: string;
  readonly anchor?: boolean;
  /** Whether it issues certificates for its role alone. */
  readonly dedicated?: boolean;
}

/** A CA with a certificate of its own, with its key or only to be trusted. */
export function givenAuthority(given: GivenAuthority): AuthorityMaker {
  return {
    canIssue: given.privateKey !== undefined,
    create: (scope, context) => {
      const now = isTextKnown(given.certificate) && (!given.chain || isTextKnown(given.chain));
      const known = now ? readNow(scope, given, context) : undefined;
      const key = privateKeyOf(scope, given);
      // A key is never known at synth, and it must be compared with the certificate.
      const reading = known && key === undefined ? known : readAtPlan(scope, given, context, key);
      const { certificate, intermediates, trust } = known ?? reading;
      // Of a bundle that is only trusted, `trust` has all and the rest none.
      const isPath = given.privateKey !== undefined;
      const isReadAtPlan = known !== undefined || isPlanned(scope, given);
      const pem = isPath ? `${certificate}${intermediates}${trust}` : trust;
      checkNames(scope, context.uses, { pem, isPath });
      return materialOf(reading, key && blockOf(scope, given, key), given.dedicated ?? false, {
        what: `${authorityPath(scope)}: ${partsOf(given).certificate}`,
        until: known?.notAfter ?? reading.notAfter,
        warnings: known?.warnings ?? reading.warnings,
        hasRoot: known?.hasRoot ?? reading.hasRoot,
        readPem: known?.trust ?? (isReadAtPlan ? reading.trust : undefined),
        noticeHours: () => 2 * context.uses.longestLeafHours,
        anchors: known ? [...known.anchors] : isReadAtPlan ? [reading.anchors] : [`${scope.node.path}: given`],
        identity: {
          description: `given, ${reading.identity}`,
          issuer: reading.issuer,
          ...(!isReadAtPlan && { unplanned: reading.identity }),
        },
      });
    },
  };
}

function materialOf(
  reading: AuthorityReading,
  privateKeyPem: string | undefined,
  isDedicated: boolean,
  more: GivenEnding & Pick<AuthorityMaterial, "anchors" | "identity" | "readPem" | "hasRoot">,
): AuthorityMaterial {
  const { anchors, identity, readPem, hasRoot, ...ending } = more;
  return {
    trustPem: reading.trust,
    given: [ending],
    givenTrustPem: reading.trust,
    identity,
    anchors,
    readPem,
    hasRoot,
    signsForOthers: !isDedicated,
    issuer:
      privateKeyPem === undefined
        ? undefined
        : {
            certificatePem: reading.certificate,
            privateKeyPem,
            intermediatesPem: reading.intermediates,
            anchorPem: reading.trust,
          },
  };
}

/** Whether it can be read while planning, which a certificate that this very deploy makes cannot. */
function isPlanned(scope: Construct, { certificate, chain, privateKey, passphrase }: GivenAuthority): boolean {
  const given = [certificate, chain, privateKey];
  const texts = [passphrase, ...given.flatMap((text) => [text?.pem, text?.file])];
  return texts.every((text) => text === undefined || isKnownAtPlan(scope, text));
}

/** The key in plain form, through a sensitive local, since `file()` marks nothing. */
function privateKeyOf(scope: Construct, given: GivenAuthority): string | undefined {
  if (!given.privateKey) {
    return undefined;
  }
  const key = new TerraformLocal(scope, "key", Fn.sensitive(textExpression(given.privateKey)));
  if (given.passphrase === undefined) {
    return key.asString;
  }
  const passphrase = new TerraformLocal(scope, "key-passphrase", Fn.sensitive(given.passphrase));
  return runSecretProgram(scope, "decrypt-key", "decrypt-key", {
    what: expression(`${authorityPath(scope)}: ${partsOf(given).privateKey}`),
    privateKey: key.asString,
    passphrase: passphrase.asString,
  }).asString;
}

/**
 * The block of the key alone: the tls provider reads the first block of a text, which is `EC PARAMETERS` as
 * `openssl ecparam -genkey` writes it, or a certificate. A text without one is left to the program that checks it.
 */
function blockOf(scope: Construct, { passphrase }: GivenAuthority, key: string): string {
  if (passphrase !== undefined) {
    // The program that decrypts it writes one block.
    return key;
  }
  const label = "(?:RSA |EC )?PRIVATE KEY";
  const block = `-----BEGIN ${label}-----[^-]*-----END ${label}-----`;
  const own = Fn.try([Fn.join("", [Fn.regex(block, key), literalArgument("\n")]), key]) as string;
  return new TerraformLocal(scope, "key-block", own).asString;
}

/** Checks a CA that is known at synth: at once, and again when its uses are known. */
function readNow(scope: Construct, given: GivenAuthority, context: AuthorityContext): AuthorityReading {
  const read = (uses: Partial<AuthorityContext["uses"]>): AuthorityReading => {
    try {
      return readAuthority(
        {
          what: authorityPath(scope),
          parts: partsOf(given),
          certificate: given.certificate.pem as string,
          chain: given.chain?.pem,
          issuing: given.privateKey !== undefined,
          anchor: given.anchor,
          retired: context.isRetired,
          leafUsages: uses.leafUsages,
          authoritiesBelow: uses.authoritiesBelow,
        },
        new Date(),
      );
    } catch (error) {
      if (!(error instanceof AuthorityError)) {
        throw error;
      }
      const allowed = "CA certificates in PEM that every verifier of the Elastic stack accepts";
      throw new InputError(error.problems.map((problem) => ({ ...problem, allowed })));
    }
  };
  scope.node.addValidation({
    validate: () => {
      try {
        read(context.uses);
        return [];
      } catch (error) {
        return [(error as Error).message];
      }
    },
  });
  return read({});
}

function readAtPlan(
  scope: Construct,
  given: GivenAuthority,
  { uses, isRetired }: AuthorityContext,
  privateKeyPem?: string,
): AuthorityReading {
  const parts = Object.entries(partsOf(given)).map(([part, text]) => [part, expression(text as string)]);
  const stdout = runLocalProgram(scope, "read-authority", "read-authority", () => ({
    what: expression(authorityPath(scope)),
    parts: Object.fromEntries(parts),
    certificate: textExpression(given.certificate),
    issuing: privateKeyPem !== undefined,
    ...(given.chain && { chain: textExpression(given.chain) }),
    ...(privateKeyPem !== undefined && { privateKey: privateKeyPem }),
    ...(given.anchor !== undefined && { anchor: given.anchor }),
    ...(isRetired && { retired: true }),
    ...(uses.leafUsages.length > 0 && { leafUsages: uses.leafUsages }),
    ...(uses.authoritiesBelow > 0 && { authoritiesBelow: uses.authoritiesBelow }),
  }));
  const reading = new TerraformLocal(scope, "reading", Fn.jsondecode(stdout));
  const part = (key: keyof AuthorityReading): string => Fn.lookup(reading.expression, key) as string;
  return {
    trust: part("trust"),
    certificate: part("certificate"),
    intermediates: part("intermediates"),
    notAfter: part("notAfter"),
    identity: part("identity"),
    issuer: part("issuer"),
    anchors: part("anchors"),
    hasRoot: part("hasRoot"),
    warnings: part("warnings"),
  };
}

function authorityPath(scope: Construct): string {
  return (scope.node.scope as Construct).node.path;
}

/** Names of the parts in errors: the file of each, if it is one. */
function partsOf({ certificate, chain, privateKey }: GivenAuthority): AuthorityParts {
  const named = (part: string, text: GivenText | undefined): string =>
    text?.file === undefined ? part : `${part} (${text.file})`;
  return {
    certificate: named("the certificate", certificate),
    chain: named("the chain", chain),
    privateKey: named("the private key", privateKey),
  };
}
