import type { TerraformResource } from "cdktf";
import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import { valueOf } from "../../private/terraform/attributes";
import { importSecret } from "../../private/terraform/imported-secret";
import { contentOf } from "../../private/terraform/written-file";
import { expression } from "../../private/terraform/text";
import type { HostFilePaths } from "../host-file";
import { HostFile } from "../host-file";
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
