import type { Precondition } from "cdktf";

import type { Certificate } from "../certificate/certificate";
import type { TargetPlatform } from "../command/target-platform";

/** Properties of a host's files. */
export interface HostFilesProps {
  /**
   * The host's folder in the output directory, on the machine that runs Terraform.
   *
   * @default - no files are written: read their content instead
   */
  readonly outputDirectory?: string;

  /** The folder of the same files on the host; absolute there. */
  readonly hostDirectory: string;

  /** The host's operating system. */
  readonly platform: TargetPlatform;

  /**
   * Preconditions of every file, checked at plan.
   *
   * @default - nothing
   */
  readonly preconditions?: Precondition[];
}

/** A certificate that the host presents. */
export interface HostCertificate {
  /** Name of its file in the folder; its role (`fleet-cert`) if the pair already exists on the host. */
  readonly name: string;

  /** The certificate as PEM; an argument for Terraform's functions. */
  readonly pem: string;

  /**
   * The certificate, if deploys renew it.
   *
   * @default - only its owner can renew it: the pair already exists on the host, and `pem` is a copy
   */
  readonly certificate?: Certificate;
}
