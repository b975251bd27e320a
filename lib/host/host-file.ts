import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

import { checkArguments } from "../private/check-props";

/** Name and paths of a file of a host. */
export interface HostFilePaths {
  /** The file's name. */
  readonly name: string;

  /**
   * Path in the output directory.
   *
   * @default - the fleet writes no files
   */
  readonly outputPath?: string;

  /** Its path on the host. */
  readonly hostPath: string;
}

/** One file of a host's folder. */
export abstract class HostFile {
  /** The file's name. */
  public readonly name: string;

  /** Path in the output directory, as the plan has it; absent if the fleet writes no files. */
  public readonly outputPath?: string;

  /** Its path on the host, as commands name it. */
  public readonly hostPath: string;

  /** Its mode in the output directory and on the host, e.g. `0600`. */
  public readonly filePermission: string;

  /** Whether only its owner may read it: a private key, a passphrase, a token, or a command that contains a secret. */
  public readonly isSensitive: boolean;

  /** Terraform resource of the file, for escape hatches; absent for a secret if the fleet writes no files. */
  public readonly resource?: TerraformResource;

  protected constructor(paths: HostFilePaths, isSensitive: boolean, resource?: TerraformResource) {
    checkArguments("HostFile", { paths, isSensitive, resource });
    this.resource = resource;
    this.name = paths.name;
    this.outputPath = paths.outputPath;
    this.hostPath = paths.hostPath;
    this.filePermission = isSensitive ? "0600" : "0644";
    this.isSensitive = isSensitive;
  }

  /**
   * Its whole content, for a secret store or any other resource of the host's own stack; null while the host's request
   * for the certificate is missing. If the file is sensitive, Terraform marks it as such. A Terraform token.
   */
  public abstract get content(): string;

  /**
   * Its whole content for a construct in any stack. Terraform hands a secret to another stack without its mark, so a
   * local of that stack marks it again. A Terraform token.
   *
   * @param scope the construct that uses it
   */
  public abstract contentFor(scope: Construct): string;
}
