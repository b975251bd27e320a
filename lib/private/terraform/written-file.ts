import { File } from "@cdktf/provider-local/lib/file";
import { SensitiveFile } from "@cdktf/provider-local/lib/sensitive-file";
import type { Precondition, TerraformResource } from "cdktf";
import { TerraformLocal } from "cdktf";
import type { Construct } from "constructs";

import { attributeOf, compact, valueOf } from "./attributes";
import { TerraformData } from "./data";

/** Configuration of a file. */
interface FileConfig {
  /** Path of the file; no file is written if it is absent. */
  readonly path?: string;
  readonly content: string;
  readonly preconditions?: Precondition[];
  /** Number of instances; may be a token. */
  readonly count?: number;
  /** Resources that come first. */
  readonly dependsOn?: TerraformResource[];
}

/**
 * Only the user who deploys may enter a folder of the output directory: it contains keys. The first file sets the
 * folder's mode, so every file asks for the same.
 */
const DIRECTORY_PERMISSION = "0700";

/**
 * Creates a file that anybody may read, or a `terraform_data` with its content if no files are written: rotations and
 * preconditions need a resource in either case.
 */
export function createPublicFile(scope: Construct, id: string, config: FileConfig): TerraformResource {
  const { path, content, preconditions = [], count, dependsOn } = config;
  return path === undefined
    ? new TerraformData(scope, id, {
        input: content,
        count,
        preconditions: () => preconditions,
        after: () => dependsOn ?? [],
      })
    : compact(
        new File(scope, id, {
          filename: path,
          content,
          filePermission: "0644",
          directoryPermission: DIRECTORY_PERMISSION,
          lifecycle: preconditions.length > 0 ? { precondition: preconditions } : undefined,
          count,
          dependsOn,
        }),
      );
}

/** Creates a file that only its owner may read; without a path only its preconditions. */
export function createSecretFile(
  scope: Construct,
  id: string,
  { path, content, preconditions = [] }: Pick<FileConfig, "path" | "content" | "preconditions">,
): SensitiveFile | undefined {
  if (path === undefined) {
    if (preconditions.length > 0) {
      new TerraformData(scope, id, { preconditions: () => preconditions });
    }
    return undefined;
  }
  return compact(
    new SensitiveFile(scope, id, {
      filename: path,
      content,
      filePermission: "0600",
      directoryPermission: DIRECTORY_PERMISSION,
      lifecycle: preconditions.length > 0 ? { precondition: preconditions } : undefined,
    }),
  );
}

/** The content that a public file's resource has; null if its count is 0. A Terraform token. */
export function contentOf(resource: TerraformResource): string {
  const attribute = resource instanceof File ? "content" : "input";
  if (resource.count === undefined) {
    return attributeOf(resource, attribute);
  }
  const id = `${resource.node.id}-content`;
  const scope = resource.node.scope as Construct;
  const existing = scope.node.tryFindChild(id) as TerraformLocal | undefined;
  const all = `${resource.terraformResourceType}.${resource.friendlyUniqueId}[*].${attribute}`;
  return valueOf(existing ?? new TerraformLocal(scope, id, `\${one(${all})}`));
}

/** The content as it was given, so that equal texts are equal. */
export function givenContentOf(resource: TerraformResource): string {
  return (resource instanceof File ? resource.contentInput : (resource as TerraformData).config.input) as string;
}
