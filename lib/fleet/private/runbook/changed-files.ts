import { createHash } from "node:crypto";

import { File } from "@cdktf/provider-local/lib/file";
import { DefaultTokenResolver, Fn, StringConcat, TerraformStack, Tokenization } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import type { IFleetHost } from "../../../host/fleet-host";
import { attributeOf } from "../../../private/terraform/attributes";
import { TerraformData } from "../../../private/terraform/data";
import { givenContentOf } from "../../../private/terraform/written-file";
import { expression } from "../../../private/terraform/text";

/** A file that a deploy may change, or one that several hosts have with the same content. */
export interface TrackedFile {
  /** Key of its memory; changes only with what it is. */
  readonly key: string;
  readonly name: string;
  /** Folders of its hosts. */
  readonly folders: string[];
  /** Digest of its content: an expression. Never a digest of a secret. */
  readonly digest: string;
  /** What its hosts have to do beyond a copy. */
  readonly note?: string;
}

const COMMAND_NOTE = "; run `enrollCommand` there: until then the running host keeps its former options";

/**
 * Files of the hosts of a stack by which a person sees what a deploy changed: CA files, certificates, keys and settings.
 * A key is known by the id of its resource, a digest of its public key, and a command by the options that a running host
 * keeps; passphrases and tokens are left out since a digest of them could be guessed.
 */
export function trackedFiles(scope: Construct, hosts: readonly IFleetHost[]): TrackedFile[] {
  const bundles = new Map<string, { name: string; content: string; folders: string[] }>();
  const own: TrackedFile[] = [];
  for (const host of hosts) {
    const certificates = new Map(host.files.certificates.map((each) => [each.name, each.certificate]));
    for (const [name, certificate] of certificates) {
      const keyName = name.replace(/\.pem$/, "-key.pem");
      if (certificate?.key && TerraformStack.of(certificate) === TerraformStack.of(scope)) {
        const digest = attributeOf(certificate.key, "id");
        own.push({ key: `${host.folder}/${keyName}`, name: keyName, folders: [host.folder], digest });
      }
    }
    for (const { file, keptOptions } of host.commands) {
      if (keptOptions !== undefined) {
        const digest = Fn.sha256(expression(keptOptions));
        own.push({ key: `${host.folder}/${file}`, name: file, folders: [host.folder], digest, note: COMMAND_NOTE });
      }
    }
    for (const file of host.files.node.children.filter(isPublicFile)) {
      const name = file.node.id;
      const content = givenContentOf(file);
      if (certificates.has(name) || name.endsWith(".yml")) {
        own.push({ key: `${host.folder}/${name}`, name, folders: [host.folder], digest: digestOf(file, content) });
      } else if (name.endsWith(".pem")) {
        const bundle = bundles.get(`${name}\n${content}`) ?? { name, content, folders: [] };
        bundle.folders.push(host.folder);
        bundles.set(`${name}\n${content}`, bundle);
      }
    }
  }
  const shared = [...bundles.values()].map(({ name, content, folders }) => {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const resolved = String(Tokenization.resolve(content, { scope, resolver, preparing: false }));
    const identity = createHash("sha256").update(resolved).digest("hex").slice(0, 8);
    return { key: `${name} ${identity}`, name, folders, digest: Fn.sha256(expression(content)) };
  });
  return [...shared, ...own];
}

/** A file that anybody may read, or its content where no files are written. */
function isPublicFile(child: IConstruct): child is File | TerraformData {
  return child instanceof File || child instanceof TerraformData;
}

/** A certificate that waits for its request is not there yet. */
function digestOf(file: File | TerraformData, content: string): string {
  return file.count === undefined
    ? Fn.sha256(expression(content))
    : (Fn.try([Fn.sha256(expression(content)), ""]) as string);
}
