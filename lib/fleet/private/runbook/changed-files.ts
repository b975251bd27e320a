import { createHash } from "node:crypto";

import { File } from "@cdktf/provider-local/lib/file";
import { DefaultTokenResolver, Fn, StringConcat, TerraformStack, Tokenization } from "cdktf";
import type { Construct, IConstruct } from "constructs";

import type { IFleetHost } from "../../../host/fleet-host";
import type { FleetOutput } from "../../../host/fleet-output";
import { attributeOf } from "../../../private/terraform/attributes";
import { TerraformData } from "../../../private/terraform/data";
import { givenContentOf } from "../../../private/terraform/written-file";
import { expression } from "../../../private/terraform/text";
import { RECREATE } from "./changes-text";

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

/** Agents apply a changed output at once, and ship nothing while they lack a file that it names. */
const OUTPUT_NOTE = "; change this output in Kibana when its hosts have every file that it names";

/** Settings of a program that a host runs. */
const SETTINGS = /\.(?:ya?ml|conf|cfg|properties)$/;

const COMMAND_NOTE = "; run `enrollCommand` there: until then the running host keeps its former options";

/** A container enrolls only if it finds no settings (elastic-agent internal/pkg/agent/cmd/container.go). */
const CONTAINER_NOTE = `; ${RECREATE}: one that finds its former settings keeps them`;

/**
 * Files of a host alone by which a person sees what a deploy changed: certificates, keys and settings. A key is known by
 * the id of its resource, a digest of its public key, and a command by the options that a running host keeps; passphrases
 * and tokens are left out since a digest of them could be guessed.
 */
export function ownFiles(scope: Construct, host: IFleetHost): TrackedFile[] {
  const own: TrackedFile[] = [];
  const add = (name: string, digest: string, note?: string): void => {
    own.push({ key: `${host.folder}/${name}`, name, folders: [host.folder], digest, ...(note && { note }) });
  };
  const certificates = new Map(host.files.certificates.map((each) => [each.name, each.certificate]));
  const stores = storesOf(host);
  for (const { name, pem } of host.files.certificates.filter((each) => stores.has(each.name))) {
    // Key and certificate in one file: the certificate is another one with each key.
    add(name, Fn.sha256(expression(pem)));
  }
  for (const [name, certificate] of [...certificates].filter(([each]) => !stores.has(each))) {
    if (certificate?.key && TerraformStack.of(certificate) === TerraformStack.of(scope)) {
      add(name.replace(/\.pem$/, "-key.pem"), attributeOf(certificate.key, "id"));
    }
  }
  for (const { file, keptOptions } of host.commands) {
    if (keptOptions !== undefined) {
      add(file, Fn.sha256(expression(keptOptions)), host.isContainer ? CONTAINER_NOTE : COMMAND_NOTE);
    }
  }
  for (const file of publicFiles(host).own) {
    add(file.node.id, digestOf(file, givenContentOf(file)));
  }
  return own;
}

/** Files that hosts share, each with all of its hosts: CA files, and the settings of outputs. */
export function sharedFiles(
  scope: Construct,
  hosts: readonly IFleetHost[],
  outputs: readonly FleetOutput[],
): TrackedFile[] {
  const bundles = new Map<string, { name: string; content: string; folders: string[] }>();
  for (const host of hosts) {
    for (const file of publicFiles(host).shared.filter(({ node }) => node.id.endsWith(".pem"))) {
      const name = file.node.id;
      const content = givenContentOf(file);
      const bundle = bundles.get(`${name}\n${content}`) ?? { name, content, folders: [] };
      bundle.folders.push(host.folder);
      bundles.set(`${name}\n${content}`, bundle);
    }
  }
  const shared = [...bundles.values()].map(({ name, content, folders }) => {
    const resolver = new DefaultTokenResolver(new StringConcat());
    const resolved = String(Tokenization.resolve(content, { scope, resolver, preparing: false }));
    const identity = createHash("sha256").update(resolved).digest("hex").slice(0, 8);
    return { key: `${name} ${identity}`, name, folders, digest: Fn.sha256(expression(content)) };
  });
  const settings = outputs.map(({ node: { id }, settings: text }) => ({
    ...{ key: `outputs/${id}.yml`, name: `${id}.yml`, folders: ["outputs"], note: OUTPUT_NOTE },
    digest: Fn.sha256(expression(text)),
  }));
  return [...shared, ...settings];
}

/** Names of the files that have a key in them. */
function storesOf(host: IFleetHost): Set<string> {
  return new Set(host.files.files.filter(({ isSensitive }) => isSensitive).map(({ name }) => name));
}

/** Public files of a host: its own certificates and settings, and the others. */
function publicFiles(host: IFleetHost): Record<"own" | "shared", (File | TerraformData)[]> {
  const stores = storesOf(host);
  const certificates = new Set(host.files.certificates.map(({ name }) => name).filter((name) => !stores.has(name)));
  const isOwn = ({ node: { id } }: IConstruct): boolean => certificates.has(id) || SETTINGS.test(id);
  const files = host.files.node.children.filter(isPublicFile);
  return { own: files.filter(isOwn), shared: files.filter((file) => !isOwn(file)) };
}

/** A file that anybody may read, or its content where no files are written. */
function isPublicFile(child: IConstruct): child is File | TerraformData {
  return child instanceof File || (child instanceof TerraformData && child.config.input !== undefined);
}

/** A certificate that waits for its request is not there yet. */
function digestOf(file: File | TerraformData, content: string): string {
  return file.count === undefined
    ? Fn.sha256(expression(content))
    : (Fn.try([Fn.sha256(expression(content)), ""]) as string);
}
