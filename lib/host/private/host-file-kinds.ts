import type { TerraformResource } from "cdktf";
import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { valueOf } from "../../private/terraform/attributes";
import { importSecret } from "../../private/terraform/imported-secret";
import { contentOf } from "../../private/terraform/public-file";
import { expression } from "../../private/terraform/text";
import type { HostFilePaths } from "../host-file";
import { HostFile } from "../host-file";
import type { ICertificateAuthority } from "../../certificate/issuing-certificate-authority";
import { InputError } from "../../private/problems";
import { checkArguments } from "../../private/check-props";

/** A file that anybody may read. */
export class PublicHostFile extends HostFile {
  constructor(
    paths: HostFilePaths,
    private readonly written: TerraformResource,
  ) {
    super(paths, false, written);
  }

  public get content(): string {
    return contentOf(this.written);
  }

  public contentFor(): string {
    return this.content;
  }
}

/** A file that only its owner may read. */
export class SecretHostFile extends HostFile {
  /** @param files construct of the local, which is created when the content is first read */
  constructor(
    paths: HostFilePaths,
    private readonly files: Construct,
    private readonly secret: string,
    resource?: TerraformResource,
  ) {
    super(paths, true, resource);
  }

  public get content(): string {
    const id = `${this.name}-content`;
    const existing = this.files.node.tryFindChild(id) as TerraformLocal | undefined;
    return valueOf(existing ?? new TerraformLocal(this.files, id, Fn.sensitive(expression(this.secret))));
  }

  public contentFor(scope: Construct): string {
    checkArguments("HostFile.contentFor", { scope }, `${this.name}.contentFor`);
    const stack = TerraformStack.of(scope);
    return stack === TerraformStack.of(this.files)
      ? this.content
      : importSecret(stack, `${this.files.node.path}/${this.name}`, this.content);
  }
}

/** Contents of the files that anybody may read, or of the others, by name. */
export function contentsOf(files: HostFile[], isSensitive: boolean, scope: Construct): { [name: string]: string } {
  const wanted = files.filter((file) => file.isSensitive === isSensitive);
  return Object.fromEntries(wanted.map((file) => [file.name, file.contentFor(scope)]));
}

/** Certificates of a CA as PEM. */
export function requireBundle(files: Construct, name: string, authority: ICertificateAuthority): string {
  if (authority.trustBundlePem === undefined) {
    throw new InputError([
      {
        where: `${files.node.path}: ${name}`,
        what: `cannot be put together, since Terraform does not know the certificate of ${authority.node.path}`,
        allowed: "CAs whose source gives their PEM",
        fix: "use CertificateAuthoritySource.trustOnly({ file }) or ({ pem }) for that CA",
      },
    ]);
  }
  return authority.trustBundlePem;
}
