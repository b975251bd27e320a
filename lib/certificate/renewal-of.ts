import type { CertificateValidities } from "./certificate-validities";
import { KeyAlgorithm } from "./key-algorithm";
import { KeyRotation } from "./key-rotation";
import { Validity } from "./validity";

/** Options of a host or a fleet that decide how its certificates are renewed. */
export interface RenewalOptions {
  readonly validity?: Validity;
  readonly validityOf?: CertificateValidities;
  readonly keyRotation?: KeyRotation;
}

/** Renewal of one certificate. */
export interface Renewal {
  readonly validity: Validity;
  readonly keyRotation: KeyRotation;
}

const DEFAULT_VALIDITY = Validity.days(397);

export const DEFAULT_KEY_ALGORITHM = KeyAlgorithm.ECDSA_P256;

/** Renewal of a host's certificate of one kind: the host's own options, then the fleet's, then the defaults. */
export function renewalOf(kind: keyof CertificateValidities, own: RenewalOptions, fleet: RenewalOptions): Renewal {
  return {
    validity: own.validityOf?.[kind] ?? own.validity ?? fleet.validityOf?.[kind] ?? fleet.validity ?? DEFAULT_VALIDITY,
    keyRotation: own.keyRotation ?? fleet.keyRotation ?? KeyRotation.NEVER,
  };
}
